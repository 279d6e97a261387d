"""The worker process: the scheduler, the notifiers of Telegram and of mail, and the bot, each in a thread."""

import signal
import threading
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic
from typing import LiteralString
from zoneinfo import ZoneInfo

import psycopg
import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from eventbooker import child_process, tracing
from eventbooker.config import Settings
from eventbooker.database.pool import Connection, connect, error_line
from eventbooker.database.server import WORKER_STATEMENT_SECONDS
from eventbooker.tokens import Tokens, load_tokens
from eventbooker.worker import health, retention, scheduler
from eventbooker.worker.mail_carrier import MailCarrier
from eventbooker.worker.notifier import Notifier
from eventbooker.worker.punctuality import Clock, LastSweep
from eventbooker.worker.smtp import MailServer
from eventbooker.worker.telegram import Bot
from eventbooker.worker.telegram_carrier import TelegramCarrier
from eventbooker.worker.update_poller import UpdatePoller

GRACE_SECONDS = 2.0
"""How long a message that is being sent gets when we stop; after that it is sent again when its lease ends."""

RETRY_SECONDS = 10.0
LOOK_SECONDS = 1.0
"""How soon we notice that the clock was set."""

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
    tracing.start()

    last_sweep = LastSweep(settings.scheduler.interval)
    if settings.metrics.worker_port:
        health.start(settings.metrics.worker_host, settings.metrics.worker_port, database_url, last_sweep)
    stop = threading.Event()
    background = scheduler.start(database_url, settings.scheduler.interval, settings.telegram.keep, stop, last_sweep)
    retention.start(background, settings.archive, settings.privacy, database_url, stop)
    threads = _start_threads(settings, database_url, stop)
    log.info("the worker runs", interval=str(settings.scheduler.interval))

    received = _wait_for_signal(signals, background)
    log.info("the worker stops", signal=signal.Signals(received).name)
    stop.set()
    background.shutdown(wait=False)
    deadline = monotonic() + GRACE_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))


def _wait_for_signal(signals: SimpleQueue[int], background: BackgroundScheduler) -> int:
    clock = Clock()
    while True:
        try:
            return signals.get(timeout=LOOK_SECONDS)
        except Empty:
            if clock.jumped():
                log.warning("the clock was set, so what is done at intervals is done now")
                scheduler.run_all_now(background)


def _start_threads(settings: Settings, database_url: str, stop: threading.Event) -> list[threading.Thread]:
    """The threads to wait for at the end. The poller is not among them: an update it has not finished is done again."""
    zone = ZoneInfo(settings.timezone)
    threads = []
    if settings.telegram_bot_token:
        bot = Bot(settings.telegram_api_url, settings.telegram_bot_token, settings.telegram.timeout.total_seconds())
        _start("update poller", UpdatePoller(database_url, bot, settings.telegram, zone, stop).run)
        carrier = TelegramCarrier(bot, settings.telegram, zone)
        threads.append(_start("notifier", Notifier(database_url, carrier, stop).run))
    else:
        log.info("notifications are switched off: TELEGRAM_BOT_TOKEN is not set")
        threads.append(_start("no notifier", lambda: _disable("SELECT public.disable_telegram()", database_url, stop)))
    if settings.smtp_url:
        server = MailServer(settings.smtp_url, settings.mail.timeout.total_seconds())
        mail = MailCarrier(server, settings.mail, settings.public_url, zone, partial(_load_tokens, settings))
        threads.append(_start("mail notifier", Notifier(database_url, mail, stop).run))
    else:
        log.info("mail is switched off: SMTP_URL is not set")
        threads.append(_start("no mail notifier", lambda: _disable("SELECT public.disable_mail()", database_url, stop)))
    return threads


def _load_tokens(settings: Settings, connection: Connection) -> Tokens:
    return load_tokens(settings, lambda: str(connection.execute("SELECT public.get_secret_key()").fetchall()[0][0]))


def _start(name: str, run: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def _disable(call: LiteralString, database_url: str, stop: threading.Event) -> None:
    """Once the database answers: from then on nothing is queued that nobody would send."""
    while not stop.is_set():
        try:
            with connect(database_url, "worker", WORKER_STATEMENT_SECONDS) as connection:
                connection.execute(call)
            return
        except psycopg.Error as error:
            log.warning("the outbox could not be switched off yet", error=error_line(error))
            stop.wait(RETRY_SECONDS)
