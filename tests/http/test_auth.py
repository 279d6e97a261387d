from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from eventbooker.config import Auth, Server, Settings
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD, serving
from tests.database import Database
from tests.service import Service

EVENT = {"name": "A", "date": "2040-01-01T10:00", "total_seats": 5, "booking_ttl_minutes": 10}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def sign_in(service: Service, email: str, password: str) -> Service:
    """A client of its own, with a session."""
    client = Service(service.url)
    assert client.post("/session", {"email": email, "password": password}).status_code == 201
    return client


def register(service: Service, email: str, status: int = 201) -> Service:
    """A client of its own, with an account and a session."""
    assert service.post("/users", {"email": email, "name": "U", "password": "long enough"}).status_code == status
    return sign_in(service, email, "long enough")


@pytest.fixture
def admin(required_service: Service) -> Service:
    return sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)


def test_callers_who_come_at_once_are_each_known_by_their_own_token(required_service: Service) -> None:
    emails = [f"user{number}@example.org" for number in range(4)]
    callers = [*(register(required_service, email) for email in emails), required_service]
    wanted = [*emails, None] * 20
    with ThreadPoolExecutor(len(wanted)) as pool:
        users = pool.map(lambda number: callers[number % 5].get("/session").json()["user"], range(len(wanted)))
    assert [user and user["email"] for user in users] == wanted


def test_guests_who_come_at_once_book_but_for_emails_of_accounts(required_service: Service, admin: Service) -> None:
    event_id = admin.event(total_seats=50)["id"]
    register(required_service, "owned@example.org")
    emails = ["owned@example.org", *(f"guest{number}@example.org" for number in range(4))] * 4
    with ThreadPoolExecutor(len(emails)) as pool:
        answers = pool.map(lambda email: required_service.post(f"/events/{event_id}/book", {"email": email}), emails)
    found = Counter((email, answer.status_code) for email, answer in zip(emails, answers, strict=True))
    assert found.pop(("owned@example.org", 401)) == 4
    assert found == {(email, status): times for email in emails[1:5] for status, times in ((201, 1), (409, 3))}


def test_events_are_made_changed_and_canceled_by_admins(required_service: Service, admin: Service) -> None:
    user = register(required_service, "u@example.org")
    assert refusal(required_service.post("/events", EVENT)) == (401, "credentials_required")
    assert refusal(user.post("/events", EVENT)) == (403, "forbidden")
    event = admin.post("/events", EVENT).json()
    path = f"/events/{event['id']}"
    assert refusal(required_service.call("PATCH", path, {"name": "B"})) == (401, "credentials_required")
    assert refusal(user.call("PATCH", path, {"name": "B"})) == (403, "forbidden")
    assert refusal(required_service.post(f"{path}/cancel")) == (401, "credentials_required")
    assert refusal(user.post(f"{path}/cancel")) == (403, "forbidden")
    assert required_service.get("/events").json() == [event]
    assert admin.call("PATCH", path, {"name": "B"}).json()["name"] == "B"
    assert "canceled_at" in admin.post(f"{path}/cancel").json()


def test_a_booking_is_its_users_its_token_holders_and_the_admins(required_service: Service, admin: Service) -> None:
    event_id = admin.event()["id"]
    owner, stranger = register(required_service, "o@example.org"), register(required_service, "s@example.org")
    booking = owner.book(event_id, "o@example.org")
    path = f"/bookings/{booking['id']}"

    for action in (path + "/confirm", path + "/cancel"):
        assert refusal(required_service.post(action)) == (401, "credentials_required")
        assert refusal(stranger.post(action)) == (403, "forbidden")
    assert refusal(stranger.get(path)) == (403, "forbidden")
    assert refusal(stranger.get("/bookings/404")) == (403, "forbidden")
    assert stranger.get("/bookings/404").json() == stranger.get(path).json()
    assert refusal(admin.get("/bookings/404")) == (404, "booking_not_found")
    assert refusal(stranger.get(f"/users/{booking['user_id']}/bookings")) == (403, "forbidden")
    assert refusal(required_service.get(f"/users/{booking['user_id']}/bookings")) == (401, "credentials_required")
    assert refusal(stranger.get(f"/events/{event_id}/bookings")) == (403, "forbidden")

    assert required_service.get(path, headers=bearer(booking["token"])).status_code == 200
    assert owner.post(path + "/confirm").status_code == 200
    assert admin.post(path + "/cancel").status_code == 200
    assert [b["id"] for b in owner.get(f"/users/{booking['user_id']}/bookings").json()] == [booking["id"]]


