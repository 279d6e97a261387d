"""The waiting list over HTTP: join, one's place, the offer, leave; who may see what."""

import pytest

from tests.database import Database
from tests.service import Service

KEY = {"Idempotency-Key": "a-key-that-nobody-guesses"}


@pytest.fixture
def full(live_service: Service) -> int:
    """The id of an event whose one seat is booked."""
    event_id = int(live_service.event(total_seats=1)["id"])
    live_service.book(event_id, "first@example.org")
    return event_id


def join(service: Service, event_id: int, email: str, **more: object) -> dict[str, object]:
    response = service.post(f"/events/{event_id}/waitlist", {"email": email, **more})
    assert response.status_code == 201, response.text
    assert response.headers["location"] == f"/waitlist/{response.json()['id']}"
    entry: dict[str, object] = response.json()
    return entry


def bearer(token: object) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_who_waits_is_offered_the_seat_in_turn(live_service: Service, full: int) -> None:
    sold_out = live_service.post(f"/events/{full}/book", {"email": "second@example.org"}).json()
    assert (sold_out["code"], sold_out["free_seats"], sold_out["waitlist"]) == ("sold_out", 0, True)
    second, third = (join(live_service, full, f"{name}@example.org") for name in ("second", "third"))
    assert list(second) == [
        "id", "event_id", "user_id", "seats", "status", "position", "booking_id", "created_at",
        "token", "booking_token",
    ]  # fmt: skip
    assert [(entry["status"], entry["position"]) for entry in (second, third)] == [("waiting", 1), ("waiting", 2)]

    live_service.post("/bookings/1/cancel")
    assert live_service.get(f"/events/{full}").json()["available_seats"] == 0
    offered = live_service.get(f"/waitlist/{second['id']}").json()
    assert (offered["status"], offered["position"]) == ("offered", None)
    assert live_service.get(f"/waitlist/{third['id']}").json()["position"] == 1
    assert live_service.post(f"/bookings/{offered['booking_id']}/confirm").status_code == 200
    assert live_service.get(f"/waitlist/{second['id']}").json()["status"] == "booked"
    (mine,) = live_service.get(f"/users/{second['user_id']}/waitlist").json()
    assert (mine["status"], mine["event_name"]) == ("booked", "Go Conference")


def test_an_offer_that_lapses_goes_to_the_next_whoever_looks(live_service: Service, database: Database) -> None:
    database.freeze()
    event_id = live_service.event(total_seats=1, booking_ttl_minutes=1)["id"]
    live_service.book(event_id, "first@example.org")
    second, third = (join(live_service, event_id, f"{name}@example.org") for name in ("second", "third"))
    database.advance(60)
    assert live_service.get(f"/waitlist/{second['id']}").json()["status"] == "offered"
    database.advance(60)

    assert live_service.get(f"/waitlist/{third['id']}").json()["status"] == "offered"
    assert live_service.get(f"/waitlist/{second['id']}").json()["status"] == "expired"
    database.must_keep_the_law()


def test_leaving_gives_the_place_or_the_offer_to_the_next_and_twice_is_no_error(
    live_service: Service, full: int
) -> None:
    second, third, fourth = (join(live_service, full, f"{name}@example.org") for name in ("second", "third", "fourth"))
    for _ in range(2):
        assert live_service.call("DELETE", f"/waitlist/{second['id']}").status_code == 204
    assert live_service.get(f"/waitlist/{second['id']}").json()["status"] == "left"

    live_service.post("/bookings/1/cancel")
    assert live_service.get(f"/waitlist/{third['id']}").json()["status"] == "offered"
    assert live_service.call("DELETE", f"/waitlist/{third['id']}").status_code == 204
    assert live_service.get(f"/waitlist/{fourth['id']}").json()["status"] == "offered"


def test_nobody_waits_without_need_or_twice(live_service: Service, full: int) -> None:
    entry = join(live_service, full, "second@example.org")
    again = live_service.post(f"/events/{full}/waitlist", {"email": "second@example.org"})
    assert (again.status_code, again.json()["code"], again.json()["entry_id"]) == (409, "already_waiting", entry["id"])
    booked = live_service.post(f"/events/{full}/waitlist", {"email": "first@example.org"})
    assert (booked.status_code, booked.json()["code"]) == (409, "already_booked")

    empty = live_service.event()["id"]
    for event_id, body, status, code in (
        (empty, {}, 409, "seats_available"),
        (full, {"seats": 2}, 422, "too_many_seats"),
        (404, {}, 404, "event_not_found"),
    ):
        refused = live_service.post(f"/events/{event_id}/waitlist", {"email": "third@example.org", **body})
        assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_request_that_is_sent_twice_with_one_key_joins_once(live_service: Service, full: int) -> None:
    first, second = (
        live_service.post(f"/events/{full}/waitlist", {"email": "second@example.org"}, headers=KEY) for _ in range(2)
    )
    assert (first.status_code, first.json()) == (second.status_code, second.json())


