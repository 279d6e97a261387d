"""Bring a database up to date: migrations and triggers once, views, functions and grants anew each time.

Any number of processes may migrate one database at once, and one that is killed leaves nothing half done: an advisory
lock lets one in, and a migration is applied and marked in one transaction, or can be applied again. The service may go
on meanwhile, the version before too.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import yoyo
import yoyo.config
from psycopg.conninfo import conninfo_to_dict

from eventbooker.config import ROOT
from eventbooker.database import OLDEST_POSTGRESQL
from eventbooker.database.definitions import DROPS_FUNCTION, statements_of
from eventbooker.database.load import DefinitionError, load_definitions
from eventbooker.database.patience import LOCK_TIMEOUT, TableBusy, patiently
from eventbooker.database.pool import Connection, connect, error_line

MIGRATE_LOCK = 0x65766E74626B  # "evntbk": names our lock among the database's advisory locks

LOCK_PAUSE_SECONDS = 0.1

LARGE = 1_000_000
"""Bookings from which on a pass over the table takes seconds."""

CODES_AT_ONCE = 2_000
"""Bookings that get a code in one transaction: some hundredths of a second."""


class MigrationError(Exception):
    """The database cannot be brought up to date; the message is one line that says why."""


def migrate(url: str, say: Callable[[str], None] = lambda line: None, timezone: str = "UTC") -> list[str]:
    """Apply what is pending, load what is loaded anew each time; returns the names of the migrations applied.

    `say` is told what could not be done and is not needed; `timezone` is given to events from before they had one.

    Raises MigrationError, psycopg.OperationalError."""
    with connect(url) as connection, _only_one(connection):
        schema_of(connection).must_not_be_newer()  # or functions of today would be replaced by older ones
        connection.add_notice_handler(lambda notice: say(notice.message_primary or ""))
        try:
            applied = _apply_pending(connection, say, _same_server(url, connection), timezone)
            load_definitions(connection, say)
            _fill_booking_codes(connection, say)
        except (TableBusy, DefinitionError) as error:
            raise MigrationError(str(error)) from error
    return applied


@dataclass(frozen=True)
class Schema:
    """How a database compares with this version of EventBooker, by the names of migrations."""

    lacks: list[str]
    """Those it needs and does not have."""
    unknown: list[str]
    """Those it has, of a newer version."""

    def must_not_be_newer(self, what: str = "database") -> None:
        """Raises MigrationError."""
        if self.unknown:
            raise MigrationError(
                f"the {what} is of a newer EventBooker, with {', '.join(self.unknown)}; "
                "install that version again, or restore a backup from before"
            )

    def must_be_complete(self) -> None:
        """Raises MigrationError."""
        if self.lacks:
            raise MigrationError(f"the database lacks {', '.join(self.lacks)}; run `eventbooker migrate`")


def schema_of(connection: Connection) -> Schema:
    """Raises psycopg.Error."""
    row = connection.execute("SELECT to_regclass('public._yoyo_migration') IS NOT NULL").fetchone()
    has: set[str] = set()
    if row and row[0]:
        has = {name for (name,) in connection.execute("SELECT migration_id FROM public._yoyo_migration")}
    return schema_with(has)


def schema_with(has: set[str]) -> Schema:
    """How what has these migrations compares with this version."""
    needs = [migration.id for migration in _migrations()]
    return Schema([name for name in needs if name not in has], sorted(has.difference(needs)))


@contextmanager
def _only_one(connection: Connection) -> Iterator[None]:
    if connection.info.server_version < OLDEST_POSTGRESQL * 10000:
        raise MigrationError(
            f"EventBooker takes PostgreSQL {OLDEST_POSTGRESQL} or newer; "
            f"this is {connection.info.parameter_status('server_version')}"
        )
    # Not waited for in a statement, whose snapshot an index that is made CONCURRENTLY would wait for in turn.
    while not connection.execute("SELECT pg_try_advisory_lock(%s)", (MIGRATE_LOCK,)).fetchall()[0][0]:
        time.sleep(LOCK_PAUSE_SECONDS)
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute("SELECT pg_advisory_unlock(%s)", (MIGRATE_LOCK,))


def _same_server(url: str, connection: Connection) -> str:
    """yoyo's URL of the server that we hold the lock on; `url` may name several."""
    place = {"host": connection.info.host, "port": connection.info.port}
    return f"postgresql+psycopg:///?{urlencode({**conninfo_to_dict(url), **place})}"


