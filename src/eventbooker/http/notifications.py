"""The messages to people, for admins: how they are doing, and another try for one that failed."""

from flask import Blueprint, Response

from eventbooker.http.answers import answer, call_one
from eventbooker.http.auth import caller
from eventbooker.http.bodies import no_body

routes = Blueprint("notifications", __name__)


@routes.get("/notifications")
def show() -> Response:
    caller().must_be_admin()
    (json,) = call_one("SELECT notifications_json()::text")
    return answer(json)


@routes.post("/notifications/<id:notification_id>/retry")
def retry(notification_id: int) -> Response:
    no_body()
    caller().must_be_admin()
    (json,) = call_one(
        "SELECT json_build_object('id', id, 'user_id', user_id, 'booking_id', booking_id, 'kind', kind,"
        " 'state', state, 'attempts', attempts, 'last_error', last_error, 'created_at', created_at, 'due_at', due_at"
        ")::text FROM requeue_notification(%s)",
        notification_id,
    )
    return answer(json)
