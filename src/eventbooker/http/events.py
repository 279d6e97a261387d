"""Events: create, list, look at, change, cancel, book."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from eventbooker.http.auth import booking_token, caller
from eventbooker.http.booking_batches import BOOK, BookingRequest, booking_batches
from eventbooker.http.etag import Page
from eventbooker.http.idempotency import change
from eventbooker.http.parsing import parse_body, parse_optional_body, parse_query
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one
from eventbooker.http.response_cache import response_cache
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import BookingsQuery, EventCancellation, EventChange, EventsQuery, NewBooking, NewEvent

BOOK_FOR_ADMIN = "SELECT b.id, to_json(b)::text, make_admin(b.user_id) FROM book_seat(%s, %s, %s, %s, %s) AS b"

routes = Blueprint("events", __name__)


@routes.post("/events")
def create() -> Response:
    caller().require_admin()
    event = parse_body(NewEvent)
    event_id, json = change(
        "SELECT e.id, get_event(e.id)::text FROM create_event(%s, %s::timestamptz, %s, %s) AS e",
        event.name, event.date, event.total_seats, event.booking_ttl_minutes,
    )  # fmt: skip
    return json_response(json, 201, Location=f"/events/{event_id}")


@routes.get("/events")
def list_() -> Response:
    return response_cache().respond(request.query_string, _read_page)


def _read_page() -> Page:
    page = parse_query(EventsQuery)
    json, next_after = fetch_one(
        "SELECT events::text, next_after FROM list_events(%s::timestamptz, %s::timestamptz, %s, %s::integer, %s)",
        page.from_, page.before, page.q, page.limit, page.after,
    )  # fmt: skip
    following = urlencode({**request.args.to_dict(), "after": next_after})
    return Page(json, f'</events?{following}>; rel="next"' if next_after else None)


@routes.get("/events/<id:event_id>")
def show(event_id: int) -> Response:
    return response_cache().respond(event_id, lambda: Page(*fetch_one("SELECT get_event(%s)::text", event_id)))


@routes.patch("/events/<id:event_id>")
def alter(event_id: int) -> Response:
    caller().require_admin()
    event = parse_body(EventChange)
    (json,) = change(
        "SELECT get_event(e.id)::text FROM change_event(%s, %s, %s::timestamptz, %s, %s) AS e",
        event_id, event.name, event.date, event.total_seats, event.booking_ttl_minutes,
    )  # fmt: skip
    return json_response(json)


@routes.post("/events/<id:event_id>/cancel")
def cancel(event_id: int) -> Response:
    caller().require_admin()
    reason = parse_optional_body(EventCancellation).reason
    (json,) = change("SELECT get_event(e.id)::text FROM cancel_event(%s, %s) AS e", event_id, reason)
    return json_response(json)


@routes.post("/events/<id:event_id>/book")
def book(event_id: int) -> Response:
    body = parse_body(NewBooking)
    booking = BookingRequest(event_id, body.email, body.name, body.telegram_id, body.seats)
    if body.role == "admin":
        if not caller().is_admin:
            raise Problem("forbidden", "Only an admin gives somebody the role admin.")
        booking_id, json, _ = change(BOOK_FOR_ADMIN, *booking)
    else:
        caller().require_may_book_for(body.email)
        booking_id, json = change(BOOK, *booking, without_key=lambda: booking_batches().book(booking))
    with_token = f'{json.removesuffix("}")},"token":"{booking_token(booking_id)}"}}'
    return json_response(with_token, 201, Location=f"/bookings/{booking_id}")


@routes.get("/events/<id:event_id>/bookings")
def list_bookings(event_id: int) -> Response:
    caller().require_admin()
    page = parse_query(BookingsQuery)
    (json,) = fetch_one("SELECT list_event_bookings(%s, %s::integer, %s)::text", event_id, page.limit, page.after)
    return json_response(json)
