"""Functions of the database that do some of their work a call."""

import threading
from collections.abc import Iterator
from typing import LiteralString

from eventbooker.database.pool import Connection, connect


def batches(
    database_url: str, name: str, longest: float, call: LiteralString, stop: threading.Event, **parameters: object
) -> Iterator[int]:
    """How much each call did, a transaction each, until one had nothing to do or `stop` is set; `name` and `longest`
    are those of `connect`. Raises psycopg.Error."""
    with connect(database_url, name, longest) as connection:
        connection.execute("SET lock_timeout = '2 s'")  # so that a stop never waits for somebody's lock
        while not stop.is_set() and (done := count(connection, call, **parameters)):
            yield done


def count(connection: Connection, call: LiteralString, **parameters: object) -> int:
    """What one call says that it did."""
    (done,) = connection.execute(call, parameters).fetchone() or (0,)
    return int(done)
