"""Booking and confirming as many do at once: who waits at the same time is served in one call."""

from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from flask import current_app

from eventbooker.http.answers import call_all, call_one
from eventbooker.http.combining import Combiner
from eventbooker.http.problems import Problem, from_refusal

CONFIRM = "SELECT b.id, to_json(b)::text AS json FROM confirm_booking(%s) AS b"
BOOK = "SELECT b.id, to_json(b)::text AS json FROM book_seat(%s, %s, %s, %s) AS b"


class Wanted(NamedTuple):
    """A seat that somebody asks for: the parameters of book_seat."""

    event_id: int
    email: str
    name: str | None
    telegram_id: str | None


class Booked(NamedTuple):
    """A booking and its JSON as the API answers it."""

    id: int
    json: str


Queue = Combiner[Wanted, Booked | Problem]

ANSWERS = "SELECT (booking).id, to_json(booking)::text, (refusal).* FROM {} ORDER BY place"


class Seats:
    """Bookings of one process.

    A call for all events never waits for one that somebody else is busy with: those who want a seat there queue for
    that event alone, so that one event's queue holds up no other.
    """

    def __init__(self) -> None:
        self._anywhere: Queue = Combiner(lambda batch: _book(batch, wait=False), self._queue)
        self._busy: WeakValueDictionary[int, Queue] = WeakValueDictionary()
        self._confirmations: Combiner[int, Booked | Problem] = Combiner(
            _confirm, lambda booking_id: Booked(*call_one(CONFIRM, booking_id))
        )

    def book(self, wanted: Wanted) -> Booked:
        """Raises Problem (404, 409, 422), psycopg.Error."""
        return _got(self._queue(wanted) if wanted.event_id in self._busy else self._anywhere(wanted))

    def confirm(self, booking_id: int) -> Booked:
        """Raises Problem (404, 409), psycopg.Error."""
        return _got(self._confirmations(booking_id))

    def _queue(self, wanted: Wanted) -> Booked | Problem:
        queue: Queue = self._busy.setdefault(
            wanted.event_id, Combiner(lambda batch: _book(batch, wait=True), _book_alone)
        )
        return queue(wanted)


def seats() -> Seats:
    """Those of the process that answers the request."""
    found: Seats = current_app.extensions["seats"]
    return found


def _got(outcome: Booked | Problem) -> Booked:
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def _book(batch: list[Wanted], wait: bool) -> list[Booked | Problem | None]:
    event_ids, emails, names, telegram_ids = map(list, zip(*batch, strict=True))
    call = "book_seats(%s::bigint[], %s::text[], %s::text[], %s::text[], %s)"
    return _outcomes(call_all(ANSWERS.format(call), event_ids, emails, names, telegram_ids, wait))


def _book_alone(wanted: Wanted) -> Booked:
    return Booked(*call_one(BOOK, *wanted))


def _confirm(batch: list[int]) -> list[Booked | Problem | None]:
    return _outcomes(call_all(ANSWERS.format("confirm_bookings(%s)"), batch))


def _outcomes(rows: list[tuple[Any, ...]]) -> list[Booked | Problem | None]:
    """None where somebody else was busy with it."""
    return [
        Booked(booking_id, json) if booking_id else from_refusal(*refusal) if refusal[0] else None
        for booking_id, json, *refusal in rows
    ]
