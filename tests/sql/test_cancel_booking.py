import pytest

from tests.database import Database, raises

CANCEL = "SELECT * FROM cancel_booking(%s)"


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_canceled_booking_frees_its_seat(database: Database, confirmed: bool) -> None:
    event_id = database.event(seats=1)
    booking = database.book(event_id)
    if confirmed:
        database.execute("SELECT confirm_booking(%s)", (booking["id"],))

    canceled = database.one(CANCEL, booking["id"])

    assert (canceled["status"], canceled["cancel_reason"]) == ("canceled", "user")
    assert database.free_seats(event_id) == 1
    assert database.book(event_id)["status"] == "pending"
    database.must_keep_the_law()


def test_canceling_twice_frees_one_seat(database: Database) -> None:
    event_id = database.event(seats=2)
    booking = database.book(event_id)
    first = database.one(CANCEL, booking["id"])

    assert database.one("SELECT * FROM cancel_booking(%s, 'admin')", booking["id"]) == first
    assert database.free_seats(event_id) == 2
    database.must_keep_the_law()


def test_a_lapsed_hold_was_canceled_when_it_lapsed(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    hold = database.book(event_id)
    database.advance(90)

    canceled = database.one(CANCEL, hold["id"])

    assert (canceled["cancel_reason"], canceled["canceled_at"]) == ("expired", hold["expires_at"])
    assert database.free_seats(event_id) == 10
    database.must_keep_the_law()


def test_people_are_told_of_what_others_cancel(database: Database) -> None:
    event_id = database.event()
    by_user = database.book(event_id, "a@example.org", telegram_id="1")
    by_admin = database.book(event_id, "b@example.org", telegram_id="2")

    database.execute("SELECT cancel_booking(%s)", (by_user["id"],))
    database.execute("SELECT cancel_booking(p_booking_id => %s, p_reason => 'admin')", (by_admin["id"],))

    assert database.execute("SELECT booking_id, kind FROM outbox WHERE kind NOT IN ('hold_made', 'hold_ending')") == [
        {"booking_id": by_admin["id"], "kind": "booking_canceled"}
    ]


def test_an_unknown_booking_is_named(database: Database) -> None:
    with raises("EB002"):
        database.one(CANCEL, 404)


@pytest.mark.parametrize("reason", [None, "", "  ", "x" * 201, "expired"])
def test_a_reason_must_say_something_true(database: Database, reason: str | None) -> None:
    booking = database.book(database.event())

    with raises("EB103"):
        database.execute("SELECT cancel_booking(%s, %s)", (booking["id"], reason))
