"""Bookings: look at, confirm, change the number of seats, cancel; for somebody else with a reason."""

from flask import Response

from eventbooker.http.auth import caller
from eventbooker.http.booking_batches import CONFIRM, booking_batches
from eventbooker.http.idempotency import change
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import BookingChange, Reason

CONFIRM_FOR = "SELECT b.id, to_json(b)::text FROM confirm_booking(%s, %s) AS b"


def show(booking_id: int) -> Response:
    (json,) = fetch_one("SELECT get_booking(%s)::text", booking_id)
    return json_response(json)


def history(booking_id: int) -> Response:
    (json,) = fetch_one("SELECT json_agg(h ORDER BY h.id)::text FROM booking_history(%s) AS h", booking_id)
    return json_response(json)


def confirm(booking_id: int, body: Reason) -> Response:
    if body.reason:
        _must_be_admin()
        _, json = change(CONFIRM_FOR, booking_id, body.reason)
        return json_response(json)
    _, json = change(CONFIRM, booking_id, without_key=lambda: booking_batches().confirm(booking_id))
    return json_response(json)


def alter(booking_id: int, body: BookingChange) -> Response:
    (json,) = change("SELECT to_json(b)::text FROM change_booking_seats(%s, %s) AS b", booking_id, body.seats)
    return json_response(json)


def revive(booking_id: int, body: Reason) -> Response:
    (json,) = change("SELECT to_json(b)::text FROM revive_booking(%s, %s) AS b", booking_id, body.reason)
    return json_response(json)


def cancel(booking_id: int, body: Reason) -> Response:
    if body.reason:
        _must_be_admin()
    reason = body.reason or ("admin" if caller().acts_as_admin(booking_id) else "user")
    (json,) = change("SELECT to_json(b)::text FROM cancel_booking(%s, %s) AS b", booking_id, reason)
    return json_response(json)


def resend(booking_id: int) -> Response:
    (json,) = change("SELECT json_agg(notification_json(n))::text FROM resend_confirmation(%s) AS n", booking_id)
    return json_response(json)


def _must_be_admin() -> None:
    """Raises Problem (403) for whoever says why, as only those who act for others do."""
    if not caller().is_admin:
        raise Problem("forbidden", "Only an admin gives a reason.")
