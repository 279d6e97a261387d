"""The rule of the line: whoever frees seats offers them in the same transaction, to the first in line whom they fit."""

from datetime import timedelta

import pytest

from tests.database import Database, raises
from tests.sql.waiting_list import entry, full_event, join, kinds, line

TTL = timedelta(minutes=10)

FREES_A_SEAT = {
    "cancel": (0, "SELECT cancel_booking(1)"),
    "more places": (0, "SELECT change_event(1, p_total_seats => 2)"),
    "repair": (0, "UPDATE events SET total_seats = 2; SELECT repair_seats(1)"),
    "sweep": (600, "SELECT expire_bookings()"),
    "look": (600, "SELECT get_waitlist_entry(1)"),
    "own list": (600, "SELECT list_user_waitlist(2)"),
    "list": (600, "SELECT list_event_waitlist(1)"),
}
"""After how many seconds, and by what statement."""


@pytest.mark.parametrize(("after", "statement"), FREES_A_SEAT.values(), ids=FREES_A_SEAT)
def test_a_seat_that_becomes_free_is_offered_to_the_first_in_line(
    database: Database, after: int, statement: str
) -> None:
    database.freeze()
    event_id = full_event(database)
    first = join(database, event_id, "first", telegram_id="1")
    join(database, event_id, "second", telegram_id="2")

    database.advance(after)
    database.execute(statement)

    assert line(database, event_id) == [("first", "offered", None), ("second", "waiting", 1)]
    offer = database.one("SELECT b.* FROM bookings AS b JOIN waitlist AS w ON w.booking_id = b.id")
    assert (offer["user_id"], offer["status"], offer["seats"]) == (first["user_id"], "pending", 1)
    assert offer["created_at"] == database.one("SELECT clock() AS now")["now"]
    assert offer["expires_at"] - offer["created_at"] == TTL
    assert (kinds(database, "first"), kinds(database, "second")) == (["seat_offered"], [])
    database.must_keep_the_law()


def test_fewer_seats_of_a_booking_are_offered(database: Database) -> None:
    event_id = database.event(seats=3, most=3)
    database.book(event_id, "holder@example.org", seats=3)
    join(database, event_id, "first", seats=2)

    database.execute("SELECT change_booking_seats(1, 2)")
    assert line(database, event_id) == [("first", "waiting", 1)]
    database.execute("SELECT change_booking_seats(1, 1)")
    assert line(database, event_id) == [("first", "offered", None)]
    database.must_keep_the_law()


def test_a_batch_that_comes_too_late_moves_the_line_on_and_overtakes_nobody(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, seats=2, ttl=1)
    join(database, event_id, "first")
    join(database, event_id, "second")
    join(database, event_id, "third")
    database.advance(60)

    (outcome,) = database.execute(
        "SELECT (refusal).* FROM book_seats(ARRAY[%s], '{late@example.org}', '{NULL}', '{NULL}')", (event_id,)
    )

    assert (outcome["sqlstate"], outcome["detail"]) == ("EB201", '{"free_seats" : 0, "waitlist" : true}')
    assert [status for _, status, _ in line(database, event_id)] == ["offered", "offered", "waiting"]
    database.must_keep_the_law()


def test_a_lapsed_hold_goes_to_the_line_and_not_back_to_who_let_it_lapse(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, ttl=1)
    join(database, event_id, "first")
    database.advance(60)

    with raises("EB201"):
        database.book(event_id, "holder@example.org")
    assert database.one("SELECT get_event(%s) ->> 'available_seats' AS free", event_id) == {"free": "0"}
    database.execute("SELECT get_waitlist_entry(1)")
    assert line(database, event_id) == [("first", "offered", None)]


def test_who_is_next_in_line_and_books_gets_the_offer(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, ttl=1)
    join(database, event_id, "first")
    join(database, event_id, "second")
    database.advance(60)

    with raises("EB201"):
        database.book(event_id, "second@example.org")
    booking = database.book(event_id, "first@example.org")

    assert database.one("SELECT booking_id FROM waitlist WHERE id = 1") == {"booking_id": booking["id"]}
    with raises("EB202"):
        database.book(event_id, "first@example.org")


def test_while_people_wait_no_seat_is_free_for_others_though_some_may_be_left(database: Database) -> None:
    event_id = database.event(seats=3, most=3)
    database.book(event_id, "holder@example.org")
    join(database, event_id, "group", seats=3)

    with raises("EB201") as refused:
        database.book(event_id, "late@example.org")
    assert refused.value.diag.message_detail == '{"free_seats" : 0, "waitlist" : true}'
    assert database.one("SELECT get_event(%s) ->> 'available_seats' AS free", event_id) == {"free": "0"}
    with raises("EB201"):
        database.execute("SELECT change_booking_seats(1, 2)")


