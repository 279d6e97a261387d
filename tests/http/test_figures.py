"""How an event filled, over HTTP."""

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.http.test_auth import refusal, sign_in
from tests.service import Service


def test_an_admin_sees_how_an_event_filled(required_service: Service) -> None:
    admin = sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)
    event_id = admin.event()["id"]
    booking = required_service.book(event_id)
    admin.post(f"/bookings/{booking['id']}/confirm")
    path = f"/events/{event_id}/figures"

    figures = admin.get(path).json()

    assert list(figures) == ["event_id", "timezone", "bucket", "totals", "buckets"]
    assert figures["totals"] == {"booked": 1, "confirmed": 1, "lapsed": 0, "canceled": 0, "waited": 0}
    assert list(figures["buckets"][0]) == ["starts_at", *figures["totals"]]
    assert refusal(required_service.get(path)) == (401, "credentials_required")
    assert refusal(admin.get("/events/404/figures")) == (404, "event_not_found")
