"""Rate limits by client address and by account, shared by all processes through PostgreSQL.

A quota counts requests in a sliding window: those of the current window, and of the one before as much as still
overlaps. A process decides by what it knows and tells PostgreSQL after each small part of a quota (`share`), which
answers with the sum of all. So most requests wait for nobody, and each process lets through at most a tenth of the
quota (at least 2) more. A refused request is not counted. What a process has not told yet is lost when it ends.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from time import time
from typing import Any, NamedTuple

from flask import Response, after_this_request, current_app

from eventbooker.config import Settings
from eventbooker.http.auth import caller, tokens
from eventbooker.http.client_address import client_address
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_all
from eventbooker.quotas import Quota

MAX_COUNTERS = 20_000
"""Counters that a process remembers; the oldest are forgotten, and so are the few requests they had not told."""


class Key(NamedTuple):
    """What is counted: the requests of one subject (`address 192.0.2.1`, `user 7`) for one quota of one limit."""

    limit: str
    quota: Quota
    subject: str


class Told(NamedTuple):
    """Requests to add to a key's window, by the number of the window since 1970."""

    key: Key
    window: int
    requests: int


class Standing(NamedTuple):
    """How a subject stands with a quota: requests left, and seconds until the window ends or, where none was left,
    until there is one again."""

    quota: Quota
    left: int
    seconds: int
    refused: bool = False


@dataclass
class Counter:
    """What this process knows of a key; `known` and `previous` are everybody's requests in this window and the last."""

    window: int
    known: int = 0
    previous: int = 0
    untold: int = 0
    being_told: int = 0

    @property
    def current(self) -> int:
        return self.known + self.being_told + self.untold

    def move_to(self, window: int) -> None:
        if window != self.window:
            self.previous = self.current if window == self.window + 1 else 0
            self.window, self.known, self.untold, self.being_told = window, 0, 0, 0


