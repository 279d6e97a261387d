"""Booking without an account, in required mode: from the shop window to a seat, and back to it later."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import NewPage, pages
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.service import Service
from tests.waiting import until

PHONE = {"width": 390, "height": 700}
LEFT = re.compile(r"^(10:00|9:\d\d)$")


@pytest.fixture
def service(required_service: Service) -> Service:
    """In required mode, for an admin."""
    required_service.post("/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
    return required_service


@pytest.fixture
def new_page(browser: Browser, service: Service) -> Iterator[NewPage]:
    with pages(browser, service) as new_page:
        yield new_page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page(viewport=PHONE)


def card(page: Page, name: str) -> Locator:
    return page.locator(".event").filter(has=page.get_by_role("heading", name=name, exact=True))


def bar(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Held for you")


def take(page: Page, name: str, email: str = "guest@example.org") -> None:
    """Book, and say who it is for."""
    page.get_by_role("button", name=f"Book: {name}").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email").fill(email)
    dialog.get_by_label("Name").fill("Gus")
    dialog.get_by_role("button", name="Hold a seat").click()


def test_a_guest_books_in_three_taps_and_finds_the_booking_again(
    page: Page, new_page: NewPage, service: Service, database: Database
) -> None:
    event = service.event(name="Jazz", total_seats=2, place="Old Library")
    page.goto("/")
    page.get_by_role("link", name="Jazz").click()
    expect(page.get_by_role("heading", name="Jazz", level=1)).to_be_visible()
    take(page, "Jazz")
    expect(page.locator(".event .hold")).to_be_focused()
    expect(bar(page).get_by_role("timer")).to_have_text(LEFT)

    page.reload()
    expect(bar(page).get_by_role("timer")).to_have_text(LEFT)
    other_tab = page.context.new_page()
    other_tab.goto("/")
    expect(bar(other_tab)).to_contain_text("Jazz")
    bar(page).get_by_role("button", name="Confirm").click()
    expect(page.locator(".event")).to_have_attribute("data-state", "confirmed")
    expect(bar(page)).to_be_hidden()
    expect(bar(other_tab)).to_be_hidden()

    page.goto("/user")
    expect(page.locator(".booking")).to_contain_text("Confirmed")
    (kept,) = page.evaluate("JSON.parse(localStorage.getItem('eventbooker.bookings'))")
    elsewhere = new_page()
    elsewhere.goto(f"/user#booking={kept['id']}&token={kept['token']}")
    expect(elsewhere.locator(".booking")).to_contain_text("Jazz")
    elsewhere.locator(".booking").get_by_role("button", name="Cancel booking").click()
    elsewhere.get_by_role("dialog").get_by_role("button", name="Cancel the booking").click()
    expect(elsewhere.locator(".booking")).to_contain_text("Canceled by you")
    assert database.free_seats(event["id"]) == 2


def test_who_one_is_is_asked_once(page: Page, service: Service) -> None:
    service.event(name="Jazz")
    service.event(name="Blues", max_seats_per_booking=4)
    page.goto("/")
    take(page, "Jazz")
    expect(card(page, "Jazz")).to_have_attribute("data-state", "held")

    page.reload()
    card(page, "Blues").get_by_label("Seats", exact=True).fill("3")
    page.get_by_role("button", name="Book: Blues").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Email")).to_have_value("guest@example.org")
    expect(dialog.get_by_label("Seats")).to_have_value("3")
    expect(dialog.get_by_role("button", name="Hold a seat")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, "Blues")).to_have_attribute("data-state", "held")
    expect(card(page, "Blues")).to_contain_text("7 seats free of 10")


def test_a_bad_email_is_told_once_at_its_field(page: Page, service: Service) -> None:
    service.event(name="Jazz")
    page.goto("/")
    take(page, "Jazz", "nobody")

    email = page.get_by_role("dialog").get_by_label("Email")
    expect(email).to_be_focused()
    expect(email).to_have_accessible_description("Enter an email such as name@example.org.")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Book: Jazz")).to_be_focused()


def test_a_living_hold_stays_in_view_on_a_phone(page: Page, service: Service) -> None:
    for number in range(15):
        service.event(name=f"Lecture {number}")
    page.goto("/")
    take(page, "Lecture 0")
    expect(card(page, "Lecture 0")).to_have_attribute("data-state", "held")
    notice, following = page.locator(".notice").bounding_box(), card(page, "Lecture 1").bounding_box()
    assert notice is not None
    assert following is not None
    assert notice["y"] + notice["height"] <= following["y"]

    page.locator(".event").last.scroll_into_view_if_needed()
    expect(bar(page)).to_be_in_viewport()
    page.get_by_role("button", name="Book: Lecture 14").focus()
    focused, covering = page.locator(":focus").bounding_box(), bar(page).bounding_box()
    assert focused is not None
    assert covering is not None
    assert focused["y"] + focused["height"] <= covering["y"]


def test_a_hold_that_runs_out_says_so_and_offers_another_seat(page: Page, service: Service, database: Database) -> None:
    event = service.event(name="Jazz", total_seats=1)
    page.goto(f"/events/{event['id']}")
    take(page, "Jazz")
    expect(page.locator(".event .hold")).to_be_visible()
    database.execute("UPDATE bookings SET expires_at = clock() + interval '10 s'")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.locator("#whisper")).to_have_text("Less than a minute is left to confirm “Jazz”.")
    expect(page.locator(".event .lapsed")).to_contain_text("Your hold ran out at")
    expect(bar(page)).to_contain_text("ran out")
    expect(page.get_by_role("button", name="Book: Jazz")).to_be_visible()
    page.goto("/")
    expect(card(page, "Jazz").locator(".lapsed")).to_be_visible()
    service.book(event["id"], "faster@example.org")
    expect(page.get_by_role("button", name="Join the waiting list: Jazz")).to_be_visible()


def test_two_browsers_race_for_the_last_seat_and_the_slower_waits(new_page: NewPage, service: Service) -> None:
    event = service.event(name="Jazz", total_seats=1)
    first, second = new_page(), new_page()
    for number, page in enumerate((first, second)):
        page.goto(f"/events/{event['id']}")
        page.get_by_role("button", name="Book: Jazz").click()
        page.get_by_role("dialog").get_by_label("Email").fill(f"racer{number}@example.org")
    first.keyboard.press("Enter")
    second.keyboard.press("Enter")
    holds = {page: page.locator(".event .hold") for page in (first, second)}
    (faster,) = until(lambda: [page for page in holds if holds[page].is_visible()])
    slower = second if faster is first else first
    expect(slower.get_by_role("dialog").get_by_role("alert")).to_have_text("No free seats are left.")

    slower.keyboard.press("Escape")
    slower.get_by_role("button", name="Join the waiting list: Jazz").click()
    slower.get_by_role("dialog").get_by_role("button", name="Join the waiting list").click()
    expect(slower.locator(".event")).to_contain_text("No. 1 in line")
    faster.get_by_role("button", name="Cancel booking: Jazz").click()
    expect(holds[slower]).to_be_visible()
    expect(bar(slower)).to_contain_text("Jazz")


def test_two_taps_are_one_booking(page: Page, service: Service) -> None:
    event = service.event(name="Jazz")
    page.goto(f"/events/{event['id']}")
    page.get_by_role("button", name="Book: Jazz").dblclick()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email").fill("guest@example.org")
    dialog.get_by_role("button", name="Hold a seat").dblclick()
    expect(page.locator(".event")).to_have_attribute("data-state", "held")
    page.locator(".event").get_by_role("button", name="Confirm").dblclick()
    expect(page.locator(".event")).to_have_attribute("data-state", "confirmed")

    assert [booking["status"] for booking in service.get(f"/events/{event['id']}/bookings").json()] == ["confirmed"]


def test_the_way_back_leads_to_what_was_found(page: Page, service: Service) -> None:
    service.event(name="Jazz")
    service.event(name="Blues")
    page.goto("/")
    page.get_by_role("searchbox").fill("jazz")
    expect(page.locator(".event")).to_have_count(1)
    expect(page.get_by_text("1 event found.")).to_be_visible()
    page.get_by_role("link", name="Jazz").click()
    take(page, "Jazz")
    expect(page.locator(".event")).to_have_attribute("data-state", "held")
    page.go_back()

    expect(page.locator(".event")).to_have_count(1)
    expect(card(page, "Jazz")).to_have_attribute("data-state", "held")
    page.go_forward()
    expect(page.locator(".event")).to_have_attribute("data-state", "held")


def test_a_hold_outlives_a_lost_connection_and_a_wrong_clock(page: Page, service: Service) -> None:
    event = service.event(name="Jazz")
    page.clock.install(time="2020-01-01T00:00:00Z")
    page.goto(f"/events/{event['id']}")
    take(page, "Jazz")
    expect(bar(page).get_by_role("timer")).to_have_text(LEFT)
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("No connection to the service")).to_be_visible()
    bar(page).get_by_role("button", name="Confirm").click()
    expect(page.locator("#notices")).to_contain_text("The service does not answer.")

    page.context.set_offline(False)
    expect(page.get_by_text("No connection to the service")).to_be_hidden()
    bar(page).get_by_role("button", name="Confirm").click()
    expect(page.locator(".event")).to_have_attribute("data-state", "confirmed")
