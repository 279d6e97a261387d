"""What pages look at, read once a second for all of them together and told to those who look."""

import os
import random
import select
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Literal, NamedTuple

import psycopg
import structlog

from eventbooker.database.pool import error_line
from eventbooker.http.problems import Problem
from eventbooker.http.streams import Wake

log = structlog.get_logger()

READ_EVERY_SECONDS = 0.8
"""Each change is told within a second, and the page that hears of it loads within another one."""

KEEP_ALIVE_SECONDS = 15
"""Proxies cut connections that say nothing for a minute; who hears nothing for longer than this has lost us."""

MAX_STREAMS = 2_000
MAX_TOPICS = 5_000
"""Of a process. Whoever comes beyond is answered 503 and asks now and then instead."""

LONGEST_SECONDS = 300
LONGEST_BYTES = 32 * 1024
"""After this much a stream ends and its client comes again: who may look is asked anew, and what waits for a client
that takes nothing fits into the buffers of its connection, so that it stops no other stream."""

TOPICS, SIGNAL = b"\0", b"\1"
"""What the bell rings for: something new is looked at; the process is to end. Python writes a signal's number."""

KEEP_ALIVE = b": keep-alive\n\n"
HELLO = b"retry: 1000\n\n"
"""How long browsers shall wait before they come again, in milliseconds."""


class Topic(NamedTuple):
    """Something to look at. `own_bookings`: of a user whose email may be unproven, what is theirs."""

    kind: Literal["event", "draft", "booking", "bookings", "own_bookings"]
    id: int


class News(NamedTuple):
    """How a topic is now: the event of a stream about it alone, and of one about several."""

    alone: bytes
    listed: bytes


def news(name: str, json: str, listed_json: str | None = None) -> News:
    """An event of this name, as streams carry it (HTML Standard, 9.2)."""
    alone, listed = (f"event: {name}\ndata: {data}\n\n".encode() for data in (json, listed_json or json))
    return News(alone, listed)


