"""A thousand messages, a Bot API that is having a bad day, and workers that are killed with -9 at random.

EVENTBOOKER_DELIVERY_SEED repeats a run, EVENTBOOKER_WORKER_KILLS makes it kill more often.
"""

import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import groupby
from pathlib import Path

import pytest

from tests.database import Database
from tests.full import size
from tests.waiting import until
from tests.worker.bot_api import ANSWER_LOST, BROKEN, HANG_UP, SILENCE, Answer, BotApi, too_many_requests
from tests.worker.process import Worker, worker_environment

SEED = int(os.environ.get("EVENTBOOKER_DELIVERY_SEED", "0")) or random.randrange(1, 1_000_000)
KILLS = size("EVENTBOOKER_WORKER_KILLS", default=3, full=5)
USERS, MESSAGES_EACH = size("EVENTBOOKER_DELIVERY_USERS", default=100, full=250), 4
SPEED = 10
"""So many times faster do leases, pauses and paces pass than the clock on the wall."""

FAST_CLOCK = f"""
CREATE TABLE public.clock_began AS SELECT clock_timestamp() AS at;
CREATE OR REPLACE FUNCTION public.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS 'SELECT at + (clock_timestamp() - at) * {SPEED} FROM public.clock_began';
"""

TROUBLE = {
    "429": (too_many_requests(1), 0.06),
    "500": (BROKEN, 0.05),
    "cut": (HANG_UP, 0.04),
    "time-out": (SILENCE, 0.007),
    "delivered, and the answer lost": (ANSWER_LOST, 0.02),
}
"""What is answered instead of 200, and how often."""


@pytest.fixture
def bot_api() -> Iterator[BotApi]:
    """As strict as Telegram about paces, by the fast clock."""
    with BotApi(a_second=1000, chat_a_second=SPEED) as api:
        yield api


class BadDay:
    """Chooses what each message is answered."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.had: Counter[str] = Counter()

    def __call__(self, chat_id: str) -> Answer | None:
        (name,) = self._chance.choices(
            [*TROUBLE, "200"], [*(share for _, share in TROUBLE.values()), 1 - sum(s for _, s in TROUBLE.values())]
        )
        self.had[name] += 1
        return TROUBLE[name][0] if name in TROUBLE else None


def queue_messages(database: Database) -> dict[str, list[int]]:
    """Each chat's bookings in the order in which they were confirmed."""
    for _ in range(MESSAGES_EACH):
        database.event(seats=USERS)
    database.execute("SELECT disable_telegram()")
    database.execute(
        "SELECT book_seat(e.id, format('user%%s@example.org', u), NULL, format('chat%%s', u))"
        " FROM events AS e CROSS JOIN generate_series(1, %s) AS u",
        (USERS,),
    )
    database.execute("SELECT enable_telegram(0)")
    database.execute("SELECT confirm_booking(id) FROM (SELECT id FROM bookings ORDER BY random()) AS shuffled")
    queued = database.execute(
        "SELECT u.telegram_id, array_agg(o.booking_id ORDER BY o.id) AS bookings"
        " FROM outbox AS o JOIN users AS u ON u.id = o.user_id GROUP BY u.telegram_id"
    )
    return {row["telegram_id"]: row["bookings"] for row in queued}


def bookings_told(texts: list[str]) -> list[int]:
    return [int(re.findall(r"Booking (\d+)", text)[0]) for text in texts]


def test_every_message_arrives_in_order_and_kills_double_one_each_at_most(
    database: Database, bot_api: BotApi, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    print(f"EVENTBOOKER_DELIVERY_SEED={SEED}")
    database.execute(FAST_CLOCK)
    queued = queue_messages(database)
    assert sum(map(len, queued.values())) == USERS * MESSAGES_EACH
    bad_day = bot_api.fault = BadDay(chance)
    settings = tmp_path / "config.yaml"
    settings.write_text("telegram: {rate: 1000, timeout: 1s, reminder: 0}")
    environment = worker_environment(database.url, bot_api.url) | {"EVENTBOOKER_CONFIG": str(settings)}

    def reached(enough: int) -> bool:
        waker.execute("NOTIFY outbox")  # at this speed a look each second is a rare one
        return sum(map(len, list(bot_api.delivered.values()))) >= enough

    def none_waits() -> bool:
        waker.execute("NOTIFY outbox")
        return not waker.execute("SELECT FROM outbox WHERE state = 'waiting' LIMIT 1").fetchall()

    with ExitStack() as running, database.connect() as waker:

        def start(number: int) -> Worker:
            return running.enter_context(Worker(tmp_path / f"log{number}", environment))

        workers = [start(0), start(1)]
        until(partial(reached, 1))
        begun = time.monotonic()
        for enough in sorted(chance.sample(range(20, USERS * MESSAGES_EACH * 9 // 10), KILLS)):
            until(partial(reached, enough))
            time.sleep(chance.uniform(0, 0.05))  # anywhere between two messages, or within one
            victim = chance.randrange(2)
            workers[victim].kill()
            workers[victim] = start(victim)
        until(none_waits)
        seconds = time.monotonic() - begun

    states = Counter(row["state"] for row in database.execute("SELECT state FROM outbox"))
    told = {chat: bookings_told(texts) for chat, texts in bot_api.delivered.items()}
    duplicates = sum(map(len, told.values())) - USERS * MESSAGES_EACH
    lost_answers = bad_day.had["delivered, and the answer lost"]
    print(
        f"{USERS * MESSAGES_EACH} messages in {seconds:.1f} s, {KILLS} kills; asked {len(bot_api.requests)} times:"
        f" {dict(bad_day.had)}; {duplicates} duplicates, {lost_answers} of them for lost answers"
    )
    assert states == {"sent": USERS * MESSAGES_EACH}
    assert {chat: [booking for booking, _ in groupby(bookings)] for chat, bookings in told.items()} == queued
    assert 0 <= duplicates - lost_answers <= KILLS
