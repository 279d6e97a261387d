"""What runs beside the web: the sweep of lapsed holds, the messages to people, and the conversation with them."""

import signal
import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic
from zoneinfo import ZoneInfo

import psycopg
import structlog

from eventbooker import lifeline
from eventbooker.config import Settings
from eventbooker.database.pool import connect, one_line
from eventbooker.worker import scheduler
from eventbooker.worker.conversation import Conversation
from eventbooker.worker.notifier import Notifier
from eventbooker.worker.telegram import Bot

GRACE = 2.0
"""Seconds that a message on its way gets when we stop; after that it is left to the end of its lease."""

PAUSE = 10.0

log = structlog.get_logger()


def run(settings: Settings) -> None:
    """Work on `settings.database_url`, which must be set, until SIGTERM or SIGINT; for the main thread."""
    if settings.database_url is None:
        raise ValueError("the worker needs a database_url")
    database_url = settings.database_url.get_secret_value()

    signals: SimpleQueue[int] = SimpleQueue()  # unlike an Event it may be used inside a signal handler
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: signals.put(received))
    lifeline.hold()

    stop = threading.Event()
    clockwork = scheduler.start(database_url, settings.scheduler.interval, settings.telegram.keep, stop)
    threads = _start_threads(settings, database_url, stop)
    log.info("the worker runs", interval=str(settings.scheduler.interval))

    log.info("the worker stops", signal=signal.Signals(signals.get()).name)
    stop.set()
    clockwork.shutdown(wait=False)
    deadline = monotonic() + GRACE
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))


def _start_threads(settings: Settings, database_url: str, stop: threading.Event) -> list[threading.Thread]:
    """What is to be waited for at the end. The conversation is not: what it has not finished is done again."""
    if not settings.telegram_bot_token:
        log.info("notifications are switched off: TELEGRAM_BOT_TOKEN is not set")
        return [_start("no notifier", lambda: _disable_telegram(database_url, stop))]
    zone = ZoneInfo(settings.timezone)
    bot = Bot(settings.telegram_api_url, settings.telegram_bot_token, settings.telegram.timeout.total_seconds())
    _start("conversation", Conversation(database_url, bot, settings.telegram, zone, stop).run)
    return [_start("notifier", Notifier(database_url, bot, settings.telegram, zone, stop).run)]


def _start(name: str, run: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def _disable_telegram(database_url: str, stop: threading.Event) -> None:
    """Once the database answers: from then on nothing is queued that nobody would send."""
    while not stop.is_set():
        try:
            with connect(database_url, "worker") as connection:
                connection.execute("SELECT public.disable_telegram()")
            return
        except psycopg.Error as error:
            log.warning("the outbox could not be switched off yet", error=one_line(error))
            stop.wait(PAUSE)
