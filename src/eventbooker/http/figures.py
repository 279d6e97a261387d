"""How an event filled over time."""

from flask import Response

from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response


def show(event_id: int) -> Response:
    (json,) = fetch_one("SELECT event_figures(%s)::text", event_id)
    return json_response(json)
