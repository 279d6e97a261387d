"""The waiting list: wait for seats of a full event, see one's place, leave; for admins, the line and late money."""

from flask import Response

from eventbooker.http.already_booked import hiding_bookings_of_others
from eventbooker.http.auth import booking_token, caller, tokens
from eventbooker.http.idempotency import change
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import BookingsQuery, NewWaitlistEntry


def join(event_id: int, body: NewWaitlistEntry) -> Response:
    with hiding_bookings_of_others():
        entry_id, booking_id, json = change(
            "SELECT w.id, w.booking_id, get_waitlist_entry(w.id)::text FROM join_waitlist(%s, %s, %s, %s, %s, %s) AS w",
            event_id, body.email, body.name, caller().named_chat(body.telegram_id), body.seats, not caller().is_admin,
        )  # fmt: skip
    with_token = _with(json, f'"token":"{tokens().waitlist(entry_id)}"')
    return json_response(_with_offer(with_token, booking_id), 201, Location=f"/waitlist/{entry_id}")


def show(entry_id: int) -> Response:
    booking_id, json = fetch_one(
        "SELECT (entry->>'booking_id')::bigint, entry::text FROM get_waitlist_entry(%s) AS entry", entry_id
    )
    return json_response(_with_offer(json, booking_id))


def leave(entry_id: int) -> Response:
    change("SELECT id FROM leave_waitlist(%s)", entry_id)
    return Response(status=204)


def list_of_event(event_id: int, query: BookingsQuery) -> Response:
    (json,) = fetch_one("SELECT list_event_waitlist(%s, %s::integer, %s)::text", event_id, query.limit, query.after)
    return json_response(json)


def list_of_user(user_id: int) -> Response:
    (json,) = fetch_one("SELECT list_user_waitlist(%s, %s)::text", user_id, not caller().is_admin)
    return json_response(json)


def _with_offer(json: str, booking_id: int | None) -> str:
    """Who may see the entry may confirm what it was offered: a guest has nothing else to show for it."""
    return _with(json, f'"booking_token":"{booking_token(booking_id)}"' if booking_id else '"booking_token":null')


def _with(json: str, member: str) -> str:
    return f"{json.removesuffix('}')},{member}}}"
