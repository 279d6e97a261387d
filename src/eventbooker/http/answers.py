"""From a route to one SQL function to JSON."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, current_app
from psycopg.errors import DeadlockDetected, SerializationFailure
from psycopg_pool import ConnectionPool
from werkzeug.datastructures import Headers

from eventbooker.database.pool import Connection

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

JSON = "application/json"

T = TypeVar("T")

PAUSE_SECONDS = 0.1
"""Before a retry: the other side of a deadlock must get the lock it waited for, or both meet again at once."""


def call(sql: str, *parameters: object) -> tuple[Any, ...] | None:
    """The first row of one statement, in a transaction of its own. Raises psycopg.Error."""
    return transact(lambda connection: connection.execute(sql, parameters).fetchone())


def call_all(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """All rows of one statement, in a transaction of its own. Raises psycopg.Error."""
    return transact(lambda connection: connection.execute(sql, parameters).fetchall())


def transact(transaction: Callable[[Connection], T]) -> T:
    """Run a whole transaction; once more if PostgreSQL took it back for another's sake (a deadlock, a serialization
    failure). Raises psycopg.Error."""
    pool: ConnectionPool[Connection] = current_app.extensions["pool"]
    with pool.connection() as connection:
        try:
            return transaction(connection)
        except (DeadlockDetected, SerializationFailure):
            time.sleep(PAUSE_SECONDS)
            return transaction(connection)


def call_one(sql: str, *parameters: object) -> tuple[Any, ...]:
    """The row of a statement that always has one. Raises psycopg.Error."""
    row = call(sql, *parameters)
    if row is None:
        raise LookupError(f"no row from: {sql}")
    return row


class Ready(Response):
    """JSON, sent with just the headers that it was given: there is nothing in them for werkzeug to look for."""

    def __init__(self, json: bytes, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(json, status, {**headers, "Content-Type": JSON, "Content-Length": str(len(json))})

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        return self.headers


def answer(json: str, status: int = 200, **headers: str) -> Response:
    """JSON as PostgreSQL wrote it; `Location="/events/1"` adds a header."""
    return Ready(json.encode(), status, headers)
