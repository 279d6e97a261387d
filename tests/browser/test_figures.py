"""How an event filled, drawn on its page for organisers."""

from playwright.sync_api import Page, expect

from tests.service import Service


def test_figures_are_drawn_and_told_in_a_table(page: Page, live_service: Service) -> None:
    event_id = live_service.event()["id"]
    booking = live_service.book(event_id, "a@example.org")
    live_service.post(f"/bookings/{booking['id']}/confirm")
    live_service.book(event_id, "b@example.org")

    page.goto(f"/admin/events/{event_id}")
    figures = page.get_by_role("region", name="Bookings over time")

    expect(figures.get_by_role("img", name="Booked, confirmed")).to_be_visible()
    expect(figures.locator("path")).to_have_count(5)
    expect(figures.locator("[data-part=booked]")).to_have_text("2")
    figures.get_by_text("The same as a table").click()
    expect(figures.get_by_role("row")).to_have_count(2)
    expect(figures.locator("tbody td")).to_have_text(["2", "1", "0", "0", "0"])
