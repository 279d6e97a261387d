"""The worker process: the scheduler, the notifier and the bot, each in a thread."""

import signal
import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic
from zoneinfo import ZoneInfo

import psycopg
import structlog

from eventbooker import child_process
from eventbooker.config import Settings
from eventbooker.database.pool import connect, error_line
from eventbooker.worker import scheduler
from eventbooker.worker.notifier import Notifier
from eventbooker.worker.telegram import Bot
from eventbooker.worker.update_poller import UpdatePoller

GRACE_SECONDS = 2.0
"""How long a message that is being sent gets when we stop; after that it is sent again when its lease ends."""

RETRY_SECONDS = 10.0

log = structlog.get_logger()


def run(settings: Settings) -> None:
    """Work on `settings.database_url`, which must be set, until SIGTERM or SIGINT; for the main thread."""
    if settings.database_url is None:
        raise ValueError("the worker needs a database_url")
    database_url = settings.database_url.get_secret_value()

    signals: SimpleQueue[int] = SimpleQueue()  # unlike an Event it may be used inside a signal handler
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: signals.put(received))
    child_process.terminate_with_parent()

    stop = threading.Event()
    background = scheduler.start(database_url, settings.scheduler.interval, settings.telegram.keep, stop)
    threads = _start_threads(settings, database_url, stop)
    log.info("the worker runs", interval=str(settings.scheduler.interval))

    log.info("the worker stops", signal=signal.Signals(signals.get()).name)
    stop.set()
    background.shutdown(wait=False)
    deadline = monotonic() + GRACE_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))


def _start_threads(settings: Settings, database_url: str, stop: threading.Event) -> list[threading.Thread]:
    """The threads to wait for at the end. The poller is not among them: an update it has not finished is done again."""
    if not settings.telegram_bot_token:
        log.info("notifications are switched off: TELEGRAM_BOT_TOKEN is not set")
        return [_start("no notifier", lambda: _disable_telegram(database_url, stop))]
    zone = ZoneInfo(settings.timezone)
    bot = Bot(settings.telegram_api_url, settings.telegram_bot_token, settings.telegram.timeout.total_seconds())
    _start("update poller", UpdatePoller(database_url, bot, settings.telegram, zone, stop).run)
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
            log.warning("the outbox could not be switched off yet", error=error_line(error))
            stop.wait(RETRY_SECONDS)
