"""Several seats in one booking."""

import pytest

from tests.database import Database
from tests.service import Service


def test_a_booking_may_be_for_as_many_seats_as_the_event_allows(live_service: Service) -> None:
    event = live_service.event(total_seats=10, max_seats_per_booking=3)

    assert live_service.book(event["id"], seats=3)["seats"] == 3
    assert live_service.get(f"/events/{event['id']}").json()["available_seats"] == 7
    refused = live_service.post(f"/events/{event['id']}/book", {"email": "b@example.org", "seats": 4})
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_seats")


def test_sold_out_says_how_many_seats_are_free(live_service: Service) -> None:
    event = live_service.event(total_seats=4, max_seats_per_booking=3)
    live_service.book(event["id"], seats=3)

    refused = live_service.post(f"/events/{event['id']}/book", {"email": "b@example.org", "seats": 2})
    assert (refused.status_code, refused.json()["code"], refused.json()["free_seats"]) == (409, "sold_out", 1)


def test_seats_are_given_back_and_taken_again_where_they_are_free(live_service: Service, database: Database) -> None:
    event = live_service.event(total_seats=4, max_seats_per_booking=3)
    booking = live_service.book(event["id"], seats=3)
    path = f"/bookings/{booking['id']}"

    fewer = live_service.call("PATCH", path, {"seats": 1})
    assert (fewer.status_code, fewer.json()["seats"]) == (200, 1)
    live_service.book(event["id"], "b@example.org", seats=2)
    refused = live_service.call("PATCH", path, {"seats": 3})
    assert (refused.status_code, refused.json()["code"], refused.json()["free_seats"]) == (409, "sold_out", 1)
    assert live_service.call("PATCH", path, {"seats": 2}).json() == live_service.get(path).json()
    database.must_keep_the_law()


@pytest.mark.parametrize(
    "body", [{}, {"seats": 0}, {"seats": "2"}, {"seats": None}, {"seats": 1, "status": "confirmed"}]
)
def test_nothing_else_of_a_booking_can_be_changed(live_service: Service, body: dict[str, object]) -> None:
    booking = live_service.book(live_service.event(max_seats_per_booking=3)["id"], seats=2)

    assert live_service.call("PATCH", f"/bookings/{booking['id']}", body).status_code == 422
    assert live_service.call("PATCH", "/bookings/404", {"seats": 1}).json()["code"] == "booking_not_found"


def test_only_who_holds_the_booking_changes_its_seats(required_service: Service, database: Database) -> None:
    event_id = database.one("SELECT id FROM create_event('A', '2040-01-01', 10, p_max_seats_per_booking => 3)")["id"]
    booking = required_service.book(event_id, seats=3)
    path = f"/bookings/{booking['id']}"

    assert required_service.call("PATCH", path, {"seats": 1}).status_code == 401
    by_token = {"Authorization": f"Bearer {booking['token']}"}
    assert required_service.call("PATCH", path, {"seats": 1}, headers=by_token).json()["seats"] == 1
