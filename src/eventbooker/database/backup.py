"""A backup of the whole database in one file (pg_dump's custom format), checked by restoring it beside the original.

The rows are counted in the snapshot that is dumped, so the counts agree while the service goes on.
"""

import fcntl
import os
import secrets
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from eventbooker.database.client_programs import ClientPrograms, ProgramError, find_clients, last_words, same_server
from eventbooker.database.pool import Connection, connect
from eventbooker.database.restore import restore_into

Counts = dict[str, int]
"""Rows by table."""

TABLES = """
SELECT n.nspname, c.relname
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  )
ORDER BY n.nspname, c.relname
"""
"""What a backup holds rows of: no unlogged tables, whose rows a crash takes as well, and none of an extension."""

LOCK_WAIT = "60s"
"""How long pg_dump waits for a table that a migration is changing."""


class BackupError(Exception):
    """There is no backup; the message is one line that says why."""


@dataclass(frozen=True)
class Backup:
    """What was written and what is known of it."""

    file: Path
    server: str
    """The version of PostgreSQL it is of."""
    counts: Counts
    unchecked: str | None
    """Why it was not restored to see whether it is whole."""
    broken_law: list[int]
    """Events whose seats do not add up, in the database and so in the backup."""


def back_up(url: str, file: Path, overwrite: bool, say: Callable[[str], None] = lambda line: None) -> Backup:
    """Write `file` and check it; until then it has another name, and nothing is left of one that failed.

    Raises BackupError, ProgramError, psycopg.Error."""
    _must_be_free(file, overwrite)
    with connect(url, "backup") as connection, _partial(file) as (partial, descriptor):
        if connection.execute("SELECT to_regproc('public.audit_seats') IS NULL").fetchone() == (True,):
            raise BackupError("the database has no tables of EventBooker; there is nothing to back up")
        clients, here = find_clients(connection.info.server_version // 10000), same_server(url, connection)
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            counts, broken = _dump(connection, clients, here, partial)
        os.fsync(descriptor)
        if unchecked := _why_not_checked(connection):
            clients.read("pg_restore", "--file=/dev/null", partial)  # at least it can be read to its end
        else:
            say("Restoring the backup into a scratch database to see whether it is whole …")
            _check(connection, clients, here, partial, counts, broken)
        _must_be_free(file, overwrite)
        partial.replace(file)
        server = str(connection.info.parameter_status("server_version")).split()[0]
    return Backup(file, server, counts, unchecked, broken)


def count_rows(connection: Connection) -> Counts:
    """Of every table that a backup holds. Raises psycopg.Error."""
    counts = {}
    for schema, table in connection.execute(TABLES).fetchall():
        statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        row = connection.execute(statement).fetchone()
        counts[table if schema == "public" else f"{schema}.{table}"] = row[0] if row else 0
    return counts


def _must_be_free(file: Path, overwrite: bool) -> None:
    if file.is_dir():
        raise BackupError(f"{file} is a directory; name a file")
    if file.exists() and not overwrite:
        raise BackupError(f"{file} exists; say --force to write over it, or name another")


@contextmanager
def _partial(file: Path) -> Iterator[tuple[Path, int]]:
    """The file under the name it has until it is whole, open and ours alone: it holds people's data and keys."""
    partial = file.with_name(f"{file.name}.part")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise BackupError(f"{partial} cannot be written: {error.strerror}") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"another backup is being written to {partial}") from None
        try:
            # One that was killed may have left it.
            os.fchmod(descriptor, 0o600)
            os.ftruncate(descriptor, 0)
            yield partial, descriptor
        except OSError as error:
            raise BackupError(f"{partial} cannot be written: {error.strerror}") from None
        finally:
            partial.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _dump(connection: Connection, clients: ClientPrograms, url: str, file: Path) -> tuple[Counts, list[int]]:
    """Counts and broken events as of the snapshot that is dumped."""
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    with tempfile.TemporaryFile() as said:
        program = clients.start(
            "pg_dump", "--format=custom", f"--snapshot={row and row[0]}", f"--lock-wait-timeout={LOCK_WAIT}",
            "--no-unlogged-table-data", "--extension=plpgsql", f"--file={file}",
            url=url, stdin=subprocess.DEVNULL, stderr=said,
        )  # fmt: skip
        try:
            counted = count_rows(connection), _broken_events(connection)
            if program.wait() != 0:
                raise BackupError(f"pg_dump: {last_words(said)}")
        finally:
            program.kill()
            program.wait()
    return counted


def _broken_events(connection: Connection) -> list[int]:
    return [event_id for (event_id,) in connection.execute("SELECT event_id FROM public.audit_seats()")]


def _why_not_checked(connection: Connection) -> str | None:
    row = connection.execute(
        "SELECT pg_is_in_recovery(), rolcreatedb OR rolsuper, rolname FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row and row[0]:
        return "the server is a replica, where no scratch database can be made"
    if row and not row[1]:
        return f"the role {row[2]} may not create a scratch database (ALTER ROLE {row[2]} CREATEDB)"
    return None


def _check(
    connection: Connection, clients: ClientPrograms, url: str, file: Path, counts: Counts, broken: list[int]
) -> None:
    """Raises BackupError if what is restored is not what was dumped."""
    name = f"eventbooker_check_{secrets.token_hex(4)}"
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        scratch = make_conninfo(url, dbname=name)
        restore_into(scratch, clients, file)
        with connect(scratch, "backup check") as restored:
            if count_rows(restored) != counts:
                raise BackupError("the backup, restored, does not have the rows that the database had; nothing is kept")
            if _broken_events(restored) != broken:
                raise BackupError("the seats of the backup, restored, are not those of the database; nothing is kept")
    except (ProgramError, psycopg.Error) as error:
        raise BackupError(f"the backup cannot be restored, and is not kept: {' '.join(str(error).split())}") from None
    finally:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
