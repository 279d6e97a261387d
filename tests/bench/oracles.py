"""Whether the time until an answer tells that an email is known: known and unknown ones in pairs, one by one."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg

from eventbooker.passwords import hash_password
from tests.bench.report import Row
from tests.bench.services import eventbooker

PAIRS, PAIRS_QUICK = 1_000, 200
HASHES, HASHES_QUICK = 150, 40
"""Pairs where each answer takes a password hash."""

CONFIG = "auth: {mode: required}\nlimits: {sign_in: off, registration: off, password_reset: off}\n"

Pair = tuple[float, float]
"""Milliseconds for a known email and for an unknown one."""


def run(url: str, quick: bool) -> list[Row]:
    """With mail switched on, so that a link is made for whoever is known."""
    pairs, hashes = (PAIRS_QUICK, HASHES_QUICK) if quick else (PAIRS, HASHES)
    with (
        tempfile.TemporaryDirectory() as place,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute("UPDATE mail SET enabled = true")
        connection.execute(
            "SELECT register_user('known' || n || '@example.org', 'K', NULL, %s) FROM generate_series(1, %s) AS n",
            (hash_password("long enough"), pairs),
        )
        connection.execute("VACUUM ANALYZE")
        config = Path(place, "config.yaml")
        config.write_text(CONFIG)

        def forget_attempts() -> None:
            connection.execute("TRUNCATE sign_in_attempts")  # ten wrong passwords would close the address

        with (
            eventbooker(url, "web", EVENTBOOKER_CONFIG=str(config)) as (base, _),
            httpx.Client(base_url=base) as client,
        ):

            def calling(path: str, **more: str) -> Callable[[str], Any]:
                return lambda email: client.post(path, json={"email": email, **more}).raise_for_status()

            def sign_in(email: str) -> None:
                assert client.post("/session", json={"email": email, "password": "wrong wrong"}).status_code == 401

            return [
                *_rows("POST /password-reset", _measure(pairs, calling("/password-reset"))),
                *_rows("POST /session with a wrong password", _measure(hashes, sign_in, forget_attempts)),
                *_rows("POST /users", _measure(hashes, calling("/users", password="long enough"))),
            ]


def _measure(pairs: int, call: Callable[[str], Any], between: Callable[[], None] = lambda: None) -> list[Pair]:
    """Each email once, so that nothing of one that was asked for before is in the way."""

    def timed(kind: str, n: int) -> float:
        begun = time.perf_counter()
        call(f"{kind}{n}@example.org")
        return (time.perf_counter() - begun) * 1000

    for n in range(1, 9):
        timed("first", n)
    measured = []
    for n in range(1, pairs + 1):
        order = random.sample(["known", "unknown"], 2)
        times = {kind: timed(kind, n) for kind in order}
        measured.append((times["known"], times["unknown"]))
        between()
    return measured


def _rows(what: str, measured: list[Pair]) -> list[Row]:
    """The medians, and how often the known one took longer: a coin falls so often on one side as this says."""
    known, unknown = (statistics.median(times) for times in zip(*measured, strict=True))
    longer = sum(a > b for a, b in measured) / len(measured)
    margin = 1 / len(measured) ** 0.5  # two standard deviations of a fair coin
    return [
        Row(f"µs for {what}: known email ÷ unknown, median", known * 1000, unknown * 1000),
        Row("the known one took longer", said=f"{longer:.0%} of pairs", wanted=f"50% ± {margin:.0%}"),
    ]
