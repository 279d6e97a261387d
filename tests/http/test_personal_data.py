"""A person takes along what is kept of them, or has it deleted."""

import pytest

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import bearer, refusal, register, sign_in
from tests.service import Service

EMAIL = "u@example.org"


@pytest.fixture
def admin(required_service: Service) -> Service:
    return sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)


def test_a_person_downloads_what_is_kept_of_them(required_service: Service, admin: Service) -> None:
    user = register(required_service, EMAIL)
    booking = user.book(admin.event(name="Fest")["id"], EMAIL)

    response = user.get(f"/users/{booking['user_id']}/export")

    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["content-disposition"] == (
        f'attachment; filename="eventbooker-user-{booking["user_id"]}.json"'
    )
    exported = response.json()
    assert exported["user"]["email"] == EMAIL
    assert [(each["id"], each["event_name"]) for each in exported["bookings"]] == [(booking["id"], "Fest")]
    assert [each["kind"] for each in exported["sessions_and_tokens"]] == ["session"]
    assert admin.get(f"/users/{booking['user_id']}/export").json()["user"] == exported["user"]


def test_what_is_kept_of_others_is_private(required_service: Service, admin: Service) -> None:
    booking = required_service.book(admin.event()["id"], EMAIL)
    path = f"/users/{booking['user_id']}/export"

    assert refusal(required_service.get(path)) == (401, "credentials_required")
    assert refusal(required_service.get(path, headers=bearer(booking["token"]))) == (401, "credentials_required")
    assert refusal(register(required_service, "other@example.org").get(path)) == (403, "forbidden")
    assert refusal(admin.get("/users/404/export")) == (404, "user_not_found")


def test_an_unproven_account_neither_sees_nor_deletes_what_guests_did(
    required_service: Service, admin: Service, database: Database
) -> None:
    booking = required_service.book(admin.event()["id"], EMAIL)
    owner = register(required_service, EMAIL)
    path = f"/users/{booking['user_id']}"

    assert owner.get(f"{path}/export").json()["bookings"] == []
    assert refusal(owner.call("DELETE", path)) == (403, "email_unproven")
    database.execute("UPDATE accounts SET email_proven_at = clock()")
    assert [each["id"] for each in owner.get(f"{path}/export").json()["bookings"]] == [booking["id"]]
    assert owner.call("DELETE", path).status_code == 204


def test_it_is_kept_who_had_a_person_deleted(required_service: Service, admin: Service, database: Database) -> None:
    user = register(required_service, EMAIL)
    user_id = user.get("/session").json()["user"]["id"]
    guest_id = required_service.book(admin.event()["id"], "guest@example.org")["user_id"]
    admin_id = admin.get("/session").json()["user"]["id"]

    assert user.call("DELETE", f"/users/{user_id}").status_code == 204
    assert admin.call("DELETE", f"/users/{guest_id}").status_code == 204

    kept = database.execute("SELECT id, erased_by FROM users WHERE erased_at IS NOT NULL ORDER BY id")
    assert kept == [{"id": user_id, "erased_by": "user"}, {"id": guest_id, "erased_by": f"admin {admin_id}"}]


def test_a_repeated_request_answers_nothing_of_who_was_deleted(live_service: Service) -> None:
    event_id = live_service.event()["id"]
    key = {"Idempotency-Key": "0123456789abcdef"}
    booking = live_service.post(f"/events/{event_id}/book", {"email": EMAIL}, headers=key).json()

    live_service.call("DELETE", f"/users/{booking['user_id']}")

    again = live_service.post(f"/events/{event_id}/book", {"email": EMAIL}, headers=key)
    assert "idempotency-replayed" not in again.headers
    assert again.json()["user_id"] != booking["user_id"]
