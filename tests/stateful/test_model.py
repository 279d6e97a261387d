"""Random operations from several sessions against a small model of the rules, compared after every step.

EVENTBOOKER_EXAMPLES makes it run longer; a failure prints the steps and the `@reproduce_failure` that replays them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.database import Database
from tests.full import size

EXAMPLES = size("EVENTBOOKER_EXAMPLES", default=15, full=40)
STEPS = 50
SESSIONS = 3
TTL = timedelta(minutes=1)
START = datetime(2030, 1, 1, 12, tzinfo=UTC)
EMAILS = [f"user{number}@example.org" for number in range(4)]

LIVE = ("pending", "confirmed")

sessions = st.integers(0, SESSIONS - 1)


@dataclass
class Hold:
    """A booking as the rules have it."""

    event: int
    email: str
    expires_at: datetime
    state: str = "pending"  # or confirmed, or why it is canceled: user, expired, event canceled


class Rules:
    """What should be so. A hold past its end is dead, and stays so if a clock steps back after anybody noticed."""

    def __init__(self) -> None:
        self.now = START
        self.seats: dict[int, int] = {}
        self.canceled: set[int] = set()
        self.holds: dict[int, Hold] = {}

    def state(self, booking: int) -> str:
        hold = self.holds[booking]
        return "expired" if hold.state == "pending" and hold.expires_at <= self.now else hold.state

    def taken(self, event: int) -> int:
        return sum(hold.event == event and self.state(booking) in LIVE for booking, hold in self.holds.items())

    def book(self, event: int, email: str) -> str | None:
        """The SQLSTATE that must come, or None."""
        if event in self.canceled:
            return "EB203"
        for booking, hold in self.holds.items():
            if (hold.event, hold.email) == (event, email) and self.state(booking) in LIVE:
                return "EB202"
        return "EB201" if self.taken(event) >= self.seats[event] else None

    def change_seats(self, event: int, seats: int) -> str | None:
        if event in self.canceled:
            return "EB210"
        return "EB207" if self.taken(event) > seats else None

    def confirm(self, booking: int) -> str | None:
        return {"expired": "EB204", "user": "EB205", "event canceled": "EB205"}.get(self.state(booking))


class Bookings(RuleBasedStateMachine):
    """The machine; `make` gives each example a database of its own."""

    database: Database
    events = Bundle("events")
    bookings = Bundle("bookings")

    def __init__(self) -> None:
        super().__init__()
        self.model = Rules()
        self.database.freeze(START)
        self.eye = self.database.connect()
        self.eye.execute("SET session_replication_role = replica")  # the history is not to be truncated otherwise
        self.eye.execute("TRUNCATE events, bookings, booking_changes CASCADE")
        self.sessions = [self.database.connect() for _ in range(SESSIONS)]

    def teardown(self) -> None:
        for session in (self.eye, *self.sessions):
            session.close()

    def call(self, session: int, statement: str, *parameters: object) -> dict[str, Any] | str:
        """The row, or the SQLSTATE."""
        try:
            return self.sessions[session].execute(statement, parameters).fetchone() or {}
        except psycopg.Error as error:
            return error.sqlstate or str(error)

    def see(self, statement: str, *parameters: object) -> list[dict[str, Any]]:
        """The rows, seen by a session that takes no part."""
        return self.eye.execute(statement, parameters).fetchall()

    def set_clock(self) -> None:
        self.eye.execute("UPDATE frozen_clock SET at = %s", (self.model.now,))

    @initialize(target=events, seats=st.integers(1, 3))
    def first_event(self, seats: int) -> int:
        return self.create_event(0, seats)

    @rule(target=events, session=sessions, seats=st.integers(1, 3))
    def another_event(self, session: int, seats: int) -> int:
        return self.create_event(session, seats)

    def create_event(self, session: int, seats: int) -> int:
        made = self.call(session, "SELECT id FROM create_event('A', '2040-01-01', %s, 1)", seats)
        assert isinstance(made, dict)
        self.model.seats[made["id"]] = seats
        return int(made["id"])

    @rule(target=bookings, session=sessions, event=events, email=st.sampled_from(EMAILS))
    def book(self, session: int, event: int, email: str) -> int | None:
        wanted = self.model.book(event, email)
        made = self.call(session, "SELECT * FROM book_seat(%s, %s)", event, email)
        if wanted:
            assert made == wanted
            return None
        assert isinstance(made, dict), made
        self.settle(event)
        self.model.holds[made["id"]] = Hold(event, email, self.model.now + TTL)
        return int(made["id"])

    @rule(session=sessions, booking=bookings)
    def confirm(self, session: int, booking: int | None) -> None:
        if booking is None:
            return
        wanted = self.model.confirm(booking)
        made = self.call(session, "SELECT status FROM confirm_booking(%s)", booking)
        assert made == (wanted or {"status": "confirmed"})
        if not wanted:
            self.model.holds[booking].state = "confirmed"

    @rule(session=sessions, booking=bookings)
    def cancel(self, session: int, booking: int | None) -> None:
        if booking is None:
            return
        state = self.model.state(booking)
        reason = "user" if state in LIVE else state
        made = self.call(session, "SELECT cancel_reason FROM cancel_booking(%s)", booking)
        assert made == {"cancel_reason": reason}
        self.model.holds[booking].state = reason

    @rule(session=sessions, event=events, seats=st.integers(1, 3))
    def change_seats(self, session: int, event: int, seats: int) -> None:
        wanted = self.model.change_seats(event, seats)
        made = self.call(session, "SELECT total_seats FROM change_event(%s, p_total_seats => %s)", event, seats)
        assert made == (wanted or {"total_seats": seats})
        if not wanted:
            self.settle(event)
            self.model.seats[event] = seats

    @rule(session=sessions, event=events)
    def cancel_event(self, session: int, event: int) -> None:
        made = self.call(session, "SELECT available_seats FROM cancel_event(%s)", event)
        assert made == {"available_seats": self.model.seats[event]}
        self.settle(event)
        for booking, hold in self.model.holds.items():
            if hold.event == event and self.model.state(booking) in LIVE:
                hold.state = "event canceled"
        self.model.canceled.add(event)

    @rule(session=sessions, limit=st.integers(1, 3))
    def sweep(self, session: int, limit: int) -> None:
        stored = self.stored_lapsed()
        made = self.call(session, "SELECT expire_bookings(%s) AS expired", limit)
        assert made == {"expired": min(limit, len(stored))}
        for booking in set(stored) - set(self.stored_lapsed()):
            self.model.holds[booking].state = "expired"

    @rule(seconds=st.sampled_from([1, 29, 30, 59, 60, 61]))
    def time_goes_on(self, seconds: int) -> None:
        self.model.now += timedelta(seconds=seconds)
        self.set_clock()

    @rule(seconds=st.sampled_from([1, 30]))
    def the_clock_steps_back(self, seconds: int) -> None:
        self.model.now -= timedelta(seconds=seconds)
        self.set_clock()

    @invariant()
    def the_answers_are_those_of_the_rules(self) -> None:
        shown = self.see("SELECT id, status, cancel_reason FROM current_bookings")
        assert {row["id"]: row["cancel_reason"] or row["status"] for row in shown} == {
            booking: self.model.state(booking) for booking in self.model.holds
        }
        free = self.see("SELECT id, (get_event(e.id) ->> 'available_seats')::int AS free FROM events AS e")
        assert {row["id"]: row["free"] for row in free} == {
            event: seats - self.model.taken(event) for event, seats in self.model.seats.items()
        }

    @invariant()
    def the_seat_law_holds(self) -> None:
        assert self.see("SELECT * FROM audit_seats()") == []

    def stored_lapsed(self) -> list[int]:
        rows = self.see("SELECT id FROM bookings WHERE status = 'pending' AND expires_at <= clock()")
        return [row["id"] for row in rows]

    def settle(self, event: int) -> None:
        """Holds that somebody has taken back are dead for good, even if the clock steps back."""
        rows = self.database.execute(
            "SELECT id FROM bookings WHERE event_id = %s AND cancel_reason = 'expired'", (event,)
        )
        for row in rows:
            self.model.holds[row["id"]].state = "expired"


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_the_database_follows_the_rules(database: Database) -> None:
    machine = type("BookingsHere", (Bookings,), {"database": database})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
