"""What a screen reader says of a control is what stands on it."""

import re

import pytest

from tests.browser.conftest import NewPage
from tests.service import Service

PAGES = ("/", "/user", "/admin", "/admin/events/1", "/events/1", "/nope", "/door")


@pytest.mark.parametrize("path", PAGES)
def test_a_label_contains_the_text_that_is_seen(new_page: NewPage, live_service: Service, path: str) -> None:
    """So that somebody who speaks to the computer can name what they see (WCAG 2.5.3)."""
    live_service.event()
    page = new_page()
    page.goto(path)
    labelled = page.locator("button[aria-label], a[aria-label]")

    assert labelled.count() >= 2
    for control in labelled.all():
        text = " ".join((control.text_content() or "").split())
        assert text in (control.get_attribute("aria-label") or ""), text


@pytest.mark.parametrize("path", [*PAGES, "/docs"])
def test_links_for_browsers_without_scripts_lead_somewhere(live_service: Service, path: str) -> None:
    live_service.event()
    page = live_service.client.get(path, headers={"Accept": "text/html"})
    (fallback,) = re.findall(r"<noscript>(.*?)</noscript>", page.text)
    links = re.findall(r'href="([^"]+)"', fallback)

    assert links
    assert [live_service.get(link).status_code for link in links] == [200] * len(links)
