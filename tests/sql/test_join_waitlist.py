from typing import Any

import pytest

from tests.database import Database, raises
from tests.sql.waiting_list import full_event, join, line


def test_who_comes_to_a_full_event_waits_in_the_order_of_coming(database: Database) -> None:
    event_id = full_event(database)

    first, second = join(database, event_id, "first"), join(database, event_id, "second")

    assert (first["status"], first["seats"], first["booking_id"]) == ("waiting", 1, None)
    assert line(database, event_id) == [("first", "waiting", 1), ("second", "waiting", 2)]
    assert second["created_at"] >= first["created_at"]
    assert database.one("SELECT waiting FROM events") == {"waiting": 2}


def test_there_is_no_need_to_wait_where_seats_are_free(database: Database) -> None:
    event_id = database.event(seats=2, most=2)

    with raises("EB213") as refused:
        join(database, event_id, "first", seats=2)
    assert refused.value.diag.message_detail == '{"free_seats" : 2}'
    assert database.execute("SELECT FROM users") == []


def test_the_seats_of_a_lapsed_hold_are_free(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, ttl=1)
    database.advance(60)

    with raises("EB213"):
        join(database, event_id, "first")


def test_a_group_waits_where_fewer_seats_are_free_than_it_needs(database: Database) -> None:
    event_id = database.event(seats=3, most=3)
    database.book(event_id, "holder@example.org")

    assert join(database, event_id, "group", seats=3)["status"] == "waiting"


def test_who_comes_behind_a_group_and_fits_is_served_at_once(database: Database) -> None:
    event_id = database.event(seats=3, most=3)
    database.book(event_id, "holder@example.org")
    join(database, event_id, "group", seats=3)

    small = join(database, event_id, "small", seats=2)

    assert small["status"] == "offered"
    assert database.one("SELECT seats, status FROM bookings WHERE id = %s", small["booking_id"]) == {
        "seats": 2, "status": "pending",
    }  # fmt: skip
    assert line(database, event_id) == [("group", "waiting", 1), ("small", "offered", None)]
    database.must_keep_the_law()


def test_nobody_waits_twice(database: Database) -> None:
    event_id = full_event(database)
    entry = join(database, event_id, "first")

    with raises("EB212") as refused:
        join(database, event_id, "FIRST")
    assert refused.value.diag.message_detail == f'{{"entry_id" : {entry["id"]}}}'
    database.execute("SELECT cancel_booking(1)")
    with raises("EB212"):
        join(database, event_id, "first")  # it was offered the seat


def test_who_has_a_booking_does_not_wait_for_another(database: Database) -> None:
    event_id = full_event(database)

    with raises("EB202") as refused:
        join(database, event_id, "holder")
    assert refused.value.diag.message_detail == '{"booking_id" : 1}'


@pytest.mark.parametrize("seats", [0, 4, None])
def test_one_waits_for_as_many_seats_as_one_booking_may_take(database: Database, seats: Any) -> None:
    event_id = database.event(seats=5, most=3)

    with raises("EB104"):
        join(database, event_id, "group", seats=seats)


def test_nobody_waits_for_more_seats_than_there_are(database: Database) -> None:
    event_id = full_event(database, seats=1, most=5)

    with raises("EB104"):
        join(database, event_id, "group", seats=2)


def test_nobody_waits_for_an_event_that_cannot_be_booked(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = full_event(database, date="2030-01-01 13:00+00")
    database.advance(3600)

    with raises("EB203"):
        join(database, event_id, "late")
    with raises("EB001"):
        join(database, 404, "lost")
    with raises("EB102"):
        database.execute("SELECT join_waitlist(%s, 'no address')", (event_id,))


def test_joining_moves_the_line_on(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, ttl=1)
    join(database, event_id, "first")
    database.advance(60)

    join(database, event_id, "second")

    assert line(database, event_id) == [("first", "offered", None), ("second", "waiting", 1)]
    database.must_keep_the_law()
