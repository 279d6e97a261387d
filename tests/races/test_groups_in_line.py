"""A group in line is passed over three times and then seats are kept for it, for one TTL: enough or not by then."""

from datetime import datetime, timedelta

import pytest

from tests.database import Database, Row, raises
from tests.sql.waiting_list import entry, join, line

HOLDERS = 12
SINGLES = [f"single{number}" for number in range(1, 10)]

MOVES_THE_LINE_ON = {
    "look": "SELECT get_waitlist_entry(1)",
    "newcomer": "SELECT join_waitlist(1, 'newcomer@example.org')",
    "batch": "SELECT book_seats('{1}', '{stranger@example.org}', '{NULL}', '{NULL}')",
    "sweep": "SELECT expire_bookings()",
}


@pytest.fixture
def group(database: Database) -> Row:
    """The first in the line of event 1: it wants three seats. Behind it nine want one each; all seats are confirmed."""
    database.freeze()
    event_id = database.event(seats=HOLDERS, ttl=1, most=3)
    with database.connect() as session:
        for number in range(HOLDERS):
            session.execute("SELECT confirm_booking(id) FROM book_seat(%s, %s)", (event_id, f"{number}@example.org"))
        made = join(database, event_id, "group", seats=3)
        for name in SINGLES:
            session.execute("SELECT join_waitlist(%s, %s)", (event_id, f"{name}@example.org"))
    return made


def free_a_seat(database: Database) -> None:
    """A holder cancels; who is offered the seat confirms it, so that it will not lapse."""
    database.execute("SELECT cancel_booking(min(id)) FROM bookings WHERE status = 'confirmed'")
    database.execute("SELECT confirm_booking(id) FROM bookings WHERE status = 'pending' AND seats = 1")
    database.must_keep_the_law()


def served(database: Database) -> list[str]:
    return [name for name, status, _ in line(database, 1) if status in ("offered", "booked")]


def passed_over(database: Database, group: Row) -> tuple[int, datetime | None]:
    """How often the group was, and until when seats are kept for it."""
    stored = entry(database, group)
    return stored["passed_over"], stored["kept_until"]


def free_seats_until_they_are_kept(database: Database, group: Row) -> None:
    for count in (1, 2, 3):
        free_a_seat(database)
        assert served(database) == SINGLES[:count]
        assert passed_over(database, group) == (count, None)

    free_a_seat(database)
    assert served(database) == SINGLES[:3]
    assert database.free_seats(1) == 1
    now = database.one("SELECT clock() AS now")["now"]
    assert passed_over(database, group) == (3, now + timedelta(minutes=1))


@pytest.mark.parametrize("statement", MOVES_THE_LINE_ON.values(), ids=MOVES_THE_LINE_ON)
def test_a_group_is_offered_seats_that_gather_within_the_ttl(database: Database, group: Row, statement: str) -> None:
    free_seats_until_they_are_kept(database, group)

    free_a_seat(database)
    database.advance(59.9)
    database.execute(statement)
    with raises("EB201"):
        database.book(1, "stranger@example.org")
    assert (served(database), database.free_seats(1)) == (SINGLES[:3], 2)
    free_a_seat(database)

    assert served(database) == ["group", *SINGLES[:3]]
    assert database.one("SELECT status, seats FROM bookings WHERE id = %s", entry(database, group)["booking_id"]) == {
        "status": "pending", "seats": 3,
    }  # fmt: skip
    free_a_seat(database)
    assert served(database) == ["group", *SINGLES[:4]]


@pytest.mark.parametrize("statement", MOVES_THE_LINE_ON.values(), ids=MOVES_THE_LINE_ON)
def test_seats_that_are_too_few_after_the_ttl_go_to_those_behind(
    database: Database, group: Row, statement: str
) -> None:
    free_seats_until_they_are_kept(database, group)
    free_a_seat(database)

    database.advance(60)
    assert database.free_seats(1) == 2
    database.execute(statement)

    assert (served(database), database.free_seats(1)) == (SINGLES[:5], 0)
    assert passed_over(database, group) == (2, None)
    database.must_keep_the_law()


def test_a_group_that_seats_were_kept_for_in_vain_has_its_next_turn(database: Database, group: Row) -> None:
    free_seats_until_they_are_kept(database, group)
    database.advance(60)
    database.execute("SELECT get_waitlist_entry(1)")
    database.execute("SELECT confirm_booking(id) FROM bookings WHERE status = 'pending'")
    assert (served(database), passed_over(database, group)) == (SINGLES[:4], (1, None))

    for _ in range(3):
        free_a_seat(database)
    assert (served(database), database.free_seats(1)) == (SINGLES[:6], 1)
    free_a_seat(database)
    free_a_seat(database)

    assert served(database) == ["group", *SINGLES[:6]]
