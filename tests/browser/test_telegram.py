"""Telegram on the pages: connecting one's own chat, and how the messages are doing."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage, introduce
from tests.database import Database
from tests.service import Service

REASON = "Forbidden: bot was blocked by the user"


@pytest.fixture
def bot(database: Database) -> None:
    """A worker has asked Telegram who our bot is."""
    database.execute("SELECT register_telegram_bot(7000000001, 'ticket_bot')")


def panel(page: Page) -> Locator:
    return page.get_by_role("group", name="Telegram")


def look(page: Page) -> None:
    """The reader comes back to the page."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def link_of(page: Page) -> str:
    """The link that is offered, as it is opened in another tab."""
    link = panel(page).get_by_role("link", name="Open Telegram")
    expect(link).to_have_attribute("href", re.compile(r"^https://t\.me/ticket_bot\?start=[\w-]{32,64}$"))
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile(r"\bnoopener\b"))
    return str(link.get_attribute("href"))


@pytest.mark.usefixtures("bot")
def test_one_connects_telegram_and_disconnects_it(as_user: Page, database: Database) -> None:
    part = panel(as_user)
    part.get_by_role("button", name="Connect Telegram").click()
    expect(part.get_by_role("link", name="Open Telegram")).to_be_focused()
    expect(part).to_contain_text("Press “Start” in the chat that opens")
    token = link_of(as_user).partition("?start=")[2]

    database.execute("SELECT link_telegram(%s, '42', 'en')", (token,))
    look(as_user)
    expect(part).to_contain_text("Telegram is connected")
    expect(as_user.locator("#notices")).to_contain_text("Telegram is connected")
    expect(part.get_by_role("link")).to_be_hidden()

    part.get_by_role("button", name="Disconnect").click()
    expect(part.get_by_role("button", name="Connect Telegram")).to_be_focused()
    expect(part.get_by_role("button", name="Disconnect")).to_be_hidden()
    assert database.one("SELECT telegram_id FROM users") == {"telegram_id": None}


@pytest.mark.usefixtures("bot")
def test_a_chat_that_cannot_be_reached_is_told_of_and_connected_again(as_user: Page, database: Database) -> None:
    part = panel(as_user)
    expect(part.get_by_role("button", name="Connect Telegram")).to_be_visible()
    database.execute(
        "UPDATE users SET telegram_id = '42', telegram_broken_at = clock(), telegram_error = %s", (REASON,)
    )
    look(as_user)

    expect(part).to_contain_text(f"Telegram cannot reach you: {REASON}.")
    part.get_by_role("button", name="Connect again").click()
    database.execute("SELECT link_telegram(%s, '42', NULL)", (link_of(as_user).partition("?start=")[2],))
    look(as_user)
    expect(part).to_contain_text("Telegram is connected")


@pytest.mark.usefixtures("bot")
def test_a_link_that_ran_out_is_not_shown(as_user: Page, database: Database) -> None:
    part = panel(as_user)
    as_user.route(
        "**/telegram-link",
        lambda route: route.fulfill(
            status=201, json={"url": "https://t.me/ticket_bot?start=x", "expires_at": "2020-01-01T00:00:00+00:00"}
        ),
    )

    part.get_by_role("button", name="Connect Telegram").click()
    expect(part.get_by_role("button", name="Connect Telegram")).not_to_have_attribute("aria-busy", "true")

    expect(part.get_by_role("link")).to_be_hidden()


def test_without_a_bot_nothing_is_said_of_telegram(as_user: Page, live_service: Service, database: Database) -> None:
    database.execute("SELECT disable_telegram()")
    live_service.event(name="Jazz")
    look(as_user)

    expect(as_user.get_by_role("heading", name="Jazz")).to_be_visible()
    expect(panel(as_user)).to_be_hidden()
    as_user.goto("/admin")
    expect(as_user.get_by_text("Telegram is switched off")).to_be_visible()


@pytest.mark.usefixtures("bot")
def test_nobody_types_the_number_of_a_chat(new_page: NewPage) -> None:
    page = new_page(locale="ru-RU")
    page.goto("/")
    assert page.locator("input[name=telegram_id]").count() == 0

    introduce(page, "anna@example.org", "Анна")
    expect(panel(page).get_by_role("button", name="Подключить Telegram")).to_be_visible()


@pytest.mark.usefixtures("bot")
def test_an_admin_sees_what_went_wrong_and_has_it_tried_again(page: Page, database: Database) -> None:
    hold = database.book(database.event(), "ann@example.org", "42")
    database.execute("SELECT confirm_booking(%s)", (hold["id"],))
    database.execute("DELETE FROM outbox WHERE kind <> 'booking_confirmed'")
    database.execute("UPDATE outbox SET state = 'failed', finished_at = clock(), last_error = %s", (REASON,))

    page.goto("/admin")
    part = page.get_by_role("region", name="Notifications", exact=True)
    expect(part).to_contain_text("Sent in Telegram by @ticket_bot.")
    part.get_by_text("Last errors (1)").click()
    expect(part.get_by_role("listitem")).to_contain_text(REASON)
    expect(part.get_by_role("listitem")).to_contain_text("A booking is confirmed")
    part.get_by_role("button", name="Try again").click()

    expect(part.get_by_role("listitem")).to_have_count(0)
    expect(part).to_contain_text("The oldest has been waiting since")
    assert database.one("SELECT state FROM outbox") == {"state": "waiting"}
