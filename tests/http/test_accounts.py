"""One's account: password, sessions, links by mail, and its end."""

from collections.abc import Callable

import argon2
import httpx
import pytest

from eventbooker.http.device import device
from eventbooker.tokens import Tokens
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import refusal, register, sign_in
from tests.service import Service

EMAIL, PASSWORD, NEW = "u@example.org", "long enough", "even longer"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def user(required_service: Service) -> Service:
    return register(required_service, EMAIL)


@pytest.fixture
def admin(required_service: Service) -> Service:
    return sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)


@pytest.fixture
def user_id(user: Service) -> int:
    return int(user.get("/session").json()["user"]["id"])


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each argon2 hash that is computed."""
    computed: list[str] = []
    for name in ("hash", "verify"):
        original: Callable[..., object] = getattr(argon2.PasswordHasher, name)

        def counting(*arguments: object, name: str = name, original: Callable[..., object] = original) -> object:
            computed.append(name)
            return original(*arguments)

        monkeypatch.setattr(argon2.PasswordHasher, name, counting)
    return computed


def mailed(database: Database) -> str:
    """The token of the latest link that was queued to be mailed."""
    row = database.one("SELECT link_nonce, get_secret_key() AS key FROM outbox ORDER BY id DESC LIMIT 1")
    return Tokens(row["key"]).link(row["link_nonce"])


def is_signed_in(client: Service) -> bool:
    return client.get("/session").json()["user"] is not None


def test_a_new_password_ends_the_other_sessions_and_leaves_this_one(required_service: Service, user: Service) -> None:
    other = sign_in(required_service, EMAIL, PASSWORD)

    changed = user.call("PUT", "/session/password", {"old_password": PASSWORD, "password": NEW})

    assert changed.status_code == 204
    assert (is_signed_in(user), is_signed_in(other)) == (True, False)
    assert refusal(required_service.post("/session", {"email": EMAIL, "password": PASSWORD}))[0] == 401
    sign_in(required_service, EMAIL, NEW)


def test_a_new_password_takes_the_old_one(required_service: Service, user: Service) -> None:
    wanted = {"old_password": "wrong wrong", "password": NEW}

    assert refusal(user.call("PUT", "/session/password", wanted)) == (403, "wrong_password")
    assert refusal(required_service.call("PUT", "/session/password", wanted)) == (401, "credentials_required")
    short = {"old_password": PASSWORD, "password": "short"}
    assert refusal(user.call("PUT", "/session/password", short)) == (422, "invalid_request")
    for _ in range(9):
        user.call("PUT", "/session/password", wanted)
    assert refusal(user.call("PUT", "/session/password", wanted)) == (429, "too_many_attempts")


def test_sessions_are_listed_and_ended_one_by_one(required_service: Service, user: Service, user_id: int) -> None:
    other = Service(required_service.url)
    other.post("/session", {"email": EMAIL, "password": PASSWORD}, headers={"User-Agent": FIREFOX})
    path = f"/users/{user_id}/sessions"

    newest, oldest = user.get(path).json()

    assert (newest["device"], newest["current"], oldest["current"]) == ("Firefox, Linux", False, True)
    assert dict(user.client.cookies)["session"] not in user.get(path).text
    assert user.call("DELETE", f"{path}/{newest['id']}").status_code == 204
    assert refusal(user.call("DELETE", f"{path}/{newest['id']}")) == (404, "session_not_found")
    assert (is_signed_in(user), is_signed_in(other)) == (True, False)


def test_signing_out_everywhere_ends_all_sessions(required_service: Service, user: Service, user_id: int) -> None:
    other = sign_in(required_service, EMAIL, PASSWORD)

    assert user.call("DELETE", f"/users/{user_id}/sessions").status_code == 204
    assert (is_signed_in(user), is_signed_in(other)) == (False, False)


def test_sessions_are_nobody_elses_business(required_service: Service, user: Service, user_id: int) -> None:
    stranger = register(required_service, "s@example.org")

    for method, path in (("GET", ""), ("DELETE", ""), ("DELETE", "/1"), ("DELETE", "/404")):
        assert refusal(stranger.call(method, f"/users/{user_id}/sessions{path}")) == (403, "forbidden")
    for client, expected in ((stranger, (403, "forbidden")), (required_service, (401, "credentials_required"))):
        assert refusal(client.call("DELETE", f"/users/{user_id}")) == expected
        assert refusal(client.post(f"/users/{user_id}/reset-link")) == expected
        assert refusal(client.post(f"/users/{user_id}/email-proof")) == expected


def test_signing_in_takes_no_session_that_is_offered(required_service: Service, user: Service) -> None:
    planted = dict(user.client.cookies)["session"]
    victim = Service(required_service.url)

    answer = victim.post(
        "/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}, headers={"Cookie": f"session={planted}"}
    )

    assert answer.status_code == 201
    assert planted not in answer.headers["Set-Cookie"]
    assert not is_signed_in(user)


def test_a_session_that_somebody_chose_is_not_taken_over(required_service: Service, user: Service) -> None:
    victim = Service(required_service.url)
    chosen = {"Cookie": "session=t_chosen-by-an-attacker"}

    answer = victim.post("/session", {"email": EMAIL, "password": PASSWORD}, headers=chosen)

    assert "t_chosen-by-an-attacker" not in answer.headers["Set-Cookie"]
    assert required_service.get("/session", headers=chosen).json()["user"] is None


@pytest.mark.parametrize("way", ["changed", "reset"])
def test_a_new_password_ends_the_api_tokens(
    required_service: Service, admin: Service, user: Service, user_id: int, database: Database, way: str
) -> None:
    database.execute("SELECT create_api_token(%s, 'program')", (user_id,))
    program = {"Authorization": "Bearer program"}
    assert required_service.get(f"/users/{user_id}/bookings", headers=program).status_code == 200

    if way == "changed":
        user.call("PUT", "/session/password", {"old_password": PASSWORD, "password": NEW})
    else:
        token = admin.post(f"/users/{user_id}/reset-link").json()["url"].partition("=")[2]
        required_service.call("PUT", f"/password-reset/{token}", {"password": NEW})

    assert refusal(required_service.get(f"/users/{user_id}/bookings", headers=program))[0] == 401
    assert is_signed_in(user) is (way == "changed")


def test_a_forgotten_password_is_set_by_a_mailed_link_once(
    required_service: Service, user: Service, database: Database
) -> None:
    database.execute("UPDATE mail SET enabled = true")
    asked = required_service.post("/password-reset", {"email": EMAIL})
    unknown = required_service.post("/password-reset", {"email": "nobody@example.org"})
    assert (asked.status_code, asked.json()) == (unknown.status_code, unknown.json())
    assert (asked.status_code, asked.json()["mail"]) == (202, True)

    path = f"/password-reset/{mailed(database)}"
    assert required_service.call("PUT", path, {"password": NEW}).status_code == 204
    assert refusal(required_service.call("PUT", path, {"password": NEW})) == (404, "account_link_invalid")
    assert not is_signed_in(user)
    assert sign_in(required_service, EMAIL, NEW).get("/session").json()["email_proven"] is True


def test_without_mail_one_is_told_to_ask_an_admin(required_service: Service, user: Service) -> None:
    answers = [required_service.post("/password-reset", {"email": email}) for email in (EMAIL, "nobody@example.org")]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["mail"] is False


def test_an_admin_hands_a_reset_link_over(
    required_service: Service, admin: Service, user: Service, user_id: int
) -> None:
    made = admin.post(f"/users/{user_id}/reset-link")

    address, _, token = made.json()["url"].partition("/#reset=")
    assert (made.status_code, address) == (201, required_service.url)
    assert required_service.call("PUT", f"/password-reset/{token}", {"password": NEW}).status_code == 204
    assert refusal(admin.post("/users/404/reset-link")) == (404, "user_not_found")


def test_an_email_is_proven_by_whoever_is_signed_in_and_has_the_link(
    required_service: Service, user: Service, user_id: int, database: Database
) -> None:
    database.execute("UPDATE mail SET enabled = true")
    stranger = register(required_service, "s@example.org", status=202)
    assert user.get("/session").json()["email_proven"] is False
    assert user.post(f"/users/{user_id}/email-proof").status_code == 202

    path = f"/email-proof/{mailed(database)}"
    assert refusal(required_service.call("PUT", path)) == (401, "credentials_required")
    assert refusal(stranger.call("PUT", path)) == (404, "account_link_invalid")
    assert user.call("PUT", path).status_code == 204
    assert user.get("/session").json()["email_proven"] is True


def test_with_mail_registering_tells_nobody_which_emails_have_accounts(
    required_service: Service, user: Service, database: Database, hashes: list[str]
) -> None:
    database.execute("UPDATE mail SET enabled = true")
    required_service.book(sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD).event()["id"], "guest@example.org")
    answers: list[tuple[httpx.Response, list[str]]] = []
    for email in (EMAIL, ADMIN_EMAIL, "guest@example.org", "new@example.org"):
        hashes.clear()
        answers.append((required_service.post("/users", {"email": email, "password": PASSWORD}), list(hashes)))

    assert {(answer.status_code, answer.text, *computed) for answer, computed in answers} == {
        (202, answers[0][0].text, "hash")
    }
    kinds = database.execute("SELECT kind FROM outbox WHERE link_nonce IS NOT NULL ORDER BY id")
    assert [row["kind"] for row in kinds] == ["password_reset"] * 2 + ["email_proof"] * 2


def test_a_wrong_password_costs_one_hash_whether_or_not_there_is_an_account(
    required_service: Service, user: Service, hashes: list[str]
) -> None:
    for email in (EMAIL, "nobody@example.org"):
        hashes.clear()
        required_service.post("/session", {"email": email, "password": "wrong wrong"})
        assert hashes == ["verify"]


def test_who_deletes_the_account_is_gone_and_the_seats_are_free(
    required_service: Service, admin: Service, user: Service, user_id: int, database: Database
) -> None:
    event = admin.event(total_seats=1)
    booking = user.book(event["id"], EMAIL)

    assert user.call("DELETE", f"/users/{user_id}").status_code == 204

    assert not is_signed_in(user)
    assert admin.get(f"/events/{event['id']}").json()["available_seats"] == 1
    assert admin.get(f"/bookings/{booking['id']}").json()["cancel_reason"] == "user"
    assert refusal(required_service.post("/session", {"email": EMAIL, "password": PASSWORD}))[0] == 401
    assert refusal(admin.call("DELETE", f"/users/{user_id}")) == (404, "user_not_found")
    database.must_keep_the_law()


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"),
        ("curl/8.0", "curl"),
        ("<script>alert(1)</script>", "<script>alert(1)<"),
        ("", None),
    ],
)
def test_a_session_is_called_after_its_browser_and_system(user_agent: str, name: str | None) -> None:
    assert device(user_agent) == name
