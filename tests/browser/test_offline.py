"""Without a network one's own bookings stay readable and say of when they are; free seats are not shown."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import introduce, pages
from tests.browser.test_user import booking, button, card
from tests.service import Service
from tests.waiting import until


@pytest.fixture
def installed(browser: Browser, live_service: Service) -> Iterator[Page]:
    """Ann's events, in a browser in which the service worker is at work."""
    live_service.event(name="Jazz", total_seats=2)
    with pages(browser, live_service) as new_page:
        page = new_page(service_workers="allow")
        introduce(page, "ann@example.org", "Ann")
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        yield page


def test_offline_ones_own_bookings_are_readable_and_back_online_all_is_fresh(
    installed: Page, live_service: Service
) -> None:
    button(card(installed, "Jazz"), "Book").click()
    expect(booking(installed, "Jazz")).to_have_attribute("data-state", "pending")
    installed.reload()
    expect(booking(installed, "Jazz")).to_have_attribute("data-state", "pending")

    installed.context.set_offline(True)
    installed.reload()
    expect(booking(installed, "Jazz")).to_be_visible()
    expect(installed.get_by_text("Your bookings as of")).to_be_visible()
    expect(card(installed, "Jazz")).to_have_count(0)  # no seat count that may be old

    live_service.post("/bookings/1/confirm")
    installed.context.set_offline(False)
    expect(booking(installed, "Jazz")).to_have_attribute("data-state", "confirmed")
    expect(card(installed, "Jazz")).to_contain_text("1 seat free of 2")
    expect(installed.get_by_text("Your bookings as of")).to_be_hidden()


def test_offline_a_guest_finds_the_booking_and_its_ticket(browser: Browser, live_service: Service) -> None:
    booking = live_service.book(live_service.event(name="Jazz")["id"], "guest@example.org")
    live_service.post(f"/bookings/{booking['id']}/confirm")
    with pages(browser, live_service) as new_page:
        page = new_page(service_workers="allow")
        page.goto("/user")
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        page.goto("/")
        page.goto(f"/user#booking={booking['id']}&token={booking['token']}")
        until(lambda: page.evaluate("caches.match('/bookings/1/ticket', { ignoreVary: true }).then(Boolean)"))

        page.context.set_offline(True)
        page.reload()
        expect(page.get_by_text("Your bookings as of")).to_be_visible()
        page.get_by_role("link", name="Ticket: Jazz").click()
        expect(page.get_by_text(booking["code"])).to_be_visible()
        expect(page.get_by_role("link", name="Add to calendar")).to_be_hidden()


def test_what_is_personal_goes_at_sign_out(installed: Page) -> None:
    button(card(installed, "Jazz"), "Book").click()
    expect(booking(installed, "Jazz")).to_be_visible()
    installed.reload()
    expect(booking(installed, "Jazz")).to_be_visible()
    assert "own" in installed.evaluate("caches.keys()")

    with installed.expect_navigation():
        installed.get_by_role("button", name="Change").click()
    kept = "caches.open('own').then((own) => own.keys()).then((all) => all.map(({ url }) => new URL(url).pathname))"
    assert [path for path in installed.evaluate(kept) if path.startswith(("/users", "/bookings"))] == []


def test_the_manifest_names_icons_that_are_there(live_service: Service) -> None:
    manifest = live_service.get("/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    for icon in manifest.json()["icons"]:
        assert live_service.get(icon["src"]).headers["Content-Type"].startswith(icon["type"])
    assert manifest.json()["start_url"] == "/user"
