"""Users: register, and what they booked."""

from flask import Blueprint, Response, current_app

from eventbooker.config import Settings
from eventbooker.http.answers import answer, call_one
from eventbooker.http.auth import caller
from eventbooker.http.bodies import NewUser, body
from eventbooker.http.problems import Problem
from eventbooker.http.reads import Answer, make
from eventbooker.passwords import hash_password

routes = Blueprint("users", __name__)


@routes.post("/users")
def register() -> Response:
    user = body(NewUser)
    settings: Settings = current_app.extensions["settings"]
    if user.password is None and settings.auth.mode == "required":
        message = "must be given: without it nobody could sign in"
        errors = [{"field": "password", "message": message}]
        raise Problem("invalid_request", f"password: {message}.", {"errors": errors})
    user_id, json = call_one(
        "SELECT id, to_json(u)::text FROM"
        " (SELECT id, email, name, telegram_id, role, created_at FROM register_user(%s, %s, %s, %s)) AS u",
        user.email, user.name, user.telegram_id, user.password and hash_password(user.password),
    )  # fmt: skip
    return answer(json, 201, Location=f"/users/{user_id}/bookings")


@routes.get("/users/<id:user_id>/bookings")
def list_bookings(user_id: int) -> Response:
    caller().must_be_user(user_id)
    return make(lambda: Answer(*call_one("SELECT list_user_bookings(%s)::text", user_id))).response()
