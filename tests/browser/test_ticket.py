"""The ticket as a browser shows and prints it, and how people come to it."""

import io
import re
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NewPage, introduce, pages
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.http.test_auth import bearer, sign_in
from tests.service import Service

LONG = "Шахматный вечер с чаем и разговорами о дебютах " * 4


def confirmed(service: Service, **event: Any) -> dict[str, Any]:
    booking = service.book(service.event(place="Town hall", timezone="Europe/Berlin", **event)["id"], "ann@example.org")
    return dict(service.post(f"/bookings/{booking['id']}/confirm").json())


def codes(picture: bytes) -> list[str]:
    """What an independent decoder reads in a picture of the screen."""
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)), try_invert=False)]


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(360, 640), (1280, 900)])
def test_the_code_is_read_from_the_screen(
    new_page: NewPage, live_service: Service, scheme: str, size: tuple[int, int]
) -> None:
    booking = confirmed(live_service)
    page = new_page(color_scheme=scheme, viewport={"width": size[0], "height": size[1]})

    page.goto(f"/bookings/{booking['id']}/ticket")
    assert codes(page.screenshot()) == [booking["code"]]  # without scrolling
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.goto(f"/bookings/{booking['id']}/ticket.svg")
    assert codes(page.screenshot()) == [booking["code"]]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_on_one_sheet(page: Page, live_service: Service, paper: str) -> None:
    booking = confirmed(live_service, name=LONG[:200])
    page.goto(f"/bookings/{booking['id']}/ticket")

    assert sheets(page.pdf(format=paper)) == 1


def test_a_person_goes_from_the_booking_to_the_ticket(page: Page, live_service: Service) -> None:
    confirmed(live_service, name="Chess night")
    introduce(page, "ann@example.org", "Ann")

    expect(page.get_by_role("link", name="Add to calendar: Chess night")).to_be_visible()
    page.get_by_role("link", name="Ticket: Chess night").click()

    expect(page.get_by_role("heading", name="Chess night")).to_be_visible()
    expect(page.get_by_text("CET")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    assert "BEGIN:VCALENDAR" in download.value.path().read_text()


def test_a_hold_has_no_ticket_and_the_page_says_so(page: Page, live_service: Service) -> None:
    hold = live_service.book(live_service.event()["id"], "ann@example.org")
    introduce(page, "ann@example.org", "Ann")
    expect(page.get_by_role("button", name="Confirm").first).to_be_visible()
    expect(page.get_by_role("link", name="Ticket: Go Conference")).to_be_hidden()

    page.goto(f"/ticket#booking={hold['id']}")
    expect(page.get_by_role("status")).to_have_text("This booking is not confirmed.")
    page.goto("/ticket")
    expect(page.get_by_role("status")).to_contain_text("leads to no ticket")


def test_a_guests_link_opens_the_ticket_and_its_token_stays_in_no_address(
    browser: Browser, required_service: Service
) -> None:
    booking = required_service.book(sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD).event()["id"])
    required_service.post(f"/bookings/{booking['id']}/confirm", headers=bearer(booking["token"]))

    with pages(browser, required_service) as new_page:
        page = new_page(locale="ru-RU")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"/ticket#booking={booking['id']}&token={booking['token']}")
        expect(page.get_by_role("heading", name="Go Conference")).to_be_visible()
        expect(page.get_by_text(booking["code"])).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "ru")
        assert page.url == f"{required_service.url}/ticket#booking={booking['id']}"
        expect(page.get_by_role("link", name="В календарь")).to_have_attribute("href", re.compile("^blob:"))
        assert not any(booking["token"] in url for url in asked)

        page.reload()
        expect(page.get_by_role("heading", name="Go Conference")).to_be_visible()
        page.evaluate("sessionStorage.clear()")
        page.reload()
        expect(page.get_by_role("status")).to_be_visible()


def test_the_calendars_address_is_shown_and_can_be_renewed(page: Page, live_service: Service) -> None:
    confirmed(live_service)
    introduce(page, "ann@example.org", "Ann")

    page.get_by_text("In my calendar").click()
    address = page.get_by_label("Address for a calendar program")
    expect(address).to_have_value(re.compile(r"/users/\d+/bookings\.ics\?token=c_"))
    old = address.input_value()
    page.get_by_role("button", name="New address").click()
    expect(address).not_to_have_value(old)
    assert "BEGIN:VEVENT" in live_service.get(address.input_value()).text
