"""Sessions of the pages: sign in, who am I, sign out."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, jsonify, request

from eventbooker.config import Settings
from eventbooker.http.auth import COOKIE, caller, session_cookie
from eventbooker.http.client_address import client_address, is_https
from eventbooker.http.device import device
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one, fetch_optional
from eventbooker.http.schemas import SignIn
from eventbooker.passwords import NOBODY, is_password, new_token

LIFETIME = timedelta(days=30)

WRONG_CREDENTIALS = "wrong_credentials"

START = "SELECT user_json(u) FROM finish_sign_in(%s, %s, %s, %s, %s, %s, %s) AS u"
START_FOR_ANYBODY = "SELECT user_json(u) FROM create_session(find_or_add_user(%s, %s, %s), %s, %s, %s, %s) AS u"


def show() -> Response:
    token = caller().token
    row = token and fetch_optional(
        "SELECT user_json(acts_for) FROM authenticate_token(%s) WHERE (acts_for).id IS NOT NULL", token
    )
    return _session(row[0] if row else None)


def sign_in(body: SignIn) -> Response:
    """A session under a token of its own; the one that the browser had before ends."""
    settings: Settings = current_app.extensions["settings"]
    token = new_token()
    session = (token, LIFETIME, device(request.user_agent.string), session_cookie())
    if settings.auth.mode == "required":
        account = check_password(body.email, body.password or "")
        row = fetch_optional(START, *account, client_address(), *session)
        if row is None:
            raise _wrong_credentials()
        (user,) = row
    else:
        (user,) = fetch_one(START_FOR_ANYBODY, body.email, body.name, body.telegram_id, *session)
    response = _session(user)
    response.status_code = 201
    response.set_cookie(COOKIE, token, max_age=LIFETIME, httponly=True, samesite="Lax", secure=is_https())
    return response


def sign_out() -> Response:
    if token := session_cookie():
        fetch_one("SELECT revoke_access_token(%s)", token)
    return without_session()


def without_session() -> Response:
    """204, and the browser forgets its session."""
    response = Response(status=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=is_https())
    return response


def check_password(email: str, password: str) -> tuple[int, str]:
    """The id of the account's user and the hash of its password. One hash is computed whether or not there is such an
    account. Raises Problem (401), psycopg.Error (429)."""
    account = fetch_optional("SELECT user_id, password_hash FROM start_sign_in(%s, %s)", email, client_address())
    user_id, password_hash = account or (0, NOBODY)
    if not is_password(password, password_hash) or not account:
        raise _wrong_credentials()
    return int(user_id), str(password_hash)


def _wrong_credentials() -> Problem:
    return Problem(WRONG_CREDENTIALS, "No account has this email and this password.")


def _session(user: dict[str, Any] | None) -> Response:
    settings: Settings = current_app.extensions["settings"]
    proven = user and fetch_one("SELECT is_email_proven(%s)", user["id"])[0]
    return jsonify(auth_mode=settings.auth.mode, user=user, **({} if proven is None else {"email_proven": proven}))
