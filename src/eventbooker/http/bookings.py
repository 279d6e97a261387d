"""Bookings: look at, confirm, change the number of seats, cancel."""

from flask import Response

from eventbooker.http.auth import caller
from eventbooker.http.booking_batches import CONFIRM, booking_batches
from eventbooker.http.idempotency import change
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import BookingChange


def show(booking_id: int) -> Response:
    (json,) = fetch_one("SELECT get_booking(%s)::text", booking_id)
    return json_response(json)


def confirm(booking_id: int) -> Response:
    _, json = change(CONFIRM, booking_id, without_key=lambda: booking_batches().confirm(booking_id))
    return json_response(json)


def alter(booking_id: int, body: BookingChange) -> Response:
    (json,) = change("SELECT to_json(b)::text FROM change_booking_seats(%s, %s) AS b", booking_id, body.seats)
    return json_response(json)


def revive(booking_id: int) -> Response:
    (json,) = change("SELECT to_json(b)::text FROM revive_booking(%s) AS b", booking_id)
    return json_response(json)


def cancel(booking_id: int) -> Response:
    reason = "admin" if caller().acts_as_admin(booking_id) else "user"
    (json,) = change("SELECT to_json(b)::text FROM cancel_booking(%s, %s) AS b", booking_id, reason)
    return json_response(json)
