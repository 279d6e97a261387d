"""Pairs of operations of the waiting list, at the point where they meet on one event or booking."""

from functools import partial
from typing import Any

import pytest

from tests.database import Database
from tests.races.meeting import Outcome, meet
from tests.sql.waiting_list import full_event, join, line


def joins(event_id: int, name: str = "rival", seats: int = 1) -> str:
    return f"SELECT * FROM join_waitlist({event_id}, '{name}@example.org', p_seats => {seats})"


def leaves(entry_id: int) -> str:
    return f"SELECT * FROM leave_waitlist({entry_id})"


BOOK = "SELECT * FROM book_seat(1, 'rival@example.org')"
CANCEL = "SELECT * FROM cancel_booking(1)"
CONFIRM = "SELECT * FROM confirm_booking(1)"
CONFIRM_OFFER = "SELECT * FROM confirm_booking(2)"
CANCEL_OFFER = "SELECT * FROM cancel_booking(2)"
EXPIRE = "SELECT expire_bookings() AS expired"
CANCEL_EVENT = "SELECT 'canceled' AS status FROM cancel_event(1)"
MORE = "SELECT total_seats FROM change_event(1, p_total_seats => 2)"
REVIVE = "SELECT * FROM revive_booking(1)"
LOOK = "SELECT get_waitlist_entry(1) ->> 'status' AS status"


def status(outcome: Outcome) -> str:
    return outcome if isinstance(outcome, str) else str(outcome["status"])


@pytest.fixture
def event_id(database: Database) -> int:
    """Event 1 with one seat, held by booking 1."""
    database.freeze()
    return full_event(database, ttl=1)


@pytest.fixture
def waiting(database: Database, event_id: int) -> dict[str, Any]:
    """Entry 1, the only one that waits."""
    return join(database, event_id, "first", telegram_id="1")


@pytest.fixture
def offered(database: Database, waiting: dict[str, Any]) -> dict[str, Any]:
    """Entry 1 with an offer, booking 2."""
    database.execute(CANCEL)
    return waiting


def statuses(database: Database) -> list[str]:
    return [status for _, status, _ in line(database, 1)]


WITH_THE_HOLDER = [
    # first, second, the second's outcome if the first commits and if not, the line then
    (joins(1, "other"), joins(1), ("waiting", "waiting"), (["waiting", "waiting"], ["waiting"])),
    (joins(1), joins(1), ("EB212", "waiting"), (["waiting"], ["waiting"])),
    (joins(1, "other"), BOOK, ("EB201", "EB201"), (["waiting"], [])),
    (CANCEL, joins(1), ("EB213", "waiting"), ([], ["waiting"])),
    (joins(1), CANCEL, ("canceled", "canceled"), (["offered"], [])),
    (CANCEL_EVENT, joins(1), ("EB203", "waiting"), ([], ["waiting"])),
    (joins(1), CANCEL_EVENT, ("canceled", "canceled"), (["expired"], [])),
    (MORE, joins(1), ("EB213", "waiting"), ([], ["waiting"])),
    (CANCEL + "; " + BOOK, joins(1, "other"), ("waiting", "waiting"), (["waiting"], ["waiting"])),
]


@pytest.mark.parametrize("commit", [True, False])
@pytest.mark.parametrize(("first", "second", "wanted", "left"), WITH_THE_HOLDER)
def test_who_joins_meets_others(
    database: Database,
    event_id: int,
    first: str,
    second: str,
    wanted: tuple[str, str],
    left: tuple[list[str], list[str]],
    commit: bool,
) -> None:
    assert status(meet(database, first, second, commit=commit)) == wanted[0 if commit else 1]
    assert statuses(database) == left[0 if commit else 1]


WITH_WHO_WAITS = [
    (CANCEL, leaves(1), ("left", "left"), (["left"], ["left"])),
    (leaves(1), CANCEL, ("canceled", "canceled"), (["left"], ["offered"])),
    (leaves(1), leaves(1), ("left", "left"), (["left"], ["left"])),
    (leaves(1), BOOK, ("EB201", "EB201"), (["left"], ["waiting"])),
    (CANCEL, BOOK, ("EB201", "EB201"), (["offered"], ["waiting"])),
    (CANCEL, CANCEL, ("canceled", "canceled"), (["offered"], ["offered"])),
    (CANCEL, joins(1), ("waiting", "waiting"), (["offered", "waiting"], ["waiting", "waiting"])),
    (MORE, CANCEL, ("canceled", "canceled"), (["offered"], ["offered"])),
    (CANCEL_EVENT, leaves(1), ("expired", "left"), (["expired"], ["left"])),
    (leaves(1), CANCEL_EVENT, ("canceled", "canceled"), (["left"], ["expired"])),
    (CONFIRM, CANCEL, ("canceled", "canceled"), (["offered"], ["offered"])),
    (CANCEL, CONFIRM, ("EB205", "confirmed"), (["offered"], ["waiting"])),
    (CANCEL, REVIVE, ("EB205", "confirmed"), (["offered"], ["waiting"])),
    (
        CANCEL,
        "SELECT seats::text AS status FROM change_booking_seats(1, 1)",
        ("EB205", "1"),
        (["offered"], ["waiting"]),
    ),
    ("SELECT erase_user(2)", CANCEL, ("canceled", "canceled"), (["left"], ["offered"])),
    (CANCEL, "SELECT erase_user(2), 'erased' AS status", ("erased", "erased"), (["left"], ["left"])),
]


