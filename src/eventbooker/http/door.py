"""The door of an event: let people in by their tickets or by name, take that back, count them."""

from flask import Response

from eventbooker.http.etag import Page
from eventbooker.http.idempotency import change
from eventbooker.http.queries import fetch_one
from eventbooker.http.response_cache import response_cache
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import CheckIn, ExpectedQuery


def check_in(body: CheckIn) -> Response:
    if body.code is None:
        by_id = "SELECT check_in_by_id(%s, %s, %s)::text"
        (json,) = change(by_id, body.booking_id, body.event_id, body.door)
    else:
        (json,) = change("SELECT check_in_by_code(%s, %s, %s)::text", body.code, body.event_id, body.door)
    return json_response(json)


def undo_check_in(booking_id: int) -> Response:
    (json,) = change("SELECT to_json(b)::text FROM undo_check_in(%s) AS b", booking_id)
    return json_response(json)


def list_expected(event_id: int, query: ExpectedQuery) -> Response:
    (json,) = fetch_one("SELECT list_expected(%s, %s, %s::integer)::text", event_id, query.q, query.limit)
    return json_response(json)


def show_attendance(event_id: int) -> Response:
    def read() -> Page:
        return Page(fetch_one("SELECT get_attendance(%s)::text", event_id)[0])

    return response_cache().respond(("attendance", event_id), read)
