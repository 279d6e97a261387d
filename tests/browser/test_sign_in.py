"""Who may come in, in required mode."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import field, pages
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.service import Service

ADMIN = (ADMIN_EMAIL, ADMIN_PASSWORD)


@pytest.fixture
def page(browser: Browser, required_service: Service) -> Iterator[Page]:
    """A page of the service in required mode, where nobody has signed in."""
    with pages(browser, required_service) as new_page:
        yield new_page()


def sign_in(page: Page, email: str, password: str) -> None:
    field(page, "Email").fill(email)
    field(page, "Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_one_registers_signs_out_and_signs_in_again(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("asks you to sign in")).to_be_visible()
    page.get_by_role("button", name="No account yet? Register").click()
    field(page, "Email").fill("ann@example.org")
    field(page, "Name").fill("Ann")
    field(page, "Password").fill("short")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(field(page, "Password")).to_have_accessible_description(re.compile("Enter at least 8"))
    field(page, "Password").fill("long enough")
    page.get_by_role("button", name="Register", exact=True).click()

    page.wait_for_url("**/user")
    expect(page.get_by_role("banner")).to_contain_text("Ann")
    expect(page.get_by_role("link", name="Administration")).to_be_hidden()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    sign_in(page, "ann@example.org", "wrong password")
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("The email or the password is wrong.")
    sign_in(page, "ann@example.org", "long enough")
    page.wait_for_url("**/user")


def test_a_taken_email_is_told(page: Page) -> None:
    page.goto("/")
    field(page, "Email").fill(ADMIN[0])
    page.get_by_role("button", name="No account yet? Register").click()
    expect(field(page, "Email")).to_have_value(ADMIN[0])
    field(page, "Password").fill("long enough")
    page.get_by_role("button", name="Register", exact=True).click()

    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("already registered")


def test_whoever_signs_in_on_the_way_to_a_seat_comes_back_to_the_event(page: Page, required_service: Service) -> None:
    required_service.post("/session", {"email": ADMIN[0], "password": ADMIN[1]})
    event = required_service.event(name="Jazz")

    page.goto("/user")
    page.get_by_role("button", name="Book: Jazz").click()
    page.get_by_role("dialog").get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_in_viewport()
    sign_in(page, *ADMIN)

    page.wait_for_url(f"**/events/{event['id']}")
    expect(page.get_by_role("button", name="Book: Jazz")).to_be_visible()


def test_an_email_with_an_account_is_no_guests(page: Page, required_service: Service) -> None:
    required_service.post("/session", {"email": ADMIN[0], "password": ADMIN[1]})
    required_service.event(name="Jazz")

    page.goto("/")
    page.get_by_role("button", name="Book: Jazz").click()
    page.get_by_role("dialog").get_by_label("Email").fill(ADMIN[0])
    page.get_by_role("dialog").get_by_role("button", name="Hold a seat").click()

    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text("Please sign in first.")
    assert required_service.get("/events").json()[0]["available_seats"] == 10


def test_administration_is_for_admins(page: Page) -> None:
    page.goto("/admin")
    expect(page.get_by_role("button", name="New event")).to_be_hidden()
    page.get_by_role("link", name="This page is for administrators").click()
    sign_in(page, *ADMIN)

    page.wait_for_url("**/admin")
    expect(page.get_by_role("button", name="New event")).to_be_visible()


def test_a_members_booking_from_registering_to_giving_it_up(page: Page, required_service: Service) -> None:
    required_service.post("/session", {"email": ADMIN[0], "password": ADMIN[1]})
    event = required_service.event(name="Jazz", total_seats=1)
    page.goto(f"/events/{event['id']}")
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="No account yet? Register").click()
    page.locator("#register-email").fill("ann@example.org")
    page.locator("#register-name").fill("Ann")
    page.locator("#register-password").fill("long enough")
    page.get_by_role("button", name="Register", exact=True).click()
    page.wait_for_url("**/user")

    page.get_by_role("link", name="Jazz").first.click()
    page.get_by_role("button", name="Book: Jazz").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("complementary", name="Held for you").get_by_role("button", name="Confirm").click()
    expect(page.locator(".event")).to_have_attribute("data-state", "confirmed")
    expect(page.get_by_role("main")).to_be_focused()
    page.get_by_role("link", name="My bookings").click()
    expect(page.locator(".booking")).to_contain_text("Confirmed")
    page.locator(".booking").get_by_role("button", name="Cancel booking").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the booking").click()
    expect(page.locator(".booking")).to_contain_text("Canceled by you")
    assert required_service.get(f"/events/{event['id']}").json()["available_seats"] == 1
