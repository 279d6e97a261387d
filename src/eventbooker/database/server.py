"""How we connect: to the server that takes writing, and never for longer than a stated time to one that is silent."""

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg_pool import PoolTimeout

CONNECT_SECONDS = 3
"""For each host of a URL that names several, the first one that serves counting."""

WEB_STATEMENT_SECONDS = 10
WORKER_STATEMENT_SECONDS = 30
KEEPING_STATEMENT_SECONDS = 600
REPLICA_STATEMENT_SECONDS = 2
"""How long a statement of a request may take, one of the worker, one of it that puts away or deletes whatever is old
(after years without a worker, much is), and one on the replica; the server ends it then."""

SILENT_SECONDS = 1
"""A server that has not ended a statement this much later is silent: it hangs, or the network to it does. We leave."""

OPTIONS = {
    "connect_timeout": CONNECT_SECONDS,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
"""A machine that is gone acknowledges nothing: the kernel gives it up after ten seconds, in use or idle."""

LOST = ("08", "25006", "57P")
"""SQLSTATEs (or classes of them) of a server to leave: the connection broke, it takes no writing since it is a replica,
it shuts down."""


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """One that is closed, with an OperationalError, if the server is silent for longer than `patience` seconds."""

    patience: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # the answer may come yet, and must not be taken for that of the next statement
                raise psycopg.OperationalError(f"the server was silent for {self.patience} s") from None
            raise


def options(url: str, target: str | None = None) -> dict[str, Any]:
    """Arguments for connecting to a URL of ours; what it says itself is stronger.

    `target` is libpq's target_session_attrs; without, it is the one of several hosts that takes writing."""
    said = conninfo_to_dict(url)
    if target is None and "," in str(said.get("host", "")):
        target = "read-write"
    return {**OPTIONS, **({"target_session_attrs": target} if target else {}), **said}


def is_lost(error: psycopg.Error) -> bool:
    """Whether its connection is of no use any more, and then no other to the same server."""
    if error.sqlstate:
        return error.sqlstate.startswith(LOST)
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and not isinstance(error, PoolTimeout)
