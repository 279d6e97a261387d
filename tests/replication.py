"""Two real PostgreSQL, a primary and its synchronous standby, that tests may stop, kill and promote.

    with replicating() as pair:
        migrate(pair.primary.url)
        pair.primary.stop("immediate")
        pair.standby.promote()
        psycopg.connect(pair.url)  # the one of the two that takes writing

What a commit on the primary has acknowledged is on the standby's disk too. Both are ended and removed with the block.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import psycopg

from eventbooker.database import cluster
from eventbooker.database.binaries import Installation
from eventbooker.database.cluster import NAME, Cluster, acting_as
from eventbooker.database.embedded import place_elsewhere
from tests.test_serve import free_port
from tests.waiting import until

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "fsync": "off",  # servers are killed here, never the machine
    "wal_keep_size": "256MB",
    "wal_receiver_timeout": "2s",
    "wal_retrieve_retry_interval": "200ms",
    "hot_standby_feedback": "on",
}

How = Literal["smart", "fast", "immediate", "kill"]
SIGNALS: dict[How, signal.Signals] = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
    "kill": signal.SIGKILL,
}
"""As `pg_ctl stop -m` has them: waits for sessions, ends them, ends without a word; `kill` is -9."""


class Server:
    """A PostgreSQL of a test's own. `port` stays the same whenever it is started again."""

    def __init__(self, files: Cluster, password: str, settings: Mapping[str, str]) -> None:
        self.files = files
        self.password = password
        self.port = free_port()
        self._settings = {**SETTINGS, **settings, "port": str(self.port)}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.files.data.parent / f"{self.files.data.name}.log"

    @property
    def url(self) -> str:
        return url_of(self.password, self.address)

    @property
    def url_of_server(self) -> str:
        """Of the database that each server has from the beginning."""
        return self.url.removesuffix(f"/{NAME}") + "/postgres"

    def start(self) -> None:
        """Returns once it answers."""
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.files.installation.program("postgres"), "-D", self.files.data, *options],
                **acting_as(self.files.account), cwd="/", start_new_session=True, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            until(self.answers, within=30)
        except BaseException:
            self.stop("kill")
            raise

    def stop(self, how: How = "fast") -> None:
        """Returns once its main process is gone."""
        if self._process:
            self._process.send_signal(SIGNALS[how])
            self._process.wait(30)
            self._process = None

    def promote(self) -> None:
        """Make a primary of a standby; returns once it takes writing."""
        self.execute("SELECT pg_promote(true, 30)")

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url_of_server, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """The rows of one statement, as the superuser."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@dataclass
class Pair:
    """After a failover, `fail_back` makes a new standby of the old primary and turns the names round."""

    primary: Server
    standby: Server

    @property
    def url(self) -> str:
        """Of whichever of the two takes writing."""
        both = f"{self.primary.address},{self.standby.address}"
        return url_of(self.primary.password, both, "?target_session_attrs=read-write")

    def fail_back(self) -> None:
        """The old primary, which must be stopped, is copied anew from the promoted standby and follows it."""
        self.primary, self.standby = self.standby, self.primary
        _copy(self.primary, self.standby)
        self.standby.start()
        self.wait_for_standby()

    def wait_for_standby(self) -> None:
        """From now on each commit on the primary waits until it is on the standby's disk."""
        self.primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.execute("SELECT pg_reload_conf()")
        is_synchronous = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        until(lambda: self.primary.execute(is_synchronous), within=30)


@contextmanager
def replicating(
    settings: Mapping[str, str] | None = None, installation: Installation | None = None, upstream: str | None = None
) -> Iterator[Pair]:
    """A running pair, with an empty database of our name. `settings` are PostgreSQL's, for both; `upstream` is the
    address at which the standby reaches the primary, such as a proxy's, that of the primary unless it is given."""
    place = Path(tempfile.mkdtemp(prefix="eventbooker-replication-"))
    place.chmod(0o755)  # PostgreSQL does not run as root; whoever runs it must come in
    pair = None
    try:
        files, password = cluster.prepare(place, installation or cluster.installed(), lambda line: None)
        if files.account:
            os.chown(place, files.account.uid, files.account.gid)
        primary = Server(files, password, settings or {})
        standby = Server(replace(files, data=files.data.with_name("standby")), password, settings or {})
        pair = Pair(primary, standby)
        primary.start()
        with psycopg.connect(primary.url_of_server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {NAME}".encode())
        _copy(primary, standby, upstream)
        standby.start()
        pair.wait_for_standby()
        yield pair
    finally:
        for server in (pair.primary, pair.standby) if pair else ():
            server.stop("immediate")
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(place_elsewhere(place), ignore_errors=True)


def url_of(password: str, hosts: str, query: str = "") -> str:
    """libpq's URL of our database at these hosts, `host:port,host:port`."""
    return f"postgresql://{NAME}:{password}@{hosts}/{NAME}{query}"


def _copy(source: Server, target: Server, upstream: str | None = None) -> None:
    """Make `target`, which is stopped, a standby of `source`."""
    shutil.rmtree(target.files.data, ignore_errors=True)
    target.files.run("pg_basebackup", "-d", source.url, "-D", target.files.data, "--no-sync", "-c", "fast", "-R")
    # What -R writes holds the source's own address, and the names of synchronous standbys are its own too.
    host, port = (upstream or source.address).split(":")
    with (target.files.data / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"primary_conninfo = 'host={host} port={port} user={NAME} password={source.password} connect_timeout=2'\n"
            "synchronous_standby_names = ''\n"
        )
