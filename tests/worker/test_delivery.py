"""A thousand messages, a Bot API or a mail server on a bad day, and workers that are killed with -9 at random.

EVENTBOOKER_DELIVERY_SEED repeats a run, EVENTBOOKER_WORKER_KILLS makes it kill more often.
"""

import itertools
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from email.message import EmailMessage
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.database import Database
from tests.full import size
from tests.waiting import until
from tests.worker.bot_api import ANSWER_LOST, BROKEN, HANG_UP, SILENCE, BotApi, too_many_requests
from tests.worker.mail_server import ANSWER_LOST as MAIL_ANSWER_LOST
from tests.worker.mail_server import HANG_UP as HANG_UP_MAIL
from tests.worker.mail_server import HANG_UP_AT_DATA, STALL, MailServer
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

Trouble = dict[str, tuple[Any, float]]
"""What is done instead of taking a message, and how often."""

TELEGRAM_TROUBLE: Trouble = {
    "429": (too_many_requests(1), 0.06),
    "500": (BROKEN, 0.05),
    "cut": (HANG_UP, 0.04),
    "time-out": (SILENCE, 0.007),
    "delivered, and the answer lost": (ANSWER_LOST, 0.02),
}

MAIL_TROUBLE: Trouble = {
    "450": ("RCPT 450 4.2.0 greylisted", 0.05),
    "451": ("DATA 451 4.3.0 try later", 0.05),
    "421": ("RCPT 421 4.3.2 shutting down", 0.02),
    "cut": (HANG_UP_MAIL, 0.03),
    "cut at the end": (HANG_UP_AT_DATA, 0.03),
    "time-out": (STALL, 0.005),
    "delivered, and the answer lost": (MAIL_ANSWER_LOST, 0.02),
}


@pytest.fixture
def bot_api() -> Iterator[BotApi]:
    """As strict as Telegram about paces, by the fast clock."""
    with BotApi(a_second=1000, chat_a_second=SPEED) as api:
        yield api


class BadDay:
    """Chooses what becomes of each message."""

    def __init__(self, chance: random.Random, trouble: Trouble) -> None:
        self._chance = chance
        self._trouble = trouble
        self.had: Counter[str] = Counter()

    def __call__(self, address: str) -> Any:
        shares = [share for _, share in self._trouble.values()]
        (name,) = self._chance.choices([*self._trouble, "taken"], [*shares, 1 - sum(shares)])
        self.had[name] += 1
        return self._trouble[name][0] if name in self._trouble else None


def queue_messages(database: Database, switch_on: str) -> dict[str, list[int]]:
    """Each user's bookings in the order in which they were confirmed, by the number that is chat and mailbox."""
    for _ in range(MESSAGES_EACH):
        database.event(seats=USERS)
    database.execute("SELECT disable_telegram()")
    database.execute(
        "SELECT book_seat(e.id, format('%%s@example.org', u), NULL, u::text)"
        " FROM events AS e CROSS JOIN generate_series(1, %s) AS u",
        (USERS,),
    )
    database.execute(switch_on)
    database.execute("SELECT confirm_booking(id) FROM (SELECT id FROM bookings ORDER BY random()) AS shuffled")
    queued = database.execute(
        "SELECT u.telegram_id, array_agg(o.booking_id ORDER BY o.id) AS bookings"
        " FROM outbox AS o JOIN users AS u ON u.id = o.user_id GROUP BY u.telegram_id"
    )
    return {row["telegram_id"]: row["bookings"] for row in queued}


def bookings_told(texts: list[str]) -> list[int]:
    return [int(re.findall(r"Booking (\d+)", text)[0]) for text in texts]


