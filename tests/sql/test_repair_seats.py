import threading

import pytest

from tests.database import Database, raises
from tests.waiting import until

REPAIR = "SELECT * FROM repair_seats(%s)"


@pytest.mark.parametrize("wrong", [0, 6, 10])
def test_a_wrong_counter_is_set_to_what_the_bookings_leave(database: Database, wrong: int) -> None:
    event_id = database.event(seats=10)
    for number in range(3):
        database.book(event_id, f"user{number}@example.org")
    database.execute("SELECT confirm_booking(1); SELECT cancel_booking(2)")
    database.execute("UPDATE events SET available_seats = %s WHERE id = %s", (wrong, event_id))

    row = database.one(REPAIR, event_id)

    assert (row["event_id"], row["seats_before"], row["seats_after"]) == (event_id, wrong, 8)
    assert f"was {wrong} and is 8 now" in row["explanation"]
    assert database.free_seats(event_id) == 8
    database.must_keep_the_law()


def test_what_adds_up_is_left_alone_and_said_so(database: Database) -> None:
    event_id = database.event(seats=10)
    database.book(event_id)
    before = database.one("SELECT xmin, * FROM events")

    row = database.one(REPAIR, event_id)

    assert (row["seats_before"], row["seats_after"]) == (9, 9)
    assert "nothing was done" in row["explanation"]
    assert database.one("SELECT xmin, * FROM events") == before


def test_a_lapsed_hold_that_nothing_swept_still_has_its_seat(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=10, ttl=1)
    database.book(event_id)
    database.advance(60)
    database.execute("UPDATE events SET available_seats = 10")

    assert database.one(REPAIR, event_id)["seats_after"] == 9
    database.execute("SELECT expire_bookings()")
    assert database.free_seats(event_id) == 10
    database.must_keep_the_law()


def test_more_taken_than_there_are_cannot_be_put_right_by_the_counter(database: Database) -> None:
    event_id = database.event(seats=2)
    database.book(event_id, "a@example.org")
    second = database.book(event_id, "b@example.org")
    database.execute("UPDATE events SET total_seats = 1")

    with raises("EB207") as told:
        database.one(REPAIR, event_id)
    assert told.value.diag.message_hint
    assert database.free_seats(event_id) == 0

    # What the hint says to do helps, though canceling alone gives back a seat that there is not.
    database.execute("SELECT cancel_booking(%s)", (second["id"],))
    assert database.one(REPAIR, event_id)["seats_after"] == 0
    database.must_keep_the_law()


def test_it_waits_for_who_books_and_counts_what_they_took(database: Database) -> None:
    event_id = database.event(seats=10)
    database.execute("UPDATE events SET available_seats = 5")
    with database.connect() as rival:
        with rival.transaction():
            rival.execute("SELECT book_seat(%s, 'a@example.org')", (event_id,))
            repairing = threading.Thread(target=database.one, args=[REPAIR, event_id])
            repairing.start()
            until(lambda: database.blocked("%repair_seats%"))
        repairing.join()

    assert database.free_seats(event_id) == 9
    database.must_keep_the_law()


def test_an_unknown_event_is_named(database: Database) -> None:
    with raises("EB001"):
        database.one(REPAIR, 1)
