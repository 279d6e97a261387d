"""Changes that lock a table out for a moment, while a service works on it.

A statement that waits for such a lock makes everybody wait who comes after it. So it waits briefly, gives up its place
if somebody's transaction does not end, and comes again.
"""

import time
from collections.abc import Callable

import psycopg
from psycopg.errors import DeadlockDetected, LockNotAvailable

from eventbooker.database.pool import Connection

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '300ms'"
"""How long others queue behind us, at the most."""

PAUSE_SECONDS = 0.5
"""Until the next try, for those who queued."""

PATIENCE_SECONDS = 600.0

OLDEST = """
SELECT format('%s (process %s, in a transaction for %s s)', coalesce(nullif(application_name, ''), usename::text),
              pid, round(extract(epoch FROM clock_timestamp() - xact_start)))
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
ORDER BY xact_start LIMIT 1
"""


class TableBusy(Exception):
    """Somebody has been using a table for too long; the message says who."""


def patiently(connection: Connection, say: Callable[[str], None], what: str, change: Callable[[], None]) -> None:
    """Run `change`, a transaction that sets LOCK_TIMEOUT, again until it gets its locks; `connection` is another one or
    idle then. Raises TableBusy, psycopg.Error."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    told = False
    while True:
        try:
            return change()
        except (LockNotAvailable, DeadlockDetected):
            who = _oldest_transaction(connection)
            if time.monotonic() > deadline:
                raise TableBusy(f"{what} cannot be done while {who} uses its tables") from None
            if not told:
                say(f"{what} waits for {who}; meanwhile nobody waits for it")
                told = True
        time.sleep(PAUSE_SECONDS)


def _oldest_transaction(connection: Connection) -> str:
    try:
        row = connection.execute(OLDEST).fetchone()
    except psycopg.Error:
        row = None
    return row[0] if row else "another transaction"