@pytest.mark.parametrize("commit", [True, False])
@pytest.mark.parametrize(("first", "second", "wanted", "left"), WITH_WHO_WAITS)
def test_who_moves_the_line_meets_others(
    database: Database,
    waiting: dict[str, Any],
    first: str,
    second: str,
    wanted: tuple[str, str],
    left: tuple[list[str], list[str]],
    commit: bool,
) -> None:
    assert status(meet(database, first, second, commit=commit)) == wanted[0 if commit else 1]
    assert statuses(database) == left[0 if commit else 1]


WITH_AN_OFFER = [
    (CONFIRM_OFFER, leaves(1), ("booked", "left"), (["booked"], ["left"])),
    (leaves(1), CONFIRM_OFFER, ("EB205", "confirmed"), (["left"], ["booked"])),
    (CONFIRM_OFFER, CANCEL_OFFER, ("canceled", "canceled"), (["booked"], ["left"])),
    (CANCEL_OFFER, leaves(1), ("left", "left"), (["left"], ["left"])),
    (CONFIRM_OFFER, CANCEL_EVENT, ("canceled", "canceled"), (["booked"], ["expired"])),
    (CANCEL_EVENT, CONFIRM_OFFER, ("EB205", "confirmed"), (["expired"], ["booked"])),
    (CONFIRM_OFFER, CONFIRM_OFFER, ("confirmed", "confirmed"), (["booked"], ["booked"])),
    (CONFIRM_OFFER, "SELECT * FROM revive_booking(2)", ("confirmed", "confirmed"), (["booked"], ["booked"])),
]


@pytest.mark.parametrize("commit", [True, False])
@pytest.mark.parametrize(("first", "second", "wanted", "left"), WITH_AN_OFFER)
def test_what_becomes_of_an_offer_is_decided_once(
    database: Database,
    offered: dict[str, Any],
    first: str,
    second: str,
    wanted: tuple[str, str],
    left: tuple[list[str], list[str]],
    commit: bool,
) -> None:
    assert status(meet(database, first, second, commit=commit)) == wanted[0 if commit else 1]
    assert statuses(database) == left[0 if commit else 1]


@pytest.mark.parametrize("commit", [True, False])
def test_the_sweep_waits_for_an_offer_that_is_confirmed_in_time(
    database: Database, offered: dict[str, Any], commit: bool
) -> None:
    join(database, 1, "second")
    lapse = partial(database.advance, 60)

    assert meet(database, CONFIRM_OFFER, EXPIRE, commit=commit, between=lapse) == {"expired": 0 if commit else 1}
    assert statuses(database) == (["booked", "waiting"] if commit else ["expired", "offered"])


@pytest.mark.parametrize("commit", [True, False])
def test_who_looks_waits_for_an_offer_that_is_confirmed_in_time(
    database: Database, offered: dict[str, Any], commit: bool
) -> None:
    join(database, 1, "second")
    lapse = partial(database.advance, 60)

    outcome = meet(database, CONFIRM_OFFER, LOOK, commit=commit, between=lapse)
    assert status(outcome) == ("booked" if commit else "expired")


def test_who_looks_does_not_wait_for_the_event(database: Database, waiting: dict[str, Any]) -> None:
    database.advance(60)
    with database.connect() as session, session.transaction():
        session.execute("SELECT FROM events FOR UPDATE")

        assert database.one(LOOK) == {"status": "waiting"}
    assert database.one(LOOK) == {"status": "offered"}


@pytest.mark.parametrize("commit", [True, False])
def test_the_sweep_waits_for_who_joins_and_offers_to_them(database: Database, event_id: int, commit: bool) -> None:
    lapse = partial(database.advance, 60)

    assert meet(database, joins(1), EXPIRE, commit=commit, between=lapse) == {"expired": 1}
    assert statuses(database) == (["offered"] if commit else [])
