"""One's account on the pages: a forgotten password, the proof of an email, sessions, and the end of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from eventbooker.tokens import Tokens
from tests.browser.conftest import NewPage, pages
from tests.browser.test_sign_in import ADMIN, sign_in
from tests.database import Database
from tests.http.test_auth import register
from tests.http.test_auth import sign_in as signed_in
from tests.service import Service

EMAIL, PASSWORD, NEW = "ann@example.org", "long enough", "even longer"


@pytest.fixture
def new_page(browser: Browser, required_service: Service) -> Iterator[NewPage]:
    """Opens pages of the service in required mode."""
    with pages(browser, required_service) as new_page:
        yield new_page


@pytest.fixture
def page(new_page: NewPage, required_service: Service) -> Page:
    """The entrance, with Ann's account to sign in to."""
    register(required_service, EMAIL)
    page = new_page()
    page.goto("/")
    return page


def mailed(database: Database) -> str:
    """The token of the latest link that was queued to be mailed."""
    row = database.one("SELECT link_nonce, get_secret_key() AS key FROM outbox ORDER BY id DESC LIMIT 1")
    return Tokens(row["key"]).link(row["link_nonce"])


def account(page: Page) -> Locator:
    """The opened part of /user about the account."""
    page.wait_for_url("**/user")
    page.get_by_text("My account", exact=True).click()
    return page.locator("details.account")


def test_a_forgotten_password_is_set_by_a_link(page: Page, database: Database) -> None:
    database.execute("UPDATE mail SET enabled = true")
    page.get_by_role("button", name="Forgot your password?").click()
    page.locator("#forgot-email").fill(EMAIL)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_text("a link is on its way to it")).to_be_visible()

    page.goto(f"/#reset={mailed(database)}")
    expect(page.get_by_role("heading", name="A new password")).to_be_visible()
    assert page.evaluate("location.hash") == ""  # it stays in no history
    page.locator("#reset-password").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("The password is set.")).to_be_visible()
    sign_in(page, EMAIL, NEW)

    page.wait_for_url("**/user")


def test_a_link_that_is_not_valid_is_told(page: Page) -> None:
    page.goto("/#reset=l_wrong")
    page.locator("#reset-password").fill(NEW)
    page.get_by_role("button", name="Set the password").click()

    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("not valid any more")
    page.get_by_role("button", name="Ask for another link").click()
    page.locator("#forgot-email").fill(EMAIL)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_text("Ask an administrator for a link.")).to_be_visible()


def test_an_email_is_proven_by_a_link_after_signing_in(page: Page, database: Database) -> None:
    database.execute("UPDATE mail SET enabled = true")
    sign_in(page, EMAIL, PASSWORD)
    part = account(page)
    part.get_by_role("button", name="Send me a link that proves it").click()
    expect(page.get_by_text("A link is on its way to you.")).to_be_visible()

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(re.compile(r"/$"))
    page.goto(f"/#proof={mailed(database)}")
    expect(page.get_by_text("Sign in to prove that the email is yours.")).to_be_visible()
    sign_in(page, EMAIL, PASSWORD)

    part = account(page)
    expect(part.get_by_role("heading", name="Change the password")).to_be_visible()
    expect(part.get_by_role("button", name="Send me a link that proves it")).to_be_hidden()


def test_a_changed_password_ends_other_sessions(page: Page, required_service: Service) -> None:
    other = signed_in(required_service, EMAIL, PASSWORD)
    sign_in(page, EMAIL, PASSWORD)
    part = account(page)
    expect(part.locator(".session")).to_have_count(3)
    expect(part.locator(".session").first).to_contain_text("Chrome, Linux (this one)")

    part.get_by_label("Password until now").fill("wrong wrong")
    part.get_by_label("New password").fill(NEW)
    part.get_by_role("button", name="Change it").click()
    expect(part.get_by_role("alert").filter(visible=True)).to_have_text("This is not your password.")
    part.get_by_label("Password until now").fill(PASSWORD)
    part.get_by_role("button", name="Change it").click()

    expect(page.get_by_text("The password is changed.")).to_be_visible()
    expect(part.locator(".session")).to_have_count(1)
    assert other.get("/session").json()["user"] is None


def test_sessions_end_one_by_one_and_all_at_once(page: Page, required_service: Service) -> None:
    other = signed_in(required_service, EMAIL, PASSWORD)
    sign_in(page, EMAIL, PASSWORD)
    part = account(page)

    part.get_by_role("button", name="End: python-httpx").first.click()
    expect(part.locator(".session")).to_have_count(2)
    assert other.get("/session").json()["user"] is None
    part.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url(re.compile(r"/$"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_account_is_deleted_by_a_word(page: Page, required_service: Service) -> None:
    sign_in(page, EMAIL, PASSWORD)
    account(page).get_by_role("button", name="Delete my account…").click()
    dialog = page.get_by_role("dialog")
    erase = dialog.get_by_role("button", name="Delete everything")
    expect(erase).to_be_disabled()
    dialog.get_by_role("textbox").fill("delete")
    erase.click()

    page.wait_for_url(re.compile(r"/$"))
    gone = required_service.post("/session", {"email": EMAIL, "password": PASSWORD})
    assert gone.status_code == 401


def test_where_mail_is_sent_registering_a_taken_email_points_to_the_mail(page: Page, database: Database) -> None:
    database.execute("UPDATE mail SET enabled = true")
    page.get_by_role("button", name="No account yet? Register").click()
    page.locator("#register-email").fill(EMAIL)
    page.locator("#register-password").fill("another password")
    page.get_by_role("button", name="Register", exact=True).click()

    expect(page.get_by_text("A mail is on its way to you")).to_be_visible()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_admin_makes_a_link_for_somebody_who_booked(new_page: NewPage, required_service: Service) -> None:
    event = signed_in(required_service, *ADMIN).event(name="Jazz")
    required_service.book(event["id"], "guest@example.org")
    page = new_page(locale="ru-RU")
    page.goto(f"/admin/events/{event['id']}")
    page.get_by_role("link", name="для администраторов").click()
    page.locator("#sign-in-email").fill(ADMIN[0])
    page.locator("#sign-in-password").fill(ADMIN[1])
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url("**/admin/events/*")

    page.locator(".attendee-list summary").click()
    page.get_by_role("button", name="Ссылка для пароля: guest@example.org").click()

    expect(page.get_by_role("dialog")).to_contain_text("guest@example.org")
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_have_value(
        re.compile(re.escape(required_service.url) + "/#reset=l_")
    )
