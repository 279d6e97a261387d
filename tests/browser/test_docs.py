"""The page that shows the API's document: the viewer works under our content security policy, from our host alone."""

from playwright.sync_api import Page, expect

from tests.service import Service


def test_docs_shows_the_calls_and_makes_one(live_service: Service, page: Page) -> None:
    live_service.event(name="Shown in the docs")
    page.goto("/docs")
    call = page.locator(".opblock").filter(has_text="List the events that take place")

    call.locator(".opblock-summary-control").click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_role("button", name="Execute").click()

    expect(call.locator(".live-responses-table")).to_contain_text("Shown in the docs")
