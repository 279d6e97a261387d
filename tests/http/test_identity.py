"""What an email's owner gets, and what everybody else learns of it."""

import pytest

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import bearer, refusal, register, sign_in
from tests.service import Service

EMAIL = "guest@example.org"


@pytest.fixture
def admin(required_service: Service) -> Service:
    return sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)


def prove(database: Database) -> None:
    """As a link sent by mail does."""
    database.execute("UPDATE accounts SET email_proven_at = clock()")


def test_already_booked_tells_strangers_nothing_of_the_booking(required_service: Service, admin: Service) -> None:
    event_id = admin.event()["id"]
    required_service.book(event_id, EMAIL)
    wanted = {"email": EMAIL}

    told = [
        required_service.post(f"/events/{event_id}/book", wanted),
        required_service.post(f"/events/{event_id}/book", wanted, headers={"Idempotency-Key": "0123456789abcdef"}),
        register(required_service, "stranger@example.org").post(f"/events/{event_id}/book", wanted),
        required_service.post(f"/events/{event_id}/book", wanted, headers=bearer("b_wrong")),
    ]

    assert {refusal(answer) for answer in told} == {(409, "already_booked")}
    assert {tuple(answer.json().items()) for answer in told} == {tuple(told[0].json().items())}
    assert list(told[0].json()) == ["type", "title", "status", "code", "detail"]


def test_already_booked_names_the_booking_to_whoever_may_see_it(
    required_service: Service, admin: Service, database: Database
) -> None:
    event_id = admin.event()["id"]
    booking = required_service.book(event_id, EMAIL)
    path, wanted = f"/events/{event_id}/book", {"email": EMAIL}

    assert required_service.post(path, wanted, headers=bearer(booking["token"])).json()["booking_id"] == booking["id"]
    assert admin.post(path, wanted).json()["booking_id"] == booking["id"]
    owner = register(required_service, EMAIL)
    assert "booking_id" not in owner.post(path, wanted).json()
    prove(database)
    assert owner.post(path, wanted).json()["booking_id"] == booking["id"]


def test_a_guests_bookings_are_the_accounts_once_the_email_is_proven(
    required_service: Service, admin: Service, database: Database
) -> None:
    booking = required_service.book(admin.event()["id"], EMAIL)
    path, listing = f"/bookings/{booking['id']}", f"/users/{booking['user_id']}/bookings"

    owner = register(required_service, EMAIL)

    assert owner.get(listing).json() == []
    for call in (owner.get(path), owner.post(f"{path}/confirm"), owner.post(f"{path}/cancel")):
        assert refusal(call) == (403, "forbidden")
    assert required_service.get(path, headers=bearer(booking["token"])).status_code == 200
    assert [b["id"] for b in admin.get(listing).json()] == [booking["id"]]

    prove(database)

    assert [b["id"] for b in owner.get(listing).json()] == [booking["id"]]
    assert owner.post(f"{path}/confirm").status_code == 200
    assert owner.post(f"{path}/cancel").json()["cancel_reason"] == "user"


def test_registering_for_a_guests_email_tells_nothing_of_the_guest(required_service: Service, admin: Service) -> None:
    admin.book(admin.event()["id"], EMAIL, name="Guest", telegram_id="42")

    made = required_service.post("/users", {"email": EMAIL, "password": "long enough"})

    assert made.status_code == 201
    assert (made.json()["name"], made.json()["telegram_id"]) == ("guest", None)
    session = sign_in(required_service, EMAIL, "long enough").get("/session").json()
    assert (session["user"]["name"], session["user"]["telegram_id"]) == ("guest", None)


def test_an_unproven_account_links_no_chat_to_a_guests_bookings(
    required_service: Service, admin: Service, database: Database
) -> None:
    booking = admin.book(admin.event()["id"], EMAIL, telegram_id="42")
    owner = register(required_service, EMAIL)
    path = f"/users/{booking['user_id']}/telegram"

    assert refusal(owner.post(f"{path}-link")) == (403, "email_unproven")
    assert refusal(owner.call("DELETE", path)) == (403, "email_unproven")
    assert owner.get(path).json()["linked"] is False
    prove(database)
    assert owner.get(path).json()["linked"] is True
    assert owner.call("DELETE", path).status_code == 204


def test_caches_keep_neither_refusals_nor_drafts(required_service: Service, admin: Service) -> None:
    user = register(required_service, EMAIL)
    draft = admin.event(published=False)
    refusals = [required_service.get("/bookings/1"), user.get("/bookings/1"), admin.get("/bookings/1")]

    assert [answer.status_code for answer in refusals] == [401, 403, 404]
    assert {answer.headers["Cache-Control"] for answer in refusals} == {"private, no-store"}
    for path in ("/events", f"/events/{draft['id']}"):
        assert admin.get(path).headers["Cache-Control"] == "private, no-cache"
    assert required_service.get("/events").headers["Cache-Control"] == "no-cache"
