"""Events as those who run them see them: how full each is, who has booked, and which messages do not arrive."""

from flask import Response, request

from eventbooker.http.assets import compress_answer
from eventbooker.http.etag import Page, represent
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import EventBookingsQuery, ManagedEventsQuery


def list_(query: ManagedEventsQuery) -> Response:
    return _watched(
        "SELECT list_managed_events(%s, %s, %s, %s::integer, %s::integer)::text",
        query.which, query.q, query.sort, query.limit, query.page,
    )  # fmt: skip


def show(event_id: int) -> Response:
    return _watched("SELECT get_managed_event(%s)::text", event_id)


def _watched(sql: str, *parameters: object) -> Response:
    """Pages ask for it every few seconds: whoever has the same is told so and no more."""
    (json,) = fetch_one(sql, *parameters)
    return compress_answer(represent(Page(json)).response(), request)


def list_bookings(event_id: int, query: EventBookingsQuery) -> Response:
    (json,) = fetch_one(
        "SELECT list_event_bookings(%s, %s::integer, %s, %s, %s)::text",
        event_id, query.limit, query.after, query.status, query.q,
    )  # fmt: skip
    return compress_answer(json_response(json), request)


def list_problems(event_id: int) -> Response:
    (json,) = fetch_one("SELECT list_event_problems(%s)::text", event_id)
    return json_response(json)
