"""The pages as those see them who ask their system for forced colours or less motion, and on paper."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewPage
from tests.browser.reading import ANN, introduce, loaded
from tests.browser.test_ticket import sheets
from tests.service import Service

EDGELESS = """() => [...document.querySelectorAll("button, .button, input, select, meter")].filter((element) => {
  if (element.type === "checkbox") return false; // drawn by the browser
  const { borderStyle, borderWidth, borderColor } = getComputedStyle(element);
  const canvas = getComputedStyle(document.documentElement).backgroundColor;
  return element.checkVisibility() && (borderStyle === "none" || borderWidth === "0px" || borderColor === canvas);
}).map((element) => element.outerHTML)"""
MOVING = "document.getAnimations().filter(({ playState }) => playState === 'running').length"


def held(page: Page, service: Service) -> None:
    """The page of an event of which Ann holds a seat."""
    event = service.event(name="Jazz", place="Old Library", description="An evening of standards. " * 20)
    service.book(event["id"], ANN)
    introduce(page)
    loaded(page, f"/events/{event['id']}")
    expect(page.locator(".hold")).to_be_visible()


def test_in_forced_colours_all_that_can_be_pressed_or_filled_in_has_an_edge(
    new_page: NewPage, live_service: Service
) -> None:
    page = new_page(forced_colors="active")
    held(page, live_service)
    assert page.evaluate(EDGELESS) == []
    loaded(page, "/")
    assert page.evaluate(EDGELESS) == []


def test_nothing_turns_or_slides_for_whom_motion_is_too_much(new_page: NewPage, live_service: Service) -> None:
    page = new_page()
    held(page, live_service)
    unanswered: list[Route] = []
    page.route(re.compile("/confirm$"), lambda route: unanswered.append(route))
    page.locator(".one-event [data-part=confirm]").click()
    expect(page.locator("[aria-busy=true]")).to_be_visible()

    assert page.evaluate(MOVING) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0
    unanswered[0].abort()
    expect(page.locator(".notice")).to_be_visible()
    assert page.evaluate(MOVING) == 0


def test_an_event_and_ones_bookings_are_printed_without_what_only_a_screen_needs(
    page: Page, live_service: Service
) -> None:
    held(page, live_service)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Jazz")).to_be_visible()
    expect(page.locator(".description")).to_be_visible()
    expect(page.locator("button:visible, .button:visible, .hold-bar:visible, nav:visible")).to_have_count(0)
    assert sheets(page.pdf()) == 1

    page.emulate_media(media="screen")
    loaded(page, "/user")
    page.emulate_media(media="print")
    expect(page.locator(".mine .booking")).to_be_visible()
    expect(page.locator("button:visible, .button:visible, .hold-bar:visible, nav:visible")).to_have_count(0)
    assert sheets(page.pdf()) == 1
