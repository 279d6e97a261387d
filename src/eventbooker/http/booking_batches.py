"""Batches of bookings and confirmations: requests that wait at the same time share one call and one commit."""

from collections.abc import Callable
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from flask import current_app

from eventbooker.http.problems import Problem, from_refusal
from eventbooker.http.queries import fetch_all, fetch_one
from eventbooker.http.tracing import batcher
from eventbooker.metrics import BATCHES

BOOK = "SELECT b.id, to_json(b)::text FROM book_seat(%s, %s, %s, %s, %s, %s, %s, %s) AS b"
CONFIRM = "SELECT b.id, to_json(b)::text FROM confirm_booking(%s) AS b"

BOOK_BATCH = (
    "book_seats(%s::bigint[], %s::text[], %s::text[], %s::text[], %s, %s::integer[], %s::boolean[], %s::bytea[], %s)"
)
CONFIRM_BATCH = "confirm_bookings(%s, p_wait => false)"
BOOKED_TOGETHER = BATCHES.labels("book_seats")
CONFIRMED_TOGETHER = BATCHES.labels("confirm_bookings")
OUTCOMES = "SELECT (booking).id, to_json(booking)::text, (refusal).* FROM {} ORDER BY ordinal"


class BookingRequest(NamedTuple):
    """The parameters of book_seat."""

    event_id: int
    email: str
    name: str | None
    telegram_id: str | None
    seats: int = 1
    published_only: bool = False
    client: bytes | None = None
    holds_per_client: int | None = None


class Booked(NamedTuple):
    """A booking and its JSON as the API answers it."""

    id: int
    json: str


BookingBatcher = Callable[[BookingRequest], Booked | Problem]


class BookingBatches:
    """The batches of one process.

    The batch for all events never waits for an event that another session has locked: requests for it go on to a
    batch of that event alone, so that one busy event holds up no other.
    """

    def __init__(self) -> None:
        self._all_events: BookingBatcher = batcher(lambda requests: _book(requests, wait=False), self._book_busy_event)
        self._busy_events: WeakValueDictionary[int, BookingBatcher] = WeakValueDictionary()
        self._confirmations: Callable[[int], Booked | Problem] = batcher(
            _confirm, lambda booking_id: Booked(*fetch_one(CONFIRM, booking_id))
        )

    def book(self, request: BookingRequest) -> Booked:
        """Raises Problem (404, 409, 422), psycopg.Error."""
        book = self._book_busy_event if request.event_id in self._busy_events else self._all_events
        return _booked(book(request))

    def confirm(self, booking_id: int) -> Booked:
        """Raises Problem (404, 409), psycopg.Error."""
        return _booked(self._confirmations(booking_id))

    def _book_busy_event(self, request: BookingRequest) -> Booked | Problem:
        book: BookingBatcher = self._busy_events.setdefault(
            request.event_id,
            batcher(lambda requests: _book(requests, wait=True), lambda one: Booked(*fetch_one(BOOK, *one))),
        )
        return book(request)


def booking_batches() -> BookingBatches:
    """The batches of the process that answers the request."""
    batches: BookingBatches = current_app.extensions["booking_batches"]
    return batches


def _booked(outcome: Booked | Problem) -> Booked:
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def _book(requests: list[BookingRequest], wait: bool) -> list[Booked | Problem | None]:
    event_ids, emails, names, telegram_ids, seats, published_only, clients, limits = map(
        list, zip(*requests, strict=True)
    )
    limited = any(clients)
    BOOKED_TOGETHER.observe(len(requests))
    return _outcomes(
        fetch_all(
            OUTCOMES.format(BOOK_BATCH),
            event_ids, emails, names, telegram_ids, wait, seats, published_only,
            clients if limited else None, max(filter(None, limits)) if limited else None,
        )
    )  # fmt: skip


def _confirm(booking_ids: list[int]) -> list[Booked | Problem | None]:
    CONFIRMED_TOGETHER.observe(len(booking_ids))
    return _outcomes(fetch_all(OUTCOMES.format(CONFIRM_BATCH), booking_ids))


def _outcomes(rows: list[tuple[Any, ...]]) -> list[Booked | Problem | None]:
    """None where the function answered neither a booking nor a refusal: the request must be made again by itself."""
    return [
        Booked(booking_id, json) if booking_id else from_refusal(*refusal) if refusal[0] else None
        for booking_id, json, *refusal in rows
    ]
