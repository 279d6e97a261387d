"""Requests that wait at the same time go to the database together, in one call and one commit.

A popular event is one row, and whoever books holds its lock until the commit is on disk. One commit for all who wait
lifts that limit. Nobody waits for company: the first to come is served at once, and leads; whoever comes meanwhile is
in the next call, which the first of them makes.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

import psycopg

Wanted = TypeVar("Wanted")
Outcome = TypeVar("Outcome")

MOST = 64
"""Requests in one call: enough to make the commit cheap, few enough that nobody waits long for the others."""


class Combiner(Generic[Wanted, Outcome]):
    """Calls `together` with what several threads want, one call at a time, in the order of arrival.

    `together` returns an outcome for each, None where it could not do this one now. That one, and each of a call that
    PostgreSQL took back, is done with `alone` by the thread that wants it, so that nobody fails for another's sake.
    """

    def __init__(
        self, together: Callable[[list[Wanted]], Sequence[Outcome | None]], alone: Callable[[Wanted], Outcome]
    ) -> None:
        self._together = together
        self._alone = alone
        self._lock = threading.Lock()
        self._led = False
        self._waiting: deque[_Request[Wanted, Outcome]] = deque()

    def __call__(self, wanted: Wanted) -> Outcome:
        """What came of it. Raises what `alone` raises, and what `together` raises beside the errors of PostgreSQL: when
        a connection is lost nobody knows what was committed, so nothing is tried again."""
        mine: _Request[Wanted, Outcome] = _Request(wanted)
        with self._lock:
            self._waiting.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            mine.turn.acquire()
        if not mine.served:
            self._lead()
        elif mine.behind:
            mine.behind.turn.release()  # one wakes the next: all at once they would only fight for the interpreter
        if mine.error:
            raise mine.error
        return self._alone(wanted) if mine.outcome is None else mine.outcome

    def _lead(self) -> None:
        """Serve those who wait, the caller first among them, and let the next ones go on."""
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        outcomes: Sequence[Outcome | None] = [None] * len(batch)
        error = None
        try:
            outcomes = self._together([request.wanted for request in batch])
        except Exception as raised:
            if not isinstance(raised, psycopg.Error) or raised.sqlstate is None:
                error = raised
        with self._lock:
            self._led = bool(self._waiting)
            following = self._waiting[0] if self._waiting else None
        if following:
            following.turn.release()
        for request, outcome in zip(batch, outcomes, strict=True):
            request.outcome, request.error, request.served = outcome, error, True
        for request, behind in pairwise(batch[1:]):
            request.behind = behind
        if len(batch) > 1:
            batch[1].turn.release()


class _Request(Generic[Wanted, Outcome]):
    """What one thread wants, and what came of it; `turn` is released when it is served, or is the one to lead."""

    __slots__ = ("behind", "error", "outcome", "served", "turn", "wanted")

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.outcome: Outcome | None = None
        self.error: Exception | None = None
        self.served = False
        self.behind: _Request[Wanted, Outcome] | None = None
        self.turn = threading.Lock()
        self.turn.acquire()
