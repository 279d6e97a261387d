"""The door over HTTP: in by code or from the list, once; undone; counted; and what a door token opens."""

import json
import re
from typing import Any

import httpx
import pytest

from eventbooker.http.access import ANYONE, DOOR
from eventbooker.http.routes import ROUTES
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import bearer, refusal, register, sign_in
from tests.service import Service


def confirmed(service: Service, event_id: int, email: str = "ann@example.org", name: str = "Ann", **more: Any) -> Any:
    """A new booking, confirmed."""
    booking = service.book(event_id, email, name=name, **more)
    answer = service.post(f"/bookings/{booking['id']}/confirm", headers=bearer(booking["token"]))
    assert answer.status_code == 200
    return answer.json()


def check_in(service: Service, event_id: int, code: str, **more: Any) -> httpx.Response:
    return service.post("/check-in", {"code": code, "event_id": event_id}, **more)


@pytest.fixture
def event_id(live_service: Service) -> int:
    return int(live_service.event(max_seats_per_booking=3)["id"])


def test_a_ticket_lets_its_people_in_once(live_service: Service, event_id: int) -> None:
    booking = confirmed(live_service, event_id)

    came = live_service.post("/check-in", {"code": booking["code"], "event_id": event_id, "door": "Main door"})

    assert came.status_code == 200
    assert came.json()["checked_in_at"] is not None
    assert came.json() == {
        **booking,
        "checked_in_at": came.json()["checked_in_at"],
        "checked_in_by": "Main door",
        "user_name": "Ann",
    }
    again = check_in(live_service, event_id, booking["code"])
    assert refusal(again) == (409, "already_checked_in")
    told = {name: again.json()[name] for name in ("booking_id", "checked_in_at", "checked_in_by", "user_name")}
    assert told == {
        "booking_id": booking["id"],
        "checked_in_at": came.json()["checked_in_at"],
        "checked_in_by": "Main door",
        "user_name": "Ann",
    }


def test_a_code_may_be_typed_as_people_type(live_service: Service, event_id: int) -> None:
    booking = confirmed(live_service, event_id)

    assert check_in(live_service, event_id, f" {booking['code'].lower().replace('-', ' ')} ").status_code == 200


def test_a_door_says_what_is_wrong_with_a_ticket(live_service: Service, event_id: int) -> None:
    other = live_service.event(name="Jazz", date="2040-05-01T20:00")
    elsewhere = confirmed(live_service, other["id"])
    held = live_service.book(event_id, "held@example.org")
    canceled = live_service.book(event_id, "canceled@example.org")
    live_service.post(f"/bookings/{canceled['id']}/cancel")

    for code in ("7-AAAAAA-BBBBBBB", "nonsense", "💥", "9" * 90):
        assert refusal(check_in(live_service, event_id, code)) == (404, "unknown_code")
    wrong = check_in(live_service, event_id, elsewhere["code"])
    assert refusal(wrong) == (409, "wrong_event")
    assert (wrong.json()["event_name"], wrong.json()["event_date"]) == ("Jazz", other["date"])
    pending = check_in(live_service, event_id, held["code"])
    assert (*refusal(pending), pending.json()["booking_status"]) == (409, "not_confirmed", "pending")
    gone = check_in(live_service, event_id, canceled["code"])
    assert (*refusal(gone), gone.json()["cancel_reason"]) == (409, "not_confirmed", "user")


def test_who_has_no_ticket_is_let_in_from_the_list(live_service: Service, event_id: int) -> None:
    booking = confirmed(live_service, event_id)
    elsewhere = confirmed(live_service, live_service.event()["id"])
    sent = {"booking_id": booking["id"], "event_id": event_id}

    assert live_service.post("/check-in", sent).json()["user_name"] == "Ann"
    assert refusal(live_service.post("/check-in", sent)) == (409, "already_checked_in")
    for foreign in (elsewhere["id"], 404):
        answer = live_service.post("/check-in", {"booking_id": foreign, "event_id": event_id})
        assert refusal(answer) == (404, "booking_not_found")


