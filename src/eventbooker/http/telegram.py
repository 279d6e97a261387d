"""Telegram: connect a user's chat, look whether it is connected, disconnect it. The chat's side is the worker's."""

from flask import Blueprint, Response

from eventbooker.http.answers import answer, call, call_one
from eventbooker.http.auth import caller
from eventbooker.http.bodies import no_body
from eventbooker.http.problems import Problem
from eventbooker.passwords import new_token

routes = Blueprint("telegram", __name__)


@routes.get("/users/<id:user_id>/telegram")
def show(user_id: int) -> Response:
    caller().must_be_user(user_id)
    row = call(
        "SELECT json_build_object('available', bot.enabled AND bot.username IS NOT NULL,"
        " 'linked', u.telegram_id IS NOT NULL, 'error', u.telegram_error)::text"
        " FROM users AS u CROSS JOIN telegram_bot AS bot WHERE u.id = %s",
        user_id,
    )
    if row is None:
        raise Problem("user_not_found", f"There is no user {user_id}.")
    return answer(row[0])


@routes.post("/users/<id:user_id>/telegram-link")
def offer_link(user_id: int) -> Response:
    no_body()
    caller().must_be_user(user_id)
    (json,) = call_one("SELECT offer_telegram_link(%s, %s)::text", user_id, new_token())
    return answer(json, 201)


@routes.delete("/users/<id:user_id>/telegram")
def unlink(user_id: int) -> Response:
    caller().must_be_user(user_id)
    call_one("SELECT unlink_telegram(%s)", user_id)
    return Response(status=204)
