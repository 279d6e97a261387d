"""Ids and emails of others tell nothing: what is there and what is not are answered the same, side by side.

That times are the same is no test: `./dev bench oracles` measures it."""

import re
import time
from collections.abc import Callable

import httpx
import pytest

from eventbooker.http.account_links import ANSWERED_AFTER_SECONDS
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import bearer, register, sign_in
from tests.service import Service

Seen = tuple[int, str, dict[str, str]]
Call = Callable[[str], httpx.Response]

ABSENT = 9_000_000_000

PRIVATE = [
    "GET /bookings/{booking}",
    "PATCH /bookings/{booking}",
    "POST /bookings/{booking}/confirm",
    "POST /bookings/{booking}/cancel",
    "POST /bookings/{booking}/revive",
    "GET /bookings/{booking}/live",
    "GET /bookings/{booking}/ticket",
    "GET /bookings/{booking}/ticket.svg",
    "GET /bookings/{booking}/ticket.ics",
    "GET /waitlist/{entry}",
    "DELETE /waitlist/{entry}",
    "GET /users/{user}/bookings",
    "GET /users/{user}/bookings.ics?token=c_guess",
    "GET /users/{user}/calendar",
    "POST /users/{user}/calendar",
    "GET /users/{user}/live",
    "GET /users/{user}/waitlist",
    "GET /users/{user}/telegram",
    "POST /users/{user}/telegram-link",
    "DELETE /users/{user}/telegram",
    "GET /users/{user}/notifications",
    "PUT /users/{user}/notifications",
    "POST /users/{user}/unsubscribe?token=u_guess",
    "GET /users/{user}/unsubscribe?token=u_guess",
    "GET /users/{user}/sessions",
    "DELETE /users/{user}/sessions",
    "DELETE /users/{user}/sessions/{session}",
    "DELETE /users/{user}",
    "GET /users/{user}/export",
    "POST /users/{user}/reset-link",
    "POST /users/{user}/email-proof",
    "DELETE /tokens/{token}",
    "POST /notifications/{notification}/retry",
    # A draft is as good as absent.
    "GET /events/{draft}",
    "GET /events/{draft}/live",
    "PATCH /events/{draft}",
    "POST /events/{draft}/copies",
    "POST /events/{draft}/cancel",
    "POST /events/{draft}/book",
    "POST /events/{draft}/waitlist",
    "GET /events/{draft}/bookings",
    "GET /events/{draft}/bookings.csv",
    "GET /events/{draft}/attendees",
    "GET /events/{draft}/waitlist",
    "GET /events/{draft}/door",
    "GET /events/{draft}/attendance",
    "DELETE /bookings/{booking}/check-in",
    "POST /check-in",
]
BODIES = {
    "PATCH /bookings/{booking}": {"seats": 2},
    "PUT /users/{user}/notifications": {"channel": "auto"},
    "POST /check-in": {"event_id": 1, "code": "1-GUESS-GUESS"},
    "PATCH /events/{draft}": {"name": "B"},
    "POST /events/{draft}/copies": {"dates": ["2041-01-01T10:00"]},
    "POST /events/{draft}/book": {"email": "guest@example.org"},
    "POST /events/{draft}/waitlist": {"email": "guest@example.org"},
}


@pytest.fixture
def admin(required_service: Service) -> Service:
    return sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)


@pytest.fixture
def things(required_service: Service, admin: Service, database: Database) -> dict[str, int]:
    """By name the ids of somebody's things, and of a draft."""
    database.execute("UPDATE mail SET enabled = true")  # so that there is a message
    owner = register(required_service, "owner@example.org", 202)
    user_id = owner.get("/session").json()["user"]["id"]
    booking = owner.book(admin.event()["id"], "owner@example.org")
    full = admin.event(total_seats=1)["id"]
    owner.book(full, "owner@example.org")
    entry = admin.post(f"/events/{full}/waitlist", {"email": "waits@example.org"})
    return {
        "booking": booking["id"],
        "entry": entry.json()["id"],
        "user": user_id,
        "session": owner.get(f"/users/{user_id}/sessions").json()[0]["id"],
        "token": admin.post("/tokens", {"scope": "read"}).json()["id"],
        "notification": database.one("SELECT min(id) AS id FROM outbox")["id"],
        "draft": admin.event(published=False)["id"],
    }