def test_an_unknown_entry_is_not_found(live_service: Service) -> None:
    for method in ("GET", "DELETE"):
        refused = live_service.call(method, "/waitlist/404")
        assert (refused.status_code, refused.json()["code"]) == (404, "waitlist_entry_not_found")


def test_the_line_of_an_event_is_listed_in_order(live_service: Service, full: int) -> None:
    for name in ("second", "third", "fourth"):
        join(live_service, full, f"{name}@example.org")
    live_service.post("/bookings/1/cancel")

    path = f"/events/{full}/waitlist"
    line = live_service.get(path).json()
    assert [(entry["user_email"], entry["status"], entry["position"]) for entry in line] == [
        ("second@example.org", "offered", None),
        ("third@example.org", "waiting", 1),
        ("fourth@example.org", "waiting", 2),
    ]
    assert [entry["id"] for entry in live_service.get(f"{path}?limit=1&after={line[0]['id']}").json()] == [
        line[1]["id"]
    ]


def test_late_money_takes_free_seats_again_or_says_why_not(live_service: Service, database: Database) -> None:
    database.freeze()
    event_id = live_service.event(total_seats=1, booking_ttl_minutes=1)["id"]
    late = live_service.book(event_id, "late@example.org")
    database.advance(60)
    assert live_service.post(f"/bookings/{late['id']}/confirm").json()["code"] == "booking_expired"
    revived = live_service.post(f"/bookings/{late['id']}/revive")
    assert (revived.status_code, revived.json()["status"]) == (200, "confirmed")
    assert live_service.post(f"/bookings/{late['id']}/revive").json() == revived.json()

    other = live_service.event(total_seats=1, booking_ttl_minutes=1)["id"]
    later = live_service.book(other, "late@example.org")
    database.advance(60)
    live_service.book(other, "quick@example.org")
    refused = live_service.post(f"/bookings/{later['id']}/revive")
    assert (refused.status_code, refused.json()["code"]) == (409, "sold_out")


def test_a_guest_sees_the_entry_by_its_token_and_confirms_the_offer(
    required_service: Service, database: Database
) -> None:
    event_id = database.event(seats=1)
    booking_id = database.book(event_id)["id"]
    entry = join(required_service, event_id, "guest@example.org")
    path = f"/waitlist/{entry['id']}"

    assert required_service.get(path).status_code == 401
    assert required_service.get(path, headers=bearer("w_guessed")).status_code == 401
    assert required_service.get(path, headers=bearer(entry["token"])).json()["booking_token"] is None
    database.execute("SELECT cancel_booking(%s)", (booking_id,))
    offered = required_service.get(path, headers=bearer(entry["token"])).json()
    confirm = f"/bookings/{offered['booking_id']}/confirm"
    assert required_service.post(confirm, headers=bearer(entry["token"])).status_code == 401
    assert required_service.post(confirm, headers=bearer(offered["booking_token"])).status_code == 200
    assert required_service.call("DELETE", path, headers=bearer(entry["token"])).status_code == 204


def test_a_stranger_does_not_learn_who_waits(required_service: Service, database: Database) -> None:
    event_id = database.event(seats=1)
    database.book(event_id)
    join(required_service, event_id, "guest@example.org")

    again = required_service.post(f"/events/{event_id}/waitlist", {"email": "guest@example.org"})
    assert (again.status_code, again.json()["code"]) == (409, "already_waiting")
    assert "entry_id" not in again.json()
    for method, path in (
        ("GET", f"/events/{event_id}/waitlist"),
        ("POST", "/bookings/1/revive"),
        ("GET", "/users/1/waitlist"),
    ):
        assert required_service.call(method, path).status_code == 401


def test_nobody_waits_for_what_is_not_published(required_service: Service, database: Database) -> None:
    event_id = database.one("SELECT id FROM create_event('A', '2040-01-01', 1, p_published => false)")["id"]
    database.book(event_id)

    refused = required_service.post(f"/events/{event_id}/waitlist", {"email": "guest@example.org"})
    assert (refused.status_code, refused.json()["code"]) == (404, "event_not_found")
