"""Telegram: link a user's chat, look whether it is linked, unlink it. What people write to the bot is the worker's."""

from flask import Blueprint, Response

from eventbooker.http.auth import caller
from eventbooker.http.parsing import ignore_body
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.passwords import new_token

routes = Blueprint("telegram", __name__)


@routes.get("/users/<id:user_id>/telegram")
def show(user_id: int) -> Response:
    caller().require_user(user_id)
    (json,) = fetch_one("SELECT get_telegram_status(%s)::text", user_id)
    return json_response(json)


@routes.post("/users/<id:user_id>/telegram-link")
def create_link(user_id: int) -> Response:
    ignore_body()
    caller().require_user(user_id)
    (json,) = fetch_one("SELECT create_telegram_link(%s, %s)::text", user_id, new_token())
    return json_response(json, 201)


@routes.delete("/users/<id:user_id>/telegram")
def unlink(user_id: int) -> Response:
    caller().require_user(user_id)
    fetch_one("SELECT unlink_telegram(%s)", user_id)
    return Response(status=204)