def _apply_pending(connection: Connection, say: Callable[[str], None], url: str, timezone: str) -> list[str]:
    backend = yoyo.get_backend(url)
    try:
        applied = []
        for migration in backend.to_apply(_migrations()):
            migration.load()
            if not migration.use_transactions and _is_large(connection):
                say(f"migration {migration.id} goes in steps and may take minutes; the service may go on")
            patiently(connection, say, f"migration {migration.id}", partial(_apply, backend, migration, timezone))
            applied.append(migration.id)
        return applied
    except psycopg.Error as error:
        raise MigrationError(f"migration failed: {error_line(error)}") from error
    finally:
        backend.connection.close()


def _is_large(connection: Connection) -> bool:
    known = "SELECT reltuples > %s FROM pg_class WHERE oid = to_regclass('public.bookings')"
    return connection.execute(known, (LARGE,)).fetchone() == (True,)


def _apply(backend: Any, migration: Any, timezone: str) -> None:
    if not migration.use_transactions:
        migration.process_steps(backend, "apply")
        backend.mark_one(migration)
        return
    with backend.transaction():
        backend.execute(LOCK_TIMEOUT)
        backend.execute("SELECT set_config('TimeZone', %s, true)", (timezone,))
        # Functions go when the definitions are loaded, at one moment with those that replace them.
        for statement in statements_of(Path(migration.path)):
            if not DROPS_FUNCTION.match(statement):
                backend.execute(statement)
        backend.mark_one(migration)


@cache
def _migrations() -> yoyo.migrations.MigrationList:
    sources = yoyo.config.read_config(str(ROOT / "yoyo.ini")).get("DEFAULT", "sources")
    return yoyo.read_migrations(*sources.split())


def _fill_booking_codes(connection: Connection, say: Callable[[str], None]) -> None:
    """Bookings from before migration 0021 get their codes, some at a time, so that nobody waits long for one. That the
    column is NOT NULL says that all have theirs."""
    is_filled = connection.execute(
        "SELECT attnotnull FROM pg_attribute WHERE attrelid = 'public.bookings'::regclass AND attname = 'code'"
    ).fetchone()
    if is_filled == (True,):
        return
    estimate = connection.execute(
        "SELECT reltuples::bigint FROM pg_class WHERE oid = 'public.bookings'::regclass"
    ).fetchone()
    if estimate and estimate[0] > CODES_AT_ONCE:
        say(
            f"About {estimate[0]:,} bookings get a code each, {CODES_AT_ONCE:,} at a time, which takes about a minute "
            "for each million; the service may go on meanwhile"
        )
    while connection.execute("SELECT 1 FROM public.bookings WHERE code IS NULL LIMIT 1").fetchone():
        last: int | None = 0
        while last is not None:
            row = connection.execute("SELECT public.fill_booking_codes(%s, %s)", (last, CODES_AT_ONCE)).fetchone()
            last = row[0] if row else None
    # SET NOT NULL by itself looks at every row while it locks everybody out; it takes a constraint's word for it, and
    # validating one locks nobody out. The constraint may stand already if a migrate before this one was interrupted.
    for change in (
        "DROP CONSTRAINT IF EXISTS bookings_have_codes",
        "ADD CONSTRAINT bookings_have_codes CHECK (code IS NOT NULL) NOT VALID",
        "VALIDATE CONSTRAINT bookings_have_codes",
        "ALTER COLUMN code SET NOT NULL",
        "DROP CONSTRAINT bookings_have_codes",
    ):
        patiently(connection, say, "bookings.code", partial(_alter_bookings, connection, change))


def _alter_bookings(connection: Connection, change: str) -> None:
    with connection.transaction():
        connection.execute(LOCK_TIMEOUT)
        connection.execute("SET LOCAL client_min_messages = warning")
        connection.execute(f"ALTER TABLE public.bookings {change}".encode())
