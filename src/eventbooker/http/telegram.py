"""Telegram: link a user's chat, look whether it is linked, unlink it. What people write to the bot is the worker's."""

from flask import Response, jsonify

from eventbooker.http.auth import caller
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.passwords import new_token


def show(user_id: int) -> Response:
    if caller().is_unproven(user_id):
        return jsonify(available=False, linked=False, error=None)
    (json,) = fetch_one("SELECT get_telegram_status(%s)::text", user_id)
    return json_response(json)


def create_link(user_id: int) -> Response:
    caller().must_be_proven(user_id)
    (json,) = fetch_one("SELECT create_telegram_link(%s, %s)::text", user_id, new_token())
    return json_response(json, 201)


def unlink(user_id: int) -> Response:
    caller().must_be_proven(user_id)
    fetch_one("SELECT unlink_telegram(%s)", user_id)
    return Response(status=204)
