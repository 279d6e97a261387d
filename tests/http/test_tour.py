"""The one-minute tour of the README, call by call."""

from datetime import datetime

from tests.service import Service


def test_from_a_new_event_to_a_confirmed_booking(live_service: Service) -> None:
    created = live_service.post(
        "/events",
        {"name": "Go Conference", "date": "2026-03-01T18:00", "total_seats": 50, "booking_ttl_minutes": 10},
    )
    assert (created.status_code, created.headers["location"]) == (201, "/events/1")
    event = created.json()
    assert list(event) == [
        "id", "name", "date", "total_seats", "available_seats", "booking_ttl_minutes", "created_at",
        "canceled_at", "description", "place", "timezone", "opens_at", "closes_at", "max_seats_per_booking",
        "published", "version", "no_show_minutes",
    ]  # fmt: skip
    assert datetime.fromisoformat(event["date"]) == datetime.fromisoformat("2026-03-01T18:00+00:00")
    assert live_service.get("/events").json() == [event]
    assert live_service.get("/events/1").json() == event

    booked = live_service.post(
        "/events/1/book",
        {"email": "user@mail.com", "name": "User", "telegram_id": "123456", "role": "user"},
    )
    assert (booked.status_code, booked.headers["location"]) == (201, "/bookings/1")
    booking = booked.json()
    token = booking.pop("token")
    assert token
    assert list(booking) == [
        "id", "event_id", "user_id", "status", "created_at", "expires_at",
        "confirmed_at", "canceled_at", "cancel_reason", "seats", "code", "checked_in_at",
        "checked_in_by",
    ]  # fmt: skip
    assert live_service.get("/bookings/1").json() == booking
    assert live_service.get("/events/1").json()["available_seats"] == 49

    confirmed = live_service.post("/bookings/1/confirm")
    assert confirmed.status_code == 200
    assert confirmed.json()["status"] == "confirmed"
    assert live_service.post("/bookings/1/confirm").json() == confirmed.json()
    assert live_service.get("/users/1/bookings").json() == [
        confirmed.json()
        | {"event_name": "Go Conference", "event_date": event["date"], "event_timezone": "UTC", "event_place": None}
    ]