def deliver(
    database: Database,
    queued: dict[str, list[int]],
    count_taken: Callable[[], int],
    start: Callable[[], Worker],
    chance: random.Random,
) -> float:
    """Run two workers, kill one of them now and then, until no message waits; returns the seconds it took."""
    messages = sum(map(len, queued.values()))
    assert messages == USERS * MESSAGES_EACH

    def reached(enough: int) -> bool:
        waker.execute("NOTIFY outbox")  # at this speed a look each second is a rare one
        return count_taken() >= enough

    def none_waits() -> bool:
        waker.execute("NOTIFY outbox")
        return not waker.execute("SELECT FROM outbox WHERE state = 'waiting' LIMIT 1").fetchall()

    with database.connect() as waker:
        workers = [start(), start()]
        until(partial(reached, 1))
        begun = time.monotonic()
        for enough in sorted(chance.sample(range(20, messages * 9 // 10), KILLS)):
            until(partial(reached, enough))
            time.sleep(chance.uniform(0, 0.05))  # anywhere between two messages, or within one
            victim = chance.randrange(2)
            workers[victim].kill()
            workers[victim] = start()
        until(none_waits, within=180)
        return time.monotonic() - begun


def _count(taken: Mapping[str, Sequence[object]]) -> int:
    """Of messages by address, of which more come meanwhile."""
    return sum(map(len, list(taken.values())))


def check(
    database: Database, queued: dict[str, list[int]], taken: dict[str, list[str]], had: Counter[str], seconds: float
) -> None:
    """All have arrived, in each user's order, and no more often than kills and lost answers explain."""
    messages = sum(map(len, queued.values()))
    told = {address: bookings_told(texts) for address, texts in taken.items()}
    duplicates = sum(map(len, told.values())) - messages
    lost_answers = had["delivered, and the answer lost"]
    print(
        f"{messages} messages in {seconds:.1f} s, {KILLS} kills: {dict(had)};"
        f" {duplicates} duplicates, {lost_answers} of them for lost answers"
    )
    states = Counter(row["state"] for row in database.execute("SELECT state FROM outbox"))
    assert states == {"sent": messages}
    assert {address: [booking for booking, _ in groupby(bookings)] for address, bookings in told.items()} == queued
    assert 0 <= duplicates - lost_answers <= KILLS


@pytest.fixture
def chance() -> random.Random:
    print(f"EVENTBOOKER_DELIVERY_SEED={SEED}")
    return random.Random(SEED)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts one more worker with this environment and this config.yaml."""
    numbers = itertools.count()
    with ExitStack() as running:

        def start(environment: dict[str, str], settings: str) -> Worker:
            path = tmp_path / "config.yaml"
            path.write_text(settings)
            log = tmp_path / f"log{next(numbers)}"
            return running.enter_context(Worker(log, environment | {"EVENTBOOKER_CONFIG": str(path)}))

        yield start


def test_every_message_arrives_in_order_and_kills_double_one_each_at_most(
    database: Database, bot_api: BotApi, start: Callable[..., Worker], chance: random.Random
) -> None:
    database.execute(FAST_CLOCK)
    queued = queue_messages(database, "SELECT enable_telegram(0)")
    bad_day = bot_api.fault = BadDay(chance, TELEGRAM_TROUBLE)
    environment = worker_environment(database.url, bot_api.url)
    begin = partial(start, environment, "telegram: {rate: 1000, timeout: 1s, reminder: 0}")

    seconds = deliver(database, queued, lambda: _count(bot_api.delivered), begin, chance)

    check(database, queued, bot_api.delivered, bad_day.had, seconds)


def test_every_mail_arrives_in_order_and_kills_double_one_each_at_most(
    database: Database, start: Callable[..., Worker], chance: random.Random
) -> None:
    database.execute(FAST_CLOCK)
    queued = queue_messages(database, "SELECT enable_mail(0)")
    with MailServer() as server:
        bad_day = server.fault = BadDay(chance, MAIL_TROUBLE)
        environment = worker_environment(database.url, "http://127.0.0.1:1") | {
            "TELEGRAM_BOT_TOKEN": "",
            "SMTP_URL": server.url,
        }
        begin = partial(start, environment, "mail: {from: club@example.org, timeout: 1s, reminder: 0}")

        seconds = deliver(database, queued, lambda: _count(server.mails), begin, chance)

        taken = {address.partition("@")[0]: list(map(text, mails)) for address, mails in server.mails.items()}
        check(database, queued, taken, bad_day.had, seconds)
        assert {len(set(ids)) for ids in message_ids(server).values()} == {1}


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def message_ids(server: MailServer) -> dict[int, list[str]]:
    """The Message-IDs of the mails about each booking."""
    found: dict[int, list[str]] = {}
    for mail in itertools.chain.from_iterable(server.mails.values()):
        (booking_id,) = bookings_told([text(mail)])
        found.setdefault(booking_id, []).append(mail["Message-ID"])
    return found
