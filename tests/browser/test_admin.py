"""The page of those who run events."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.database import Database
from tests.service import Service


def test_an_admin_creates_an_event(page: Page, live_service: Service) -> None:
    page.goto("/admin")
    page.get_by_label("Name", exact=True).fill("Jazz")
    page.get_by_label("Date and time").fill("2040-03-01T18:00")
    page.get_by_label("Seats", exact=True).fill("40")
    page.get_by_label("Hold, minutes").fill("15")
    page.get_by_role("button", name="Create event").click()

    expect(page.locator("#notices")).to_contain_text("“Jazz” is created.")
    jazz = page.locator(".event")
    expect(jazz.get_by_role("heading", name="Jazz")).to_be_visible()
    expect(jazz.get_by_role("meter", name="Free seats")).to_have_js_property("value", 40)
    expect(jazz).to_contain_text("40 seats free of 40")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    (event,) = live_service.get("/events").json()
    assert event["booking_ttl_minutes"] == 15


def test_the_date_is_read_in_the_zone_of_the_reader(new_page: NewPage, live_service: Service) -> None:
    page = new_page(timezone_id="Asia/Tokyo")
    page.goto("/admin")
    page.get_by_label("Name", exact=True).fill("Jazz")
    page.get_by_label("Date and time").fill("2040-03-01T18:00")
    page.get_by_label("Seats", exact=True).fill("40")
    page.get_by_role("button", name="Create event").click()

    expect(page.locator(".event")).to_contain_text("1 March 2040 at 18:00")
    (event,) = live_service.get("/events").json()
    assert event["date"].startswith("2040-03-01T09:00:00")


def test_what_is_wrong_is_told_at_the_fields(page: Page, live_service: Service) -> None:
    page.goto("/admin")
    page.get_by_label("Name", exact=True).fill("Jazz")
    page.get_by_label("Seats", exact=True).fill("-1")
    page.get_by_role("button", name="Create event").click()

    date, seats = page.get_by_label("Date and time"), page.get_by_label("Seats", exact=True)
    expect(date).to_have_attribute("aria-invalid", "true")
    expect(date).to_have_accessible_description(re.compile("Choose a date and a time."))
    expect(seats).to_have_attribute("aria-invalid", "true")
    expect(seats).to_have_accessible_description(re.compile("whole number"))
    expect(page.get_by_label("Name", exact=True)).not_to_have_attribute("aria-invalid", "true")
    expect(date).to_be_focused()

    seats.fill("1")
    expect(seats).not_to_have_attribute("aria-invalid", "true")
    assert live_service.get("/events").json() == []


def test_an_admin_sees_to_the_bookings_of_an_event(page: Page, live_service: Service, database: Database) -> None:
    event = live_service.event(name="Jazz", total_seats=3)
    live_service.book(event["id"], "ann@example.org", name="Ann")
    live_service.book(event["id"], "bob@example.org", name="Bob")

    page.goto("/admin")
    page.get_by_role("button", name="Bookings: Jazz").click()
    ann = page.locator(".booking").filter(has_text="ann@example.org")
    bob = page.locator(".booking").filter(has_text="bob@example.org")
    expect(ann).to_contain_text("Waiting to be confirmed")
    page.get_by_role("button", name="Confirm: Ann").click()
    expect(ann).to_contain_text("Confirmed")
    page.get_by_role("button", name="Cancel booking: Bob").click()
    expect(bob).to_contain_text("Canceled")

    expect(page.locator(".event")).to_contain_text("2 seats free of 3")
    assert database.free_seats(event["id"]) == 2
