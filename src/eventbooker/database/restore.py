"""Read a backup into a database: all of it or nothing, then bring it up to date.

pg_restore writes SQL and psql runs it in one transaction, instead of pg_restore alone, because pg_restore 17 and newer
set a parameter that PostgreSQL 15 and 16 do not know.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from eventbooker.database.client_programs import ClientPrograms, ProgramError, last_words, newest_clients, same_server
from eventbooker.database.migrate import Schema, migrate, schema_with
from eventbooker.database.pool import Connection, connect

OBJECTS = """
SELECT count(*)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  )
"""

SESSIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'eventbooker%' AND pid <> pg_backend_pid()
"""

EMPTY = b"""
DROP SCHEMA IF EXISTS archive CASCADE;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


class RestoreError(Exception):
    """The backup was not restored; the message is one line that says why."""


@dataclass(frozen=True)
class Header:
    """What a backup says of itself."""

    created: str
    database: str
    server: str
    """The version of PostgreSQL it is of."""
    schema: Schema


@dataclass(frozen=True)
class Restored:
    """What became of a backup."""

    header: Header
    applied: list[str]
    """The migrations that it lacked."""
    sessions: int
    """How many were ended."""


def restore(
    url: str, file: Path, replace: bool, timezone: str, say: Callable[[str], None] = lambda line: None
) -> Restored:
    """Into a database that is empty, or in place of what is in it. Sessions that were ended after the backup must not
    live again, so all are ended, and with them the links that set a password or connect a chat.

    Raises RestoreError, ProgramError, MigrationError, psycopg.Error."""
    clients = newest_clients()
    header = read_header(clients, file)
    header.schema.must_not_be_newer("backup")
    with connect(url, "restore") as connection:
        _must_be_free(connection, replace)
        here = same_server(url, connection)
    restore_into(here, clients, file, EMPTY if replace else b"")
    applied = migrate(url, say, timezone)
    with connect(url, "restore") as connection:
        row = connection.execute("SELECT public.end_every_session()").fetchone()
        connection.execute("ANALYZE")
    return Restored(header, applied, row[0] if row else 0)


def read_header(clients: ClientPrograms, file: Path) -> Header:
    """Raises RestoreError if it is no backup of EventBooker."""
    try:
        with file.open("rb") as opened:
            if opened.read(5) != b"PGDMP":
                raise RestoreError(f"{file} is no backup: it is not in pg_dump's custom format")
    except OSError as error:
        raise RestoreError(f"{file} cannot be read: {error.strerror}") from None
    told = dict(re.findall(r"^; +([^:]+?)(?: at|:) +(.+)$", clients.read("pg_restore", "--list", file), re.MULTILINE))
    rows = clients.read("pg_restore", "--data-only", "--table=_yoyo_migration", "--file=-", file)
    migrations = re.search(r"^COPY public\._yoyo_migration \((.+)\) FROM stdin;\n((?s:.*?))^\\\.$", rows, re.MULTILINE)
    if not migrations:
        raise RestoreError(f"{file} is no backup of EventBooker: its tables are not in it")
    column = migrations[1].split(", ").index("migration_id")
    names = {line.split("\t")[column] for line in migrations[2].splitlines()}
    server = told.get("Dumped from database version", "?").split()[0]
    return Header(told.get("Archive created", "?"), told.get("dbname", "?"), server, schema_with(names))


def restore_into(url: str, clients: ClientPrograms, file: Path, before: bytes = b"") -> None:
    """Run the backup as SQL in one transaction, after `before`. Raises ProgramError, psycopg.OperationalError.

    Owners and rights stay behind: the roles may not exist here, and migrating grants anew."""
    with connect(url, "restore") as connection:
        knows_transaction_timeout = connection.info.server_version >= 170000
    with tempfile.TemporaryFile() as script_said, tempfile.TemporaryFile() as said:
        script = clients.start(
            "pg_restore", "--no-owner", "--no-privileges", "--file=-", file,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=script_said,
        )  # fmt: skip
        psql = clients.start(
            "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
            url=url, stdin=subprocess.PIPE, stderr=said,
        )  # fmt: skip
        assert script.stdout is not None  # noqa: S101
        assert psql.stdin is not None  # noqa: S101
        try:
            _feed(script.stdout, psql.stdin, before, knows_transaction_timeout)
            if script.wait() != 0:
                psql.kill()  # before it commits the half that it got
                raise ProgramError(f"pg_restore: {last_words(script_said)}")
            psql.stdin.close()
            if psql.wait() != 0:
                raise ProgramError(f"psql: {last_words(said)}")
        except BrokenPipeError:
            psql.wait()
            raise ProgramError(f"psql: {last_words(said)}") from None
        finally:
            for program in (psql, script):
                program.kill()
                program.wait()
            for pipe in (script.stdout, psql.stdin):
                with suppress(BrokenPipeError):
                    pipe.close()


def _feed(script: IO[bytes], psql: IO[bytes], before: bytes, knows_transaction_timeout: bool) -> None:
    psql.write(before)
    for line in script:
        if knows_transaction_timeout or not line.startswith(b"SET transaction_timeout"):
            psql.write(line)
        if line.startswith(b"SET client_encoding"):  # behind the timeouts
            break
    shutil.copyfileobj(script, psql)
    psql.flush()


def _must_be_free(connection: Connection, replace: bool) -> None:
    objects, sessions = (connection.execute(query).fetchone() for query in (OBJECTS, SESSIONS))
    if objects and objects[0] and not replace:
        raise RestoreError(
            "the database is not empty; restore into an empty one, or say --replace to delete all that is in it"
        )
    if sessions and sessions[0]:
        raise RestoreError(f"EventBooker is running on the database ({sessions[0]} connections); stop it first")