class RateLimits:
    """The counts of one process. `tell` adds requests to everybody's and returns those of this window and the last."""

    def __init__(
        self, tell: Callable[[Sequence[Told]], Iterable[tuple[Any, ...]]], now: Callable[[], float] = time
    ) -> None:
        self._tell = tell
        self._now = now
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._counters: dict[Key, Counter] = {}
        self._full: set[Key] = set()

    def count(self, keys: Sequence[Key]) -> list[Standing]:
        """Counts a request unless one of the keys has nothing left, and says how each stands.

        Raises psycopg.Error."""
        while True:
            with self._lock:
                now = self._now()
                counters = {key: self._counter(key, now) for key in keys}
                full = [key for key, counter in counters.items() if counter.untold >= share(key.quota)]
                if not full:
                    standings = [standing(key.quota, counter, now) for key, counter in counters.items()]
                    if not all(one.left for one in standings):
                        return [one if one.left else one._replace(refused=True) for one in standings]
                    for counter in counters.values():
                        counter.untold += 1
                    return [one._replace(left=one.left - 1) for one in standings]
                self._full.update(full)
            self._tell_full()

    def _tell_full(self) -> None:
        """Tells what is full, for all threads that wait to do so; a thread that comes later finds it done."""
        with self._telling:
            with self._lock:
                taken = [
                    (counter, Told(key, counter.window, counter.untold))
                    for key in self._full
                    if (counter := self._counters.get(key)) and counter.untold
                ]
                self._full.clear()
                for counter, told in taken:
                    counter.untold, counter.being_told = 0, told.requests
            if not taken:
                return
            try:
                sums = list(self._tell([told for _, told in taken]))
            except BaseException:
                with self._lock:
                    for counter, told in taken:
                        if counter.window == told.window:
                            counter.untold, counter.being_told = counter.untold + told.requests, 0
                raise
            with self._lock:
                for (counter, told), (current, previous) in zip(taken, sums, strict=True):
                    if counter.window == told.window:
                        counter.known, counter.previous, counter.being_told = current, previous, 0

    def _counter(self, key: Key, now: float) -> Counter:
        window = int(now // key.quota.seconds)
        counter = self._counters.get(key)
        if counter is None:
            if len(self._counters) >= MAX_COUNTERS:
                for old in list(self._counters)[: MAX_COUNTERS // 10]:
                    del self._counters[old]
            counter = self._counters[key] = Counter(window)
        counter.move_to(window)
        return counter


def share(quota: Quota) -> int:
    """Requests that a process keeps to itself. As many again can come while these are being told."""
    return max(1, quota.requests // 20)


def standing(quota: Quota, counter: Counter, now: float) -> Standing:
    """Before the request that is being decided."""
    length, most = quota.seconds, quota.requests
    elapsed = now - counter.window * length
    left = most - counter.current - counter.previous * (1 - elapsed / length)
    if left >= 1:
        return Standing(quota, int(left), ceil(length - elapsed))
    room = most - 1 - counter.current
    if room >= 0:  # as soon as no more than this is left of the last window
        wait = length * (1 - room / counter.previous) - elapsed
    else:  # as soon as so much of this window is over
        wait = length - elapsed + length * (1 - (most - 1) / counter.current)
    return Standing(quota, 0, max(1, ceil(wait)))


def limit_requests(limit: str) -> None:
    """Count the request being answered, by its address and by its account, and say in `RateLimit` what is left. Admins
    are not limited, and in open mode everybody is one. Raises Problem (429), psycopg.Error."""
    settings: Settings = current_app.extensions["settings"]
    quotas: tuple[Quota, ...] = getattr(settings.limits, limit)
    if not quotas or caller().is_admin:
        return
    user = caller().user
    subjects = [f"address {client_address()}", *([f"user {user.id}"] if user else [])]
    rate_limits: RateLimits = current_app.extensions["rate_limits"]
    standings = rate_limits.count([Key(limit, quota, subject) for subject in subjects for quota in quotas])
    after_this_request(lambda response: _say(response, limit, quotas, standings))
    if wait := max((standing.seconds for standing in standings if standing.refused), default=0):
        raise Problem("rate_limited", f"Too many requests of this kind; try again in {wait} s.", retry_after=wait)


def limit_of_holds() -> tuple[bytes, int] | tuple[None, None]:
    """By what the database knows the client of the request being answered, and how many living holds it may have;
    None where nobody counts: for admins, and where the limit is off."""
    settings: Settings = current_app.extensions["settings"]
    most = settings.limits.holds_per_address
    if not most or caller().is_admin:
        return None, None
    return tokens().rate_key(f"holds address {client_address()}"), most


def _say(response: Response, limit: str, quotas: tuple[Quota, ...], standings: list[Standing]) -> Response:
    """After draft-ietf-httpapi-ratelimit-headers-11; of address and account the one that has less left is told."""
    tightest = {
        quota: min((s for s in standings if s.quota == quota), key=lambda s: (s.left, -s.seconds)) for quota in quotas
    }
    names = {quota: f'"{limit}-{quota}"' for quota in quotas}
    response.headers["RateLimit-Policy"] = ", ".join(f"{names[q]};q={q.requests};w={q.seconds}" for q in quotas)
    response.headers["RateLimit"] = ", ".join(f"{names[q]};r={s.left};t={s.seconds}" for q, s in tightest.items())
    return response


def tell_database(told: Sequence[Told]) -> list[tuple[Any, ...]]:
    """Adds to everybody's counts. Subjects are stored as keyed hashes: a count shows neither address nor account."""
    return fetch_all(
        "SELECT current, previous FROM count_requests(%s, %s, %s, %s) ORDER BY ordinal",
        [tokens().rate_key(f"{one.key.limit} {one.key.quota} {one.key.subject}") for one in told],
        [one.key.quota.seconds for one in told],
        [one.window for one in told],
        [one.requests for one in told],
    )
