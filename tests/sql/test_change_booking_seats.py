import pytest

from tests.database import Database, Row, raises


def change(database: Database, booking: Row, seats: int | None) -> Row:
    return database.one("SELECT * FROM change_booking_seats(%s, %s)", booking["id"], seats)


def test_seats_are_given_back_and_the_rest_stays(database: Database) -> None:
    event_id = database.event(seats=5, most=4)
    booking = database.book(event_id, seats=4)

    assert change(database, booking, 1) == booking | {"seats": 1}
    assert database.free_seats(event_id) == 4
    database.must_keep_the_law()


def test_more_seats_are_taken_where_they_are_free(database: Database) -> None:
    event_id = database.event(seats=4, most=3)
    booking = database.book(event_id, seats=1)
    database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    database.book(event_id, "other@example.org", seats=2)

    assert change(database, booking, 2)["seats"] == 2
    with raises("EB201") as refused:
        change(database, booking, 3)
    assert refused.value.diag.message_detail == '{"free_seats" : 0, "waitlist" : true}'
    assert database.free_seats(event_id) == 0
    database.must_keep_the_law()


def test_a_lapsed_hold_of_somebody_else_makes_room(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=4, ttl=1, most=4)
    booking = database.book(event_id, seats=1)
    database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    database.book(event_id, "other@example.org", seats=3)
    database.advance(60)

    assert change(database, booking, 3)["seats"] == 3
    assert database.free_seats(event_id) == 1
    database.must_keep_the_law()


@pytest.mark.parametrize("seats", [0, -1, 4, None])
def test_it_stays_within_what_one_booking_may_take(database: Database, seats: int | None) -> None:
    booking = database.book(database.event(seats=9, most=3), seats=2)

    with raises("EB104"):
        change(database, booking, seats)


def test_fewer_are_possible_where_one_booking_may_take_fewer_still_or_the_event_has_begun(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(seats=9, most=5, date="2030-01-01 12:05+00")
    booking = database.book(event_id, seats=5)
    database.execute("UPDATE events SET max_seats_per_booking = 1")
    database.advance(300)

    assert change(database, booking, 3)["seats"] == 3
    with raises("EB104"):
        change(database, booking, 4)
    database.execute("UPDATE events SET max_seats_per_booking = 5")
    with raises("EB203"):
        change(database, booking, 4)


def test_a_dead_booking_has_no_seats_to_change(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1, most=3)
    canceled = database.book(event_id, "a@example.org", seats=2)
    database.execute("SELECT cancel_booking(%s)", (canceled["id"],))
    lapsed = database.book(event_id, "b@example.org", seats=2)
    database.advance(60)

    with raises("EB205"):
        change(database, canceled, 1)
    with raises("EB204"):
        change(database, lapsed, 1)
    with raises("EB002"):
        change(database, {"id": 404}, 1)


def test_the_history_keeps_each_number_of_seats(database: Database) -> None:
    booking = database.book(database.event(most=3), seats=3)
    change(database, booking, 2)
    change(database, booking, 2)

    rows = database.execute("SELECT * FROM booking_history(%s)", (booking["id"],))
    assert [(row["from_status"], row["to_status"], row["seats"]) for row in rows] == [
        (None, "pending", 3),
        ("pending", "pending", 2),
    ]
