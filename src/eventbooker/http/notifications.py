"""The state of the notifications, for admins, and another try for one that failed."""

from flask import Blueprint, Response

from eventbooker.http.auth import caller
from eventbooker.http.parsing import ignore_body
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response

routes = Blueprint("notifications", __name__)


@routes.get("/notifications")
def show() -> Response:
    caller().require_admin()
    (json,) = fetch_one("SELECT get_notifications()::text")
    return json_response(json)


@routes.post("/notifications/<id:notification_id>/retry")
def retry(notification_id: int) -> Response:
    ignore_body()
    caller().require_admin()
    (json,) = fetch_one("SELECT notification_json(n)::text FROM requeue_notification(%s) AS n", notification_id)
    return json_response(json)
