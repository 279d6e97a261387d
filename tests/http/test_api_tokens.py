"""API tokens over HTTP: made, listed, revoked, and refused beyond their scope."""

import httpx
import pytest

from eventbooker.config import Settings
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import EVENT, bearer, refusal, register, sign_in
from tests.service import Service


@pytest.fixture
def admin(required_service: Service) -> Service:
    return sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)


def make(admin: Service, scope: str, **more: object) -> str:
    made = admin.post("/tokens", {"scope": scope, **more})
    assert made.status_code == 201
    return str(made.json()["token"])


def test_a_token_is_told_once(required_service: Service, admin: Service) -> None:
    made = admin.post("/tokens", {"scope": "admin", "label": "cron", "expires_in_days": 30})

    token = made.json().pop("token")
    assert made.headers["Cache-Control"] == "private, no-store"
    assert made.headers["Location"] == f"/tokens/{made.json()['id']}"
    assert (made.json()["user_email"], made.json()["label"]) == (ADMIN_EMAIL, "cron")
    listed = admin.get("/tokens")
    assert listed.json() == [{key: value for key, value in made.json().items() if key != "token"}]
    assert token not in listed.text
    assert required_service.post("/events", EVENT, headers=bearer(token)).status_code == 201
    assert admin.get("/tokens").json()[0]["last_used_at"] is not None


def test_a_revoked_token_opens_nothing(required_service: Service, admin: Service) -> None:
    made = admin.post("/tokens", {"scope": "admin"}).json()

    assert admin.call("DELETE", f"/tokens/{made['id']}").status_code == 204

    assert refusal(admin.call("DELETE", f"/tokens/{made['id']}")) == (404, "token_not_found")
    assert refusal(required_service.post("/events", EVENT, headers=bearer(made["token"])))[0] == 401


def test_tokens_are_for_admins_to_see_and_to_make(required_service: Service, admin: Service) -> None:
    user = register(required_service, "u@example.org")
    for method, path in (("GET", "/tokens"), ("POST", "/tokens"), ("DELETE", "/tokens/1"), ("DELETE", "/tokens/404")):
        assert refusal(user.call(method, path, {"scope": "admin"})) == (403, "forbidden")
        assert refusal(required_service.call(method, path, {"scope": "admin"})) == (401, "credentials_required")


def test_a_token_of_a_user_gives_that_users_rights_alone(required_service: Service, database: Database) -> None:
    register(required_service, "u@example.org")
    database.execute("SELECT create_api_token(find_user_id('u@example.org'), 'token', 'admin')")

    assert refusal(required_service.post("/events", EVENT, headers=bearer("token"))) == (403, "forbidden")
    assert required_service.get("/session", headers=bearer("token")).json()["user"]["email"] == "u@example.org"


def test_a_read_token_reads_what_its_user_may_and_changes_nothing(required_service: Service, admin: Service) -> None:
    headers = bearer(make(admin, "read"))
    event_id = admin.event(published=False)["id"]
    admin.book(event_id, "g@example.org")
    path = f"/events/{event_id}"

    assert required_service.get(path, headers=headers).status_code == 200
    assert len(required_service.get(f"{path}/bookings", headers=headers).json()) == 1
    assert required_service.call("HEAD", f"{path}/bookings", headers=headers).status_code == 200
    for method, unsafe in (
        ("POST", "/events"), ("PATCH", path), ("POST", f"{path}/book"), ("DELETE", "/tokens/1"), ("DELETE", "/session"),
        ("POST", "/users"), ("POST", "/session"), ("POST", "/password-reset"),
    ):  # fmt: skip
        refused = required_service.call(method, unsafe, {"email": "x@example.org"}, headers=headers)
        assert refusal(refused) == (403, "forbidden"), unsafe
        assert "scope read" in refused.json()["detail"]


def test_a_door_token_opens_nothing_but_the_door(required_service: Service, admin: Service) -> None:
    event_id = admin.event()["id"]
    booking = admin.book(event_id, "g@example.org")
    headers = bearer(make(admin, "door", event_id=event_id))

    for method, path in (
        ("GET", f"/bookings/{booking['id']}"), ("GET", f"/events/{event_id}/bookings"), ("POST", "/events"),
        ("GET", "/tokens"), ("POST", f"/events/{event_id}/book"), ("PUT", "/session/password"),
    ):  # fmt: skip
        refused = required_service.call(method, path, {"email": "x@example.org"}, headers=headers)
        assert refusal(refused) == (403, "forbidden"), path
        assert "scope door" in refused.json()["detail"]
    assert required_service.get(f"/events/{event_id}", headers=headers).status_code == 200
    assert required_service.get("/session", headers=headers).json()["user"] is None


def test_a_scope_holds_for_a_token_that_comes_as_a_cookie(required_service: Service, admin: Service) -> None:
    cookie = {"Cookie": f"session={make(admin, 'read')}"}

    assert required_service.get("/tokens", headers=cookie).status_code == 200
    assert refusal(required_service.post("/events", EVENT, headers=cookie)) == (403, "forbidden")


def test_in_open_mode_scopes_hold_too(live_service: Service, settings: Settings, database: Database) -> None:
    event_id = live_service.event()["id"]
    door = bearer(make(live_service, "door", event_id=event_id))
    assert refusal(live_service.post("/tokens", {"scope": "read"})) == (404, "user_not_found")
    database.execute("SELECT create_admin('boss@example.org', 'hash')")
    read = bearer(make(live_service, "read"))

    for headers in (door, read):
        assert refusal(live_service.post("/events", EVENT, headers=headers)) == (403, "forbidden")
    assert refusal(live_service.get("/tokens", headers=door)) == (403, "forbidden")
    assert live_service.get("/tokens", headers=read).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "scope"),
        ({"scope": "owner"}, "scope"),
        ({"scope": "door"}, "event_id"),
        ({"scope": "read", "event_id": 1}, "event_id"),
        ({"scope": "read", "label": ""}, "label"),
        ({"scope": "read", "label": "x" * 101}, "label"),
        ({"scope": "read", "expires_in_days": 0}, "expires_in_days"),
        ({"scope": "read", "email": "u@example.org"}, "email"),
    ],
)
def test_what_is_no_token_is_told_at_its_field(live_service: Service, body: dict[str, object], field: str) -> None:
    refused: httpx.Response = live_service.post("/tokens", body)

    assert refusal(refused) == (422, "invalid_request")
    assert field in [error["field"] for error in refused.json()["errors"]]


def test_a_door_is_that_of_an_event_that_is_there(live_service: Service) -> None:
    refused = live_service.post("/tokens", {"scope": "door", "event_id": 404})

    assert refusal(refused) == (404, "event_not_found")
