"""Random operations from several sessions against a small model of the rules, compared after every step.

EVENTBOOKER_EXAMPLES makes it run longer; a failure prints the steps and the `@reproduce_failure` that replays them.
"""

import copy
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.database import Database
from tests.full import size
from tests.stateful.rules import LIVE, MOST, START, TTL, Entry, Hold, Rules

EXAMPLES = size("EVENTBOOKER_EXAMPLES", default=15, full=40)
STEPS = 50
SESSIONS = 3
EMAILS = [f"user{number}@example.org" for number in range(6)]

sessions = st.integers(0, SESSIONS - 1)
any_of_them = st.integers(0, 1000)
"""Names one of the bookings or entries that there are, by its place among them."""

some_seats = st.sampled_from([1, 1, 1, 2, 2, 3, 4])


class Bookings(RuleBasedStateMachine):
    """The machine; `make` gives each example a database of its own."""

    database: Database
    events = Bundle("events")

    def __init__(self) -> None:
        super().__init__()
        self.model = Rules()
        self.database.freeze(START)
        self.eye = self.database.connect()
        self.eye.execute("SET session_replication_role = replica")  # the history is not to be truncated otherwise
        self.eye.execute("TRUNCATE events, bookings, booking_changes, waitlist, outbox CASCADE")
        self.eye.execute("UPDATE booking_settings SET max_bookings_per_user = NULL")
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

    def pick_booking(self, number: int) -> int | None:
        bookings = sorted(self.model.holds)
        return bookings[number % len(bookings)] if bookings else None

    @initialize(target=events, seats=st.integers(1, 4), limit=st.sampled_from([None, None, None, 1, 2]))
    def first_event(self, seats: int, limit: int | None) -> int:
        self.call(0, "SELECT set_max_bookings_per_user(%s::integer)", limit)
        self.model.limit = limit
        return self.create_event(0, seats)

    @rule(target=events, session=sessions, seats=st.integers(1, 4))
    def another_event(self, session: int, seats: int) -> int:
        return self.create_event(session, seats)

    def create_event(self, session: int, seats: int) -> int:
        made = self.call(
            session, "SELECT id FROM create_event('A', '2040-01-01', %s, 1, p_max_seats_per_booking => %s)", seats, MOST
        )
        assert isinstance(made, dict)
        self.model.seats[made["id"]] = seats
        return int(made["id"])

    @rule(session=sessions, event=events, email=st.sampled_from(EMAILS), seats=some_seats)
    def book(self, session: int, event: int, email: str, seats: int) -> None:
        before = copy.deepcopy(self.model)
        wanted = self.model.book(event, email, seats)
        made = self.call(session, "SELECT * FROM book_seat(%s, %s, p_seats => %s)", event, email, seats)
        if isinstance(wanted, str):
            assert made == wanted
            self.model = before
            return
        assert isinstance(made, dict), made
        self.settle(event)
        if wanted is None:
            self.model.holds[made["id"]] = Hold(event, email, seats, self.model.now + TTL)
        assert made["id"] in self.model.holds

    @rule(session=sessions, event=events, email=st.sampled_from(EMAILS), seats=some_seats)
    def join(self, session: int, event: int, email: str, seats: int) -> None:
        before = copy.deepcopy(self.model)
        wanted = self.model.join(event, email, seats)
        made = self.call(session, "SELECT * FROM join_waitlist(%s, %s, p_seats => %s)", event, email, seats)
        if wanted:
            assert made == wanted
            self.model = before
            return
        assert isinstance(made, dict), made
        self.model.entries[made["id"]] = Entry(event, email, seats)
        self.model.offer(event)
        self.settle(event)

    @rule(session=sessions, number=any_of_them)
    def leave(self, session: int, number: int) -> None:
        if not self.model.entries:
            return
        entry_id = sorted(self.model.entries)[number % len(self.model.entries)]
        entry = self.model.entries[entry_id]
        if entry.status == "waiting":
            entry.status, entry.kept_until = "left", None
        elif entry.status == "offered" and entry.offer is not None:
            self.model.close(entry.offer, "expired" if self.model.state(entry.offer) == "expired" else "user")
        self.model.advance(entry.event)
        assert self.call(session, "SELECT status FROM leave_waitlist(%s)", entry_id) == {"status": entry.status}
        self.settle(entry.event)

    @rule(session=sessions, number=any_of_them)
    def look(self, session: int, number: int) -> None:
        if not self.model.entries:
            return
        entry_id = sorted(self.model.entries)[number % len(self.model.entries)]
        event = self.model.entries[entry_id].event
        self.model.advance(event)
        made = self.call(session, "SELECT get_waitlist_entry(%s) ->> 'status' AS status", entry_id)
        assert made == {"status": self.model.status(entry_id)}
        self.settle(event)

    @rule(session=sessions, number=any_of_them)
    def confirm(self, session: int, number: int) -> None:
        booking = self.pick_booking(number)
        if booking is None:
            return
        wanted = self.model.confirm(booking)
        made = self.call(session, "SELECT status FROM confirm_booking(%s)", booking)
        assert made == (wanted or {"status": "confirmed"})
        if not wanted:
            self.take(booking)

    @rule(session=sessions, number=any_of_them)
    def revive(self, session: int, number: int) -> None:
        booking = self.pick_booking(number)
        if booking is None:
            return
        before = copy.deepcopy(self.model)
        wanted = self.model.revive(booking)
        made = self.call(session, "SELECT status FROM revive_booking(%s)", booking)
        assert made == (wanted or {"status": "confirmed"})
        if wanted:
            self.model = before
            return
        self.take(booking)
        self.settle(self.model.holds[booking].event)

    def take(self, booking: int) -> None:
        """The booking is confirmed, and so is what was offered."""
        self.model.holds[booking].state = "confirmed"
        for entry in self.model.entries.values():
            if entry.offer == booking and entry.status in ("offered", "expired"):
                entry.status = "booked"

    @rule(session=sessions, number=any_of_them)
    def cancel(self, session: int, number: int) -> None:
        booking = self.pick_booking(number)
        if booking is None:
            return
        hold = self.model.holds[booking]
        state = self.model.state(booking)
        reason = "user" if state in LIVE else state
        made = self.call(session, "SELECT cancel_reason FROM cancel_booking(%s)", booking)
        assert made == {"cancel_reason": reason}
        if hold.state in LIVE:
            self.model.close(booking, reason)
            self.model.advance(hold.event)
            self.settle(hold.event)

    @rule(session=sessions, number=any_of_them, seats=some_seats)
    def change_seats_of_a_booking(self, session: int, number: int, seats: int) -> None:
        booking = self.pick_booking(number)
        if booking is None:
            return
        before = copy.deepcopy(self.model)
        wanted = self.model.change_seats(booking, seats)
        made = self.call(session, "SELECT seats FROM change_booking_seats(%s, %s)", booking, seats)
        assert made == (wanted or {"seats": seats})
        if wanted:
            self.model = before
            return
        hold = self.model.holds[booking]
        if hold.seats != seats:
            hold.seats = seats
            self.model.advance(hold.event)
        self.settle(hold.event)

    @rule(session=sessions, event=events, seats=st.integers(1, 5))
    def change_seats(self, session: int, event: int, seats: int) -> None:
        before = copy.deepcopy(self.model)
        wanted = self.model.change_event(event, seats)
        made = self.call(session, "SELECT total_seats FROM change_event(%s, p_total_seats => %s)", event, seats)
        assert made == (wanted or {"total_seats": seats})
        if wanted:
            self.model = before
            return
        self.settle(event)
        self.model.seats[event] = seats
        self.model.advance(event)
        self.settle(event)

    @rule(session=sessions, event=events)
    def cancel_event(self, session: int, event: int) -> None:
        made = self.call(session, "SELECT available_seats FROM cancel_event(%s)", event)
        assert made == {"available_seats": self.model.seats[event]}
        self.model.lapse(event)
        for booking, hold in self.model.holds.items():
            if hold.event == event and hold.state in LIVE:
                self.model.close(booking, "event canceled")
        for number in self.model.waiting(event):
            self.model.entries[number].status, self.model.entries[number].kept_until = "expired", None
        self.model.canceled.add(event)

    @rule(session=sessions, limit=st.integers(1, 3))
    def sweep(self, session: int, limit: int) -> None:
        stored = self.stored_lapsed()
        made = self.call(session, "SELECT expire_bookings(%s) AS expired", limit)
        assert made == {"expired": min(limit, len(stored))}
        for booking in set(stored) - set(self.stored_lapsed()):
            self.model.close(booking, "expired")
        for event in self.model.seats:
            self.model.offer(event)
            self.settle(event)

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
        shown = self.see("SELECT id, status, cancel_reason, seats FROM current_bookings")
        assert {row["id"]: (row["cancel_reason"] or row["status"], row["seats"]) for row in shown} == {
            booking: (self.model.state(booking), hold.seats) for booking, hold in self.model.holds.items()
        }
        free = self.see("SELECT id, (get_event(e.id) ->> 'available_seats')::int AS free FROM events AS e")
        assert {row["id"]: row["free"] for row in free} == {
            event: 0 if self.model.waiting(event) else seats - self.model.taken(event)
            for event, seats in self.model.seats.items()
        }

    @invariant()
    def the_lines_are_those_of_the_rules(self) -> None:
        shown = self.see(
            "SELECT c.id, c.status, c.position, c.booking_id, w.passed_over, w.kept_until"
            " FROM current_waitlist AS c JOIN waitlist AS w USING (id)"
        )
        places = {number: n for event in self.model.seats for n, number in enumerate(self.model.waiting(event), 1)}
        assert {row["id"]: tuple(row.values())[1:] for row in shown} == {
            number: (self.model.status(number), places.get(number), it.offer, it.passed_over, it.kept_until)
            for number, it in self.model.entries.items()
        }

    @invariant()
    def no_seat_is_idle_while_somebody_who_fits_waits(self) -> None:
        """Unless seats are kept for who is ahead, lapsed ones wait for the sweep, or a person is at the limit."""
        if self.model.limit is None:
            assert (
                self.see(
                    "SELECT w.id FROM waitlist AS w JOIN events AS e ON e.id = w.event_id"
                    " WHERE w.status = 'waiting' AND w.seats <= e.available_seats AND NOT EXISTS ("
                    "  SELECT FROM waitlist AS a"
                    "  WHERE a.event_id = w.event_id AND a.id < w.id AND a.kept_until IS NOT NULL"
                    " ) AND NOT EXISTS ("
                    "  SELECT FROM bookings AS b"
                    "  WHERE b.event_id = e.id AND b.status = 'pending' AND b.expires_at <= clock()"
                    " )"
                )
                == []
            )

    @invariant()
    def the_seat_law_holds_and_the_line_is_counted(self) -> None:
        assert self.see("SELECT * FROM audit_seats()") == []
        assert (
            self.see(
                "SELECT id FROM events AS e WHERE waiting <>"
                " (SELECT count(*) FROM waitlist AS w WHERE w.event_id = e.id AND w.status = 'waiting')"
            )
            == []
        )

    def stored_lapsed(self) -> list[int]:
        rows = self.see("SELECT id FROM bookings WHERE status = 'pending' AND expires_at <= clock()")
        return [row["id"] for row in rows]

    def settle(self, event: int) -> None:
        """Holds that somebody has taken back are dead for good, even if the clock steps back; offers get their ids."""
        rows = self.see("SELECT id, booking_id FROM waitlist WHERE event_id = %s AND booking_id IS NOT NULL", event)
        for row in rows:
            entry = self.model.entries[row["id"]]
            assert entry.offer is not None, (row, entry)
            if entry.offer < 0:
                self.model.holds[row["booking_id"]] = self.model.holds.pop(entry.offer)
                entry.offer = row["booking_id"]
        for row in self.see("SELECT id FROM bookings WHERE event_id = %s AND cancel_reason = 'expired'", event):
            self.model.close(row["id"], "expired")


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
