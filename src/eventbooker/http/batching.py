"""Batching of requests that wait at the same time: one call and one commit for all of them (a group commit).

A popular event is one row, and whoever books holds its lock until the commit is on disk. One commit for all who wait
lifts that limit. Nobody waits for a batch to fill: the first request runs at once and its thread is the leader; the
requests that come meanwhile are the next batch, and the first of them leads it.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

Request = TypeVar("Request")
Result = TypeVar("Result")

MAX_BATCH = 64
"""Requests in one batch: enough to make the commit cheap, few enough that nobody waits long for the others."""


class Batcher(Generic[Request, Result]):
    """Calls `run_batch` with the requests of several threads, one batch at a time, in the order of arrival.

    `run_batch` returns a result for each request, None where it could not do this one now. Such a request is done with
    `run_one` by the thread that made it, so that nobody fails because of another request. So is every request of a
    batch that failed with an error of which `may_be_tried_again` is true.
    """

    def __init__(
        self,
        run_batch: Callable[[list[Request]], Sequence[Result | None]],
        run_one: Callable[[Request], Result],
        may_be_tried_again: Callable[[Exception], bool],
    ) -> None:
        self._run_batch = run_batch
        self._run_one = run_one
        self._may_be_tried_again = may_be_tried_again
        self._lock = threading.Lock()
        self._has_leader = False
        self._waiting: deque[_Pending[Request, Result]] = deque()

    def __call__(self, request: Request) -> Result:
        """The request's result. Raises what `run_one` raises, and what `run_batch` raises if that may not be tried
        again."""
        mine: _Pending[Request, Result] = _Pending(request)
        with self._lock:
            self._waiting.append(mine)
            is_leader, self._has_leader = not self._has_leader, True
        if not is_leader:
            mine.wake.acquire()
        if not mine.done:
            self._lead()
        elif mine.next_in_batch:
            mine.next_in_batch.wake.release()  # one wakes the next: all at once would compete for the interpreter
        if mine.error:
            raise mine.error
        return self._run_one(request) if mine.result is None else mine.result

    def _lead(self) -> None:
        """Run the next batch, the calling thread's own request first in it, and then let the next leader start."""
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(MAX_BATCH, len(self._waiting)))]
        results: Sequence[Result | None] = [None] * len(batch)
        error = None
        try:
            results = self._run_batch([pending.request for pending in batch])
        except Exception as raised:
            if not self._may_be_tried_again(raised):
                error = raised
        with self._lock:
            self._has_leader = bool(self._waiting)
            next_leader = self._waiting[0] if self._waiting else None
        if next_leader:
            next_leader.wake.release()
        for pending, result in zip(batch, results, strict=True):
            pending.result, pending.error, pending.done = result, error, True
        for pending, following in pairwise(batch[1:]):
            pending.next_in_batch = following
        if len(batch) > 1:
            batch[1].wake.release()


class _Pending(Generic[Request, Result]):
    """One thread's request and its result; `wake` is released when the request is done, or when it is to lead."""

    __slots__ = ("done", "error", "next_in_batch", "request", "result", "wake")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.result: Result | None = None
        self.error: Exception | None = None
        self.done = False
        self.next_in_batch: _Pending[Request, Result] | None = None
        self.wake = threading.Lock()
        self.wake.acquire()