class Feed:
    """The feed of one process. `read` tells how topics are now; what it leaves out is not there any more."""

    def __init__(self, read: Callable[[Collection[Topic]], Mapping[Topic, News]]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._looking: defaultdict[Topic, set[Subscription]] = defaultdict(set)
        self._subscriptions: set[Subscription] = set()
        self._known: dict[Topic, News] = {}
        self._reader: threading.Thread | None = None

    @cached_property
    def _bell(self) -> tuple[int, int]:
        bell = os.pipe()
        for end in bell:
            os.set_blocking(end, False)
        return bell

    def end_on_signals(self) -> None:
        """Let whatever signal the main thread gets end all streams: else the server would wait for them."""
        signal.set_wakeup_fd(self._bell[1], warn_on_full_buffer=False)

    def subscribe(self, topics: Collection[Topic], listed: bool = False) -> "Subscription":
        """What is known of the topics at once, and all that changes. Raises Problem (503)."""
        subscription = Subscription(self, topics, listed)
        with self._lock:
            if len(self._subscriptions) >= MAX_STREAMS or len(self._looking) + len(topics) > MAX_TOPICS:
                raise Problem("overloaded", "Too many pages look on at once; ask now and then instead.", retry_after=30)
            self._subscriptions.add(subscription)
            for topic in topics:
                self._looking[topic].add(subscription)
            told = [self._known[topic] for topic in topics if topic in self._known]
            if self._reader is None:
                self._reader = threading.Thread(target=self._run, name="live feed", daemon=True)
                self._reader.start()
        subscription.tell(told)
        if len(told) < len(topics):
            self._ring(TOPICS)
        return subscription

    def unsubscribe(self, subscription: "Subscription") -> None:
        with self._lock:
            self._subscriptions.discard(subscription)
            for topic in subscription.topics:
                self._looking[topic].discard(subscription)
                if not self._looking[topic]:
                    del self._looking[topic]
                    self._known.pop(topic, None)

    def close(self) -> None:
        """End all streams and the reader, for good."""
        with self._lock:  # under which whoever is the first to subscribe starts the reader
            reader = self._reader
        if reader:
            self._ring(SIGNAL)
            reader.join()

    def _ring(self, what: bytes) -> None:
        with suppress(BlockingIOError):  # it is full of rings that the reader has not heard yet
            os.write(self._bell[1], what)

    def _run(self) -> None:
        """The reader: sleeps while nobody looks."""
        read_at = alive_at = time.monotonic()
        while not self._heard_a_signal(read_at + READ_EVERY_SECONDS if self._subscriptions else None):
            now = time.monotonic()
            is_due = now >= read_at + READ_EVERY_SECONDS
            self._tell_changes(is_due)
            if is_due:
                read_at = now
            if now >= alive_at + KEEP_ALIVE_SECONDS:
                alive_at = now
                self._for_each(Subscription.keep_alive)
        self._for_each(Subscription.end)

    def _heard_a_signal(self, until: float | None) -> bool:
        """Wait for a ring or a moment of the monotonic clock."""
        pause = None if until is None else max(0.0, until - time.monotonic())
        rung, _, _ = select.select([self._bell[0]], [], [], pause)
        return bool(rung) and any(os.read(self._bell[0], 4096))

    def _for_each(self, do: "Callable[[Subscription], None]") -> None:
        with self._lock:
            subscriptions = list(self._subscriptions)
        for subscription in subscriptions:
            do(subscription)

    def _tell_changes(self, of_all: bool) -> None:
        """Read all topics, or only those of which nothing is known yet. Without a database all streams end: whoever
        comes again hears why."""
        with self._lock:
            asked = [topic for topic in self._looking if of_all or topic not in self._known]
        if not asked:
            return
        try:
            found = self._read(asked)
        except psycopg.Error as error:
            log.warning("live streams end: the database does not answer", error=error_line(error))
            with self._lock:
                self._known.clear()
            self._for_each(Subscription.end)
            return
        told: defaultdict[Subscription, list[News]] = defaultdict(list)
        gone: set[Subscription] = set()
        with self._lock:
            for topic in asked:
                state, looking = found.get(topic), self._looking.get(topic, ())
                if state is None:
                    self._known.pop(topic, None)
                    gone |= {subscription for subscription in looking if not subscription.listed}
                elif state != self._known.get(topic) and looking:
                    self._known[topic] = state
                    for subscription in looking:
                        told[subscription].append(state)
        for subscription, states in told.items():
            subscription.tell(states)
        for subscription in gone:
            subscription.end()


class Subscription:
    """What one client looks at: the pieces of its answer."""

    def __init__(self, feed: Feed, topics: Collection[Topic], listed: bool) -> None:
        self.topics = topics
        self.listed = listed
        self._feed = feed
        self._wake = Wake()
        self._waiting: list[bytes] = [HELLO]
        self._bytes_left = LONGEST_BYTES
        # Not all at one moment: those who came together would come again together.
        self._ends_at = time.monotonic() + LONGEST_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311
        self._ended = False

    def tell(self, states: Collection[News]) -> None:
        if states:
            self._put(b"".join(state.listed if self.listed else state.alone for state in states))

    def keep_alive(self) -> None:
        if time.monotonic() >= self._ends_at:
            self.end()
        else:
            self._put(KEEP_ALIVE)

    def end(self) -> None:
        self._ended = True
        self._wake.set()

    def _put(self, piece: bytes) -> None:
        self._waiting.append(piece)
        self._wake.set()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        while not self._waiting and not self._ended:
            self._wake.wait()
        if self._ended or self._bytes_left <= 0:
            raise StopIteration
        pieces, self._waiting = self._waiting, []
        whole = b"".join(pieces)
        self._bytes_left -= len(whole)
        return whole

    def close(self) -> None:
        """The server is done with the answer."""
        self._feed.unsubscribe(self)
