"""Each pair of operations that can meet on one event or booking, at the point where they meet."""

from functools import partial
from typing import Any

import pytest

from tests.database import Database
from tests.races.meeting import Outcome, meet

HOLDER, RIVAL = "holder@example.org", "rival@example.org"


def book(event_id: int, email: str = RIVAL) -> str:
    return f"SELECT * FROM book_seat({event_id}, '{email}')"


def confirm(booking: dict[str, Any]) -> str:
    return f"SELECT * FROM confirm_booking({booking['id']})"


def cancel(booking: dict[str, Any]) -> str:
    return f"SELECT * FROM cancel_booking({booking['id']})"


def cancel_event(event_id: int) -> str:
    return f"SELECT canceled_at IS NOT NULL AS canceled, available_seats FROM cancel_event({event_id})"


EXPIRE = "SELECT expire_bookings() AS expired"


def status(outcome: Outcome) -> str:
    """What became of the booking, or the SQLSTATE."""
    return outcome if isinstance(outcome, str) else str(outcome["status"])


@pytest.fixture
def last_seat(database: Database) -> int:
    """An event with one seat, free."""
    database.freeze()
    return database.event(seats=1, ttl=1)


@pytest.fixture
def held(database: Database, last_seat: int) -> dict[str, Any]:
    """A living hold of the only seat."""
    return database.book(last_seat, HOLDER, telegram_id="1")


@pytest.fixture
def lapsed(database: Database, held: dict[str, Any]) -> dict[str, Any]:
    """A hold of the only seat that has just lapsed."""
    database.freeze(held["expires_at"])
    return held


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB201"), (False, "pending")])
def test_two_book_the_last_seat(database: Database, last_seat: int, commit: bool, wanted: str) -> None:
    assert status(meet(database, book(last_seat, HOLDER), book(last_seat), commit=commit)) == wanted


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB202"), (False, "pending")])
def test_one_user_books_twice(database: Database, commit: bool, wanted: str) -> None:
    event_id = database.event(seats=5)

    assert status(meet(database, book(event_id), book(event_id, RIVAL.upper()), commit=commit)) == wanted


@pytest.mark.parametrize(("commit", "wanted"), [(True, "pending"), (False, "EB201")])
def test_a_booker_waits_for_who_cancels(
    database: Database, held: dict[str, Any], last_seat: int, commit: bool, wanted: str
) -> None:
    assert status(meet(database, cancel(held), book(last_seat), commit=commit)) == wanted


@pytest.mark.parametrize("commit", [True, False])
def test_who_cancels_waits_for_a_booker(database: Database, commit: bool) -> None:
    event_id = database.event(seats=2)
    held = database.book(event_id, HOLDER)

    assert status(meet(database, book(event_id), cancel(held), commit=commit)) == "canceled"
    assert database.free_seats(event_id) == (1 if commit else 2)


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB202"), (False, "pending")])
def test_a_booker_takes_back_a_lapsed_hold_that_another_booker_is_after(
    database: Database, lapsed: dict[str, Any], last_seat: int, commit: bool, wanted: str
) -> None:
    assert status(meet(database, book(last_seat), book(last_seat), commit=commit)) == wanted


@pytest.mark.parametrize("commit", [True, False])
def test_a_booker_waits_for_the_sweep(database: Database, lapsed: dict[str, Any], last_seat: int, commit: bool) -> None:
    assert status(meet(database, EXPIRE, book(last_seat), commit=commit)) == "pending"
    assert database.one("SELECT count(*) FROM outbox WHERE kind <> 'hold_made' AND kind <> 'hold_ending'")["count"] == 1


@pytest.mark.parametrize(("commit", "expired"), [(True, 0), (False, 1)])
def test_the_sweep_waits_for_a_booker_when_nothing_else_is_left(
    database: Database, lapsed: dict[str, Any], last_seat: int, commit: bool, expired: int
) -> None:
    assert meet(database, book(last_seat), EXPIRE, commit=commit) == {"expired": expired}


@pytest.mark.parametrize(("commit", "expired"), [(True, 0), (False, 1)])
def test_two_sweeps_cancel_a_hold_once(
    database: Database, lapsed: dict[str, Any], last_seat: int, commit: bool, expired: int
) -> None:
    assert meet(database, EXPIRE, EXPIRE, commit=commit) == {"expired": expired}
    assert database.free_seats(last_seat) == 1
    assert database.one("SELECT count(*) FROM outbox WHERE kind <> 'hold_made' AND kind <> 'hold_ending'")["count"] == 1


@pytest.mark.parametrize("commit", [True, False])
def test_two_confirm_and_one_message_is_queued(database: Database, held: dict[str, Any], commit: bool) -> None:
    assert status(meet(database, confirm(held), confirm(held), commit=commit)) == "confirmed"
    assert database.one("SELECT count(*) FROM outbox WHERE kind <> 'hold_made' AND kind <> 'hold_ending'")["count"] == 1


@pytest.mark.parametrize("commit", [True, False])
def test_who_cancels_waits_for_who_confirms(
    database: Database, held: dict[str, Any], last_seat: int, commit: bool
) -> None:
    assert status(meet(database, confirm(held), cancel(held), commit=commit)) == "canceled"
    assert database.free_seats(last_seat) == 1


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB205"), (False, "confirmed")])
def test_who_confirms_waits_for_who_cancels(
    database: Database, held: dict[str, Any], commit: bool, wanted: str
) -> None:
    assert status(meet(database, cancel(held), confirm(held), commit=commit)) == wanted


