"""What those who run events see and do, over HTTP."""

import pytest

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.http.test_auth import refusal, register, sign_in
from tests.service import Service


def test_events_come_with_what_is_held_and_confirmed(live_service: Service) -> None:
    full, empty = (live_service.event(name=name, total_seats=2)["id"] for name in ("Chess", "Go"))
    booking = live_service.book(full)
    live_service.post(f"/bookings/{booking['id']}/confirm")

    listed = live_service.get("/events/overview?sort=-fullness")
    assert (listed.json()["total"], [event["id"] for event in listed.json()["events"]]) == (2, [full, empty])
    shown = live_service.get(f"/events/{full}/overview").json()
    assert (shown["held_seats"], shown["confirmed_seats"], shown["newest_booking_id"]) == (0, 1, booking["id"])
    assert live_service.get("/events/overview?q=ches&page=2").json() == {"total": 1, "events": []}
    for path in ("/events/overview?sort=-fullness", f"/events/{full}/overview"):
        etag = live_service.get(path).headers["ETag"]
        assert live_service.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("query", ["sort=price", "which=mine", "page=0", "page=1e3", "limit=201", "q=%00"])
def test_what_cannot_be_listed_is_refused(live_service: Service, query: str) -> None:
    assert refusal(live_service.get(f"/events/overview?{query}")) == (422, "invalid_request")


def test_bookings_are_found_by_status_and_person(live_service: Service) -> None:
    event_id = live_service.event()["id"]
    for name in ("anna", "boris"):
        live_service.book(event_id, email=f"{name}@example.org")

    def found(query: str) -> list[str]:
        return [booking["user_name"] for booking in live_service.get(f"/events/{event_id}/bookings?{query}").json()]

    assert found("q=NNA") == ["anna"]
    assert found("status=pending") == ["boris", "anna"]
    assert found("status=canceled") == []
    assert refusal(live_service.get(f"/events/{event_id}/bookings?status=held")) == (422, "invalid_request")


def test_the_history_keeps_why_an_admin_did_it_for_somebody(live_service: Service) -> None:
    booking_id = live_service.book(live_service.event()["id"])["id"]
    confirmed = live_service.post(f"/bookings/{booking_id}/confirm", {"reason": " paid at the desk "})
    canceled = live_service.post(f"/bookings/{booking_id}/cancel", {"reason": "wants the money back"})

    assert (confirmed.status_code, canceled.json()["cancel_reason"]) == (200, "wants the money back")
    history = live_service.get(f"/bookings/{booking_id}/history").json()
    assert [(change["to_status"], change["reason"]) for change in history] == [
        ("pending", None),
        ("confirmed", "paid at the desk"),
        ("canceled", "wants the money back"),
    ]
    for reason, code in (("", "invalid_request"), ("expired", "invalid_reason")):
        refused = live_service.post(f"/bookings/{booking_id}/cancel", {"reason": reason})
        assert refusal(refused) == (422, code)


def test_only_admins_say_why(required_service: Service) -> None:
    admin = sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)
    event_id = admin.event()["id"]
    user = register(required_service, "u@example.org")
    booking_id = user.post(f"/events/{event_id}/book", {"email": "u@example.org"}).json()["id"]

    for action in ("confirm", "cancel"):
        refused = user.post(f"/bookings/{booking_id}/{action}", {"reason": "I am an admin"})
        assert refusal(refused) == (403, "forbidden")
    assert user.post(f"/bookings/{booking_id}/confirm", {}).status_code == 200
    assert admin.post(f"/bookings/{booking_id}/cancel").json()["cancel_reason"] == "admin"


def test_who_cannot_be_told_is_named(live_service: Service) -> None:
    booking_id = live_service.book(live_service.event()["id"])["id"]

    assert refusal(live_service.post(f"/bookings/{booking_id}/resend")) == (409, "not_confirmed")
    live_service.post(f"/bookings/{booking_id}/confirm")
    assert refusal(live_service.post(f"/bookings/{booking_id}/resend")) == (409, "unreachable")
    assert refusal(live_service.post("/bookings/404/resend")) == (404, "booking_not_found")
