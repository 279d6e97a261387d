"""Telegram: link a user's chat, look whether it is linked, unlink it. What people write to the bot is the worker's."""

from flask import Response, jsonify

from eventbooker.http.auth import caller
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.passwords import new_token


def show(user_id: int) -> Response:
    if _is_unproven(user_id):
        return jsonify(available=False, linked=False, error=None)
    (json,) = fetch_one("SELECT get_telegram_status(%s)::text", user_id)
    return json_response(json)


def create_link(user_id: int) -> Response:
    _must_be_proven(user_id)
    (json,) = fetch_one("SELECT create_telegram_link(%s, %s)::text", user_id, new_token())
    return json_response(json, 201)


def unlink(user_id: int) -> Response:
    _must_be_proven(user_id)
    fetch_one("SELECT unlink_telegram(%s)", user_id)
    return Response(status=204)


def _must_be_proven(user_id: int) -> None:
    """Raises Problem (403)."""
    if _is_unproven(user_id):
        raise Problem("email_unproven", "Prove first that the email is yours: guests have used it.")


def _is_unproven(user_id: int) -> bool:
    """The chat is told of all that was booked for the email: it is nothing for an account that may be a stranger's."""
    return not caller().is_admin and bool(fetch_one("SELECT is_unproven_claim(%s)", user_id)[0])