def test_a_bookings_token_opens_that_booking_and_no_other(required_service: Service, admin: Service) -> None:
    event_id = admin.event()["id"]
    first, second = (required_service.book(event_id, f"{name}@example.org") for name in "ab")

    assert required_service.post(f"/bookings/{first['id']}/confirm", headers=bearer(first["token"])).status_code == 200
    other = required_service.post(f"/bookings/{second['id']}/confirm", headers=bearer(first["token"]))
    assert refusal(other) == (401, "credentials_required")


def test_an_admin_who_cancels_somebodys_booking_is_named_as_the_reason(
    required_service: Service, admin: Service
) -> None:
    event_id = admin.event()["id"]
    by_admin, by_holder = (required_service.book(event_id, f"{name}@example.org") for name in "ab")

    canceled = admin.post(f"/bookings/{by_admin['id']}/cancel").json()
    assert canceled["cancel_reason"] == "admin"
    canceled = required_service.post(f"/bookings/{by_holder['id']}/cancel", headers=bearer(by_holder["token"])).json()
    assert canceled["cancel_reason"] == "user"


def test_nobody_else_books_with_an_accounts_email(required_service: Service, admin: Service) -> None:
    event_id = admin.event()["id"]
    owner, stranger = register(required_service, "o@example.org"), register(required_service, "s@example.org")
    wanted = {"email": "O@example.org"}

    assert refusal(required_service.post(f"/events/{event_id}/book", wanted)) == (401, "credentials_required")
    assert refusal(stranger.post(f"/events/{event_id}/book", wanted)) == (403, "forbidden")
    assert owner.post(f"/events/{event_id}/book", wanted).status_code == 201
    assert required_service.post(f"/events/{event_id}/book", {"email": "free@example.org"}).status_code == 201


def test_the_role_admin_is_given_by_admins_only(required_service: Service, admin: Service, database: Database) -> None:
    event_id = admin.event()["id"]
    wanted = {"email": "boss@example.org", "role": "admin"}

    assert refusal(required_service.post(f"/events/{event_id}/book", wanted)) == (403, "forbidden")
    user = register(required_service, "u@example.org")
    assert refusal(user.post(f"/events/{event_id}/book", wanted)) == (403, "forbidden")
    assert admin.post(f"/events/{event_id}/book", wanted).status_code == 201
    assert database.one("SELECT role FROM users WHERE email = 'boss@example.org'") == {"role": "admin"}


def test_registering_takes_a_password_and_a_free_email(required_service: Service) -> None:
    user = {"email": "u@example.org", "name": "U"}

    assert refusal(required_service.post("/users", user)) == (422, "invalid_request")
    created = required_service.post("/users", user | {"password": "long enough"})
    assert list(created.json()) == ["id", "email", "name", "telegram_id", "role", "created_at"]
    assert refusal(required_service.post("/users", user | {"password": "long enough"})) == (409, "email_taken")


def test_a_session_ends_when_one_signs_out(required_service: Service) -> None:
    user = register(required_service, "u@example.org")
    assert user.get("/session").json()["user"]["email"] == "u@example.org"
    cookie = dict(user.client.cookies)

    assert user.call("DELETE", "/session").status_code == 204
    assert user.get("/session").json() == {"auth_mode": "required", "user": None}
    user.client.cookies.update(cookie)
    assert user.get("/session").json()["user"] is None


