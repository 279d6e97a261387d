"""A test's own database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

Row = dict[str, Any]


# A table, so that a function that is already running sees the clock move at its next look.
FROZEN_CLOCK = """
CREATE TABLE public.frozen_clock AS SELECT clock_timestamp() AS at;
GRANT SELECT ON public.frozen_clock TO PUBLIC;
CREATE OR REPLACE FUNCTION public.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS 'SELECT at FROM public.frozen_clock';
"""


class Database:
    """A database that a test may fill, freeze in time, and look into."""

    def __init__(self, server_url: str, name: str) -> None:
        self.server_url = server_url
        self.name = name
        parts = conninfo_to_dict(server_url)
        self.url = f"postgresql://{parts['user']}:{parts.get('password', '')}@{parts['host']}:{parts['port']}/{name}"

    def connect(self) -> psycopg.Connection[Row]:
        """A session of its own, each statement its own transaction."""
        return psycopg.connect(self.url, autocommit=True, row_factory=dict_row)

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        """The rows of one statement, run in a session of its own."""
        with self.connect() as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description is not None else []

    def one(self, statement: str, *parameters: object) -> Row:
        """The only row of one statement."""
        (row,) = self.execute(statement, parameters)
        return row

    def freeze(self, at: datetime | str = "2030-01-01 12:00+00") -> None:
        """Stop the clock that decides about holds, for every session, at this moment."""
        with self.connect() as connection:
            if not connection.execute("SELECT to_regclass('public.frozen_clock') AS made").fetchall()[0]["made"]:
                connection.execute(FROZEN_CLOCK)
            connection.execute("UPDATE public.frozen_clock SET at = %s", (at,))

    def advance(self, seconds: float) -> None:
        """Move the frozen clock."""
        self.freeze(self.one("SELECT clock() + make_interval(secs => %s) AS moment", seconds)["moment"])

    def event(
        self,
        seats: int = 10,
        ttl: int = 10,
        date: str = "2040-01-01 18:00+00",
        name: str = "Go Conference",
        most: int = 1,
    ) -> int:
        """A new event's id; `most` is its max_seats_per_booking."""
        statement = "SELECT id FROM create_event(%s, %s, %s, %s, p_max_seats_per_booking => %s)"
        return int(self.one(statement, name, date, seats, ttl, most)["id"])

    def book(
        self, event_id: int, email: str = "user@example.org", telegram_id: str | None = None, seats: int = 1
    ) -> Row:
        """A new hold."""
        return self.one("SELECT * FROM book_seat(%s, %s, NULL, %s, %s)", event_id, email, telegram_id, seats)

    def free_seats(self, event_id: int) -> int:
        """available_seats as stored."""
        return int(self.one("SELECT available_seats FROM events WHERE id = %s", event_id)["available_seats"])

    def blocked(self, query: str = "%") -> list[int]:
        """The process ids of the sessions that wait for a lock in a statement like `query`."""
        rows = self.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE %s",
            (query,),
        )
        return [row["pid"] for row in rows]

    def must_keep_the_law(self) -> None:
        assert self.execute("SELECT * FROM audit_seats()") == []

    @contextmanager
    def away(self) -> Iterator[None]:
        """The database lets nobody in and has thrown everybody out."""
        name = sql.Identifier(self.name)
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (self.name,)
            )
            yield
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))

    def drop(self) -> None:
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.name)))


@contextmanager
def raises(sqlstate: str) -> Iterator[pytest.ExceptionInfo[psycopg.Error]]:
    """The block must end with this SQLSTATE."""
    with pytest.raises(psycopg.Error) as info:
        yield info
    assert info.value.sqlstate == sqlstate, info.value
