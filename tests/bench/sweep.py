"""Lapsed holds swept while clients book on the same events: how fast, and what the bookers feel of it."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from eventbooker.worker.scheduler import BATCH
from tests.bench.load import booking, loading, pgbench
from tests.bench.report import Row

EVENTS = 1_000
CLIENTS = 16
SWEEPERS = 8

FILL = """
INSERT INTO events (name, date, total_seats, available_seats, booking_ttl)
SELECT 'Event ' || number, now() + interval '1 year', 100000, 100000, 10
FROM generate_series(1, %(events)s) AS number;
INSERT INTO users (email, name)
SELECT format('holder%%s@example.org', number), 'Holder' FROM generate_series(1, %(holds)s) AS number
"""

LAPSE = """
INSERT INTO bookings (event_id, user_id, created_at, expires_at)
SELECT e.id, u.id, now() - interval '2 hours', now() - interval '1 hour' - random() * interval '10 minutes'
FROM events AS e CROSS JOIN users AS u WHERE u.email LIKE 'holder%%';
UPDATE events SET available_seats = available_seats - %(holds)s
"""


def run(url: str, quick: bool) -> list[Row]:
    """The bookers by themselves, then beside a sweep without a pause, then the rest of the sweep by itself; then as
    many holds again, for several sweepers at once."""
    holds, seconds = (200, 3) if quick else (1_000, 10)
    with psycopg.connect(url, autocommit=True) as connection:
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(FILL, {"events": EVENTS, "holds": holds})
            cursor.execute(LAPSE, {"holds": holds})
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")  # else the one that the filling brought on falls on one of the two
        calm = pgbench(url, booking(EVENTS), clients=CLIENTS, seconds=seconds)
        connection.execute("CHECKPOINT")
    with loading(url, booking(EVENTS), clients=CLIENTS, seconds=seconds) as loads:
        beside = swept(url, seconds)
    (busy,) = loads
    alone = swept(url)
    with psycopg.connect(url, autocommit=True) as connection:
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(LAPSE, {"holds": holds})
        connection.execute("VACUUM ANALYZE")
    begun = time.perf_counter()
    with ThreadPoolExecutor(SWEEPERS) as sweepers:
        list(sweepers.map(swept, [url] * SWEEPERS))
    together = EVENTS * holds / (time.perf_counter() - begun)

    with psycopg.connect(url) as connection:
        left = connection.execute(
            "SELECT count(*) FILTER (WHERE cancel_reason IS NULL) FROM bookings WHERE expires_at < now()"
        ).fetchone()
        wrong = connection.execute("SELECT * FROM audit_seats()").fetchall()
    if wrong or not left or left[0]:
        raise RuntimeError(f"{left and left[0]} lapsed holds are left, {len(wrong)} events break the law")
    return [
        Row(
            f"holds/s swept, of {EVENTS * holds:,} over {EVENTS:,} events",
            said=f"{alone:,.0f}",
            wanted="at least 30,000",
        ),
        Row(f"holds/s swept by {SWEEPERS} sweepers at once ÷ by one", together, alone, 1.0),
        Row(f"the same while {CLIENTS} clients book without a pause", said=f"{beside:,.0f}"),
        Row("p99 of those bookings in ms ÷ without the sweep", busy.p99, calm.p99, wanted="at most 2"),
        Row("those bookings/s ÷ without the sweep", busy.rate, calm.rate),
    ]


def swept(url: str, seconds: float = float("inf")) -> float:
    """Sweep for so long, or until nothing is left, as the worker does; holds a second."""
    with psycopg.connect(url, autocommit=True) as connection:
        begun, holds = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds:
            (batch,) = connection.execute("SELECT expire_bookings(%s)", (BATCH,)).fetchone() or (0,)
            if not batch:
                break
            holds += batch
        return holds / (time.perf_counter() - begun)
