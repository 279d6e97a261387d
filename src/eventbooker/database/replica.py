"""Reading from a replica while it is known to be young enough.

The write-ahead log says so, not a clock: what the primary had written at a moment is looked for on the replica. Once it
has replayed that, whatever was committed before the moment can be read there. An idle primary does not make a replica
old, and one that was cut off from its primary is found out. A replica that is ahead of its primary follows another one
(it was left behind by a failover), and is not believed.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import TypeVar

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from eventbooker.database.pool import Connection, Pool, error_line
from eventbooker.database.server import is_lost
from eventbooker.metrics import LIST_READS

T = TypeVar("T")

log = structlog.get_logger()

LOOKS = 4
"""In the time that makes a replica too old."""

REST_SECONDS = 10.0
"""When nobody has read for so long, nobody looks."""

PAUSE_SECONDS = 0.05
WAIT_SECONDS = 0.2
"""How long a reader waits for a connection to the replica before it goes to the primary."""


class Replica:
    """The replica of one process."""

    def __init__(self, pool: Pool, primary: Pool, staleness: timedelta) -> None:
        self.pool = pool
        self._primary = primary
        self._staleness = staleness.total_seconds()
        self._fresh_until = 0.0
        self._asked_at = 0.0
        self._wanted = threading.Event()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_fresh: bool | None = None
        self._replayed = "0/0"

    def is_fresh(self) -> bool:
        """Whether it has all that was committed `staleness` ago. At first it is not: it must be looked at."""
        self._asked_at = monotonic()
        if not self._wanted.is_set():
            self._wanted.set()
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="replica watch", daemon=True)
                    self._thread.start()
        return self._asked_at < self._fresh_until

    def read(self, transaction: Callable[[Connection], T], from_primary: Callable[[Callable[[Connection], T]], T]) -> T:
        """The result of a transaction that only reads, from the replica if it is fresh. Raises what `from_primary`
        does."""
        if self.is_fresh():
            try:
                with self.pool.connection(WAIT_SECONDS) as connection:
                    found = transaction(connection)
            except psycopg.Error as error:  # also a refusal: what is asked for may be too new to be there
                if is_lost(error) or isinstance(error, PoolTimeout):
                    self._distrust(error)
            else:
                LIST_READS.labels("replica").inc()
                return found
        LIST_READS.labels("primary").inc()
        return from_primary(transaction)

    def _distrust(self, error: psycopg.Error) -> None:
        """It failed somebody who read; it is believed again when it has been looked at."""
        self._fresh_until = 0.0
        self._say(False, error_line(error))

    def close(self) -> None:
        self._stop.set()
        self._wanted.set()
        if self._thread:
            self._thread.join()
        self.pool.close()

    def _run(self) -> None:
        while self._wanted.wait() and not self._stop.is_set():
            if monotonic() > self._asked_at + REST_SECONDS:
                self._wanted.clear()
                continue
            try:
                fresh_since = self._look()
            except psycopg.Error as error:
                self._say(False, error_line(error))
            else:
                if fresh_since is not None:
                    self._fresh_until = fresh_since + self._staleness
                self._say(fresh_since is not None, "it is behind its primary, or follows another one")
            self._stop.wait(self._staleness / LOOKS)

    def _look(self) -> float | None:
        """The moment of which the replica has everything, on the monotonic clock; None: it is too old."""
        with self._primary.connection() as connection:
            moment = monotonic()
            written, is_ahead = connection.execute(
                "SELECT pg_current_wal_lsn()::text, pg_current_wal_lsn() < %s::pg_lsn", (self._replayed,)
            ).fetchall()[0]
        with self.pool.connection(WAIT_SECONDS) as connection:
            while True:
                follows, has_it, self._replayed = connection.execute(
                    "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= %s::pg_lsn,"
                    " coalesce(pg_last_wal_replay_lsn(), '0/0')::text",
                    (written,),
                ).fetchall()[0]
                if is_ahead or not follows:
                    return None
                if has_it:
                    return moment
                if monotonic() > moment + self._staleness or self._stop.wait(PAUSE_SECONDS):
                    return None

    def _say(self, is_fresh: bool, why_not: str) -> None:
        """Once each time that it changes."""
        if is_fresh != self._is_fresh:
            self._is_fresh = is_fresh
            if is_fresh:
                log.info("lists are read from the replica")
            else:
                log.warning("lists are read from the primary", reason=why_not)
