"""What the service weighs after many requests: everything but PostgreSQL."""

import itertools
from pathlib import Path

import psycopg

from tests.bench.load import wrk
from tests.bench.report import Row
from tests.bench.rush import EVENTS, FILL, SEATS
from tests.bench.services import eventbooker

FEW, MANY, MANY_QUICK = 10_000, 1_000_000, 100_000


def run(url: str, quick: bool) -> list[Row]:
    """Bookings and lists in turns until so many requests were answered."""
    many = MANY_QUICK if quick else MANY
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL, (SEATS, SEATS, EVENTS))
    with eventbooker(url, "serve") as (base, process_id):
        names = itertools.count(1)
        answered = _load(base, FEW, names)
        few = megabytes(process_id)
        while answered < many:
            answered += _load(base, many - answered, names)
        grown = megabytes(process_id)
    said = f"{grown:.0f} MB"
    return [
        Row(f"MB of the service after {many:,} requests ÷ after {FEW:,}", grown, few, wanted="at most 1.1"),
        Row(f"memory of the service after {many:,} requests", said=said, wanted="under 250 MB"),
    ]


def _load(base: str, requests: float, names: "itertools.count[int]") -> float:
    seconds = min(20, max(1, round(requests / 20_000)))
    booked = wrk(base, "book", next(names), 1, EVENTS, 0, seconds=seconds).rate
    listed = wrk(f"{base}/events", "list", seconds=seconds).rate
    return (booked + listed) * seconds


def megabytes(process_id: int) -> float:
    """Of a process and all below it; what they share counts once (the proportional set size of Linux)."""
    kilobytes = 0
    for each in [process_id, *descendants(process_id)]:
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def descendants(process_id: int) -> list[int]:
    """The process ids of all that it started, and that those started."""
    """All processes below this one."""
    found = []
    for task in Path(f"/proc/{process_id}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *descendants(child)]
    return found
