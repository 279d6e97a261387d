import pytest

from tests.database import Database, raises
from tests.sql.outbox import acknowledge, claim

CANCEL = "SELECT * FROM cancel_event(%s)"


def test_all_its_bookings_are_canceled_and_their_people_told(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=5, ttl=1)
    lapsed = database.book(event_id, "lapsed@example.org", telegram_id="1")
    database.advance(60)
    confirmed = database.book(event_id, "sure@example.org", telegram_id="2")["id"]
    database.execute("SELECT confirm_booking(%s)", (confirmed,))
    held = database.book(event_id, "held@example.org", telegram_id="3")["id"]
    database.execute("DELETE FROM outbox")

    event = database.one("SELECT * FROM cancel_event(%s, ' The hall burned down ')", event_id)

    assert event["available_seats"] == event["total_seats"] == 5
    assert database.execute("SELECT id, cancel_reason, canceled_at FROM bookings ORDER BY id") == [
        {"id": lapsed["id"], "cancel_reason": "expired", "canceled_at": lapsed["expires_at"]},
        {"id": confirmed, "cancel_reason": "The hall burned down", "canceled_at": event["canceled_at"]},
        {"id": held, "cancel_reason": "The hall burned down", "canceled_at": event["canceled_at"]},
    ]
    assert database.execute("SELECT booking_id, kind FROM outbox ORDER BY booking_id") == [
        {"booking_id": lapsed["id"], "kind": "hold_lapsed"},
        {"booking_id": confirmed, "kind": "event_canceled"},
        {"booking_id": held, "kind": "event_canceled"},
    ]
    database.must_keep_the_law()


def test_nobody_books_or_confirms_any_more(database: Database) -> None:
    event_id = database.event()
    hold = database.book(event_id)
    database.execute(CANCEL, (event_id,))

    with raises("EB205"):
        database.execute("SELECT confirm_booking(%s)", (hold["id"],))
    with raises("EB203") as refused:
        database.book(event_id, "late@example.org")
    assert "canceled" in str(refused.value.diag.message_primary)
    late = "SELECT (refusal).sqlstate FROM book_seats(%s, '{c@example.org}', '{C}', '{NULL}')"
    assert database.one(late, [event_id]) == {"sqlstate": "EB203"}


def test_a_canceled_event_is_listed_no_more_and_shows_that_it_is(database: Database) -> None:
    event_id = database.event(name="Gone")
    database.event(name="Stays")
    database.execute(CANCEL, (event_id,))

    assert [event["name"] for event in database.one("SELECT events FROM list_events()")["events"]] == ["Stays"]
    shown = database.execute(
        "SELECT (get_event(e.id) ->> 'canceled_at') IS NOT NULL AS says FROM events AS e ORDER BY id"
    )
    assert [row["says"] for row in shown] == [True, False]
    explained = database.execute("SELECT explanation FROM explain_event(%s)", (event_id,))
    assert "canceled" in explained[0]["explanation"]
    assert "none can be booked" in explained[-1]["explanation"]


def test_canceling_twice_tells_once(database: Database) -> None:
    event_id = database.event()
    database.book(event_id, telegram_id="1")
    first = database.one(CANCEL, event_id)

    assert database.one("SELECT * FROM cancel_event(%s, 'another reason')", event_id) == first
    assert len(database.execute("SELECT FROM outbox WHERE kind = 'event_canceled'")) == 1


def test_what_was_to_be_told_of_an_event_before_it_was_canceled_is_not_told(database: Database) -> None:
    database.freeze()
    event_id = database.event()
    database.book(event_id, telegram_id="1")
    database.execute("SELECT change_event(%s, p_name => 'Another')", (event_id,))
    database.execute(CANCEL, (event_id,))

    (message,) = claim(database)
    assert (message["kind"], message["cancel_reason"]) == ("event_canceled", "event canceled")
    assert acknowledge(database, message)
    database.advance(3600)
    assert claim(database) == []


def test_an_unknown_event_is_named(database: Database) -> None:
    with raises("EB001"):
        database.execute(CANCEL, (404,))


@pytest.mark.parametrize("reason", [None, "", "  ", "x" * 201, "expired", "user", "admin"])
def test_a_reason_must_say_something_true(database: Database, reason: str | None) -> None:
    event_id = database.event()

    with raises("EB103"):
        database.execute("SELECT cancel_event(%s, %s)", (event_id, reason))
