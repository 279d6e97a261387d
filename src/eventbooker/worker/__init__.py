"""What runs beside the web: the sweep of lapsed holds, and the messages to people."""

import signal
import threading
from queue import SimpleQueue
from zoneinfo import ZoneInfo

import structlog

from eventbooker import lifeline
from eventbooker.config import Settings
from eventbooker.worker import scheduler
from eventbooker.worker.notifier import Notifier
from eventbooker.worker.telegram import Bot

GRACE = 2.0
"""Seconds that a message on its way gets when we stop; after that it is left to the end of its lease."""

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
    clockwork = scheduler.start(database_url, settings.scheduler.interval, stop)
    notifier = _start_notifier(settings, database_url, stop)
    log.info("the worker runs", interval=str(settings.scheduler.interval))

    log.info("the worker stops", signal=signal.Signals(signals.get()).name)
    stop.set()
    clockwork.shutdown(wait=False)
    if notifier:
        notifier.join(GRACE)


def _start_notifier(settings: Settings, database_url: str, stop: threading.Event) -> threading.Thread | None:
    if not settings.telegram_bot_token:
        log.info("notifications are switched off: TELEGRAM_BOT_TOKEN is not set")
        return None
    bot = Bot(settings.telegram_api_url, settings.telegram_bot_token)
    notifier = Notifier(database_url, bot, ZoneInfo(settings.timezone), stop)
    thread = threading.Thread(target=notifier.run, name="notifier", daemon=True)
    thread.start()
    return thread
