"""Events: create, list, look at, change, cancel, book."""

from urllib.parse import urlencode

from flask import Response, request

from eventbooker.http.auth import booking_token
from eventbooker.http.booking_batches import BOOK, BookingRequest, booking_batches
from eventbooker.http.etag import Page
from eventbooker.http.idempotency import change
from eventbooker.http.queries import fetch_one
from eventbooker.http.response_cache import response_cache
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import BookingsQuery, EventCancellation, EventChange, EventsQuery, NewBooking, NewEvent

BOOK_FOR_ADMIN = "SELECT b.id, to_json(b)::text, make_admin(b.user_id) FROM book_seat(%s, %s, %s, %s, %s) AS b"


def create(body: NewEvent) -> Response:
    event_id, json = change(
        "SELECT e.id, get_event(e.id)::text FROM create_event(%s, %s::timestamptz, %s, %s) AS e",
        body.name, body.date, body.total_seats, body.booking_ttl_minutes,
    )  # fmt: skip
    return json_response(json, 201, Location=f"/events/{event_id}")


def list_(query: EventsQuery) -> Response:
    return response_cache().respond(request.query_string, lambda: _read_page(query))


def _read_page(page: EventsQuery) -> Page:
    json, next_after = fetch_one(
        "SELECT events::text, next_after FROM list_events(%s::timestamptz, %s::timestamptz, %s, %s::integer, %s)",
        page.from_, page.before, page.q, page.limit, page.after,
    )  # fmt: skip
    following = urlencode({**request.args.to_dict(), "after": next_after})
    return Page(json, f'</events?{following}>; rel="next"' if next_after else None)


def show(event_id: int) -> Response:
    return response_cache().respond(event_id, lambda: Page(*fetch_one("SELECT get_event(%s)::text", event_id)))


def alter(event_id: int, body: EventChange) -> Response:
    (json,) = change(
        "SELECT get_event(e.id)::text FROM change_event(%s, %s, %s::timestamptz, %s, %s) AS e",
        event_id, body.name, body.date, body.total_seats, body.booking_ttl_minutes,
    )  # fmt: skip
    return json_response(json)


def cancel(event_id: int, body: EventCancellation) -> Response:
    (json,) = change("SELECT get_event(e.id)::text FROM cancel_event(%s, %s) AS e", event_id, body.reason)
    return json_response(json)


def book(event_id: int, body: NewBooking) -> Response:
    booking = BookingRequest(event_id, body.email, body.name, body.telegram_id, body.seats)
    if body.role == "admin":
        booking_id, json, _ = change(BOOK_FOR_ADMIN, *booking)
    else:
        booking_id, json = change(BOOK, *booking, without_key=lambda: booking_batches().book(booking))
    with_token = f'{json.removesuffix("}")},"token":"{booking_token(booking_id)}"}}'
    return json_response(with_token, 201, Location=f"/bookings/{booking_id}")


def list_bookings(event_id: int, query: BookingsQuery) -> Response:
    (json,) = fetch_one("SELECT list_event_bookings(%s, %s::integer, %s)::text", event_id, query.limit, query.after)
    return json_response(json)
