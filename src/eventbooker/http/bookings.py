"""Bookings: look at, confirm, cancel."""

from flask import Blueprint, Response

from eventbooker.http.answers import answer, call
from eventbooker.http.auth import caller
from eventbooker.http.bodies import no_body
from eventbooker.http.idempotency import change
from eventbooker.http.problems import Problem
from eventbooker.http.seats import CONFIRM, seats

routes = Blueprint("bookings", __name__)


@routes.get("/bookings/<id:booking_id>")
def show(booking_id: int) -> Response:
    caller().must_hold(booking_id)
    row = call("SELECT to_json(b)::text FROM current_bookings AS b WHERE id = %s", booking_id)
    if row is None:
        raise Problem("booking_not_found", f"There is no booking {booking_id}.")
    return answer(row[0])


@routes.post("/bookings/<id:booking_id>/confirm")
def confirm(booking_id: int) -> Response:
    no_body()
    caller().must_hold(booking_id)
    _, json = change(CONFIRM, booking_id, without_key=lambda: seats().confirm(booking_id))
    return answer(json)


@routes.post("/bookings/<id:booking_id>/cancel")
def cancel(booking_id: int) -> Response:
    no_body()
    caller().must_hold(booking_id)
    reason = "admin" if caller().acts_as_admin(booking_id) else "user"
    (json,) = change("SELECT to_json(b)::text FROM cancel_booking(%s, %s) AS b", booking_id, reason)
    return answer(json)
