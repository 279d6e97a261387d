"""What others do shows without a reload, and without asking."""

import re

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import introduce
from tests.browser.test_user import booking, button, card
from tests.service import Service

ASKS = re.compile(r"/events(\?.*)?$")
SOON_MS = 2_000


def test_somebody_elses_booking_changes_this_page_within_two_seconds(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=3)
    introduce(page, "ann@example.org", "Ann")
    jazz = card(page, "Jazz")
    expect(jazz).to_contain_text("3 seats free of 3")
    asked: list[str] = []

    def note(request: Request) -> None:
        if ASKS.search(request.url):
            asked.append(request.url)

    with page.expect_response(re.compile("/events/live")):
        page.reload()
    expect(jazz).to_contain_text("3 seats free of 3")
    page.on("request", note)
    live_service.book(event["id"], "bob@example.org")
    expect(jazz).to_contain_text("2 seats free of 3", timeout=SOON_MS)
    assert asked == []


def test_what_an_admin_does_with_ones_booking_shows_within_two_seconds(page: Page, live_service: Service) -> None:
    live_service.event(name="Jazz")
    introduce(page, "ann@example.org", "Ann")
    with page.expect_response(re.compile("/users/.*/live")):
        page.reload()
    button(card(page, "Jazz"), "Book").click()
    expect(booking(page, "Jazz")).to_have_attribute("data-state", "pending")

    live_service.post("/bookings/1/confirm")
    expect(booking(page, "Jazz")).to_have_attribute("data-state", "confirmed", timeout=SOON_MS)


def test_a_hidden_tab_follows_nothing_and_catches_up_when_it_is_looked_at_again(
    page: Page, live_service: Service
) -> None:
    event = live_service.event(name="Jazz", total_seats=3)
    introduce(page, "ann@example.org", "Ann")
    jazz = card(page, "Jazz")
    expect(jazz).to_contain_text("3 seats free of 3")

    with page.expect_event("requestfailed", lambda request: "/events/live" in request.url):
        hide(page, True)
    live_service.book(event["id"], "bob@example.org")
    hide(page, False)
    expect(jazz).to_contain_text("2 seats free of 3", timeout=SOON_MS)


def hide(page: Page, hidden: bool) -> None:
    """As if the reader turned to another tab, or back."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )
