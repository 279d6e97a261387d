"""A user's own chat in Telegram, as the pages connect and disconnect it."""

import re

import pytest

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import refusal, register, sign_in
from tests.service import Service

BOT = 7_000_000_001


@pytest.fixture(autouse=True)
def bot(database: Database) -> None:
    """A worker has asked Telegram who our bot is."""
    database.execute("SELECT register_telegram_bot(%s, 'ticket_bot')", (BOT,))


@pytest.fixture
def user_id(live_service: Service) -> int:
    return int(live_service.post("/users", {"email": "ann@example.org", "name": "Ann"}).json()["id"])


def press_start(database: Database, url: str, chat_id: str = "42") -> None:
    """What the bot does when somebody opens the link and presses Start."""
    database.execute("SELECT link_telegram(%s, %s, 'en')", (url.partition("?start=")[2], chat_id))


def test_a_link_connects_the_chat_that_opens_it(live_service: Service, database: Database, user_id: int) -> None:
    path = f"/users/{user_id}/telegram"
    assert live_service.get(path).json() == {"available": True, "linked": False, "error": None}

    offered = live_service.post(f"{path}-link")
    assert offered.status_code == 201
    assert list(offered.json()) == ["url", "expires_at"]
    assert live_service.get(path).json()["linked"] is False

    press_start(database, offered.json()["url"])
    assert live_service.get(path).json() == {"available": True, "linked": True, "error": None}


def test_the_token_is_what_telegram_lets_through_and_another_each_time(live_service: Service, user_id: int) -> None:
    urls = [live_service.post(f"/users/{user_id}/telegram-link").json()["url"] for _ in range(2)]

    assert urls[0] != urls[1]
    for url in urls:
        assert re.fullmatch(r"https://t\.me/ticket_bot\?start=[A-Za-z0-9_-]{32,64}", url)


def test_disconnecting_ends_it_and_may_be_repeated(live_service: Service, database: Database, user_id: int) -> None:
    path = f"/users/{user_id}/telegram"
    press_start(database, live_service.post(f"{path}-link").json()["url"])

    for _ in range(2):
        assert live_service.call("DELETE", path).status_code == 204
        assert live_service.get(path).json()["linked"] is False


def test_a_chat_that_is_gone_says_why_until_a_new_link_is_opened(
    live_service: Service, database: Database, user_id: int
) -> None:
    path = f"/users/{user_id}/telegram"
    reason = "Forbidden: bot was blocked by the user"
    press_start(database, live_service.post(f"{path}-link").json()["url"])
    database.execute("UPDATE users SET telegram_broken_at = clock(), telegram_error = %s", (reason,))
    assert live_service.get(path).json() == {"available": True, "linked": True, "error": reason}

    press_start(database, live_service.post(f"{path}-link").json()["url"])
    assert live_service.get(path).json() == {"available": True, "linked": True, "error": None}


def test_without_a_bot_there_is_no_link(live_service: Service, database: Database, user_id: int) -> None:
    database.execute("SELECT disable_telegram()")

    assert live_service.get(f"/users/{user_id}/telegram").json()["available"] is False
    assert refusal(live_service.post(f"/users/{user_id}/telegram-link")) == (409, "telegram_off")


def test_a_bot_that_no_worker_has_asked_for_its_name_yet_cannot_be_linked_to(
    live_service: Service, database: Database, user_id: int
) -> None:
    database.execute("UPDATE telegram_bot SET bot_id = NULL, username = NULL")

    assert live_service.get(f"/users/{user_id}/telegram").json()["available"] is False
    assert refusal(live_service.post(f"/users/{user_id}/telegram-link")) == (409, "telegram_off")


def test_a_user_who_is_not_there(live_service: Service) -> None:
    for method, path in (("GET", "telegram"), ("DELETE", "telegram"), ("POST", "telegram-link")):
        assert refusal(live_service.call(method, f"/users/404/{path}")) == (404, "user_not_found")


def test_it_is_for_the_user_alone_and_for_admins(required_service: Service) -> None:
    owner, stranger = register(required_service, "o@example.org"), register(required_service, "s@example.org")
    admin = sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)
    user_id = owner.get("/session").json()["user"]["id"]

    for method, path, done in (("POST", "telegram-link", 201), ("GET", "telegram", 200), ("DELETE", "telegram", 204)):
        path = f"/users/{user_id}/{path}"
        assert refusal(required_service.call(method, path)) == (401, "credentials_required")
        assert refusal(stranger.call(method, path)) == (403, "forbidden")
        assert owner.call(method, path).status_code == done
        assert admin.call(method, path).status_code == done
    assert refusal(stranger.get("/users/404/telegram")) == (403, "forbidden")


def test_what_a_user_is_shown_of_themselves_is_the_same_as_ever(live_service: Service, user_id: int) -> None:
    live_service.post("/session", {"email": "ann@example.org"})

    user = live_service.get("/session").json()["user"]

    assert user["id"] == user_id
    assert sorted(user) == ["created_at", "email", "id", "name", "role", "telegram_id"]


def test_programs_may_still_give_a_chat_by_its_number(live_service: Service) -> None:
    live_service.book(live_service.event()["id"], "bob@example.org", telegram_id="42")
    user_id = live_service.post("/session", {"email": "bob@example.org"}).json()["user"]["id"]

    assert live_service.get(f"/users/{user_id}/telegram").json()["linked"] is True
