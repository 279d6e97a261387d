import pytest

from tests.database import Database, Row, raises
from tests.sql.waiting_list import full_event, join, kinds


def revive(database: Database, booking: Row) -> Row:
    return database.one("SELECT * FROM revive_booking(%s)", booking["id"])


@pytest.mark.parametrize("swept", [True, False])
def test_what_was_paid_too_late_takes_its_seats_again(database: Database, swept: bool) -> None:
    database.freeze()
    event_id = database.event(seats=3, ttl=1, most=3)
    booking = database.book(event_id, "late@example.org", telegram_id="1", seats=2)
    database.advance(60)
    if swept:
        database.execute("SELECT expire_bookings()")

    revived = revive(database, booking)

    assert (revived["status"], revived["canceled_at"], revived["cancel_reason"]) == ("confirmed", None, None)
    assert revived["confirmed_at"] == database.one("SELECT clock() AS now")["now"]
    assert revive(database, booking) == revived
    assert database.free_seats(event_id) == 1
    assert kinds(database, "late") == ["hold_made", "hold_lapsed", "booking_confirmed"]
    history = database.execute("SELECT to_status FROM booking_history(%s)", (booking["id"],))
    assert [row["to_status"] for row in history] == ["pending", "canceled", "confirmed"]
    database.must_keep_the_law()


def test_a_living_hold_is_confirmed(database: Database) -> None:
    booking = database.book(database.event())

    assert revive(database, booking)["status"] == "confirmed"
    assert database.free_seats(booking["event_id"]) == 9


def test_seats_that_are_taken_are_not_taken_again(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=1, ttl=1)
    booking = database.book(event_id, "late@example.org")
    database.advance(60)
    database.book(event_id, "quick@example.org")

    with raises("EB201"):
        revive(database, booking)
    database.must_keep_the_law()


def test_who_waits_comes_first(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, ttl=1)
    join(database, event_id, "first")
    database.advance(60)

    with raises("EB201") as refused:
        revive(database, {"id": 1})
    assert '"waitlist" : true' in str(refused.value.diag.message_detail)


def test_who_booked_again_has_that_booking(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=5, ttl=1)
    booking = database.book(event_id)
    database.advance(60)
    again = database.book(event_id)

    with raises("EB202") as refused:
        revive(database, booking)
    assert refused.value.diag.message_detail == f'{{"booking_id" : {again["id"]}}}'


def test_neither_an_event_that_is_over_nor_a_booking_canceled_by_hand_comes_back(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(ttl=1, date="2030-01-01 12:30+00")
    canceled = database.book(event_id, "a@example.org")
    database.execute("SELECT cancel_booking(%s)", (canceled["id"],))
    lapsed = database.book(event_id, "b@example.org")
    database.advance(1800)

    with raises("EB205"):
        revive(database, canceled)
    with raises("EB203"):
        revive(database, lapsed)
    with raises("EB002"):
        revive(database, {"id": 404})


def test_an_offer_that_lapsed_is_booked_when_it_comes_back(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, ttl=1)
    made = join(database, event_id, "first")
    database.execute("SELECT cancel_booking(1)")
    database.advance(60)
    database.execute("SELECT expire_bookings()")

    offer = database.one("SELECT booking_id AS id FROM waitlist WHERE id = %s", made["id"])
    assert revive(database, offer)["status"] == "confirmed"
    assert database.one("SELECT status FROM current_waitlist") == {"status": "booked"}


def test_free_seats_that_a_group_waits_for_are_not_taken_by_late_money(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=3, ttl=1, most=3)
    for name in ("ann", "ben"):
        database.execute("SELECT confirm_booking(%s)", (database.book(event_id, f"{name}@example.org")["id"],))
    late = database.book(event_id, "late@example.org")
    join(database, event_id, "group", seats=3)
    database.advance(60)
    database.execute("SELECT expire_bookings()")
    assert database.one("SELECT available_seats FROM events")["available_seats"] == 1

    with raises("EB201"):
        revive(database, late)
