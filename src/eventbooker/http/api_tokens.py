"""API tokens, for admins: list, make, revoke. What opens something is answered once, when it is made."""

from flask import Response

from eventbooker.http.auth import caller
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import NewApiToken
from eventbooker.passwords import new_token


def list_() -> Response:
    (json,) = fetch_one("SELECT list_api_tokens()::text")
    return json_response(json)


def create(body: NewApiToken) -> Response:
    """Acts for whoever makes it, except at a door: that token must outlive a change of the maker's password."""
    token = new_token()
    user = None if body.scope == "door" else caller().user
    token_id, json = fetch_one(
        "SELECT t.id, api_token_json(t)::text FROM create_api_token(%s, %s, %s, %s, clock() + %s::interval, %s) AS t",
        user and user.id, token, body.scope, body.event_id, body.lifetime, body.label,
    )  # fmt: skip
    return json_response(f'{json.removesuffix("}")},"token":"{token}"}}', 201, Location=f"/tokens/{token_id}")


def revoke(token_id: int) -> Response:
    fetch_one("SELECT revoke_api_token(%s)", token_id)
    return Response(status=204)
