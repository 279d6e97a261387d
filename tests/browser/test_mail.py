"""Links of mails on the pages, and how a person wishes to be told."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from eventbooker.tokens import Tokens
from tests.browser.conftest import NewPage, introduce, pages
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import sign_in
from tests.service import Service
from tests.waiting import until


@pytest.fixture
def guest(browser: Browser, required_service: Service) -> Iterator[NewPage]:
    """Opens pages of the service in required mode, on which nobody is signed in."""
    with pages(browser, required_service) as new_page:
        yield new_page


@pytest.fixture
def hold(required_service: Service, database: Database) -> dict[str, int]:
    """A guest's hold: `id` and `user_id`."""
    database.execute("SELECT enable_mail()")
    event = sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD).event(name="Chess night")
    booking: dict[str, int] = required_service.book(event["id"], "guest@example.org")
    return booking


@pytest.fixture
def tokens(database: Database) -> Tokens:
    return Tokens(database.one("SELECT get_secret_key() AS key")["key"])


def opened(page: Page) -> Locator:
    """The booking that a mail has opened."""
    return page.locator(".mine .booking")


def test_a_mails_link_opens_the_booking_which_is_confirmed_found_again_and_canceled(
    guest: NewPage, hold: dict[str, int], tokens: Tokens, database: Database
) -> None:
    page = guest()
    page.goto(f"/user#booking={hold['id']}&token={tokens.booking(hold['id'])}")
    expect(opened(page)).to_contain_text("Chess night")
    assert page.evaluate("location.hash") == ""
    opened(page).get_by_role("button", name="Confirm: Chess night").click()
    expect(opened(page)).to_have_attribute("data-state", "confirmed")

    page.reload()
    expect(opened(page)).to_have_attribute("data-state", "confirmed")
    opened(page).get_by_role("button", name="Cancel").click()
    page.locator("#ask-cancel").get_by_role("button", name="Cancel the booking").click()
    expect(opened(page)).to_have_attribute("data-state", "canceled")
    assert database.one("SELECT status FROM bookings")["status"] == "canceled"


def test_a_link_with_a_wrong_token_shows_nothing_and_is_forgotten(guest: NewPage, hold: dict[str, int]) -> None:
    page = guest()
    page.goto(f"/user#booking={hold['id']}&token=b_wrong")
    expect(page.get_by_role("heading", name="Chess night")).to_be_visible()
    expect(opened(page)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('eventbooker.bookings')") == "[]"


def test_mails_end_when_the_person_says_so_and_not_before(
    guest: NewPage, hold: dict[str, int], tokens: Tokens, database: Database
) -> None:
    def told_by() -> str:
        return str(database.one("SELECT notify_by FROM users WHERE id = %s", hold["user_id"])["notify_by"])

    page = guest(locale="ru-RU")
    page.goto(f"/user#unsubscribe={hold['user_id']}&token={tokens.unsubscribing(hold['user_id'])}")
    end = page.get_by_role("button", name="Больше не присылать")
    expect(end).to_be_visible()
    assert told_by() == "auto"
    end.click()
    expect(page.get_by_text("Писем о бронях больше не будет.")).to_be_visible()
    expect(end).to_be_hidden()
    assert told_by() == "telegram"


def test_a_person_chooses_how_to_be_told(page: Page, database: Database) -> None:
    database.execute("SELECT enable_mail()")
    introduce(page, "ann@example.org", "Ann")
    page.get_by_label("Tell me of my bookings").select_option("both")
    expect(page.get_by_text("You will be told like this from now on.")).to_be_visible()
    page.get_by_label("Language of the messages").select_option("ru")
    chosen = {"notify_by": "both", "language": "ru"}
    until(lambda: database.one("SELECT notify_by, language FROM users") == chosen)
    page.reload()
    expect(page.get_by_label("Tell me of my bookings")).to_have_value("both")


def test_without_mail_there_is_nothing_to_choose(as_user: Page) -> None:
    expect(as_user.get_by_role("heading", name="My bookings")).to_be_visible()
    expect(as_user.get_by_label("Tell me of my bookings")).to_be_hidden()


def test_who_has_not_chosen_a_language_is_told_in_that_of_the_page(new_page: NewPage, database: Database) -> None:
    database.execute("SELECT enable_mail()")
    page = new_page(locale="ru-RU")
    introduce(page, "ann@example.org", "Ann")
    expect(page.get_by_label("Язык сообщений")).to_have_value("ru")
    until(lambda: database.one("SELECT language FROM users") == {"language": "ru"})


def test_admins_see_whether_mail_is_switched_on(page: Page, database: Database) -> None:
    page.goto("/admin")
    expect(page.get_by_text("Mail is switched off.")).to_be_visible()
    database.execute("SELECT enable_mail()")
    expect(page.get_by_text("Mail is switched on.")).to_be_visible()