@pytest.mark.parametrize(
    "sent",
    [
        {"event_id": 1},
        {"event_id": 1, "code": "7-4F0C2A-9B7E31D", "booking_id": 7},
        {"code": "7-4F0C2A-9B7E31D"},
        {"event_id": 1, "code": ""},
        {"event_id": 1, "code": "x" * 101},
        {"event_id": 1, "code": "a\0b"},
        {"event_id": 1, "booking_id": 2**63},
        {"event_id": 1, "code": 7},
    ],
)
def test_what_is_no_scan_is_refused(live_service: Service, sent: dict[str, Any]) -> None:
    assert refusal(live_service.post("/check-in", sent)) == (422, "invalid_request")


def test_a_scan_that_is_sent_again_counts_once(live_service: Service, event_id: int) -> None:
    booking = confirmed(live_service, event_id)
    key = {"Idempotency-Key": "one-scan-of-one-phone"}

    first, second = (check_in(live_service, event_id, booking["code"], headers=key) for _ in range(2))

    assert (second.status_code, second.json()) == (200, first.json())
    assert second.headers["idempotency-replayed"] == "true"


def test_a_check_in_is_undone(live_service: Service, event_id: int) -> None:
    booking = confirmed(live_service, event_id)
    check_in(live_service, event_id, booking["code"])

    for _ in range(2):
        undone = live_service.call("DELETE", f"/bookings/{booking['id']}/check-in")
        assert (undone.status_code, undone.json()) == (200, booking)
    assert check_in(live_service, event_id, booking["code"]).status_code == 200
    assert refusal(live_service.call("DELETE", "/bookings/404/check-in")) == (404, "booking_not_found")


def test_who_is_in_cannot_cancel(live_service: Service, event_id: int) -> None:
    booking = confirmed(live_service, event_id, seats=2)
    check_in(live_service, event_id, booking["code"])

    assert refusal(live_service.post(f"/bookings/{booking['id']}/cancel")) == (409, "already_checked_in")
    fewer = live_service.call("PATCH", f"/bookings/{booking['id']}", {"seats": 1})
    assert refusal(fewer) == (409, "already_checked_in")


def test_the_list_of_the_door_has_names_and_no_more(live_service: Service, event_id: int) -> None:
    for name in ("Zoë Smith", "ann Smith", "Bob"):
        confirmed(live_service, event_id, f"{name[:3].strip()}@example.org".lower(), name)
    live_service.book(event_id, "held@example.org", name="Held Smith")

    def names(**query: str) -> list[str]:
        return [line["user_name"] for line in live_service.get(f"/events/{event_id}/door", params=query).json()]

    assert names() == ["ann Smith", "Bob", "Zoë Smith"]
    assert names(q="SMITH") == ["ann Smith", "Zoë Smith"]
    assert names(q=" smith  zoë ") == ["Zoë Smith"]
    assert names(q="smith bob") == []
    assert names(limit="1") == ["ann Smith"]
    (line, *_) = live_service.get(f"/events/{event_id}/door").json()
    assert line.keys() == {"id", "seats", "checked_in_at", "checked_in_by", "user_name"}
    assert refusal(live_service.get("/events/404/door")) == (404, "event_not_found")


def test_attendance_counts_seats(live_service: Service, event_id: int) -> None:
    group = confirmed(live_service, event_id, seats=3)
    confirmed(live_service, event_id, "bob@example.org")
    live_service.book(event_id, "held@example.org")
    path = f"/events/{event_id}/attendance"

    def figures() -> list[int]:
        counted = live_service.get(path).json()
        return [counted[name] for name in ("in", "expected", "missing")]

    assert figures() == [0, 4, 4]
    check_in(live_service, event_id, group["code"])
    assert figures() == [3, 4, 1]
    answer = live_service.get(path)
    assert answer.json()["event_name"] == "Go Conference"
    assert live_service.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert refusal(live_service.get("/events/404/attendance")) == (404, "event_not_found")


