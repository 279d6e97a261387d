"""Users: register, and what they booked."""

from urllib.parse import urlencode

import psycopg
from flask import Response, current_app

from eventbooker.config import Settings
from eventbooker.http.account_links import mailed, new_link, takes_always_as_long
from eventbooker.http.auth import caller
from eventbooker.http.etag import Page, represent
from eventbooker.http.problems import SQLSTATES
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import BookingsQuery, NewUser
from eventbooker.passwords import hash_password

REGISTERED = (
    "A mail is on its way to this email, with a link that proves that it is yours or, if it has an account, sets a new "
    "password."
)


def register(body: NewUser) -> Response:
    settings: Settings = current_app.extensions["settings"]
    if settings.auth.mode == "required" and fetch_one("SELECT is_mail_enabled()")[0]:
        return _register_by_mail(body)
    user_id, json = fetch_one(
        "SELECT u.id, user_json(u)::text FROM register_user(%s, %s, %s, %s, p_claim => %s) AS u",
        body.email, body.name, caller().named_chat(body.telegram_id),
        body.password and hash_password(body.password), settings.auth.mode == "required",
    )  # fmt: skip
    return json_response(json, 201, Location=f"/users/{user_id}/bookings")


def _register_by_mail(body: NewUser) -> Response:
    """The same answer after the same time whether or not the email has an account: its owner reads in the mail what is
    the case."""
    password_hash = hash_password(body.password or "")
    with takes_always_as_long():
        try:
            (user_id,) = fetch_one(
                "SELECT u.id FROM register_user(%s, %s, NULL, %s, p_claim => true) AS u",
                body.email, body.name, password_hash,
            )  # fmt: skip
        except psycopg.Error as error:
            if SQLSTATES.get(error.sqlstate or "") != "email_taken":
                raise
            fetch_one("SELECT request_password_reset(%s, %s, %s)", body.email, *new_link())
        else:
            fetch_one("SELECT request_email_proof(%s, %s, %s)", user_id, *new_link())
    return mailed(True, REGISTERED)


def list_bookings(user_id: int, query: BookingsQuery) -> Response:
    json, next_after = fetch_one(
        "SELECT bookings::text, next_after FROM list_user_bookings(%s, %s::integer, %s, p_own => %s)",
        user_id, query.limit, query.after, not caller().is_admin,
    )  # fmt: skip
    following = urlencode({"limit": query.limit, "after": next_after})
    link = f'</users/{user_id}/bookings?{following}>; rel="next"' if next_after else None
    return represent(Page(json, link)).response()
