"""What README says about coming back to a second before a mistake, done with the same programs and settings."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from eventbooker.database import cluster
from eventbooker.database.cluster import NAME
from eventbooker.database.embedded import place_elsewhere
from eventbooker.database.migrate import migrate
from tests.full import FULL
from tests.replication import Server
from tests.waiting import until

pytestmark = pytest.mark.skipif(not FULL, reason="starts two servers, with EVENTBOOKER_FULL_TESTS=1")


@pytest.fixture
def place() -> Iterator[Path]:
    """Where PostgreSQL's own user may write too."""
    there = Path(tempfile.mkdtemp(prefix="eventbooker-pitr-"))
    there.chmod(0o755)
    yield there
    shutil.rmtree(there, ignore_errors=True)
    shutil.rmtree(place_elsewhere(there), ignore_errors=True)


def test_a_database_comes_back_as_it_was_a_moment_before_a_mistake(place: Path) -> None:
    files, password = cluster.prepare(place, cluster.installed(), lambda line: None)
    base, wal = place / "base", place / "wal"
    wal.mkdir()
    if files.account:
        for path in (place, wal):
            os.chown(path, files.account.uid, files.account.gid)
    archive = f"test ! -f {wal}/%f && cp %p {wal}/%f.part && mv {wal}/%f.part {wal}/%f"  # never half a file
    server = Server(files, password, {"archive_mode": "on", "archive_command": archive})
    server.start()
    try:
        with psycopg.connect(server.url_of_server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {NAME}".encode())
        migrate(server.url)
        book = "SELECT book_seat(1, n || '@example.org') FROM generate_series({}, {}) AS n"
        server.execute("SELECT create_event('A', '2040-01-01', 500)")
        server.execute(book.format(1, 100))
        files.run("pg_basebackup", "-d", server.url, "-D", base, "-c", "fast")
        server.execute(book.format(101, 200))  # is in the archived log alone
        ((moment,),) = server.execute("SELECT clock_timestamp()")
        server.execute("DELETE FROM outbox; DELETE FROM bookings; UPDATE events SET available_seats = total_seats")
    finally:
        server.stop()  # once the rest of the log is in the archive

    (base / "recovery.signal").touch()
    recovering = {
        "restore_command": f"cp {wal}/%f %p",
        "recovery_target_time": str(moment),
        "recovery_target_action": "promote",
    }
    recovered = Server(replace(files, data=base), password, recovering)
    recovered.start()
    try:
        until(lambda: recovered.execute("SELECT pg_is_in_recovery()") == [(False,)], within=30)
        assert recovered.execute("SELECT count(*) FROM bookings") == [(200,)]
        assert recovered.execute("SELECT * FROM audit_seats()") == []
        recovered.execute(book.format(201, 201))
    finally:
        recovered.stop("immediate")
