"""Calls of SQL functions from a route: one statement, one transaction, on a connection of the pool."""

from collections.abc import Callable
from time import perf_counter, sleep
from typing import Any, TypeVar

import psycopg
from flask import current_app
from psycopg.errors import (
    DatatypeMismatch,
    DeadlockDetected,
    FeatureNotSupported,
    QueryCanceled,
    SerializationFailure,
)

from eventbooker.database.pool import Connection, Pool
from eventbooker.database.replica import Replica
from eventbooker.metrics import POOL_WAIT, TRANSACTIONS

T = TypeVar("T")

ROLLED_BACK_FOR_ANOTHER = (DeadlockDetected, SerializationFailure)

ROW_TYPE_CHANGED = (DatatypeMismatch, FeatureNotSupported)
"""A migration added a column to what a function answers, after the statement was planned and before it was done."""

RETRY_PAUSE_SECONDS = 0.1
"""Before a retry: the other side of a deadlock must get the lock it waited for, or both meet again at once."""


def fetch_one(sql: str, *parameters: object) -> tuple[Any, ...]:
    """The row of a statement that always has one. Raises psycopg.Error."""
    row = fetch_optional(sql, *parameters)
    if row is None:
        raise LookupError(f"no row from: {sql}")
    return row


def fetch_optional(sql: str, *parameters: object) -> tuple[Any, ...] | None:
    """The first row of a statement, if there is one. Raises psycopg.Error."""
    return transact(lambda connection: connection.execute(sql, parameters).fetchone())


def fetch_all(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """All rows of a statement. Raises psycopg.Error."""
    return transact(lambda connection: connection.execute(sql, parameters).fetchall())


def fetch_aged(sql: str, *parameters: object) -> tuple[Any, ...]:
    """As `fetch_one`, of a list: from the replica, if there is one that is young enough. Raises psycopg.Error."""
    replica: Replica | None = current_app.extensions["replica"]

    def read(connection: Connection) -> tuple[Any, ...]:
        return connection.execute(sql, parameters).fetchall()[0]

    return replica.read(read, transact) if replica else transact(read)


def transact(transaction: Callable[[Connection], T]) -> T:
    """Run a whole transaction; a second time if PostgreSQL rolled it back in favour of another one, or of a migration.
    Raises psycopg.Error."""
    try:
        return _once(transaction)
    except ROLLED_BACK_FOR_ANOTHER + ROW_TYPE_CHANGED:
        sleep(RETRY_PAUSE_SECONDS)
        return _once(transaction)


def may_be_tried_again(error: Exception) -> bool:
    """An error with a SQLSTATE is PostgreSQL's own answer: it undid the call. Without one the connection was lost, and
    nobody knows. A call that was ended because its time was up would take as long again."""
    return isinstance(error, psycopg.Error) and error.sqlstate is not None and not isinstance(error, QueryCanceled)


def _once(transaction: Callable[[Connection], T]) -> T:
    pool: Pool = current_app.extensions["pool"]
    asked = perf_counter()
    with pool.connection() as connection:
        began = perf_counter()
        POOL_WAIT.observe(began - asked)
        try:
            return transaction(connection)
        finally:
            TRANSACTIONS.observe(perf_counter() - began)
