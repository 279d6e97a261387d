"""The state of the notifications, for admins, and another try for one that failed."""

from flask import Response

from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response


def show() -> Response:
    (json,) = fetch_one("SELECT get_notifications()::text")
    return json_response(json)


def retry(notification_id: int) -> Response:
    (json,) = fetch_one("SELECT notification_json(n)::text FROM requeue_notification(%s) AS n", notification_id)
    return json_response(json)