def test_a_wrong_password_and_an_unknown_email_look_the_same(required_service: Service) -> None:
    register(required_service, "u@example.org")
    answers = [
        required_service.post("/session", {"email": email, "password": "wrong wrong"})
        for email in ("u@example.org", "nobody@example.org")
    ]

    assert [refusal(answer) for answer in answers] == [(401, "wrong_credentials")] * 2
    assert answers[0].json() == answers[1].json()


def test_guessing_passwords_is_slowed_down(required_service: Service, database: Database) -> None:
    for _ in range(10):
        database.execute("SELECT * FROM start_sign_in(%s, '127.0.0.1')", (ADMIN_EMAIL,))

    refused = required_service.post("/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})

    assert refusal(refused) == (429, "too_many_attempts")
    assert refused.headers["retry-after"]


def test_an_api_token_acts_for_its_user(required_service: Service, database: Database) -> None:
    user_id = database.one("SELECT id FROM users WHERE email = %s", ADMIN_EMAIL)["id"]
    database.execute("SELECT create_api_token(%s, 'secret')", (user_id,))

    assert required_service.post("/events", EVENT, headers=bearer("secret")).status_code == 201
    assert required_service.post("/events", EVENT, headers=bearer("guess")).status_code == 401


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(required_service: Service) -> None:
    response = required_service.post("/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(response.headers["set-cookie"].split("; "))


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", "http://127.0.0.1"])
@pytest.mark.parametrize("mode", ["open", "required"])
def test_foreign_pages_are_refused(settings: Settings, origin: str, mode: str) -> None:
    with serving(settings.model_copy(update={"auth": Auth.model_validate({"mode": mode})})) as service:
        for response in (
            service.get("/events", headers={"Origin": origin}),
            service.post("/users", {"email": "a@b.c"}, headers={"Origin": origin}),
        ):
            assert refusal(response) == (403, "foreign_origin")
        assert service.get("/events", headers={"Origin": service.url}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.1.5:8080", "[", ""])
def test_foreign_names_are_refused_in_open_mode(live_service: Service, host: str) -> None:
    assert refusal(live_service.get("/events", headers={"Host": host})) == (403, "foreign_host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8080", "app.localhost"])
def test_names_of_this_machine_are_let_in(live_service: Service, host: str) -> None:
    assert live_service.get("/events", headers={"Host": host}).status_code == 200


def test_names_that_the_operator_lists_are_let_in(settings: Settings) -> None:
    listed = settings.model_copy(update={"server": Server(trusted_hosts=("tickets.lan",))})
    with serving(listed) as service:
        assert service.get("/events", headers={"Host": "tickets.lan:8080"}).status_code == 200
        assert service.get("/events", headers={"Host": "other.lan:8080"}).status_code == 403


def test_in_open_mode_a_session_remembers_who_one_says_to_be(live_service: Service) -> None:
    assert live_service.get("/session").json() == {"auth_mode": "open", "user": None}
    assert live_service.post("/session", {"email": "me@example.org", "name": "Me"}).status_code == 201

    assert live_service.get("/session").json()["user"]["name"] == "Me"


def test_only_an_admin_names_a_chat_to_write_to(required_service: Service, admin: Service, database: Database) -> None:
    event_id = admin.post("/events", EVENT).json()["id"]
    for client, email in ((required_service, "stranger@example.org"), (admin, "guest@example.org")):
        booking = {"email": email, "telegram_id": "42"}
        assert client.post(f"/events/{event_id}/book", booking).status_code == 201
    registered = required_service.post(
        "/users", {"email": "ann@example.org", "password": "long enough", "telegram_id": "42"}
    )

    assert registered.json()["telegram_id"] is None
    assert database.execute("SELECT email FROM users WHERE telegram_id IS NOT NULL") == [{"email": "guest@example.org"}]


@pytest.mark.parametrize("chat", ["@channel", "-1001234567890", "0", "1.5", "99999999999999999"])
def test_only_private_chats_are_taken(live_service: Service, chat: str) -> None:
    event_id = live_service.post("/events", EVENT).json()["id"]

    refused = live_service.post(f"/events/{event_id}/book", {"email": "a@b.c", "telegram_id": chat})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "telegram_id")
