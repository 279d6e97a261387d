"""The messages to people, as admins see them."""

import pytest

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import refusal, register, sign_in
from tests.service import Service

MEMBERS = [
    "id", "user_id", "booking_id", "event_id", "channel", "kind", "state", "attempts", "last_error", "created_at",
    "due_at",
]  # fmt: skip


@pytest.fixture
def failed(database: Database) -> int:
    """A message that was given up, because its reader blocked the bot."""
    hold = database.book(database.event(), telegram_id="42")
    database.execute("SELECT confirm_booking(%s)", (hold["id"],))
    database.execute("DELETE FROM outbox WHERE kind <> 'booking_confirmed'")
    claimed = database.one("SELECT id, claim FROM claim_notifications(1, '1 min')")
    database.execute("SELECT fail_notification(%s, %s, 'blocked', true)", (claimed["id"], claimed["claim"]))
    return int(claimed["id"])


def test_a_quiet_service_has_nothing_to_tell(live_service: Service) -> None:
    assert live_service.get("/notifications").json() == {
        "enabled": True, "bot": None, "mail": False, "waiting": 0, "sent": 0, "failed": 0, "oldest_waiting_at": None,
        "problems": [],
    }  # fmt: skip


def test_a_failed_message_is_shown_and_tried_again(live_service: Service, database: Database, failed: int) -> None:
    shown = live_service.get("/notifications").json()
    assert (shown["waiting"], shown["failed"]) == (0, 1)
    (problem,) = shown["problems"]
    assert list(problem) == MEMBERS
    assert (problem["id"], problem["state"], problem["last_error"]) == (failed, "failed", "blocked")

    retried = live_service.post(f"/notifications/{failed}/retry")
    assert retried.status_code == 200
    assert list(retried.json()) == MEMBERS
    assert retried.json()["state"] == "waiting"
    shown = live_service.get("/notifications").json()
    assert (shown["waiting"], shown["failed"], shown["problems"]) == (1, 0, [])
    assert shown["oldest_waiting_at"]
    assert database.one("SELECT telegram_error FROM users") == {"telegram_error": None}


def test_what_was_sent_or_is_not_there_cannot_be_tried_again(
    live_service: Service, database: Database, failed: int
) -> None:
    database.execute("UPDATE outbox SET state = 'sent'")

    assert refusal(live_service.post(f"/notifications/{failed}/retry")) == (409, "notification_sent")
    assert refusal(live_service.post("/notifications/404/retry")) == (404, "notification_not_found")


def test_only_admins_see_them_or_try_them_again(required_service: Service, failed: int) -> None:
    user = register(required_service, "u@example.org")
    admin = sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)

    for method, path in (("GET", "/notifications"), ("POST", f"/notifications/{failed}/retry")):
        assert refusal(required_service.call(method, path)) == (401, "credentials_required")
        assert refusal(user.call(method, path)) == (403, "forbidden")
        assert admin.call(method, path).status_code == 200
