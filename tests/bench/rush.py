"""The opening of a popular event: the API beside pgbench and the bare route, in turns."""

import itertools
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx
import psycopg

from tests.bench.load import CONNECTIONS, booking, pgbench, wrk
from tests.bench.report import Row
from tests.bench.services import bare, eventbooker, required

EVENTS = 1_000
SEATS = 1_000_000

CLIENTS = (4, 8, 16, 32)

HAND_WRITTEN = Path(__file__).with_name("hand_written.sql")

FILL = """
INSERT INTO events (name, date, total_seats, available_seats, booking_ttl)
SELECT 'Event ' || number, now() + interval '1 year', %s, %s, 1000 FROM generate_series(1, %s) AS number
"""

HELD = """
WITH holders AS (
    INSERT INTO users (email, name)
    SELECT format('holder%%s-%%s@example.org', %(round)s::integer, number), 'Holder'
    FROM generate_series(1, %(holds)s) AS number
    RETURNING id
), held AS (
    INSERT INTO bookings (event_id, user_id, expires_at)
    SELECT 2 + row_number() OVER () %% 900, id, now() + interval '1 day' FROM holders
    RETURNING id, event_id
), counted AS (
    UPDATE events SET available_seats = available_seats - taken.seats
    FROM (SELECT event_id, count(*) AS seats FROM held GROUP BY event_id) AS taken WHERE events.id = taken.event_id
)
SELECT min(id) FROM held
"""


def run(url: str, quick: bool) -> list[Row]:
    """Each in turn, round after round; the median of the rounds."""
    seconds, rounds = (2.0, 2) if quick else (5.0, 5)
    found: dict[str, list[float]] = defaultdict(list)
    names = itertools.count(1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL, (SEATS, SEATS, EVENTS))
        connection.execute(HAND_WRITTEN.read_bytes())
        connection.execute("VACUUM ANALYZE events")
    with (
        bare() as echo,
        eventbooker(url, "web") as (base, _),
        required(url, limits=True) as limited,
        required(url, limits=False) as unlimited,
    ):

        def book(events: int, pause: float = 0, service: str = base, *more: str) -> tuple[float, float]:
            load = wrk(service, "book", next(names), 1, events, pause, *more, seconds=seconds)
            if load.refused:
                raise RuntimeError(f"{load.refused} bookings were refused")
            return load.rate, load.p99

        def confirm() -> float:
            holds = round(15_000 * seconds)
            with psycopg.connect(url, autocommit=True) as connection:
                row = connection.execute(HELD, {"round": next(names), "holds": holds}).fetchone()
            return wrk(base, "confirm", row and row[0], seconds=seconds).rate

        measures: dict[str, Callable[[], float]] = {
            "bare": lambda: wrk(echo, "echo", seconds=seconds).rate,
            "hot": lambda: book(1)[0],
            "pgbench": lambda: max(
                pgbench(url, booking(1, "hand_written_booking"), clients=clients, seconds=seconds / 2).rate
                for clients in CLIENTS
            ),
            "limited": lambda: book(1, 0, limited, "addresses")[0],
            "unlimited": lambda: book(1, 0, unlimited, "addresses")[0],
            "spread": lambda: book(EVENTS)[0],
            "confirm": confirm,
            "list": lambda: wrk(f"{base}/events", "list", seconds=seconds).rate,
            "known": lambda: wrk(f"{base}/events", "list", _etag(f"{base}/events"), seconds=seconds).rate,
        }
        for _ in range(rounds):
            for name, measure in measures.items():
                found[name].append(measure())
            # What is left of a connection's turn at 70 % of the rate, when the answer has taken its part of it.
            pause = 0.75 * 1000 * CONNECTIONS / (0.7 * found["hot"][-1])
            at_70, slowest = book(1, pause)
            found["at 70 %"].append(at_70)
            found["p99 at 70 %"].append(slowest)

    middle = {name: median(values) for name, values in found.items()}
    late = f"{middle['p99 at 70 %']:.0f} ms at {middle['at 70 %'] / middle['hot']:.0%}"
    return [
        Row("bookings/s on one event ÷ hand-written SQL, best client count", middle["hot"], middle["pgbench"], 1.3),
        Row("bookings/s over 1,000 events ÷ bare route", middle["spread"], middle["bare"], 0.4),
        Row("confirmations/s ÷ bare route", middle["confirm"], middle["bare"], 0.35),
        Row("`GET /events` (50 events) ÷ bare route", middle["list"], middle["bare"], 0.6),
        Row("the same with a matching ETag ÷ bare route", middle["known"], middle["bare"], 0.8),
        Row("bookings/s on one event ÷ over 1,000 events", middle["hot"], middle["spread"], 0.9),
        Row(
            "bookings/s on one event in required mode, all limits on ÷ off", middle["limited"], middle["unlimited"], 0.9
        ),
        Row("p99 at 70 % of capacity, one event", said=late, wanted="under 50 ms"),
    ]


def _etag(url: str) -> str:
    return httpx.get(url).headers["ETag"]
