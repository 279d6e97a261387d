"""Every text in its place: on the narrowest screen, in a language half as long again as the longest that we speak."""

import re

import pytest
from playwright.sync_api import Page, Route

from eventbooker.config import ROOT
from tests.browser.conftest import NewPage
from tests.browser.reading import KEY, STATES, fill
from tests.database import Database
from tests.service import Service

NARROW = {"width": 320, "height": 640}
"""Also what a page of 640 pixels has at a zoom of 200 %."""
WIDE = {"width": 1280, "height": 800}

OVERFLOWING = """() => {
  const shown = [...document.querySelectorAll("body *")].filter((element) => element.checkVisibility()
    && !element.closest(".visually-hidden, .skip") && !element.matches(".who .name, input, select, option"));
  const told = (element) => `${element.tagName}.${element.className} ${element.dataset.part ?? ""}: `
    + `${element.textContent.trim().slice(0, 60)}`;
  const wide = document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : [];
  return [...wide, ...shown.filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    const inner = element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
    return inner || left < -1 || right > innerWidth + 1;
  }).map(told)];
}"""

TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode.data.trim());
  return texts.filter(Boolean);
}"""


def stretched(language: str) -> str:
    """The dictionary with every message half as long again."""

    def stretch(found: re.Match[str]) -> str:
        key, text = found.groups()
        filler = re.sub(r"\{\w+\}", "", text).replace("\\", "")
        return f'  "{key}": "{text} {filler[: len(text) // 2]}",'

    source = (ROOT / "web" / "js" / f"messages.{language}.js").read_text()
    return re.sub(r'^  "([^"]+)": "(.*)",$', stretch, source, flags=re.MULTILINE)


def speak_at_length(page: Page) -> list[str]:
    """The languages that have been asked for since."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        language = "ru" if "messages.ru" in route.request.url else "en"
        asked.append(language)
        route.fulfill(body=stretched(language), content_type="text/javascript")

    page.route(re.compile(r"/messages\.(en|ru)"), answer)
    return asked


@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_no_text_is_longer_than_its_place_and_none_is_missing(
    new_page: NewPage, live_service: Service, database: Database, locale: str
) -> None:
    fill(live_service, database)
    page = new_page(locale=locale, reduced_motion="reduce")
    asked = speak_at_length(page)
    found: dict[str, list[str]] = {}
    for name, lead in STATES.items():
        lead(page)
        for viewport in (WIDE, NARROW):
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            faults = page.evaluate(OVERFLOWING)
            found |= {f"{name}, {viewport['width']}": faults for faults in [faults] if faults}
        missing = [text for text in page.evaluate(TEXTS) if KEY.fullmatch(text)]
        assert missing == [], name

    assert found == {}
    assert set(asked) == {locale[:2]}  # the other dictionary is not loaded
