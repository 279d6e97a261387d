"""Time spent waiting counts: what decides about time reads the clock after it has its locks."""

from functools import partial

from tests.database import Database, raises
from tests.races.meeting import meet


def test_a_confirm_that_waits_past_the_end_of_its_hold_is_too_late(database: Database) -> None:
    database.freeze()
    hold = database.book(database.event(ttl=1))
    lapse = partial(database.freeze, hold["expires_at"])

    outcome = meet(
        database,
        f"SELECT FROM bookings WHERE id = {hold['id']} FOR UPDATE",
        f"SELECT * FROM confirm_booking({hold['id']})",
        meanwhile=lapse,
    )

    assert outcome == "EB204"


def test_a_booker_who_waits_past_the_start_of_the_event_is_too_late(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(date="2030-01-01 12:01+00")

    outcome = meet(
        database,
        f"SELECT FROM events WHERE id = {event_id} FOR UPDATE",
        f"SELECT * FROM book_seat({event_id}, 'late@example.org')",
        meanwhile=partial(database.freeze, "2030-01-01 12:01+00"),
    )

    assert outcome == "EB203"


def test_a_booker_who_waits_until_a_seat_lapses_gets_it(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=1, ttl=1)
    hold = database.book(event_id, "holder@example.org")

    outcome = meet(
        database,
        f"SELECT FROM events WHERE id = {event_id} FOR UPDATE",
        f"SELECT * FROM book_seat({event_id}, 'next@example.org')",
        meanwhile=partial(database.freeze, hold["expires_at"]),
    )

    assert isinstance(outcome, dict)
    assert outcome["status"] == "pending"
    assert outcome["created_at"] == hold["expires_at"]


def test_a_booker_whose_own_hold_lapses_while_he_waits_books_anew(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=5, ttl=1)
    hold = database.book(event_id, "user@example.org")

    outcome = meet(
        database,
        f"SELECT FROM bookings WHERE id = {hold['id']} FOR UPDATE",
        f"SELECT * FROM book_seat({event_id}, 'user@example.org')",
        meanwhile=partial(database.freeze, hold["expires_at"]),
    )

    assert isinstance(outcome, dict)
    assert outcome["id"] != hold["id"]
    assert database.free_seats(event_id) == 4


def test_a_cancel_that_waits_past_the_end_of_its_hold_finds_it_lapsed(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    hold = database.book(event_id)

    outcome = meet(
        database,
        f"SELECT FROM events WHERE id = {event_id} FOR UPDATE",
        f"SELECT * FROM cancel_booking({hold['id']})",
        meanwhile=partial(database.freeze, hold["expires_at"]),
    )

    assert isinstance(outcome, dict)
    assert (outcome["cancel_reason"], outcome["canceled_at"]) == ("expired", hold["expires_at"])


def test_a_clock_that_steps_back_brings_no_dead_hold_to_life(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(seats=1, ttl=1)
    swept = database.book(event_id, "first@example.org")
    database.advance(60)
    database.execute("SELECT expire_bookings()")

    database.freeze("2030-01-01 11:59:30+00")
    with raises("EB204"):
        database.execute("SELECT confirm_booking(%s)", (swept["id"],))
    again = database.book(event_id, "first@example.org")
    assert again["id"] != swept["id"]
    with raises("EB201"):
        database.book(event_id, "second@example.org")
    database.must_keep_the_law()
    database.advance(60)
    assert database.one("SELECT expire_bookings() AS expired") == {"expired": 1}
    database.must_keep_the_law()
