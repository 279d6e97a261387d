"""A rush beside 200 clients that take their time: each round with and without them, in turns."""

import itertools
from collections import defaultdict
from statistics import median
from urllib.parse import urlsplit

import psycopg

from tests.bench.load import Load, wrk
from tests.bench.report import Row
from tests.bench.rush import FILL, SEATS
from tests.bench.services import eventbooker
from tests.slow_clients import ANSWER, BODY, HEADERS, SlowClients

SLOW = 200

WHAT = {HEADERS: "send headers slowly", BODY: "send bodies slowly", ANSWER: "take answers slowly"}


def run(url: str, quick: bool) -> list[Row]:
    """Bookings on one event from wrk's 64 connections; the median of the rounds."""
    seconds, rounds = (2.0, 3) if quick else (5.0, 5)
    alone: list[Load] = []
    beside: dict[str, list[Load]] = defaultdict(list)
    names = itertools.count(1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL, (SEATS, SEATS, 1))
    with eventbooker(url, "web") as (base, _):

        def book() -> Load:
            load = wrk(base, "book", next(names), 1, 1, 0, seconds=seconds)
            if load.refused:
                raise RuntimeError(f"{load.refused} bookings were refused")
            return load

        for _ in range(rounds):
            alone.append(book())
            for sort in WHAT:
                with SlowClients(urlsplit(base).port or 0, sort, SLOW):
                    beside[sort].append(book())

    rows = []
    for sort, what in WHAT.items():
        rate, rate_alone = (median(load.rate for load in loads) for loads in (beside[sort], alone))
        late, late_alone = (median(load.p99 for load in loads) for loads in (beside[sort], alone))
        rows += [
            Row(f"bookings/s beside {SLOW} clients that {what} ÷ without", rate, rate_alone, 0.8),
            Row("p99 of those bookings in ms ÷ without", late, late_alone, wanted="at most 2"),
        ]
    return rows
