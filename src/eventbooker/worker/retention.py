"""The end of what is kept of people: once a day, whoever was canceled or came long enough ago becomes nobody."""

import threading
from datetime import UTC, datetime

import psycopg
import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from eventbooker.config import Privacy
from eventbooker.database.pool import connect, error_line
from eventbooker.database.server import WORKER_STATEMENT_SECONDS

BATCH = 500
"""Users that are looked at in one transaction."""

log = structlog.get_logger()


def start(scheduler: BackgroundScheduler, privacy: Privacy, database_url: str, stop: threading.Event) -> None:
    """Now and every day, if a time is configured; a round under way ends early on `stop`."""
    if privacy.anonymise_canceled_after or privacy.anonymise_attendees_after:
        now = datetime.now(UTC)
        scheduler.add_job(anonymise, "interval", (database_url, privacy, stop), hours=24, next_run_time=now)


def anonymise(database_url: str, privacy: Privacy, stop: threading.Event) -> None:
    """Look at all users once, a batch a transaction; what cannot be done now is left to the next day."""
    anonymised = 0
    after: int | None = 0
    try:
        with connect(database_url, "retention", WORKER_STATEMENT_SECONDS) as connection:
            connection.execute("SET lock_timeout = '2 s'")  # so that a stop never waits for somebody's lock
            while after is not None and not stop.is_set():
                batch, after = connection.execute(
                    "SELECT anonymised, next_after FROM public.anonymise_people(%s, %s, %s, %s)",
                    (privacy.anonymise_canceled_after, privacy.anonymise_attendees_after, after, BATCH),
                ).fetchall()[0]
                anonymised += batch
    except psycopg.Error as error:
        log.warning("anonymising failed and goes on tomorrow", error=error_line(error))
    if anonymised:
        log.info("people were taken out of what is long over", bookings=anonymised)
