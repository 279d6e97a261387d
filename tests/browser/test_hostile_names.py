"""What people write is text on every page that shows it, whatever it looks like."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import introduce
from tests.service import Service

NAME = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">\u202egnp.exe\u2066 {{7*7}}"
EMAIL = "ann@example.org"

SHOWING = {
    "/": ("event",),
    "/events/1": ("event",),
    "/user": ("event", "person"),
    "/admin": ("event",),
    "/admin/events/1": ("event", "person"),
    "/events/1/attendees": ("event", "person"),
    "/bookings/1/ticket": ("event", "person"),
}
"""The pages, and whose names they show."""


@pytest.mark.parametrize("path", SHOWING)
def test_a_name_that_looks_like_a_script_is_shown_as_text(page: Page, live_service: Service, path: str) -> None:
    """A script that ran or was stopped by the content security policy would be a fault, which fails each test here."""
    names = {"event": f"Event {NAME}", "person": f"Person {NAME}"}
    live_service.event(name=names["event"], description=NAME, place=NAME)
    live_service.book(1, EMAIL, name=names["person"])
    live_service.post("/bookings/1/confirm")
    introduce(page, EMAIL, names["person"])

    page.goto(path)

    for whose in SHOWING[path]:
        expect(page.locator("body")).to_contain_text(names[whose])
    assert page.evaluate("document.title") != "run"
    assert page.locator("body script:not([src])").count() == 0
    assert page.locator("img[src=x]").count() == 0
