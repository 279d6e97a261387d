"""Events: create, list, look at, change, cancel, book."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from eventbooker.http.answers import answer, call, call_one
from eventbooker.http.auth import booking_token, caller
from eventbooker.http.bodies import (
    BookingsQuery,
    EventCancellation,
    EventChange,
    EventsQuery,
    NewBooking,
    NewEvent,
    body,
    optional_body,
    query,
)
from eventbooker.http.idempotency import change
from eventbooker.http.problems import Problem
from eventbooker.http.reads import Answer, copies
from eventbooker.http.seats import BOOK, Wanted, seats

BOOK_ADMIN = "SELECT b.id, to_json(b)::text, make_admin(b.user_id) FROM book_seat(%s, %s, %s, %s) AS b"

routes = Blueprint("events", __name__)


@routes.post("/events")
def create() -> Response:
    caller().must_be_admin()
    event = body(NewEvent)
    event_id, json = change(
        "SELECT e.id, event_json(e)::text FROM create_event(%s, %s::timestamptz, %s, %s) AS e",
        event.name, event.date, event.total_seats, event.booking_ttl_minutes,
    )  # fmt: skip
    return answer(json, 201, Location=f"/events/{event_id}")


@routes.get("/events")
def list_() -> Response:
    return copies().answer(request.query_string, _read_page)


def _read_page() -> Answer:
    page = query(EventsQuery)
    json, next_after = call_one(
        "SELECT events::text, next_after FROM list_events(%s::timestamptz, %s::timestamptz, %s, %s::integer, %s)",
        page.from_, page.before, page.q, page.limit, page.after,
    )  # fmt: skip
    following = urlencode({**request.args.to_dict(), "after": next_after})
    return Answer(json, f'</events?{following}>; rel="next"' if next_after else None)


@routes.get("/events/<id:event_id>")
def show(event_id: int) -> Response:
    def read() -> Answer:
        row = call("SELECT event_json(e)::text FROM events AS e WHERE id = %s", event_id)
        if row is None:
            raise Problem("event_not_found", f"There is no event {event_id}.")
        return Answer(*row)

    return copies().answer(event_id, read)


@routes.patch("/events/<id:event_id>")
def alter(event_id: int) -> Response:
    caller().must_be_admin()
    event = body(EventChange)
    (json,) = change(
        "SELECT event_json(e)::text FROM change_event(%s, %s, %s::timestamptz, %s, %s) AS e",
        event_id, event.name, event.date, event.total_seats, event.booking_ttl_minutes,
    )  # fmt: skip
    return answer(json)


@routes.post("/events/<id:event_id>/cancel")
def cancel(event_id: int) -> Response:
    caller().must_be_admin()
    reason = optional_body(EventCancellation).reason
    (json,) = change("SELECT event_json(e)::text FROM cancel_event(%s, %s) AS e", event_id, reason)
    return answer(json)


@routes.post("/events/<id:event_id>/book")
def book(event_id: int) -> Response:
    form = body(NewBooking)
    wanted = Wanted(event_id, form.email, form.name, form.telegram_id)
    if form.role == "admin":
        if not caller().is_admin:
            raise Problem("forbidden", "Only an admin gives somebody the role admin.")
        booking_id, json, _ = change(BOOK_ADMIN, *wanted)
    else:
        caller().may_book_for(form.email)
        booking_id, json = change(BOOK, *wanted, without_key=lambda: seats().book(wanted))
    token = f',"token":"{booking_token(booking_id)}"}}'
    return answer(json.removesuffix("}") + token, 201, Location=f"/bookings/{booking_id}")


@routes.get("/events/<id:event_id>/bookings")
def list_bookings(event_id: int) -> Response:
    caller().must_be_admin()
    page = query(BookingsQuery)
    (json,) = call_one("SELECT list_event_bookings(%s, %s::integer, %s)::text", event_id, page.limit, page.after)
    return answer(json)
