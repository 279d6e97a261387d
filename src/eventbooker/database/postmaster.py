"""The running server, which is started again if it dies."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import structlog

from eventbooker.database.cluster import NAME, Cluster, EmbeddedError
from eventbooker.database.guard import Guard
from eventbooker.database.processes import end_server, server_of

PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds before each try to start it again. A server that does not stay after the last of them is given up."""

STEADY_SECONDS = 180.0
"""A server that died so long after its last start is tried anew from the beginning."""

log = structlog.get_logger()


class Postmaster:
    """A server on a cluster, under one address for as long as its owner lives, even if it must be started again."""

    def __init__(self, cluster: Cluster, password: str, lock_file: Path, settings: Mapping[str, str]) -> None:
        port = _free_port()
        self._server_url = f"postgresql://{NAME}:{password}@127.0.0.1:{port}"
        self.url = f"{self._server_url}/{NAME}"
        self.cluster = cluster
        self._lock_file = lock_file
        self._settings = {**settings, "port": str(port), "cluster_name": cluster.title}
        self._guard: Guard | None = None
        self._is_starting = False
        self._tries = 0
        self._tried_at = time.monotonic()
        self._failure = "it died again soon after each start"

    def start(self) -> None:
        """Returns once it takes connections. Raises EmbeddedError."""
        try:
            self._begin()
            assert self._guard is not None  # noqa: S101
            self._guard.must_have_started()
        except BaseException:
            self.stop()
            raise

    def make_database(self) -> None:
        """The database at `url`, if there is none."""
        with psycopg.connect(f"{self._server_url}/postgres", autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,)).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")

    def keep(self) -> None:
        """To be called twice a second; does not wait. A server that died is started again, more and more slowly.

        Raises EmbeddedError when it does not start, or does not stay, in as many tries as there are PAUSES."""
        if self._is_starting:
            self._look_at_start()
            return
        if server_of(self.cluster):
            return
        if time.monotonic() > self._tried_at + STEADY_SECONDS:
            self._tries = 0
        if self._tries == len(PAUSES):
            raise EmbeddedError(f"PostgreSQL died and does not come back in {self._tries} tries: {self._failure}")
        if self._tries and time.monotonic() < self._tried_at + PAUSES[self._tries]:
            return
        log.warning("PostgreSQL died and is started again", attempt=self._tries + 1, of=len(PAUSES))
        self._tries += 1
        self._begin()
        self._is_starting = True

    def _look_at_start(self) -> None:
        assert self._guard is not None  # noqa: S101
        if not self._guard.has_tried():
            return
        self._is_starting = False
        self._tried_at = time.monotonic()
        try:
            self._guard.must_have_started()
            log.info("PostgreSQL runs again")
        except EmbeddedError as error:
            self._failure = str(error)
            log.error("PostgreSQL could not be started again", error=self._failure)

    def _begin(self) -> None:
        """Nothing is left of the server before when its successor starts."""
        end_server(self.cluster)
        if self._guard:
            self._guard.end()
        self._guard = Guard(self.cluster, self._settings, self._lock_file)

    def stop(self) -> None:
        if self._guard:
            self._guard.end()
        end_server(self.cluster)  # if the guard was killed


@contextmanager
def serving(cluster: Cluster, password: str, lock_file: Path, settings: Mapping[str, str]) -> Iterator[Postmaster]:
    """A server on this cluster, which ends with the block or with this process. Raises EmbeddedError."""
    postmaster = Postmaster(cluster, password, lock_file, settings)
    postmaster.start()
    try:
        postmaster.make_database()
        yield postmaster
    finally:
        postmaster.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
