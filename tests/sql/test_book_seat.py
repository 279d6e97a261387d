from datetime import timedelta

import pytest

from tests.database import Database, raises


def test_a_hold_takes_one_seat_for_the_events_ttl(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=3, ttl=7)

    booking = database.book(event_id)

    assert booking["status"] == "pending"
    assert booking["expires_at"] - booking["created_at"] == timedelta(minutes=7)
    assert database.free_seats(event_id) == 2
    database.must_keep_the_law()


def test_the_last_seat_is_sold_once(database: Database) -> None:
    event_id = database.event(seats=1)
    database.book(event_id, "first@example.org")

    with raises("EB201"):
        database.book(event_id, "second@example.org")

    assert database.execute("SELECT email FROM users") == [{"email": "first@example.org"}]
    database.must_keep_the_law()


def test_booking_twice_names_the_standing_booking(database: Database) -> None:
    event_id = database.event()
    standing = database.book(event_id)

    with raises("EB202") as error:
        database.book(event_id, "USER@example.org")

    assert error.value.diag.message_detail == f'{{"booking_id" : {standing["id"]}}}'
    assert error.value.diag.message_hint


def test_a_confirmed_booking_still_stands_after_its_hold_would_have_lapsed(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    booking = database.book(event_id)
    database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    database.advance(61)

    with raises("EB202"):
        database.book(event_id)


def test_already_booked_is_told_before_sold_out(database: Database) -> None:
    event_id = database.event(seats=1)
    database.book(event_id)

    with raises("EB202"):
        database.book(event_id)


def test_a_lapsed_hold_gives_its_seat_to_anyone_at_its_very_moment(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=1, ttl=1)
    lapsed = database.book(event_id, "first@example.org")

    database.freeze(lapsed["expires_at"] - timedelta(microseconds=1))
    with raises("EB201"):
        database.book(event_id, "second@example.org")

    database.freeze(lapsed["expires_at"])
    assert database.book(event_id, "second@example.org")["status"] == "pending"
    stored = database.one("SELECT * FROM bookings WHERE id = %s", lapsed["id"])
    assert (stored["status"], stored["cancel_reason"]) == ("canceled", "expired")
    assert stored["canceled_at"] == lapsed["expires_at"]
    database.must_keep_the_law()


def test_who_let_a_hold_lapse_may_book_again(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=2, ttl=1)
    lapsed = database.book(event_id)
    database.advance(60)

    again = database.book(event_id)

    assert again["id"] != lapsed["id"]
    assert database.free_seats(event_id) == 1
    database.must_keep_the_law()


def test_a_lapsed_hold_taken_back_by_a_booker_is_told(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=1, ttl=1)
    lapsed = database.book(event_id, "first@example.org", telegram_id="42")
    database.advance(60)

    database.book(event_id, "second@example.org", telegram_id="43")

    assert database.execute(
        "SELECT booking_id, kind, state FROM outbox WHERE kind NOT IN ('hold_made', 'hold_ending')"
    ) == [{"booking_id": lapsed["id"], "kind": "hold_lapsed", "state": "waiting"}]


def test_booking_closes_when_the_event_starts(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(date="2030-01-01 12:01+00")

    database.freeze("2030-01-01 12:00:59.999999+00")
    database.book(event_id, "early@example.org")
    database.freeze("2030-01-01 12:01+00")
    with raises("EB203"):
        database.book(event_id, "late@example.org")


def test_an_event_created_after_its_date_stays_open(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(date="2029-01-01 12:00+00")
    database.advance(3600 * 24 * 365)

    assert database.book(event_id)["status"] == "pending"


def test_an_unknown_event_is_named(database: Database) -> None:
    with raises("EB001"):
        database.book(404)


@pytest.mark.parametrize("email", ["", " ", "nobody", "a b@c.d", "a@", "@b", "a@b@c", "x" * 251 + "@b.c"])
def test_what_is_no_email_is_refused(database: Database, email: str) -> None:
    event_id = database.event()

    with raises("EB102"):
        database.book(event_id, email)

    assert database.free_seats(event_id) == 10


def test_a_missing_email_is_refused(database: Database) -> None:
    event_id = database.event()

    with raises("EB102"):
        database.execute("SELECT book_seat(%s, NULL)", (event_id,))


def test_booking_never_changes_a_known_user(database: Database) -> None:
    first, second = database.event(), database.event()
    database.execute("SELECT book_seat(%s, 'user@example.org', 'Own Name', '1')", (first,))

    database.execute("SELECT book_seat(%s, 'User@Example.org', 'Other Name', '2')", (second,))

    assert database.execute("SELECT email, name, telegram_id FROM users") == [
        {"email": "user@example.org", "name": "Own Name", "telegram_id": "1"}
    ]


def test_without_a_name_the_email_tells_one(database: Database) -> None:
    database.book(database.event(), "ann@example.org")

    assert database.one("SELECT name, telegram_id, role FROM users") == {
        "name": "ann", "telegram_id": None, "role": "user",
    }  # fmt: skip
