"""A private PostgreSQL for those who have none: kept in one directory, running only while its owner does.

The owner is the process that holds the lock on the directory. Others join it by the URL that it leaves there.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from eventbooker.database import cluster, guard, postmaster
from eventbooker.database.binaries import Installation
from eventbooker.database.cluster import EmbeddedError, Say, place_elsewhere
from eventbooker.database.postmaster import Postmaster

__all__ = ["AlreadyRunning", "EmbeddedError", "Postmaster", "binary", "joined", "owned", "place_elsewhere", "running"]

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",  # after each checkpoint whole pages are written; in a rush they should be few
    "autovacuum_naptime": "15s",  # plans follow a table that grows from nothing
    "jit": "off",  # compiling takes longer than any statement of ours
    "timezone": "UTC",
    "log_timezone": "UTC",
}

START_SECONDS = 60
PAUSE_SECONDS = 0.05


class AlreadyRunning(EmbeddedError):
    """Another process owns the data."""


@contextmanager
def running(
    data_dir: Path,
    say: Say,
    settings: Mapping[str, str] | None = None,
    installation: Installation | None = None,
) -> Iterator[str]:
    """Own the PostgreSQL in `data_dir`: start it (made on first use), yield its libpq URL, stop it at the end.

    As `owned`, for who does without it if it dies. Raises AlreadyRunning, EmbeddedError."""
    with owned(data_dir, say, settings, installation) as server:
        yield server.url


@contextmanager
def owned(
    data_dir: Path,
    say: Say,
    settings: Mapping[str, str] | None = None,
    installation: Installation | None = None,
) -> Iterator[Postmaster]:
    """The server that is owned, for who keeps it running (`Postmaster.keep`).

    `say` is told of what takes long; `settings` are PostgreSQL's; `installation` is used instead of the one found.
    Raises AlreadyRunning, EmbeddedError."""
    with _lock(data_dir) as ours:
        if not ours:
            raise AlreadyRunning(f"another EventBooker is running on the data in {data_dir}; stop it first")
        with _server(data_dir, say, {**SETTINGS, **(settings or {})}, installation or cluster.installed()) as server:
            yield server


@contextmanager
def joined(data_dir: Path, say: Say) -> Iterator[str]:
    """The URL of the server in `data_dir` if somebody runs it, else own it for the duration.

    Raises EmbeddedError."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with _lock(data_dir) as ours:
            if ours:
                with _server(data_dir, say, SETTINGS, cluster.installed()) as server:
                    yield server.url
                return
        if theirs := _url_left_in(data_dir):
            yield theirs
            return
        time.sleep(PAUSE_SECONDS)  # the owner is starting, or is stopping and about to release the lock
    raise EmbeddedError(f"another EventBooker owns {data_dir} and has not started its database in {START_SECONDS} s")


def binary(name: str) -> Path:
    """A program of the private PostgreSQL, such as psql. Raises EmbeddedError."""
    return cluster.installed().program(name)


@contextmanager
def _lock(data_dir: Path) -> Iterator[bool]:
    """Whether we got the lock on the directory; it is released when the block ends or the process dies."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = guard.open_lock(data_dir / "lock")
    except OSError as error:
        raise EmbeddedError(f"{data_dir} cannot be used for the database: {error.strerror}") from None
    try:
        yield guard.taken(file)
    finally:
        os.close(file)


@contextmanager
def _server(data_dir: Path, say: Say, settings: Mapping[str, str], installation: Installation) -> Iterator[Postmaster]:
    data_dir = data_dir.resolve()
    url_file = data_dir / "url"
    try:
        url_file.unlink(missing_ok=True)  # a killed owner's: nobody must join what is not running
        made, password = cluster.prepare(data_dir, installation, say)
    except OSError as error:
        raise EmbeddedError(f"{error.filename or data_dir} cannot be used for the database: {error.strerror}") from None
    with postmaster.serving(made, password, data_dir / "guard", settings) as server:
        cluster.write_private(url_file, server.url)
        try:
            yield server
        finally:
            url_file.unlink(missing_ok=True)


def _url_left_in(data_dir: Path) -> str | None:
    """The URL that the owner writes when its server is ready."""
    try:
        return (data_dir / "url").read_text()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EmbeddedError(f"{error.filename} cannot be read: {error.strerror}") from None
