"""Connections to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic, perf_counter
from typing import Any, LiteralString, Self

import psycopg
import structlog
from psycopg import sql
from psycopg_pool import ConnectionPool

from eventbooker.database.server import (
    REPLICA_STATEMENT_SECONDS,
    SILENT_SECONDS,
    WEB_STATEMENT_SECONDS,
    Connection,
    is_lost,
    options,
)
from eventbooker.tracing import traced

__all__ = ["Connection", "Pool", "connect", "error_line", "open_pool", "takes_no_writing"]

log = structlog.get_logger()

POOL_SIZE = 4
"""Connections of one web process; on two cores, more would only queue inside PostgreSQL instead of before it."""

WAIT_SECONDS = 2.0
"""How long a request waits for a free connection before it is answered 503."""

FULL_SECONDS = 5.0
"""So long after a write that found no space the server counts as full: reading does not tell."""

PAUSE_SECONDS = 1.0
"""All who lose a server at the same moment leave it once."""


def connect(url: str, name: str = "command", longest: float | None = None, target: str | None = None) -> Connection:
    """One connection of its own: every statement its own transaction. `name` shows in pg_stat_activity.

    With `longest`, a statement may take that many seconds: the server ends it then, and a server that does not is
    left. Without, only a machine that is gone is. Raises psycopg.OperationalError."""
    connection = Connection.connect(**options(url, target), autocommit=True, application_name=f"eventbooker {name}")
    if longest:
        connection.patience = longest + SILENT_SECONDS
        connection.execute("SELECT set_config('statement_timeout', %s, false)", (f"{longest}s",))
    return connection


def takes_no_writing(connection: Connection) -> bool:
    """Whether it is a replica, or was set so. Raises psycopg.Error."""
    return connection.execute("SHOW transaction_read_only").fetchone() == ("on",)


def error_line(error: Exception) -> str:
    """What libpq and PostgreSQL say over several lines, for a log or a terminal."""
    return " ".join(str(error).split())


class Pool(ConnectionPool[Connection]):
    """Leaves a server that is lost with all connections at once, rather than with one for each request that fails.

    Behind a pooler, where the server's sessions are others' too, what a session would be told once is told in each
    transaction (`begin`)."""

    begin: sql.Composed | None = None
    _full_at = -FULL_SECONDS
    _left_at = 0.0

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[Connection]:
        with super().connection(timeout) as connection:
            try:
                if self.begin:
                    connection.execute(self.begin)
                yield connection
            except psycopg.Error as error:
                if is_lost(error):
                    self._leave(connection)
                elif isinstance(error, psycopg.errors.DiskFull):
                    self._full_at = monotonic()
                raise

    def lacks_space(self) -> bool:
        """Whether something could not be written lately because the server's disk is full."""
        return monotonic() < self._full_at + FULL_SECONDS

    def _leave(self, connection: Connection) -> None:
        connection.close()
        if monotonic() > self._left_at + PAUSE_SECONDS:
            self._left_at = monotonic()
            self.drain()


def open_pool(url: str, timezone: str, slow: timedelta, by_transaction: bool = False, of_replica: bool = False) -> Pool:
    """A pool that connects when it can: opening it succeeds while the database is away.

    One function call is atomic by itself, so connections are in autocommit mode. `timezone` is how PostgreSQL reads
    times without an offset and which offset it writes. A connection keeps its plans, and one made while a table was
    small must not scan it when it has grown. Statements that take at least `slow` are logged; with 0 none is.

    `by_transaction`: the URL is of a PgBouncer that gives a session of the server to each transaction anew.
    `of_replica`: whose statements have the primary to fall back to, so they may take little time.
    """
    longest = REPLICA_STATEMENT_SECONDS if of_replica else WEB_STATEMENT_SECONDS
    session = {
        "TimeZone": timezone,
        "statement_timeout": f"{longest}s",
        "lock_timeout": "5s",
        "enable_seqscan": "off",
    }

    def configure(connection: Connection) -> None:
        connection.patience = longest + SILENT_SECONDS
        if not by_transaction:
            connection.execute(_settings(session, "SET"))

    pool = Pool(
        min_size=2,
        max_size=POOL_SIZE,
        timeout=WAIT_SECONDS,
        reconnect_timeout=5,
        configure=configure,
        connection_class=Connection,
        kwargs={
            **options(url, "standby" if of_replica else None),
            "autocommit": True,
            "prepare_threshold": None if by_transaction else 1,
            "application_name": "eventbooker web replica" if of_replica else "eventbooker web",
            "cursor_factory": traced(_cursor_that_logs(slow.total_seconds())),
        },
        open=False,
    )
    if by_transaction:
        pool.begin = sql.SQL("BEGIN; ") + _settings(session, "SET LOCAL")
    pool.open()
    return pool


def _settings(values: dict[str, str], command: LiteralString) -> sql.Composed:
    """All of them in one round trip."""
    return sql.SQL("; ").join(
        sql.SQL(command + " {} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in values.items()
    )


def _cursor_that_logs(slow_seconds: float) -> type[psycopg.Cursor[Any]]:
    """A cursor that logs slow statements, without their parameters: these are people's, or secret."""

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *arguments: Any, **options: Any) -> Self:
            began = perf_counter()
            try:
                return super().execute(query, *arguments, **options)
            finally:
                seconds = perf_counter() - began
                if 0 < slow_seconds <= seconds:
                    log.warning("slow SQL", sql=query, seconds=round(seconds, 3))

    return Cursor
