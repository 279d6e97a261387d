"""Bookings: look at, confirm, cancel."""

from flask import Blueprint, Response

from eventbooker.http.auth import caller
from eventbooker.http.booking_batches import CONFIRM, booking_batches
from eventbooker.http.idempotency import change
from eventbooker.http.parsing import ignore_body
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response

routes = Blueprint("bookings", __name__)


@routes.get("/bookings/<id:booking_id>")
def show(booking_id: int) -> Response:
    caller().require_booking_access(booking_id)
    (json,) = fetch_one("SELECT get_booking(%s)::text", booking_id)
    return json_response(json)


@routes.post("/bookings/<id:booking_id>/confirm")
def confirm(booking_id: int) -> Response:
    ignore_body()
    caller().require_booking_access(booking_id)
    _, json = change(CONFIRM, booking_id, without_key=lambda: booking_batches().confirm(booking_id))
    return json_response(json)


@routes.post("/bookings/<id:booking_id>/cancel")
def cancel(booking_id: int) -> Response:
    ignore_body()
    caller().require_booking_access(booking_id)
    reason = "admin" if caller().acts_as_admin(booking_id) else "user"
    (json,) = change("SELECT to_json(b)::text FROM cancel_booking(%s, %s) AS b", booking_id, reason)
    return json_response(json)
