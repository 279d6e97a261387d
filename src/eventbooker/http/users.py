"""Users: register, and what they booked."""

from urllib.parse import urlencode

from flask import Response, current_app

from eventbooker.config import Settings
from eventbooker.http.auth import caller
from eventbooker.http.etag import Page, represent
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import BookingsQuery, NewUser
from eventbooker.passwords import hash_password


def register(body: NewUser) -> Response:
    settings: Settings = current_app.extensions["settings"]
    if body.password is None and settings.auth.mode == "required":
        message = "must be given: without it nobody could sign in"
        errors = [{"field": "password", "message": message}]
        raise Problem("invalid_request", f"password: {message}.", {"errors": errors})
    user_id, json = fetch_one(
        "SELECT u.id, user_json(u)::text FROM register_user(%s, %s, %s, %s, p_claim => %s) AS u",
        body.email, body.name, caller().named_chat(body.telegram_id),
        body.password and hash_password(body.password), settings.auth.mode == "required",
    )  # fmt: skip
    return json_response(json, 201, Location=f"/users/{user_id}/bookings")


def list_bookings(user_id: int, query: BookingsQuery) -> Response:
    json, next_after = fetch_one(
        "SELECT bookings::text, next_after FROM list_user_bookings(%s, %s::integer, %s, p_own => %s)",
        user_id, query.limit, query.after, not caller().is_admin,
    )  # fmt: skip
    following = urlencode({"limit": query.limit, "after": next_after})
    link = f'</users/{user_id}/bookings?{following}>; rel="next"' if next_after else None
    return represent(Page(json, link)).response()
