"""One's account: change the password, look at one's sessions and end them, take along or delete everything."""

from flask import Response

from eventbooker.http.auth import caller
from eventbooker.http.client_address import client_address
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import PasswordChange
from eventbooker.http.sessions import WRONG_CREDENTIALS, check_password, without_session
from eventbooker.passwords import hash_password


def change_password(body: PasswordChange) -> Response:
    user = caller().user
    if user is None:
        raise caller().refusal("")
    try:
        user_id, old_hash = check_password(user.email, body.old_password)
    except Problem as problem:
        if problem.code != WRONG_CREDENTIALS:
            raise
        raise Problem("wrong_password", "This is not the password that you sign in with.") from None
    new_hash = hash_password(body.password)
    fetch_one(
        "SELECT change_password(%s, %s, %s, %s, %s)", user_id, old_hash, new_hash, caller().token, client_address()
    )
    return Response(status=204)


def list_sessions(user_id: int) -> Response:
    (json,) = fetch_one("SELECT list_sessions(%s, %s)::text", user_id, caller().token)
    return json_response(json)


def end_session(user_id: int, session_id: int) -> Response:
    fetch_one("SELECT end_session(%s, %s)", user_id, session_id)
    return Response(status=204)


def end_sessions(user_id: int) -> Response:
    fetch_one("SELECT end_sessions(%s)", user_id)
    return without_session() if caller().is_user(user_id) else Response(status=204)


def erase(user_id: int) -> Response:
    who = caller()
    who.must_be_proven(user_id)
    own = who.is_user(user_id)
    by = "user" if own else f"admin {who.user.id}" if who.user else "open mode"
    fetch_one("SELECT erase_user(%s, %s, %s)", user_id, "user" if own or who.open_mode else "admin", by)
    return without_session() if own else Response(status=204)


def export(user_id: int) -> Response:
    (json,) = fetch_one("SELECT export_user(%s, p_own => %s)::text", user_id, not caller().is_admin)
    response = json_response(json)
    response.headers["Content-Disposition"] = f'attachment; filename="eventbooker-user-{user_id}.json"'
    return response