def test_seats_of_no_shows_are_an_events_to_free(live_service: Service) -> None:
    event = live_service.event(no_show_minutes=15)
    path = f"/events/{event['id']}"

    assert event["no_show_minutes"] == 15
    assert live_service.call("PATCH", path, {"no_show_minutes": 20}).json()["no_show_minutes"] == 20
    (copy,) = live_service.post(f"{path}/copies", {"dates": ["2040-03-08T18:00"]}).json()
    assert copy["no_show_minutes"] == 20
    assert live_service.call("PATCH", path, {"no_show_minutes": None}).json()["no_show_minutes"] is None
    for wrong in (0, 1441, "15"):
        assert refusal(live_service.call("PATCH", path, {"no_show_minutes": wrong})) == (422, "invalid_request")


@pytest.fixture
def admin(required_service: Service) -> Service:
    return sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)


@pytest.fixture
def door(required_service: Service, admin: Service) -> tuple[int, dict[str, str]]:
    """The id of an event, and what a helper sends who has the token of its door."""
    event_id = admin.event(published=False)["id"]
    token = admin.post("/tokens", {"scope": "door", "event_id": event_id}).json()["token"]
    return event_id, bearer(token)


def test_a_door_token_opens_its_door_and_no_other(
    required_service: Service, admin: Service, door: tuple[int, dict[str, str]]
) -> None:
    event_id, helper = door
    other_id = admin.event()["id"]
    ann = confirmed(admin, event_id)
    bob = confirmed(admin, other_id, "bob@example.org")

    assert check_in(required_service, event_id, ann["code"], headers=helper).json()["user_name"] == "Ann"
    assert refusal(check_in(required_service, event_id, bob["code"], headers=helper)) == (409, "wrong_event")
    assert refusal(check_in(required_service, other_id, bob["code"], headers=helper)) == (403, "forbidden")
    for part in ("door", "attendance"):
        assert required_service.get(f"/events/{event_id}/{part}", headers=helper).status_code == 200
        assert refusal(required_service.get(f"/events/{other_id}/{part}", headers=helper)) == (403, "forbidden")


def test_a_door_is_for_admins_and_its_tokens(required_service: Service, admin: Service) -> None:
    event_id = admin.event()["id"]
    booking = confirmed(admin, event_id)
    user = register(required_service, "user@example.org")
    calls: list[tuple[str, str, Any]] = [
        ("POST", "/check-in", {"code": booking["code"], "event_id": event_id}),
        ("GET", f"/events/{event_id}/door", None),
        ("GET", f"/events/{event_id}/attendance", None),
        ("DELETE", f"/bookings/{booking['id']}/check-in", None),
    ]
    for method, path, sent in calls:
        assert refusal(user.call(method, path, sent)) == (403, "forbidden")
        assert refusal(required_service.call(method, path, sent)) == (401, "credentials_required")
        assert admin.call(method, path, sent).status_code == 200


OTHERS = [route for route in ROUTES if route.may_call is not DOOR]


@pytest.mark.parametrize("route", OTHERS, ids=lambda route: f"{route.method} {route.path}")
def test_a_door_token_opens_no_other_route(
    required_service: Service, database: Database, door: tuple[int, dict[str, str]], route: Any
) -> None:
    event_id, helper = door
    path = re.sub(r"<id:event_id>", str(event_id), route.path)
    path = re.sub(r"<name>", "main.css", re.sub(r"<id:\w+>", "1", re.sub(r"<token>", "t", path)))

    def ask(headers: dict[str, str]) -> tuple[int, str | None]:
        """The status and the problem's code, if it is one; a stream is not read, as it has no end."""
        with required_service.client.stream(route.method, path, json={}, headers=headers) as answer:
            is_problem = answer.headers.get("content-type") == "application/problem+json"
            return answer.status_code, json.loads(answer.read())["code"] if is_problem else None

    if route.may_call is ANYONE:  # it opens what it opens without a token, and nothing more
        assert ask(helper) == ask({})
    else:
        assert ask(helper) == (403, "forbidden")
