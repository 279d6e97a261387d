"""Two sessions brought to the exact point where they meet."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg

from tests.database import Database
from tests.waiting import until

Outcome = dict[str, Any] | str


def meet(
    database: Database,
    first: str,
    second: str,
    *,
    commit: bool = True,
    between: Callable[[], object] = lambda: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Outcome:
    """The first statement is done and its transaction open; the second is seen waiting for it; then the first lets go.

    `between` happens after the first and before the second, `meanwhile` while the second waits. Returns the
    second's row, or the SQLSTATE it ended with."""
    outcomes: list[Outcome] = []
    with database.connect() as one, database.connect() as other:
        rival = threading.Thread(target=lambda: outcomes.append(outcome_of(other, second)))
        with one.transaction(force_rollback=not commit):
            one.execute(first)
            between()
            rival.start()
            until(lambda: other.info.backend_pid in database.blocked())
            meanwhile()
        rival.join()
    database.must_keep_the_law()
    return outcomes[0]


def outcome_of(session: "psycopg.Connection[dict[str, Any]]", statement: str) -> Outcome:
    """The statement's row, or the SQLSTATE it ended with."""
    try:
        return session.execute(statement).fetchone() or {}
    except psycopg.Error as error:
        return error.sqlstate or str(error)
