"""Scheduled jobs (APScheduler): the sweep of lapsed holds, seats of no-shows, and the pruning of old rows.

A hold is dead at its second, swept or not; the sweep tidies the stored rows and lets people know.
"""

import threading
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import LiteralString

import psycopg
import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from eventbooker.database.pool import connect, error_line
from eventbooker.database.server import KEEPING_STATEMENT_SECONDS, WORKER_STATEMENT_SECONDS
from eventbooker.metrics import SWEEPS, SWEPT_HOLDS
from eventbooker.worker.batches import batches, count
from eventbooker.worker.punctuality import LastSweep

BATCH = 1000
PRUNING: tuple[LiteralString, ...] = (
    "SELECT public.prune_outbox(%(keep)s)",
    "SELECT public.prune_idempotency_keys()",
    "SELECT public.prune_request_counts()",
    "SELECT public.prune_client_holds()",
)
"""What to call every hour; each returns how many rows it deleted. `keep` is for how long messages are kept."""

log = structlog.get_logger()


def start(
    database_url: str, interval: timedelta, keep: timedelta, stop: threading.Event, last: LastSweep | None = None
) -> BackgroundScheduler:
    """Sweep and free seats of no-shows now and every `interval`, prune now and every hour; what is under way ends early
    on `stop`. `last` is told of each sweep that was done."""
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    now = datetime.now(UTC)
    seconds = interval.total_seconds()
    scheduler.add_job(sweep, "interval", (database_url, stop, last), seconds=seconds, next_run_time=now)
    scheduler.add_job(free_no_shows, "interval", (database_url, stop), seconds=seconds, next_run_time=now)
    scheduler.add_job(prune, "interval", (database_url, keep), hours=1, next_run_time=now)
    scheduler.start()
    return scheduler


def run_all_now(scheduler: BackgroundScheduler) -> None:
    """And from now on at their intervals, whatever the clock said when they were planned."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))


def sweep(database_url: str, stop: threading.Event, last: LastSweep | None = None) -> None:
    """Cancel all lapsed holds, a batch a transaction; what cannot be done now is left to the next sweep."""
    expired = 0
    began = perf_counter()
    try:
        call: LiteralString = "SELECT public.expire_bookings(%(limit)s)"
        for batch in batches(database_url, "sweep", WORKER_STATEMENT_SECONDS, call, stop, limit=BATCH):
            expired += batch
            SWEPT_HOLDS.inc(batch)
        SWEEPS.labels("done").observe(perf_counter() - began)
        if last:
            last.note()
    except psycopg.Error as error:
        log.warning("the sweep failed and is tried again at the next interval", error=error_line(error))
        SWEEPS.labels("failed").observe(perf_counter() - began)
    if expired:
        log.info("lapsed holds swept", bookings=expired)


def free_no_shows(database_url: str, stop: threading.Event) -> None:
    """Give seats of people who did not come to those who wait, an event a transaction."""
    events = 0
    try:
        call: LiteralString = "SELECT public.free_no_shows()"
        for freed in batches(database_url, "no-shows", WORKER_STATEMENT_SECONDS, call, stop):
            events += freed
    except psycopg.Error as error:
        log.warning("freeing seats of no-shows failed and is tried again at the next interval", error=error_line(error))
    if events:
        log.info("seats of no-shows freed", events=events)


def prune(database_url: str, keep: timedelta) -> None:
    for call in PRUNING:
        try:
            with connect(database_url, "pruning", KEEPING_STATEMENT_SECONDS) as connection:
                pruned = count(connection, call, keep=keep)
        except psycopg.Error as error:
            log.warning("pruning failed and is tried again in an hour", call=call, error=error_line(error))
        else:
            log.debug("pruned", call=call, rows=pruned)
