from typing import Any

import pytest

from tests.database import Database, raises

OVER = "2030-01-01 13:00+00"


@pytest.fixture
def over(database: Database) -> int:
    """An event of an hour ago: one booking confirmed, one canceled."""
    database.freeze()
    event_id = database.event(date=OVER, seats=5)
    kept = database.book(event_id, "kept@example.org", telegram_id="7")["id"]
    database.execute("SELECT confirm_booking(%s)", (kept,))
    database.execute("SELECT cancel_booking(%s)", (database.book(event_id, "gone@example.org")["id"],))
    database.execute("UPDATE outbox SET state = 'sent', finished_at = clock()")
    database.advance(7200)
    return event_id


def archive(database: Database, before: str = "2031-01-01") -> int:
    return int(database.one("SELECT archive_events(%s, 10) AS moved", before)["moved"])


def rows(database: Database, schema: str) -> dict[str, list[dict[str, Any]]]:
    return {
        table: database.execute(f"SELECT * FROM {schema}.{table} ORDER BY id")
        for table in ("events", "bookings", "booking_changes")
    }


def test_an_event_that_is_over_moves_with_its_bookings_and_their_history(database: Database, over: int) -> None:
    before = rows(database, "public")

    assert archive(database) == 1

    assert rows(database, "archive") == before
    assert rows(database, "public") == {"events": [], "bookings": [], "booking_changes": []}
    assert len(database.execute("SELECT * FROM users")) == 2
    assert archive(database) == 0


def test_what_is_not_over_stays(database: Database, over: int) -> None:
    coming = database.event(date="2030-01-02 12:00+00")
    never_closing = database.event(date="2029-01-01 12:00+00")

    assert archive(database) == 1
    assert [row["id"] for row in database.execute("SELECT id FROM events ORDER BY id")] == [coming, never_closing]


def test_the_date_can_be_said(database: Database, over: int) -> None:
    assert archive(database, OVER) == 0
    assert archive(database, "2030-01-01 13:00:00.000001+00") == 1


@pytest.mark.parametrize(
    "unfinished",
    [
        "UPDATE bookings SET status = 'pending', confirmed_at = NULL WHERE status = 'confirmed'",
        "UPDATE outbox SET state = 'waiting', finished_at = NULL",
    ],
)
def test_an_event_with_something_still_to_be_done_stays(database: Database, over: int, unfinished: str) -> None:
    database.execute(unfinished)

    assert archive(database) == 0


def test_an_event_that_somebody_is_busy_with_is_left_for_later(database: Database, over: int) -> None:
    with database.connect() as session, session.transaction():
        session.execute("SELECT FROM events WHERE id = %s FOR UPDATE", (over,))
        assert archive(database) == 0

    assert archive(database) == 1


def test_history_that_was_not_moved_as_it_is_cannot_be_deleted(database: Database, over: int) -> None:
    database.execute(
        "INSERT INTO archive.booking_changes"
        " SELECT booking_id, id, changed_at, from_status, to_status, 'other', changed_by FROM booking_changes"
    )

    with raises("EB208"):
        database.execute("DELETE FROM booking_changes")
