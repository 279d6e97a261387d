"""Users: register, and what they booked."""

from flask import Blueprint, Response, current_app

from eventbooker.config import Settings
from eventbooker.http.auth import caller
from eventbooker.http.etag import Page, represent
from eventbooker.http.parsing import parse_body
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import NewUser
from eventbooker.passwords import hash_password

routes = Blueprint("users", __name__)


@routes.post("/users")
def register() -> Response:
    user = parse_body(NewUser)
    settings: Settings = current_app.extensions["settings"]
    if user.password is None and settings.auth.mode == "required":
        message = "must be given: without it nobody could sign in"
        errors = [{"field": "password", "message": message}]
        raise Problem("invalid_request", f"password: {message}.", {"errors": errors})
    user_id, json = fetch_one(
        "SELECT u.id, user_json(u)::text FROM register_user(%s, %s, %s, %s) AS u",
        user.email, user.name, user.telegram_id, user.password and hash_password(user.password),
    )  # fmt: skip
    return json_response(json, 201, Location=f"/users/{user_id}/bookings")


@routes.get("/users/<id:user_id>/bookings")
def list_bookings(user_id: int) -> Response:
    caller().require_user(user_id)
    return represent(Page(*fetch_one("SELECT list_user_bookings(%s)::text", user_id))).response()
