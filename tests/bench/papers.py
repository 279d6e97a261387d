"""What the papers of a big event cost: time, and memory of the web processes."""

import time
from pathlib import Path

import httpx
import psycopg

from tests.bench.memory import descendants
from tests.bench.report import Row
from tests.bench.services import eventbooker

BOOKINGS, BOOKINGS_QUICK = 50_000, 5_000

FILL = """
WITH event AS (SELECT id FROM create_event('Big', '2040-01-01 18:00+00', %(bookings)s)),
added AS (
    INSERT INTO users (email, name)
    SELECT 'guest' || n || '@example.org', 'Guest ' || n FROM generate_series(1, %(bookings)s::integer) AS n
    RETURNING id
)
INSERT INTO bookings (event_id, user_id, status, expires_at, confirmed_at)
SELECT event.id, added.id, 'confirmed', clock_timestamp() + interval '1 hour', clock_timestamp() FROM event, added
"""
SMALL = "SELECT book_seat(id, 'guest@example.org') FROM create_event('Small', '2040-01-01 18:00+00', 10)"


def run(url: str, quick: bool) -> list[Row]:
    """Each paper of a small event first, so that what is loaded once is not counted."""
    bookings = BOOKINGS_QUICK if quick else BOOKINGS
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SMALL)
        connection.execute(FILL, {"bookings": bookings})
        connection.execute("VACUUM ANALYZE")
    rows = []
    with eventbooker(url, "web") as (base, process_id):
        for paper in ("bookings.csv", "attendees"):
            for _ in range(8):
                _download(f"{base}/events/1/{paper}")
            before = _peak_megabytes(process_id)
            seconds, size = _download(f"{base}/events/2/{paper}")
            what = f"{paper} of {bookings:,} bookings"
            rows += [
                Row(f"peak MB of a web process after {what} ÷ before", _peak_megabytes(process_id), before),
                Row(f"time for {what}", said=f"{seconds:.1f} s, {size / 1e6:.1f} MB"),
            ]
    return rows


def _download(address: str) -> tuple[float, int]:
    """Seconds and bytes; a new connection each time, so that each web process gets some."""
    begun = time.perf_counter()
    with httpx.stream("GET", address, timeout=120) as response:
        response.raise_for_status()
        size = sum(map(len, response.iter_raw()))
    return time.perf_counter() - begun, size


def _peak_megabytes(process_id: int) -> float:
    """The most that any process below this one ever had in memory."""
    peaks = []
    for each in descendants(process_id):
        for line in Path(f"/proc/{each}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                peaks.append(int(line.split()[1]) / 1024)
    return max(peaks)
