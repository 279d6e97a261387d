"""The worker takes people out of what is long over, if it is told to."""

import threading
from datetime import timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from structlog.testing import capture_logs

from eventbooker.config import Archive, Privacy
from eventbooker.worker import retention
from tests.database import Database
from tests.waiting import until

DAY = timedelta(days=1)


def named(database: Database) -> int:
    return len(database.execute("SELECT FROM users WHERE erased_at IS NULL"))


def canceled_by(database: Database, people: int) -> None:
    """So many canceled two days ago."""
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(seats=people)
    for number in range(people):
        database.execute("SELECT cancel_booking(%s)", (database.book(event_id, f"{number}@example.org")["id"],))
    database.freeze("2030-01-03 12:00+00")


def test_all_users_are_looked_at_batch_by_batch(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    canceled_by(database, 5)

    retention.anonymise(database.url, Privacy(anonymise_canceled_after=DAY), threading.Event())

    assert named(database) == 0


def test_it_begins_with_the_worker_if_a_time_is_configured(database: Database) -> None:
    canceled_by(database, 1)
    scheduler, stop = BackgroundScheduler(), threading.Event()
    retention.start(scheduler, Archive(after=None), Privacy(), database.url, stop)
    assert scheduler.get_jobs() == []
    retention.start(scheduler, Archive(after=None), Privacy(anonymise_canceled_after=DAY), database.url, stop)
    scheduler.start()
    try:
        until(lambda: named(database) == 0)
    finally:
        stop.set()
        scheduler.shutdown()


def test_events_that_are_over_leave_for_the_archive_and_the_archive_for_good(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    for day in (2, 3, 4):
        database.book(database.event(date=f"2030-01-0{day} 12:00+00"), f"{day}@example.org")
    database.freeze("2030-01-05 12:00:01+00")
    database.execute("SELECT expire_bookings()")
    database.execute("UPDATE outbox SET state = 'sent', finished_at = clock()")

    retention.keep_archive(database.url, Archive(after=2 * DAY), threading.Event())
    assert [counted(database, table) for table in ("events", "archive.events", "archive.bookings")] == [1, 2, 2]

    retention.keep_archive(database.url, Archive(after=2 * DAY, delete_after=3 * DAY), threading.Event())
    assert [counted(database, table) for table in ("events", "archive.events", "archive.bookings")] == [1, 1, 1]
    assert counted(database, "archive.booking_changes") == 2


def counted(database: Database, table: str) -> int:
    return int(database.one(f"SELECT count(*) AS rows FROM {table}")["rows"])


def test_a_database_that_is_away_costs_one_line_and_no_exception() -> None:
    with capture_logs() as lines:
        privacy = Privacy(anonymise_attendees_after=DAY)
        retention.anonymise("postgresql://nobody@127.0.0.1:1/nothing", privacy, threading.Event())
        retention.keep_archive("postgresql://nobody@127.0.0.1:1/nothing", Archive(), threading.Event())
    assert [line["log_level"] for line in lines] == ["warning", "warning"]
