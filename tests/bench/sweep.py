"""Lapsed holds swept while clients book on the same events: how fast, and what the bookers feel of it."""

import itertools
import random
import threading
import time
from collections.abc import Callable

import psycopg

from eventbooker.worker.scheduler import BATCH, sweep
from tests.bench.report import Row

EVENTS = 1_000
CLIENTS = 16
BASELINE_SECONDS = 10

FILL = """
INSERT INTO events (name, date, total_seats, available_seats, booking_ttl)
SELECT 'Event ' || number, now() + interval '1 year', 100000, 100000 - %(holds)s, 10
FROM generate_series(1, %(events)s) AS number;
INSERT INTO users (email, name)
SELECT format('holder%%s@example.org', number), 'Holder' FROM generate_series(1, %(holds)s) AS number;
INSERT INTO bookings (event_id, user_id, created_at, expires_at)
SELECT e.id, u.id, now() - interval '2 hours', now() - interval '1 hour' - random() * interval '10 minutes'
FROM events AS e CROSS JOIN users AS u
"""


def run(url: str, quick: bool) -> list[Row]:
    """Rows a second of the sweep, and the bookers' latency without it and during it."""
    holds = 100 if quick else 1_000
    with psycopg.connect(url, autocommit=True) as connection:
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(FILL, {"events": EVENTS, "holds": holds})
        connection.execute("VACUUM ANALYZE")

    alone = _sweep_alone(url, EVENTS * holds // 5)
    numbers = itertools.count()
    without = booked(url, numbers, lambda: time.sleep(BASELINE_SECONDS))
    begun = time.perf_counter()
    during = booked(url, numbers, lambda: sweep(url, threading.Event()))
    took = time.perf_counter() - begun

    with psycopg.connect(url) as connection:
        left = connection.execute(
            "SELECT count(*) FILTER (WHERE cancel_reason IS NULL) FROM bookings WHERE expires_at < now()"
        ).fetchone()
        wrong = connection.execute("SELECT * FROM audit_seats()").fetchall()
    if wrong or not left or left[0]:
        raise RuntimeError(f"{left and left[0]} lapsed holds are left, {len(wrong)} events break the law")
    (before, calm), (after, swept) = ((_p99(latencies), len(latencies)) for latencies in (without, during))
    swept_during = EVENTS * holds * 4 / 5 / took
    return [
        Row(
            f"holds/s swept, of {EVENTS * holds:,} over {EVENTS:,} events",
            said=f"{alone:,.0f}",
            wanted="at least 30,000",
        ),
        Row(f"the same while {CLIENTS} clients book without a pause", said=f"{swept_during:,.0f}"),
        Row("p99 of those bookings in ms ÷ without the sweep", after, before, wanted="at most 2"),
        Row("those bookings/s ÷ without the sweep", swept / took, calm / BASELINE_SECONDS),
    ]


def _sweep_alone(url: str, wanted: int) -> float:
    """Holds a second of a sweep beside which nobody books."""
    begun, swept = time.perf_counter(), 0
    with psycopg.connect(url, autocommit=True) as connection:
        while swept < wanted:
            row = connection.execute("SELECT expire_bookings(%s)", (BATCH,)).fetchone()
            swept += row[0] if row else 0
    return swept / (time.perf_counter() - begun)


def _p99(latencies: list[float]) -> float:
    """Milliseconds."""
    return 1000 * sorted(latencies)[len(latencies) * 99 // 100]


def booked(url: str, numbers: "itertools.count[int]", meanwhile: Callable[[], None]) -> list[float]:
    """Seconds that each booking took while `meanwhile` ran."""
    stop = threading.Event()
    latencies: list[list[float]] = [[] for _ in range(CLIENTS)]

    def client(mine: list[float]) -> None:
        with psycopg.connect(url, autocommit=True, prepare_threshold=1) as connection:
            while not stop.is_set():
                begun = time.perf_counter()
                connection.execute(
                    "SELECT book_seat(%s, %s)",
                    (random.randint(1, EVENTS), f"booker{next(numbers)}@example.org"),
                )
                mine.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=client, args=[mine]) for mine in latencies]
    for thread in threads:
        thread.start()
    meanwhile()
    stop.set()
    for thread in threads:
        thread.join()
    return list(itertools.chain.from_iterable(latencies))