def test_an_offer_that_is_confirmed_is_booked(database: Database) -> None:
    event_id = full_event(database)
    made = join(database, event_id, "first", telegram_id="1")
    database.execute("SELECT cancel_booking(1)")
    database.execute("SELECT confirm_booking(%s)", (entry(database, made)["booking_id"],))

    assert line(database, event_id) == [("first", "booked", None)]
    assert kinds(database, "first") == ["seat_offered", "booking_confirmed"]


def test_an_offer_that_is_canceled_has_left_and_the_next_is_served(database: Database) -> None:
    event_id = full_event(database)
    made = join(database, event_id, "first")
    join(database, event_id, "second")
    database.execute("SELECT cancel_booking(1)")
    database.execute("SELECT cancel_booking(%s)", (entry(database, made)["booking_id"],))

    assert line(database, event_id) == [("first", "left", None), ("second", "offered", None)]


def test_an_offer_not_taken_in_time_goes_to_the_next_and_that_is_told(database: Database) -> None:
    database.freeze()
    event_id = full_event(database)
    join(database, event_id, "first", telegram_id="1")
    join(database, event_id, "second", telegram_id="2")
    database.execute("SELECT cancel_booking(1)")
    database.advance(600)
    assert line(database, event_id) == [("first", "expired", None), ("second", "waiting", 1)]  # nothing swept it yet

    database.execute("SELECT expire_bookings()")

    assert line(database, event_id) == [("first", "expired", None), ("second", "offered", None)]
    assert entry(database, {"id": 1})["status"] == "expired"
    assert (kinds(database, "first"), kinds(database, "second")) == (["seat_offered", "offer_lapsed"], ["seat_offered"])
    database.must_keep_the_law()


def test_a_sweep_that_stops_halfway_lets_nobody_overtake_a_group(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, seats=2, most=2)
    join(database, event_id, "group", seats=2)
    join(database, event_id, "small")
    database.advance(600)

    assert database.one("SELECT expire_bookings(1) AS expired") == {"expired": 1}
    assert line(database, event_id) == [("group", "waiting", 1), ("small", "waiting", 2)]
    assert database.one("SELECT expire_bookings(1) AS expired") == {"expired": 1}
    assert line(database, event_id) == [("group", "offered", None), ("small", "waiting", 1)]
    database.must_keep_the_law()


def test_the_list_ends_with_the_event_and_that_is_told(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = full_event(database, date="2030-01-01 13:00+00")
    join(database, event_id, "first", telegram_id="1")
    database.advance(3600)
    assert line(database, event_id) == [("first", "expired", None)]

    database.execute("SELECT expire_bookings()")

    assert entry(database, {"id": 1})["status"] == "expired"
    assert database.one("SELECT waiting FROM events") == {"waiting": 0}
    assert database.execute("SELECT user_id, event_id, booking_id, kind FROM outbox") == [
        {"user_id": 2, "event_id": event_id, "booking_id": None, "kind": "waitlist_ended"}
    ]


def test_a_canceled_event_ends_offers_and_the_list(database: Database) -> None:
    event_id = full_event(database)
    join(database, event_id, "first", telegram_id="1")
    join(database, event_id, "second", telegram_id="2")
    database.execute("SELECT cancel_booking(1)")

    database.execute("SELECT cancel_event(%s)", (event_id,))

    assert [row["status"] for row in database.execute("SELECT status FROM waitlist")] == ["expired", "expired"]
    assert kinds(database, "first") == ["seat_offered", "event_canceled"]
    assert kinds(database, "second") == ["waitlist_ended"]
    database.must_keep_the_law()


def test_an_event_that_is_put_off_after_it_began_has_no_list_any_more(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = full_event(database, date="2030-01-01 13:00+00")
    join(database, event_id, "first")
    database.advance(3600)

    database.execute("SELECT change_event(%s, p_date => '2030-01-02 13:00+00')", (event_id,))

    assert line(database, event_id) == [("first", "expired", None)]


def test_who_is_erased_leaves_the_line_and_gives_seats_to_it(database: Database) -> None:
    event_id = full_event(database)
    first = join(database, event_id, "first")
    join(database, event_id, "second")

    database.execute("SELECT erase_user(%s)", (first["user_id"],))
    database.execute("SELECT erase_user(1)")

    assert [status for _, status, _ in line(database, event_id)] == ["left", "offered"]
    database.must_keep_the_law()
