"""Reading of long answers, a page at a time: while a client takes its time, no connection of the pool waits for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import current_app

from eventbooker.database.pool import Connection, Pool
from eventbooker.database.replica import Replica

TRIES = 5
PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Rows:
    """Some rows of a statement, with the names of its columns."""

    names: list[str]
    rows: list[tuple[Any, ...]]


class PageReader:
    """Reads pages for the request being answered, also after its view has returned. Raises psycopg.Error."""

    def __init__(self) -> None:
        self._pool: Pool = current_app.extensions["pool"]
        self._replica: Replica | None = current_app.extensions["replica"]

    def first(self, sql: str, *parameters: object) -> Rows:
        """For the view itself: what goes wrong here is the answer."""

        def read(connection: Connection) -> Rows:
            cursor = connection.execute(sql, parameters)
            return Rows([column.name for column in cursor.description or ()], cursor.fetchall())

        return self._replica.read(read, self._from_primary) if self._replica else self._from_primary(read)

    def _from_primary(self, read: Callable[[Connection], Rows]) -> Rows:
        with self._pool.connection() as connection:
            return read(connection)

    def next(self, sql: str, *parameters: object) -> Rows:
        """Whoever has half of an answer cannot be told 503 any more, so a database that is away gets some seconds."""
        for _ in range(TRIES - 1):
            try:
                return self.first(sql, *parameters)
            except psycopg.OperationalError:
                time.sleep(PAUSE_SECONDS)
        return self.first(sql, *parameters)
