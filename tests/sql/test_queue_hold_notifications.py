from datetime import timedelta

import pytest

from tests.database import Database, Row


@pytest.fixture(autouse=True)
def _frozen(database: Database) -> None:
    database.freeze("2031-05-04 12:00+00")


def told(database: Database, minutes: int = 10, chat: str | None = "101") -> dict[str, float]:
    """The messages that a new hold queues, and how many minutes before its end each is due."""
    booking = database.book(database.event(ttl=minutes), "anna@example.org", chat)
    rows: list[Row] = database.execute("SELECT * FROM outbox WHERE booking_id = %s", (booking["id"],))
    assert all(row["due_at"] == row["not_before"] for row in rows)
    return {row["kind"]: (booking["expires_at"] - row["not_before"]) / timedelta(minutes=1) for row in rows}


def test_a_hold_is_told_at_once_and_again_at_half_of_its_life(database: Database) -> None:
    assert told(database) == {"hold_made": 10, "hold_ending": 5}


def test_the_share_of_the_hold_that_is_left_can_be_said(database: Database) -> None:
    database.execute("SELECT enable_telegram(0.2)")
    assert told(database) == {"hold_made": 10, "hold_ending": 2}


def test_the_reminder_comes_at_least_a_minute_before_the_end(database: Database) -> None:
    database.execute("SELECT enable_telegram(0.05)")
    assert told(database) == {"hold_made": 10, "hold_ending": 1}


@pytest.mark.parametrize(("minutes", "kinds"), [(2, {"hold_made"}), (3, {"hold_made", "hold_ending"})])
def test_a_hold_of_under_three_minutes_has_no_reminder(database: Database, minutes: int, kinds: set[str]) -> None:
    assert told(database, minutes).keys() == kinds


def test_reminders_can_be_switched_off(database: Database) -> None:
    database.execute("SELECT enable_telegram(0)")
    assert told(database).keys() == {"hold_made"}


def test_who_is_not_in_telegram_is_told_nothing(database: Database) -> None:
    assert told(database, chat=None) == {}


def test_without_a_bot_nothing_is_queued(database: Database) -> None:
    database.execute("SELECT disable_telegram()")
    assert told(database) == {}


def test_who_cannot_be_reached_is_told_nothing(database: Database) -> None:
    told(database)
    database.execute("UPDATE users SET telegram_broken_at = clock(), telegram_error = 'blocked'")
    assert told(database) == {}