@pytest.mark.parametrize("commit", [True, False])
def test_two_cancel_and_one_seat_comes_back(
    database: Database, held: dict[str, Any], last_seat: int, commit: bool
) -> None:
    assert status(meet(database, cancel(held), cancel(held), commit=commit)) == "canceled"
    assert database.free_seats(last_seat) == 1


@pytest.mark.parametrize("commit", [True, False])
def test_who_confirms_waits_for_the_sweep_and_is_too_late(
    database: Database, lapsed: dict[str, Any], commit: bool
) -> None:
    assert meet(database, EXPIRE, confirm(lapsed), commit=commit) == "EB204"


@pytest.mark.parametrize(("commit", "expired"), [(True, 0), (False, 1)])
def test_the_sweep_waits_for_who_confirmed_in_time(
    database: Database, held: dict[str, Any], commit: bool, expired: int
) -> None:
    """Confirmed at the last moment, not yet committed when the sweep comes: the sweep must see what became of it."""
    lapse = partial(database.freeze, held["expires_at"])

    assert meet(database, confirm(held), EXPIRE, commit=commit, between=lapse) == {"expired": expired}


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB201"), (False, "pending")])
def test_a_booker_waits_for_who_confirmed_in_time(
    database: Database, held: dict[str, Any], last_seat: int, commit: bool, wanted: str
) -> None:
    """The hold looks lapsed to the booker while its confirmation is under way; what became of it decides."""
    lapse = partial(database.freeze, held["expires_at"])

    assert status(meet(database, confirm(held), book(last_seat), commit=commit, between=lapse)) == wanted


@pytest.mark.parametrize("commit", [True, False])
def test_who_cancels_waits_for_the_sweep(
    database: Database, lapsed: dict[str, Any], last_seat: int, commit: bool
) -> None:
    outcome = meet(database, EXPIRE, cancel(lapsed), commit=commit)

    assert isinstance(outcome, dict)
    assert (outcome["status"], outcome["cancel_reason"]) == ("canceled", "expired")
    assert database.free_seats(last_seat) == 1


@pytest.mark.parametrize(("commit", "expired"), [(True, 0), (False, 1)])
def test_the_sweep_waits_for_who_cancels(
    database: Database, lapsed: dict[str, Any], commit: bool, expired: int
) -> None:
    assert meet(database, cancel(lapsed), EXPIRE, commit=commit) == {"expired": expired}


@pytest.mark.parametrize("commit", [True, False])
def test_a_repair_counts_after_the_booker_is_done(database: Database, commit: bool) -> None:
    event_id = database.event(seats=5)
    repair = f"SELECT explanation FROM repair_seats({event_id})"

    assert isinstance(meet(database, book(event_id), repair, commit=commit), dict)
    assert database.free_seats(event_id) == (4 if commit else 5)


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB203"), (False, "pending")])
def test_a_booker_waits_for_who_cancels_the_event(
    database: Database, last_seat: int, commit: bool, wanted: str
) -> None:
    assert status(meet(database, cancel_event(last_seat), book(last_seat), commit=commit)) == wanted


@pytest.mark.parametrize("commit", [True, False])
def test_who_cancels_the_event_waits_for_a_booker_and_tells_them(
    database: Database, last_seat: int, commit: bool
) -> None:
    booking = f"SELECT book_seat({last_seat}, '{RIVAL}', NULL, '7')"

    assert meet(database, booking, cancel_event(last_seat), commit=commit) == {"canceled": True, "available_seats": 1}
    assert len(database.execute("SELECT FROM outbox WHERE kind = 'event_canceled'")) == (1 if commit else 0)


@pytest.mark.parametrize("commit", [True, False])
def test_who_cancels_the_event_waits_for_who_confirms(
    database: Database, held: dict[str, Any], last_seat: int, commit: bool
) -> None:
    outcome = meet(database, confirm(held), cancel_event(last_seat), commit=commit)

    assert outcome == {"canceled": True, "available_seats": 1}
    assert database.one("SELECT status FROM bookings") == {"status": "canceled"}


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB205"), (False, "confirmed")])
def test_who_confirms_waits_for_who_cancels_the_event(
    database: Database, held: dict[str, Any], last_seat: int, commit: bool, wanted: str
) -> None:
    assert status(meet(database, cancel_event(last_seat), confirm(held), commit=commit)) == wanted


@pytest.mark.parametrize(("commit", "wanted"), [(True, "pending"), (False, "EB201")])
def test_a_booker_waits_for_more_seats(
    database: Database, held: dict[str, Any], last_seat: int, commit: bool, wanted: str
) -> None:
    more = f"SELECT change_event({last_seat}, p_total_seats => 2)"

    assert status(meet(database, more, book(last_seat), commit=commit)) == wanted


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB207"), (False, {"total_seats": 1})])
def test_who_takes_seats_away_waits_for_a_booker(
    database: Database, last_seat: int, commit: bool, wanted: Outcome
) -> None:
    database.execute("SELECT change_event(%s, p_total_seats => 2)", (last_seat,))
    database.book(last_seat, HOLDER)
    fewer = f"SELECT total_seats FROM change_event({last_seat}, p_total_seats => 1)"

    assert meet(database, book(last_seat), fewer, commit=commit) == wanted
