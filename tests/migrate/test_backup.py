"""Backups: written, checked and restored with PostgreSQL's own programs."""

import os
import resource
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from eventbooker.database import embedded
from eventbooker.database.backup import BackupError, back_up, count_rows
from eventbooker.database.binaries import examine
from eventbooker.database.client_programs import ProgramError, find_clients
from eventbooker.database.migrate import MigrationError, migrate
from eventbooker.database.pool import connect
from eventbooker.database.restore import RestoreError, restore
from tests.database import Database
from tests.full import FULL

OTHER_MAJOR = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop.dump"


def restored(database: Database, file: Path, replace: bool = False) -> list[str]:
    """The migrations that were applied to the backup."""
    return restore(database.url, file, replace, "UTC").applied


def test_what_is_restored_is_what_was_there(database: Database, empty_database: Database, file: Path) -> None:
    event_id = database.event(seats=100)
    for number in range(50):
        database.book(event_id, f"user{number}@example.org")
    database.execute("SELECT confirm_booking(id) FROM bookings WHERE id <= 25")
    database.execute("SELECT create_session(1, 'session', '1 day')")

    made = back_up(database.url, file, overwrite=False)
    assert (made.unchecked, made.broken_law, made.counts["bookings"]) == (None, [], 50)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]

    assert restored(empty_database, file) == []
    for table in ("events", "bookings", "booking_changes", "outbox"):
        rows = f"SELECT * FROM {table} ORDER BY id"
        assert empty_database.execute(rows) == database.execute(rows)
    empty_database.must_keep_the_law()
    assert empty_database.book(event_id, "new@example.org")["id"] == 51
    assert empty_database.execute("SELECT * FROM authenticate_token('session')") == []


def test_a_busy_service_changes_nothing_about_the_rows_of_a_backup(database: Database, file: Path) -> None:
    event_id = database.event(seats=100_000)
    done = threading.Event()

    def book() -> None:
        with database.connect() as connection:
            number = 0
            while not done.is_set():
                number += 1
                connection.execute("SELECT book_seat(%s, %s)", (event_id, f"user{number}@example.org"))

    booker = threading.Thread(target=book)
    booker.start()
    try:
        assert back_up(database.url, file, overwrite=False).unchecked is None
    finally:
        done.set()
        booker.join()


def test_a_file_that_is_there_is_written_over_only_if_that_is_said(database: Database, file: Path) -> None:
    file.write_text("kept")
    with pytest.raises(BackupError, match="exists; say --force"):
        back_up(database.url, file, overwrite=False)
    assert file.read_text() == "kept"

    back_up(database.url, file, overwrite=True)
    assert file.read_bytes()[:5] == b"PGDMP"


def test_of_several_hosts_the_one_that_serves_is_backed_up_and_restored(
    database: Database, empty_database: Database, file: Path
) -> None:
    first, second = (one.url.replace("@", "@127.0.0.1:1,") for one in (database, empty_database))
    back_up(first, file, overwrite=False)

    assert restore(second, file, False, "UTC").applied == []


@pytest.mark.parametrize("name", [".", "missing/shop.dump"])
def test_a_place_where_nothing_can_be_written_is_told(database: Database, tmp_path: Path, name: str) -> None:
    with pytest.raises(BackupError, match=r"is a directory|No such file"):
        back_up(database.url, tmp_path / name, overwrite=False)


