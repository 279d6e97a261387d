"""The pages in a real Chromium, against a real service and database."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.service import Service

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE_MS = 15_000
"""How long to wait for what the page is to show: longer than its pause between two looks at the service."""

# Chromium itself writes such a line for every answer from 400 on, and for every request without a network; what a page
# expects is no fault of it.
REFUSAL = re.compile(
    r"Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_(INTERNET_DISCONNECTED|FAILED))"
)
FILE = re.compile(r"/(user|admin|door|(assets|css|js|vendor)/.*)?")

NewPage = Callable[..., Page]


class Faults(list[str]):
    """What must not happen on any page: an error on its console (a breach of its content security policy is one), an
    uncaught exception, a missing file, an answer from 500 on, a request to another host."""

    def watch(self, page: Page, home: str) -> None:
        page.on("pageerror", lambda error: self.append(f"uncaught: {error}"))
        page.on("console", self._hear)
        page.on("request", lambda request: self._see_request(request, home))
        page.on("response", lambda response: self._see_response(response, home))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not REFUSAL.match(message.text):
            self.append(f"console: {message.text}")

    def _see_request(self, request: Request, home: str) -> None:
        if not request.url.startswith(f"{home}/"):
            self.append(f"another host: {request.url}")

    def _see_response(self, response: Response, home: str) -> None:
        is_file = FILE.fullmatch(urlsplit(response.url).path)
        if response.status >= (400 if is_file else 500):
            self.append(f"{response.status}: {response.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium here: `apt-get install chromium`, or put google-chrome on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def pages(browser: Browser, service: Service) -> Iterator[NewPage]:
    """Opens pages of the service, each for a reader of its own: `new_page(locale="ru-RU")`, with the options of a
    browser context. Faults fail the test."""
    faults = Faults()
    contexts: list[BrowserContext] = []

    def new_page(**options: Any) -> Page:
        context = browser.new_context(
            base_url=service.url, **{"locale": "en-GB", "service_workers": "block", **options}
        )
        contexts.append(context)
        page = context.new_page()
        faults.watch(page, service.url)
        return page

    expect.set_options(timeout=PATIENCE_MS)
    yield new_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def new_page(browser: Browser, live_service: Service) -> Iterator[NewPage]:
    """Opens pages of the service in open mode."""
    with pages(browser, live_service) as new_page:
        yield new_page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of the service in open mode, in English, on which nobody has said yet who they are."""
    return new_page()


@pytest.fixture
def as_user(page: Page) -> Page:
    """The events as Ann, ann@example.org, sees them."""
    introduce(page, "ann@example.org", "Ann")
    return page


def introduce(page: Page, email: str, name: str) -> None:
    """Say who one is, in open mode; ends on the events."""
    page.goto("/#sign-in")
    form = page.locator("[data-view=open]")
    form.locator("[name=email]").fill(email)
    form.locator("[name=name]").fill(name)
    form.locator("[type=submit]").click()
    page.wait_for_url("**/user")


def field(page: Page, label: str) -> Locator:
    """The field of this label in the form that is shown."""
    expect(page.locator("main")).not_to_have_attribute("data-state", "loading")
    return page.get_by_label(label).filter(visible=True)
