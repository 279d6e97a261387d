"""Sessions of the pages: sign in, who am I, sign out."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, jsonify, request

from eventbooker.config import Settings
from eventbooker.http.auth import COOKIE, caller
from eventbooker.http.client_address import is_https
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one, fetch_optional
from eventbooker.http.schemas import SignIn
from eventbooker.passwords import NOBODY, is_password, new_token

LIFETIME = timedelta(days=30)

START = "SELECT user_json(u) FROM create_access_token(%s, %s, 'session', %s) AS u"
START_FOR_ANYBODY = "SELECT user_json(u) FROM create_access_token(find_or_add_user(%s, %s, %s), %s, 'session', %s) AS u"


def show() -> Response:
    token = caller().token
    row = token and fetch_optional("SELECT user_json(u) FROM authenticate_token(%s) AS u", token)
    return _session(row[0] if row else None)


def sign_in(body: SignIn) -> Response:
    settings: Settings = current_app.extensions["settings"]
    token = new_token()
    if settings.auth.mode == "required":
        (user,) = fetch_one(START, _check_password(body), token, LIFETIME)
    else:
        (user,) = fetch_one(START_FOR_ANYBODY, body.email, body.name, body.telegram_id, token, LIFETIME)
    response = _session(user)
    response.status_code = 201
    response.set_cookie(COOKIE, token, max_age=LIFETIME, httponly=True, samesite="Lax", secure=is_https())
    return response


def sign_out() -> Response:
    if token := request.cookies.get(COOKIE):
        fetch_one("SELECT revoke_access_token(%s)", token)
    response = Response(status=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=is_https())
    return response


def _check_password(body: SignIn) -> int:
    """The id of the account's user. Raises Problem (401), psycopg.Error (429)."""
    account = fetch_optional("SELECT user_id, password_hash FROM find_account(%s)", body.email)
    user_id, password_hash = account or (0, NOBODY)
    if not is_password(body.password or "", password_hash) or not account:
        fetch_one("SELECT record_sign_in_failure(%s)", body.email)
        raise Problem("wrong_credentials", "No account has this email and this password.")
    return int(user_id)


def _session(user: dict[str, Any] | None) -> Response:
    settings: Settings = current_app.extensions["settings"]
    return jsonify(auth_mode=settings.auth.mode, user=user)
