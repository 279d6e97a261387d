"""A cache of answers that hundreds of clients a second ask for; what fewer ask for is read anew each time."""

import threading
from collections.abc import Callable, Hashable
from time import monotonic

from flask import Response, current_app

from eventbooker.http.batching import Batcher
from eventbooker.http.etag import Page, Representation, represent

TTL_SECONDS = 0.5
"""How old a cached answer may be when it is given out."""

MIN_RATE = 200
"""Requests a second for one answer from which on it is cached."""

WINDOW_SECONDS = 0.1
"""Over how long the requests are counted."""

MAX_ENTRIES = 200


class ResponseCache:
    """The cache of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[Hashable, _Entry] = {}

    def respond(self, key: Hashable, read: Callable[[], Page]) -> Response:
        """The answer to a GET that is the same for everybody who asks for `key`. Raises what `read` raises."""
        entry = self._entries.get(key) or self._new_entry(key)
        representation = entry.get(read) if entry.count_request() else represent(read())
        return representation.response()

    def _new_entry(self, key: Hashable) -> "_Entry":
        with self._lock:
            while len(self._entries) >= MAX_ENTRIES:
                del self._entries[next(iter(self._entries))]
            return self._entries.setdefault(key, _Entry())


class _Entry:
    """One answer, how often it is asked for and, while that is often, its cached representation."""

    def __init__(self) -> None:
        self._requests = 0
        self._window_start = monotonic()
        self._is_popular = False
        self._cached: Representation | None = None
        self._fresh_until = 0.0
        self._refresh: Batcher[Callable[[], Page], Representation] = Batcher(
            self._read_for_all, lambda read: represent(read()), may_be_tried_again=lambda error: False
        )

    def count_request(self) -> bool:
        """Whether the answer is popular enough to be cached. Threads may overwrite each other's count: an estimate will
        do."""
        elapsed = monotonic() - self._window_start
        if elapsed > WINDOW_SECONDS:
            self._is_popular = self._requests / elapsed >= MIN_RATE
            self._requests, self._window_start = 0, monotonic()
        self._requests += 1
        return self._is_popular

    def get(self, read: Callable[[], Page]) -> Representation:
        """The cached representation, or a new one that all threads that wait for it share."""
        return self._fresh() or self._refresh(read)

    def _fresh(self) -> Representation | None:
        return self._cached if monotonic() < self._fresh_until else None

    def _read_for_all(self, reads: list[Callable[[], Page]]) -> list[Representation]:
        representation = self._fresh()
        if representation is None:
            started = monotonic()  # the age counts from before the read, so that it is never underestimated
            self._cached = representation = represent(reads[0]())
            self._fresh_until = started + TTL_SECONDS
        return [representation] * len(reads)


def response_cache() -> ResponseCache:
    """The cache of the process that answers the request."""
    cache: ResponseCache = current_app.extensions["response_cache"]
    return cache
