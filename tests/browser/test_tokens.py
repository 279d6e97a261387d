"""API tokens on /admin: made, shown once, revoked."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import NewPage, pages
from tests.browser.test_sign_in import ADMIN, sign_in
from tests.http.test_auth import EVENT, bearer
from tests.http.test_auth import sign_in as signed_in
from tests.service import Service


@pytest.fixture
def new_page(browser: Browser, required_service: Service) -> Iterator[NewPage]:
    """Opens pages of the service in required mode."""
    with pages(browser, required_service) as new_page:
        yield new_page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """/admin, with an admin signed in."""
    page = new_page()
    page.goto("/?next=/admin")
    sign_in(page, *ADMIN)
    page.wait_for_url("**/admin")
    return page


def tokens(page: Page) -> Locator:
    """The opened part about API tokens."""
    part = page.locator("details.tokens")
    part.locator("summary").click()
    return part


def test_a_token_is_made_shown_once_and_revoked(page: Page, required_service: Service) -> None:
    part = tokens(page)
    expect(part.get_by_text("There are none.")).to_be_visible()
    part.get_by_label("What it may do").select_option("Everything that its user may")
    part.get_by_label("What it is for").fill("cron <b>")
    part.get_by_role("button", name="Make a token").click()

    dialog = page.get_by_role("dialog")
    shown = dialog.get_by_role("textbox")
    expect(shown).to_have_value(re.compile("^t_"))
    token = shown.input_value()
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("status")).to_have_text("The token is copied.")
    dialog.get_by_role("button", name="Close").click()
    expect(page.locator("#new-token-value")).to_have_value("")
    assert required_service.post("/events", EVENT, headers=bearer(token)).status_code == 201

    item = part.locator(".token")
    expect(item).to_contain_text("cron <b>")
    expect(item).to_contain_text(f"Everything that its user may · {ADMIN[0]}")
    expect(item).to_contain_text("never used, ends ")
    item.get_by_role("button", name="Revoke: cron <b>").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(item).to_have_count(1)
    item.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke it").click()
    expect(item).to_have_count(0)
    assert required_service.post("/events", EVENT, headers=bearer(token)).status_code == 401


def test_a_door_token_is_for_an_event_and_needs_no_end(page: Page, required_service: Service) -> None:
    event_id = signed_in(required_service, *ADMIN).event(name="Jazz")["id"]
    part = tokens(page)
    event = part.get_by_label("Whose door")
    expect(event).to_be_hidden()
    part.get_by_label("What it may do").select_option("Only the door of one event")
    event.select_option(str(event_id))
    part.get_by_label("Ends after, days").fill("")
    part.get_by_role("button", name="Make a token").click()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()

    expect(part.locator(".token")).to_contain_text("The door of “Jazz”")
    expect(part.locator(".token")).to_contain_text("never used, does not end")
    expect(event).to_be_hidden()


def test_what_is_wrong_with_a_token_is_told_at_the_field(page: Page) -> None:
    part = tokens(page)
    days = part.get_by_label("Ends after, days")
    days.fill("0")
    part.get_by_role("button", name="Make a token").click()

    expect(days).to_have_attribute("aria-invalid", "true")
    expect(days).to_have_accessible_description(re.compile("From 1 to 3650"))
