"""Connections to PostgreSQL."""

from datetime import timedelta
from time import perf_counter
from typing import Any, Self

import psycopg
import structlog
from psycopg_pool import ConnectionPool

from eventbooker.tracing import traced

log = structlog.get_logger()

Connection = psycopg.Connection[tuple[Any, ...]]

POOL_SIZE = 4
"""Connections of one web process; on two cores, more would only queue inside PostgreSQL instead of before it."""

WAIT_SECONDS = 2.0
"""How long a request waits for a free connection before it is answered 503."""


def connect(url: str, name: str = "command") -> Connection:
    """One connection of its own: every statement its own transaction. `name` shows in pg_stat_activity.

    A database that falls silent is an OperationalError within seconds. Raises psycopg.OperationalError."""
    return psycopg.connect(
        url,
        autocommit=True,
        application_name=f"eventbooker {name}",
        connect_timeout=5,
        tcp_user_timeout=10_000,
    )


def takes_no_writing(connection: Connection) -> bool:
    """Whether it is a replica, or was set so. Raises psycopg.Error."""
    return connection.execute("SHOW transaction_read_only").fetchone() == ("on",)


def error_line(error: Exception) -> str:
    """What libpq and PostgreSQL say over several lines, for a log or a terminal."""
    return " ".join(str(error).split())


def open_pool(url: str, timezone: str, slow: timedelta) -> ConnectionPool[Connection]:
    """A pool that connects when it can: opening it succeeds while the database is away.

    One function call is atomic by itself, so connections are in autocommit mode. `timezone` is how PostgreSQL reads
    times without an offset and which offset it writes. A connection keeps its plans, and one made while a table was
    small must not scan it when it has grown. Statements that take at least `slow` are logged; with 0 none is.
    """

    def configure(connection: Connection) -> None:
        connection.execute(
            "SELECT set_config('TimeZone', %s, false), set_config('statement_timeout', '10s', false),"
            " set_config('lock_timeout', '5s', false), set_config('enable_seqscan', 'off', false)",
            (timezone,),
        )

    return ConnectionPool(
        url,
        min_size=2,
        max_size=POOL_SIZE,
        timeout=WAIT_SECONDS,
        reconnect_timeout=5,
        configure=configure,
        kwargs={
            "autocommit": True,
            "prepare_threshold": 1,
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
            "application_name": "eventbooker web",
            "cursor_factory": traced(_cursor_that_logs(slow.total_seconds())),
        },
        open=True,
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
