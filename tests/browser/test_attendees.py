"""The list of attendees, as an organiser prints it."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.service import Service


def test_the_list_is_ticked_on_screen_and_printed_without_the_controls(page: Page, live_service: Service) -> None:
    event_id = live_service.event(name="Fest")["id"]
    confirmed = live_service.book(event_id, "zoe@example.org", name="Zoë")
    live_service.post(f"/bookings/{confirmed['id']}/confirm")
    live_service.book(event_id, "ann@example.org", name="Ann")

    page.goto(f"/events/{event_id}/attendees")

    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Ann")
    expect(rows.nth(0)).to_contain_text("not confirmed yet")
    expect(rows.nth(1)).not_to_contain_text("not confirmed yet")
    page.get_by_role("checkbox", name="Zoë").check()
    expect(page.get_by_role("button", name="Print")).to_be_visible()

    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(rows.nth(1)).to_be_visible()


def test_the_list_speaks_the_readers_language(new_page: NewPage, live_service: Service) -> None:
    event_id = live_service.event()["id"]
    page = new_page(locale="ru-RU")

    page.goto(f"/events/{event_id}/attendees")

    expect(page.get_by_text("Пока никто не забронировал.")).to_be_visible()
