import threading
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from eventbooker.worker import scheduler
from tests.database import Database
from tests.waiting import until
from tests.worker.conftest import Bookings

WEEK = timedelta(days=7)


def test_a_sweep_cancels_all_lapsed_holds_batch_by_batch(
    database: Database, bookings: Bookings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "BATCH", 2)
    database.freeze("2031-05-04 12:00:00+00")
    for number in range(5):
        bookings.hold(str(1000 + number), minutes=1)
    living = bookings.hold("105", minutes=2)
    database.advance(seconds=60)
    scheduler.sweep(database.url, threading.Event())
    pending = database.execute("SELECT id FROM public.bookings WHERE status = 'pending'")
    assert [row["id"] for row in pending] == [living]


def test_seats_of_no_shows_go_to_who_waits_for_all_events_that_are_due(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    for name in ("jazz", "blues"):
        event_id = database.event(seats=1, date="2030-01-01 13:00+00", name=name)
        database.execute("SELECT change_event(%s, p_no_show_minutes => 15)", (event_id,))
        database.execute("SELECT confirm_booking(%s)", (database.book(event_id, f"{name}@example.org")["id"],))
        database.execute("SELECT join_waitlist(%s, %s)", (event_id, f"waits-for-{name}@example.org"))
    database.freeze("2030-01-01 13:15+00")

    scheduler.free_no_shows(database.url, threading.Event())

    assert sorted(_statuses(database)) == ["canceled", "canceled", "pending", "pending"]


def test_the_first_sweep_comes_at_once_and_the_next_after_the_interval(database: Database, bookings: Bookings) -> None:
    database.freeze("2031-05-04 12:00:00+00")
    bookings.hold("101", minutes=1)
    bookings.hold("102", minutes=2)
    database.advance(seconds=60)
    stop = threading.Event()
    clockwork = scheduler.start(database.url, timedelta(seconds=0.2), WEEK, stop)
    try:
        until(lambda: _statuses(database) == ["canceled", "pending"])
        database.advance(seconds=60)
        until(lambda: _statuses(database) == ["canceled", "canceled"])
    finally:
        stop.set()
        clockwork.shutdown()


def test_a_database_that_is_away_costs_one_line_and_no_exception() -> None:
    with capture_logs() as lines:
        scheduler.sweep("postgresql://nobody@127.0.0.1:1/nothing", threading.Event())
        scheduler.free_no_shows("postgresql://nobody@127.0.0.1:1/nothing", threading.Event())
        scheduler.prune("postgresql://nobody@127.0.0.1:1/nothing", WEEK)
    assert [line["log_level"] for line in lines] == ["warning"] * (2 + len(scheduler.PRUNING))
    assert not any("\n" in line["error"] for line in lines)


def test_pruning_deletes_what_is_long_over(database: Database, bookings: Bookings) -> None:
    database.freeze("2031-05-04 12:00:00+00")
    bookings.confirm("101")
    database.advance(seconds=3601)
    bookings.confirm("102")
    scheduler.prune(database.url, timedelta(hours=1))
    left = database.execute("SELECT u.telegram_id FROM public.outbox JOIN public.users AS u ON u.id = user_id")
    assert [row["telegram_id"] for row in left] == ["102"]


def _statuses(database: Database) -> list[str]:
    return [row["status"] for row in database.execute("SELECT status FROM public.bookings ORDER BY id")]
