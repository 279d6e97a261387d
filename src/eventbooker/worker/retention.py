"""The end of what is kept, once a day: events that are long over leave for the archive, and the archive for good;
whoever was canceled or came long enough ago becomes nobody."""

import threading
from datetime import UTC, datetime
from typing import LiteralString

import psycopg
import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from eventbooker.config import Archive, Privacy
from eventbooker.database.pool import connect, error_line
from eventbooker.database.server import KEEPING_STATEMENT_SECONDS, WORKER_STATEMENT_SECONDS
from eventbooker.worker.batches import batches

BATCH = 500
"""Users that are looked at in one transaction."""

log = structlog.get_logger()


def start(
    scheduler: BackgroundScheduler, archive: Archive, privacy: Privacy, database_url: str, stop: threading.Event
) -> None:
    """Now and every day what a time is configured for; a round under way ends early on `stop`."""
    now = datetime.now(UTC)
    if archive.after:
        scheduler.add_job(keep_archive, "interval", (database_url, archive, stop), hours=24, next_run_time=now)
    if privacy.anonymise_canceled_after or privacy.anonymise_attendees_after:
        scheduler.add_job(anonymise, "interval", (database_url, privacy, stop), hours=24, next_run_time=now)


def keep_archive(database_url: str, archive: Archive, stop: threading.Event) -> None:
    """Move events that are long over, and delete what was there long enough, an event a transaction."""
    _event_by_event(database_url, "SELECT public.archive_events(public.clock() - %(after)s)", archive, stop)
    if archive.delete_after:
        delete: LiteralString = "SELECT public.delete_archived_events(public.clock() - %(delete_after)s)"
        _event_by_event(database_url, delete, archive, stop)


def _event_by_event(database_url: str, call: LiteralString, archive: Archive, stop: threading.Event) -> None:
    events = 0
    try:
        for moved in batches(database_url, "retention", KEEPING_STATEMENT_SECONDS, call, stop, **dict(archive)):
            events += moved
    except psycopg.Error as error:
        log.warning("the archive is not up to date; it goes on tomorrow", call=call, error=error_line(error))
    if events:
        log.info("the archive was brought up to date", call=call, events=events)


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
