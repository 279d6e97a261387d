"""A fake Bot API, notifiers that carry messages to it, and bookings to tell of."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from eventbooker.config import Telegram
from eventbooker.worker.notifier import Notifier
from eventbooker.worker.telegram import Bot
from eventbooker.worker.telegram_carrier import TelegramCarrier
from tests.database import Database
from tests.worker.bot_api import TOKEN, BotApi
from tests.worker.process import Worker, worker_environment

StartWorker = Callable[..., Worker]


@pytest.fixture
def bot_api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def start_notifier(database: Database, bot_api: BotApi) -> Iterator[Callable[[], None]]:
    """Starts one more notifier at each call; all stop when the test is over."""
    with ExitStack() as running:
        yield lambda: running.enter_context(_notifying(database, bot_api.url))


@contextmanager
def _notifying(database: Database, api_url: str) -> Iterator[None]:
    stop = threading.Event()
    bot = Bot(api_url, SecretStr(TOKEN), timeout=5)
    carrier = TelegramCarrier(bot, Telegram(), ZoneInfo("UTC"))
    thread = threading.Thread(target=Notifier(database.url, carrier, stop).run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        database.execute("NOTIFY outbox")  # so that it need not wait for its next look
        thread.join()
        bot.close()


@pytest.fixture
def start_worker(database: Database, bot_api: BotApi, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts a worker that sweeps five times a second; keywords are environment variables."""
    numbers = itertools.count(1)
    with ExitStack() as running:
        yield lambda **variables: running.enter_context(
            Worker(tmp_path / f"log{next(numbers)}", worker_environment(database.url, bot_api.url) | variables)
        ).ready()


class Bookings:
    """Bookings by people whose chat has the number that is their mailbox: 101 has 101@example.org.

    Of the holds themselves nobody is told: most tests are about what comes of them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def hold(self, chat_id: str, event_name: str = "Chess night", minutes: int = 10) -> int:
        """Books a seat of an event of its own; returns the booking's id."""
        event_id = self._database.event(name=event_name, ttl=minutes)
        with self._database.connect() as connection, connection.transaction():
            booking = connection.execute(
                "SELECT id FROM public.book_seat(%s, %s, NULL, %s)", (event_id, f"{chat_id}@example.org", chat_id)
            ).fetchall()[0]
            connection.execute("DELETE FROM public.outbox WHERE booking_id = %s", (booking["id"],))
        return int(booking["id"])

    def confirm(self, chat_id: str, event_name: str = "Chess night") -> int:
        booking_id = self.hold(chat_id, event_name)
        self._database.execute("SELECT public.confirm_booking(%s)", (booking_id,))
        return booking_id

    def lapse(self, chat_id: str, event_name: str = "Chess night") -> int:
        """A hold that lapsed and was swept; moves the clock, which stands still from here on."""
        booking_id = self.hold(chat_id, event_name, minutes=1)
        self._database.advance(seconds=60)
        self._database.execute("SELECT public.expire_bookings()")
        return booking_id


@pytest.fixture
def bookings(database: Database) -> Bookings:
    return Bookings(database)
