from tests.database import Database, raises
from tests.sql.waiting_list import full_event, join, line


def leave(database: Database, entry_id: int) -> str:
    return str(database.one("SELECT status FROM leave_waitlist(%s)", entry_id)["status"])


def test_who_leaves_makes_those_behind_move_up(database: Database) -> None:
    event_id = full_event(database)
    first = join(database, event_id, "first")
    join(database, event_id, "second")

    assert leave(database, first["id"]) == "left"
    assert leave(database, first["id"]) == "left"
    assert line(database, event_id) == [("first", "left", None), ("second", "waiting", 1)]
    assert database.one("SELECT waiting FROM events") == {"waiting": 1}


def test_who_left_joins_again_at_the_end(database: Database) -> None:
    event_id = full_event(database)
    leave(database, join(database, event_id, "first")["id"])
    join(database, event_id, "second")
    join(database, event_id, "first")

    assert line(database, event_id)[1:] == [("second", "waiting", 1), ("first", "waiting", 2)]


def test_seats_that_were_offered_go_to_the_next(database: Database) -> None:
    event_id = full_event(database)
    first = join(database, event_id, "first")
    join(database, event_id, "second")
    database.execute("SELECT cancel_booking(1)")

    assert leave(database, first["id"]) == "left"

    assert line(database, event_id) == [("first", "left", None), ("second", "offered", None)]
    database.must_keep_the_law()


def test_what_has_ended_stays_as_it_is(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, ttl=1)
    entry = join(database, event_id, "first")
    database.advance(60)
    database.execute("SELECT expire_bookings()")
    offer = database.one("SELECT booking_id FROM waitlist")["booking_id"]
    database.execute("SELECT confirm_booking(%s)", (offer,))

    assert leave(database, entry["id"]) == "booked"
    assert database.one("SELECT status FROM bookings WHERE id = %s", offer) == {"status": "confirmed"}


def test_an_offer_that_lapsed_has_expired(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, ttl=1)
    entry = join(database, event_id, "first")
    database.execute("SELECT cancel_booking(1)")
    database.advance(60)

    assert leave(database, entry["id"]) == "expired"
    assert database.free_seats(event_id) == 1
    database.must_keep_the_law()


def test_a_group_that_leaves_lets_those_behind_go_first(database: Database) -> None:
    event_id = database.event(seats=3, most=3)
    database.book(event_id, "holder@example.org", seats=3)
    group = join(database, event_id, "group", seats=3)
    join(database, event_id, "small")
    database.execute("UPDATE waitlist SET passed_over = 3 WHERE id = %s", (group["id"],))
    database.execute("SELECT change_booking_seats(1, 2)")
    assert line(database, event_id)[1] == ("small", "waiting", 2)  # a seat is kept for the group

    leave(database, group["id"])

    assert line(database, event_id) == [("group", "left", None), ("small", "offered", None)]
    database.must_keep_the_law()


def test_an_unknown_entry_is_named(database: Database) -> None:
    with raises("EB005"):
        leave(database, 404)
