"""Doors that meet on one booking, and what else can happen to it meanwhile."""

import threading
from typing import Any

import pytest

from tests.database import Database
from tests.races.meeting import Outcome, meet, outcome_of
from tests.sql.test_check_in import confirmed

ROUNDS = 100


def check_in(booking: dict[str, Any]) -> str:
    return f"SELECT * FROM check_in({booking['id']}, 'A door')"


def in_at(outcome: Outcome) -> Any:
    return outcome if isinstance(outcome, str) else outcome["checked_in_at"]


def test_two_doors_scan_one_ticket_at_the_same_moment(database: Database) -> None:
    """A hundred times: one lets in, the other is told when and where."""
    event_id = database.event(seats=ROUNDS)
    bookings = [confirmed(database, event_id, f"{number}@example.org") for number in range(ROUNDS)]
    start = threading.Barrier(2)
    outcomes: dict[str, list[Outcome]] = {"North": [], "South": []}

    def stand(door: str) -> None:
        with database.connect() as session:
            for booking in bookings:
                scan = f"SELECT check_in_by_code('{booking['code']}', {event_id}, '{door}')"
                start.wait(60)
                outcomes[door].append(outcome_of(session, scan))

    doors = [threading.Thread(target=stand, args=[door]) for door in outcomes]
    for door in doors:
        door.start()
    for door in doors:
        door.join()

    assert len(outcomes["North"]) == len(outcomes["South"]) == ROUNDS
    for one, other in zip(*outcomes.values(), strict=True):
        assert [isinstance(outcome, dict) for outcome in (one, other)].count(True) == 1
        assert "EB216" in (one, other)
    entered = database.one("SELECT count(*) AS n FROM booking_changes WHERE starts_with(reason, 'checked in: ')")
    assert entered["n"] == ROUNDS
    database.must_keep_the_law()


@pytest.fixture
def booking(database: Database) -> dict[str, Any]:
    """The confirmed booking of an event's only seat."""
    database.freeze()
    return confirmed(database, database.event(seats=1, date="2030-01-01 13:00+00"))


@pytest.mark.parametrize("commit", [True, False])
def test_the_second_door_waits_for_the_first(database: Database, booking: dict[str, Any], commit: bool) -> None:
    outcome = in_at(meet(database, check_in(booking), check_in(booking), commit=commit))

    assert outcome == "EB216" if commit else outcome is not None


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB216"), (False, "canceled")])
def test_who_cancels_waits_for_the_door(database: Database, booking: dict[str, Any], commit: bool, wanted: str) -> None:
    outcome = meet(database, check_in(booking), f"SELECT * FROM cancel_booking({booking['id']})", commit=commit)

    assert (outcome if isinstance(outcome, str) else outcome["status"]) == wanted


@pytest.mark.parametrize("commit", [True, False])
def test_the_door_waits_for_who_cancels(database: Database, booking: dict[str, Any], commit: bool) -> None:
    outcome = in_at(meet(database, f"SELECT * FROM cancel_booking({booking['id']})", check_in(booking), commit=commit))

    assert outcome == "EB215" if commit else outcome is not None


@pytest.fixture
def due(database: Database, booking: dict[str, Any]) -> dict[str, Any]:
    """The same, while somebody waits for the seat and nobody has come 15 minutes after the start."""
    database.execute("SELECT change_event(%s, p_no_show_minutes => 15)", (booking["event_id"],))
    database.execute("SELECT join_waitlist(%s, 'waits@example.org')", (booking["event_id"],))
    database.freeze("2030-01-01 13:15+00")
    return booking


FREE = "SELECT free_no_shows() AS events"


@pytest.mark.parametrize(("commit", "left"), [(True, ["confirmed"]), (False, ["canceled", "pending"])])
def test_who_comes_in_at_the_last_moment_keeps_the_seat(
    database: Database, due: dict[str, Any], commit: bool, left: list[str]
) -> None:
    assert meet(database, check_in(due), FREE, commit=commit) == {"events": 1}
    statuses = [row["status"] for row in database.execute("SELECT status FROM bookings ORDER BY id")]
    assert statuses == left


@pytest.mark.parametrize("commit", [True, False])
def test_who_comes_a_moment_too_late_has_lost_it(database: Database, due: dict[str, Any], commit: bool) -> None:
    outcome = in_at(meet(database, FREE, check_in(due), commit=commit))

    assert outcome == "EB215" if commit else outcome is not None