def seen(answer: httpx.Response) -> Seen:
    """All that the caller sees of the answer."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id", "server")}
    return answer.status_code, answer.text, headers


@pytest.mark.parametrize("who", ["nobody", "another user", "a read token", "a door token", "a booking's token"])
def test_what_is_there_and_what_is_not_are_answered_the_same(
    required_service: Service, admin: Service, things: dict[str, int], database: Database, who: str
) -> None:
    other = register(required_service, "other@example.org", 202)
    event = admin.event()["id"]
    database.execute("SELECT create_api_token(find_user_id('other@example.org'), 'read', 'read')")
    database.execute("SELECT create_api_token(NULL, 'door', 'door', %s)", (event,))
    caller, headers = {
        "nobody": (required_service, {}),
        "another user": (other, {}),
        "a read token": (required_service, bearer("read")),
        "a door token": (required_service, bearer("door")),
        "a booking's token": (required_service, bearer(other.book(event, "other@example.org")["token"])),
    }[who]

    for call in PRIVATE:
        method, _, path = call.partition(" ")
        there, absent = (
            caller.call(method, path.format_map(ids), BODIES.get(call), headers=headers)
            for ids in (things, dict.fromkeys(things, ABSENT))
        )
        # Of an event that is not listed it is said which one was asked for; nothing else differs.
        asked_for = re.compile(rf"\b({things['draft']}|{ABSENT})\b(?=\.)|(?<=/users/)\d+|(?<=user=)\d+")
        told = [(status, asked_for.sub("N", text)) for status, text, _ in (seen(there), seen(absent))]
        assert told[0] == told[1], call
        lengths = {"content-length", "location"}
        kept = [
            {name: headers[name] for name in headers.keys() - lengths} for _, _, headers in map(seen, (there, absent))
        ]
        assert kept[0] == kept[1], call
        assert there.status_code >= 300, call


@pytest.fixture
def emails(required_service: Service, admin: Service) -> dict[str, str]:
    """An email of each kind. Whoever booked did so for the event that the calls below are about, which is full then."""
    register(required_service, "account@example.org")
    return {
        "unknown": "unknown@example.org",
        "guest": "guest@example.org",
        "account": "account@example.org",
        "admin": ADMIN_EMAIL,
    }


def side_by_side(answers: dict[str, httpx.Response]) -> dict[str, tuple[int, str]]:
    return {
        kind: (answer.status_code, answer.json().get("code", "") if answer.status_code >= 400 else "")
        for kind, answer in answers.items()
    }


@pytest.mark.parametrize("mail", [False, True])
def test_signing_in_and_password_reset_tell_of_no_email(
    required_service: Service, admin: Service, emails: dict[str, str], database: Database, mail: bool
) -> None:
    required_service.book(admin.event()["id"], emails["guest"])
    database.execute("UPDATE mail SET enabled = %s", (mail,))
    calls: dict[str, Call] = {
        "sign-in": lambda email: required_service.post("/session", {"email": email, "password": "wrong wrong"}),
        "password reset": lambda email: required_service.post("/password-reset", {"email": email}),
    }
    for name, call in calls.items():
        answers = [seen(call(email)) for email in emails.values()]
        assert answers == [answers[0]] * len(emails), name
        assert answers[0][0] == {"sign-in": 401, "password reset": 202}[name]


def test_too_many_wrong_passwords_tell_of_no_email(required_service: Service, emails: dict[str, str]) -> None:
    def last_of_eleven(email: str) -> Seen:
        wrong = {"email": email, "password": "wrong wrong"}
        return seen([required_service.post("/session", wrong) for _ in range(11)][-1])

    unknown, known = (last_of_eleven(emails[kind]) for kind in ("unknown", "account"))

    assert unknown == known
    assert unknown[0] == 429


def test_with_mail_registering_tells_of_no_email(
    required_service: Service, admin: Service, emails: dict[str, str], database: Database
) -> None:
    required_service.book(admin.event()["id"], emails["guest"])
    database.execute("UPDATE mail SET enabled = true")

    def register_with(email: str) -> Seen:
        return seen(required_service.post("/users", {"email": email, "password": "long enough"}))

    answers = [register_with(email) for email in emails.values()]

    assert answers == [answers[0]] * len(emails)


def test_what_is_done_for_an_email_is_hidden_by_a_rest(
    required_service: Service, emails: dict[str, str], database: Database
) -> None:
    database.execute("UPDATE mail SET enabled = true")
    for email in emails.values():
        begun = time.monotonic()
        assert required_service.post("/password-reset", {"email": email}).status_code == 202
        assert time.monotonic() - begun >= ANSWERED_AFTER_SECONDS


def test_what_an_email_tells_where_that_cannot_be_helped(
    required_service: Service, admin: Service, emails: dict[str, str]
) -> None:
    """Callers are promised 409 `email_taken` and `already_booked`, and owners that nobody else books for their account.
    The README says so, and what bounds how often one can ask."""
    event, full = admin.event()["id"], admin.event(total_seats=1)["id"]
    admin.book(full, "first@example.org")
    required_service.book(event, emails["guest"])
    required_service.post(f"/events/{full}/waitlist", {"email": emails["guest"]})
    calls: dict[str, Call] = {
        "book": lambda email: required_service.post(f"/events/{event}/book", {"email": email}),
        "wait": lambda email: required_service.post(f"/events/{full}/waitlist", {"email": email}),
        "register": lambda email: required_service.post("/users", {"email": email, "password": "long enough"}),
    }
    answers = {name: {kind: call(email) for kind, email in emails.items()} for name, call in calls.items()}

    owned = (401, "credentials_required")
    assert {name: side_by_side(of_all) for name, of_all in answers.items()} == {
        "book": {"unknown": (201, ""), "guest": (409, "already_booked"), "account": owned, "admin": owned},
        "wait": {"unknown": (201, ""), "guest": (409, "already_waiting"), "account": owned, "admin": owned},
        "register": {
            "unknown": (201, ""),
            "guest": (201, ""),
            "account": (409, "email_taken"),
            "admin": (409, "email_taken"),
        },
    }
    for of_all in answers.values():
        assert of_all["account"].text.replace(emails["account"], "") == of_all["admin"].text.replace(
            emails["admin"], ""
        )
    for call in ("book", "wait"):
        assert not re.search(r"\d", answers[call]["guest"].json()["detail"])
        assert answers[call]["guest"].json().keys() == {"type", "title", "status", "code", "detail"}
