"""By which way a user is told, and the end of the mails for whoever was sent one."""

from urllib.parse import urlsplit

import pytest

from eventbooker.tokens import Tokens
from tests.database import Database
from tests.http.test_auth import refusal, register
from tests.service import Service


@pytest.fixture
def user_id(database: Database) -> int:
    database.execute("SELECT enable_mail()")
    return int(database.one("SELECT find_or_add_user('anna@example.org', NULL, NULL) AS id")["id"])


@pytest.fixture
def token(database: Database, user_id: int) -> str:
    return Tokens(database.one("SELECT get_secret_key() AS key")["key"]).unsubscribing(user_id)


def test_a_user_chooses_how_to_be_told(live_service: Service, user_id: int) -> None:
    path = f"/users/{user_id}/notifications"
    assert live_service.get(path).json() == {
        "channel": "auto", "language": None, "mail_available": True, "mail_error": None,
    }  # fmt: skip
    chosen = live_service.call("PUT", path, {"channel": "both", "language": "ru"})
    assert chosen.status_code == 200
    assert live_service.get(path).json() == chosen.json()
    assert refusal(live_service.call("PUT", path, {"channel": "pigeon"})) == (422, "invalid_request")
    assert refusal(live_service.get("/users/404/notifications")) == (404, "user_not_found")


def test_only_the_user_and_admins_do(required_service: Service, database: Database) -> None:
    stranger = register(required_service, "boris@example.org")
    user_id = database.one("SELECT find_or_add_user('anna@example.org', NULL, NULL) AS id")["id"]
    path = f"/users/{user_id}/notifications"
    for method, body in (("GET", None), ("PUT", {"channel": "mail"})):
        assert refusal(required_service.call(method, path, body)) == (401, "credentials_required")
        assert refusal(stranger.call(method, path, body)) == (403, "forbidden")


def test_a_mail_program_unsubscribes_in_one_click_without_signing_in(
    required_service: Service, database: Database, user_id: int, token: str
) -> None:
    for _ in range(2):
        answer = required_service.post(
            f"/users/{user_id}/unsubscribe?token={token}",
            content="List-Unsubscribe=One-Click",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == 204
    assert database.one("SELECT notify_by FROM users WHERE id = %s", user_id) == {"notify_by": "telegram"}


def test_a_look_at_the_link_changes_nothing_and_leads_to_the_page_that_asks(
    required_service: Service, database: Database, user_id: int, token: str
) -> None:
    answer = required_service.get(f"/users/{user_id}/unsubscribe?token={token}")
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path == "/user"
    assert urlsplit(answer.headers["Location"]).fragment == f"unsubscribe={user_id}&token={token}"
    assert database.one("SELECT notify_by FROM users WHERE id = %s", user_id) == {"notify_by": "auto"}


def test_another_users_token_or_none_unsubscribes_nobody(
    required_service: Service, database: Database, user_id: int, token: str
) -> None:
    for path in (f"/users/{user_id + 1}/unsubscribe?token={token}", f"/users/{user_id}/unsubscribe?token=u_x"):
        assert refusal(required_service.post(path)) == (404, "unsubscribe_link_invalid")
    assert refusal(required_service.post(f"/users/{user_id}/unsubscribe")) == (422, "invalid_request")
    assert database.one("SELECT notify_by FROM users WHERE id = %s", user_id) == {"notify_by": "auto"}
