"""Sessions of the pages: sign in, who am I, sign out."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from eventbooker.config import Settings
from eventbooker.http.answers import call, call_one
from eventbooker.http.auth import COOKIE, caller
from eventbooker.http.bodies import SignIn, body
from eventbooker.http.problems import Problem
from eventbooker.passwords import NOBODY, is_password, new_token

routes = Blueprint("sessions", __name__)

LIFETIME = timedelta(days=30)


@routes.get("/session")
def show() -> Response:
    user = caller().user
    return _told(user.id if user else None)


@routes.post("/session")
def sign_in() -> Response:
    wanted = body(SignIn)
    settings: Settings = current_app.extensions["settings"]
    user_id = _with_password(wanted) if settings.auth.mode == "required" else _by_word(wanted)
    token = new_token()
    call_one("SELECT grant_access(%s, %s, 'session', %s)", user_id, token, LIFETIME)
    response = _told(user_id)
    response.status_code = 201
    response.set_cookie(COOKIE, token, max_age=LIFETIME, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


@routes.delete("/session")
def sign_out() -> Response:
    if token := request.cookies.get(COOKIE):
        call_one("SELECT revoke_access(%s)", token)
    response = Response(status=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
    return response


def _with_password(wanted: SignIn) -> int:
    account = call("SELECT user_id, password_hash FROM find_account(%s)", wanted.email)
    user_id, password_hash = account or (0, NOBODY)
    if not is_password(wanted.password or "", password_hash) or not account:
        call_one("SELECT note_sign_in_failure(%s)", wanted.email)
        raise Problem("wrong_credentials", "No account has this email and this password.")
    return int(user_id)


def _by_word(wanted: SignIn) -> int:
    """Open mode believes everybody."""
    (user_id,) = call_one("SELECT find_or_add_user(%s, %s, %s)", wanted.email, wanted.name, wanted.telegram_id)
    return int(user_id)


def _told(user_id: int | None) -> Response:
    settings: Settings = current_app.extensions["settings"]
    sql = "SELECT to_json(u) FROM (SELECT id, email, name, telegram_id, role, created_at FROM users) AS u WHERE id = %s"
    user: Any = user_id and call_one(sql, user_id)[0]
    response = jsonify(auth_mode=settings.auth.mode, user=user)
    response.headers["Cache-Control"] = "no-store"
    return response