def test_a_full_disk_leaves_no_half_a_backup(database: Database, file: Path) -> None:
    """A limit on the size of files fails the write as a full disk does."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

    failed = subprocess.run(
        [sys.executable, "-m", "eventbooker", "backup", file], env={**os.environ, "DATABASE_URL": database.url},
        preexec_fn=limit, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert failed.returncode == 1
    assert failed.stderr.startswith("eventbooker: pg_dump: could not write"), failed.stderr
    assert failed.stderr.count("\n") == 1
    assert list(file.parent.iterdir()) == []


def test_a_role_that_may_make_no_database_is_told_what_was_not_checked(
    database: Database, empty_database: Database, file: Path
) -> None:
    role = f"reader_{database.name}"
    database.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'reads' IN ROLE pg_read_all_data")
    try:
        server = conninfo_to_dict(database.url)
        made = back_up(f"postgresql://{role}:reads@{server['host']}:{server['port']}/{database.name}", file, False)
        assert made.unchecked == f"the role {role} may not create a scratch database (ALTER ROLE {role} CREATEDB)"
        assert restored(empty_database, file) == []
    finally:
        database.execute(f"DROP ROLE {role}")


def test_seats_that_do_not_add_up_are_told_and_kept_as_they_are(database: Database, file: Path) -> None:
    event_id = database.event(seats=5)
    database.execute("UPDATE events SET available_seats = 4")

    assert back_up(database.url, file, overwrite=False).broken_law == [event_id]


def test_a_server_newer_than_the_programs_is_refused_with_what_is_missing() -> None:
    with pytest.raises(ProgramError, match=r"the server is PostgreSQL 99.*postgresql-client-99"):
        find_clients(99)


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    database: Database, empty_database: Database, file: Path
) -> None:
    database.execute("DROP INDEX outbox_failed")
    database.execute("DELETE FROM _yoyo_migration WHERE migration_id = '0027-failed-messages'")
    back_up(database.url, file, overwrite=False)

    assert restored(empty_database, file) == ["0027-failed-messages"]


def test_a_backup_of_a_newer_version_is_refused(database: Database, empty_database: Database, file: Path) -> None:
    database.execute(
        "INSERT INTO _yoyo_migration (migration_hash, migration_id, applied_at_utc) VALUES ('x', '9999-later', now())"
    )
    back_up(database.url, file, overwrite=False)

    with pytest.raises(MigrationError, match="the backup is of a newer EventBooker, with 9999-later"):
        restored(empty_database, file)
    assert empty_database.one("SELECT to_regclass('events') AS made") == {"made": None}


def test_what_is_no_backup_is_refused(empty_database: Database, file: Path) -> None:
    with pytest.raises(RestoreError, match="cannot be read"):
        restored(empty_database, file)
    file.write_text("CREATE TABLE users ();")
    with pytest.raises(RestoreError, match="not in pg_dump's custom format"):
        restored(empty_database, file)
    with pytest.raises(BackupError, match="no tables of EventBooker"):
        back_up(empty_database.url, file, overwrite=True)


def test_a_database_that_is_not_empty_is_given_up_only_if_that_is_said_and_nobody_uses_it(
    database: Database, new_database: Callable[[str | None], Database], template: str, file: Path
) -> None:
    booking = database.book(database.event())
    back_up(database.url, file, overwrite=False)
    other = new_database(template)
    try:
        other.event(name="Another")
        with pytest.raises(RestoreError, match="not empty"):
            restored(other, file)
        with connect(other.url, "web"), pytest.raises(RestoreError, match="is running on the database"):
            restored(other, file, replace=True)

        restored(other, file, replace=True)
        assert other.one("SELECT * FROM bookings") == booking
        assert other.one("SELECT name FROM events") == {"name": "Go Conference"}
    finally:
        other.drop()


def test_a_damaged_backup_changes_nothing(database: Database, file: Path) -> None:
    event_id = database.event(seats=3000)
    database.execute("SELECT book_seat(%s, n || '@example.org') FROM generate_series(1, 3000) AS n", (event_id,))
    back_up(database.url, file, overwrite=False)
    file.write_bytes(file.read_bytes()[:-2_000])

    with pytest.raises(ProgramError):
        restored(database, file, replace=True)
    assert database.one("SELECT count(*) FROM bookings") == {"count": 3000}
    database.must_keep_the_law()


@contextmanager
def server(tmp_path: Path, bin_: Path | None) -> Iterator[str]:
    """The URL of a database on a PostgreSQL of its own: the one in `bin_`, or the one that is found."""
    place = tmp_path / (bin_.parent.name if bin_ else "found")
    with embedded.running(place, lambda line: None, installation=examine(bin_) if bin_ else None) as url:
        yield url


@pytest.mark.skipif(not FULL, reason="takes ten seconds, with EVENTBOOKER_FULL_TESTS=1")
@pytest.mark.skipif(not OTHER_MAJOR.exists(), reason="takes PostgreSQL 15")
def test_a_backup_is_restored_on_a_server_of_another_major_version(tmp_path: Path) -> None:
    """From 15 to the newer one, which PostgreSQL promises, and back, which it does not."""
    with server(tmp_path, OTHER_MAJOR) as old, server(tmp_path, None) as new:
        migrate(old)
        with psycopg.connect(old, autocommit=True) as connection:
            connection.execute("SELECT create_event('A', '2040-01-01', 5000)")
            connection.execute("SELECT book_seat(1, n || '@example.org') FROM generate_series(1, 1000) AS n")
        up, down = tmp_path / "up.dump", tmp_path / "down.dump"
        counts = back_up(old, up, overwrite=False).counts
        assert restore(new, up, False, "UTC").header.server.startswith("15.")
        back_up(new, down, overwrite=False)
        restore(old, down, True, "UTC")

        for url in (old, new):
            with connect(url) as restored_:
                assert count_rows(restored_) == counts
                assert restored_.execute("SELECT * FROM audit_seats()").fetchall() == []
