"""Events: create, list, look at, change, cancel, book."""

from urllib.parse import urlencode

import psycopg
from flask import Response, request

from eventbooker.http.already_booked import hiding_bookings_of_others
from eventbooker.http.assets import compress_answer
from eventbooker.http.auth import booking_token, caller
from eventbooker.http.booking_batches import BOOK, BookingRequest, booking_batches
from eventbooker.http.etag import Page, represent, wanted_versions
from eventbooker.http.event_page import event_page
from eventbooker.http.html import prefers_html
from eventbooker.http.idempotency import change
from eventbooker.http.queries import fetch_aged, fetch_one
from eventbooker.http.rate_limits import limit_of_holds
from eventbooker.http.response_cache import response_cache
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import (
    EventCancellation,
    EventChange,
    EventCopies,
    EventsQuery,
    NewBooking,
    NewEvent,
)

BOOK_FOR_ADMIN = (
    "SELECT b.id, to_json(b)::text, make_admin(b.user_id) FROM book_seat(%s, %s, %s, %s, %s, %s, %s, %s) AS b"
)
EVENT_NOT_FOUND = "EB001"


def create(body: NewEvent) -> Response:
    event_id, json, version = change(
        "SELECT e.id, get_event(e.id)::text, e.version FROM create_event("
        " %s, read_event_time(%s, %s), %s, %s, %s, %s, %s,"
        " read_event_time(%s, %s), read_event_time(%s, %s), %s, %s, %s) AS e",
        body.name, body.date, body.timezone, body.total_seats, body.booking_ttl_minutes,
        body.description, body.place, body.timezone,
        body.opens_at, body.timezone, body.closes_at, body.timezone, body.max_seats_per_booking, body.published,
        body.no_show_minutes,
    )  # fmt: skip
    return json_response(json, 201, Location=f"/events/{event_id}", ETag=represent(Page(json, version=version)).etag)


def list_(query: EventsQuery) -> Response:
    published_only = not caller().is_admin
    response = response_cache().respond(
        (request.query_string, published_only), lambda: _read_page(query, published_only)
    )
    return compress_answer(response if published_only else _with_drafts(response), request)


def _read_page(page: EventsQuery, published_only: bool) -> Page:
    fetch = fetch_aged if published_only else fetch_one  # who makes events must see at once what was made
    json, next_after = fetch(
        "SELECT events::text, next_after"
        " FROM list_events(%s::timestamptz, %s::timestamptz, %s, %s::integer, %s, %s, %s, %s)",
        page.from_, page.before, page.q, page.limit, page.after, page.past, published_only, page.free,
    )  # fmt: skip
    following = urlencode({**request.args.to_dict(), "after": next_after})
    return Page(json, f'</events?{following}>; rel="next"' if next_after else None)


def show(event_id: int) -> Response:
    """JSON, or the page of the event for who asks for HTML."""
    response = _show_page(event_id) if prefers_html() else _show_json(event_id)
    response.headers.setdefault("Vary", "Accept")
    return response


def _show_json(event_id: int) -> Response:
    """Who asks is looked up only where it matters: for an event that is not there for everybody."""
    try:
        return response_cache().respond(event_id, lambda: _read_event(event_id, published_only=True))
    except psycopg.Error as error:
        if error.sqlstate != EVENT_NOT_FOUND or not caller().is_admin:
            raise
    return _with_drafts(represent(_read_event(event_id, published_only=False)).response())


def _show_page(event_id: int) -> Response:
    published_only = not caller().is_admin
    response = event_page(_read_event(event_id, published_only).json)
    return response if published_only else _with_drafts(response)


def _with_drafts(response: Response) -> Response:
    """What may show drafts is for admins, who are everybody in open mode."""
    if not caller().open_mode:
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _read_event(event_id: int, published_only: bool) -> Page:
    json, version = fetch_one(
        "SELECT e::text, (e->>'version')::integer FROM get_event(%s, %s) AS e", event_id, published_only
    )
    return Page(json, version=version)


def alter(event_id: int, body: EventChange) -> Response:
    json, version = change(
        "SELECT get_event(e.id)::text, e.version FROM change_event("
        " %s, %s, read_event_time(%s, %s, %s), %s, %s, %s, %s, %s,"
        " read_event_time(%s, %s, %s), read_event_time(%s, %s, %s), %s, %s, %s, %s, %s::integer[]) AS e",
        event_id, body.name, body.date, body.timezone, event_id, body.total_seats, body.booking_ttl_minutes,
        body.description, body.place, body.timezone,
        body.opens_at, body.timezone, event_id, body.closes_at, body.timezone, event_id,
        body.max_seats_per_booking, body.published, body.no_show_minutes, body.cleared, wanted_versions(),
    )  # fmt: skip
    return json_response(json, ETag=represent(Page(json, version=version)).etag)


def copy(event_id: int, body: EventCopies) -> Response:
    (json,) = change(
        "SELECT json_agg(get_event(e.id))::text"
        " FROM copy_event(%s, ARRAY(SELECT read_event_time(date, NULL, %s) FROM unnest(%s::text[]) AS date)) AS e",
        event_id, event_id, body.dates,
    )  # fmt: skip
    return json_response(json, 201)


def cancel(event_id: int, body: EventCancellation) -> Response:
    (json,) = change("SELECT get_event(e.id)::text FROM cancel_event(%s, %s) AS e", event_id, body.reason)
    return json_response(json)


def book(event_id: int, body: NewBooking) -> Response:
    booking = BookingRequest(
        event_id,
        body.email,
        body.name,
        caller().named_chat(body.telegram_id),
        body.seats,
        not caller().is_admin,
        *limit_of_holds(),
    )
    if body.role == "admin":
        booking_id, json, _ = change(BOOK_FOR_ADMIN, *booking)
    else:
        with hiding_bookings_of_others():
            booking_id, json = change(BOOK, *booking, without_key=lambda: booking_batches().book(booking))
    with_token = f'{json.removesuffix("}")},"token":"{booking_token(booking_id)}"}}'
    return json_response(with_token, 201, Location=f"/bookings/{booking_id}")
