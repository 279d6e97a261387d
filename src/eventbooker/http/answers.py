"""From a route to one SQL function to JSON."""

from typing import Any, cast

from flask import Response, current_app
from psycopg_pool import ConnectionPool

JSON = "application/json"


def call(sql: str, *parameters: object) -> tuple[Any, ...] | None:
    """The first row of one statement, in a transaction of its own. Raises psycopg.Error."""
    pool: ConnectionPool[Any] = current_app.extensions["pool"]
    with pool.connection() as connection:
        return cast("tuple[Any, ...] | None", connection.execute(sql, parameters).fetchone())


def call_one(sql: str, *parameters: object) -> tuple[Any, ...]:
    """The row of a statement that always has one. Raises psycopg.Error."""
    row = call(sql, *parameters)
    if row is None:
        raise LookupError(f"no row from: {sql}")
    return row


def answer(json: str, status: int = 200, **headers: str) -> Response:
    """JSON as PostgreSQL wrote it; `Location="/events/1"` adds a header."""
    return Response(json, status, headers, content_type=JSON)
