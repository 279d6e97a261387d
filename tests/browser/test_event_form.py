"""The form of those who run events: all that an event can have, editing together, series."""

import re

from playwright.sync_api import Page, expect

from tests.browser.event_form import fill, press, run, save
from tests.service import Service


def test_an_organiser_says_all_that_an_event_can_have(page: Page, live_service: Service) -> None:
    page.goto("/admin")
    press(page, "New event")
    fill(page, name="Jazz", date="2040-07-01T18:00", seats="40")
    page.get_by_text("Description, place, booking times and more").click()
    page.get_by_label("Description").fill("Bring a friend.\nSee https://example.org/jazz?a=1, or call.")
    page.get_by_label("Place", exact=True).fill("Blue hall")
    page.get_by_label("Time zone of the place").fill("Europe/Berlin")
    expect(page.locator("#event-date-hint")).to_have_text("By the clock in Europe/Berlin.")
    page.get_by_label("Booking opens").fill("2040-06-01T09:00")
    page.get_by_label("Booking closes").fill("2040-07-01T12:00")
    page.get_by_label("Seats in one booking, at most").fill("3")
    page.get_by_label("Published: everybody sees it").uncheck()
    press(page, "Create event")

    jazz = page.get_by_role("row").filter(has_text="Jazz")
    expect(jazz).to_contain_text("Not published")
    expect(jazz).to_contain_text("Blue hall")
    expect(jazz).to_contain_text("1 July 2040 at 18:00 (Europe/Berlin)")
    expect(jazz).to_contain_text("Opens Fri, 1 June 2040 at 09:00 (Europe/Berlin)")
    page.get_by_role("link", name="Jazz").click()
    page.get_by_role("link", name="What guests see").click()
    link = page.get_by_role("link", name="https://example.org/jazz?a=1")
    expect(link).to_have_attribute("href", "https://example.org/jazz?a=1")
    (event,) = live_service.get("/events").json()
    assert (event["opens_at"], event["closes_at"]) == ("2040-06-01T09:00:00+02:00", "2040-07-01T12:00:00+02:00")
    assert (event["max_seats_per_booking"], event["published"]) == (3, False)


def test_what_an_event_can_be_without_is_emptied_in_the_form(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", place="Blue hall", closes_at="2040-03-01T12:00", published=False)
    run(page, event)
    press(page, "Edit")
    expect(page.get_by_label("Place", exact=True)).to_have_value("Blue hall")
    page.get_by_label("Place", exact=True).fill("")
    page.get_by_label("Booking closes").fill("")
    page.get_by_label("Published: everybody sees it").check()

    assert save(page) == {"place": None, "closes_at": None, "published": True}
    expect(page.locator("#notices")).to_contain_text("Saved: “Jazz”.")


def test_another_zone_in_the_form_means_the_same_times_by_another_clock(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", date="2040-03-01T18:00", place="Blue hall")
    run(page, event)
    press(page, "Edit")
    page.get_by_label("Time zone of the place").fill("Europe/Berlin")
    save(page)

    expect(page.locator(".about")).to_contain_text("18:00 (Europe/Berlin)")
    assert live_service.get(f"/events/{event['id']}").json()["date"] == "2040-03-01T18:00:00+01:00"


def test_what_is_wrong_in_the_folded_part_unfolds_it(page: Page) -> None:
    page.goto("/admin")
    press(page, "New event")
    fill(page, name="Jazz", date="2040-07-01T18:00", seats="40")
    more = page.get_by_text("Description, place, booking times and more")
    more.click()
    page.get_by_label("Time zone of the place").fill("Europe/Atlantis")
    more.click()
    press(page, "Create event")

    expect(page.get_by_label("Time zone of the place")).to_be_focused()
    expect(page.get_by_label("Time zone of the place")).to_have_accessible_description(
        re.compile("such as Europe/Berlin")
    )


def test_a_lost_update_is_said_in_words_and_the_event_can_be_loaded_again(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=40)
    run(page, event)
    press(page, "Edit")
    fill(page, seats="60")
    live_service.book(event["id"])
    live_service.call("PATCH", f"/events/{event['id']}", {"name": "Free jazz"})
    press(page, "Save changes")

    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Somebody else has changed this meanwhile.")
    press(page, "Load it as it is now")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Free jazz")
    expect(page.get_by_role("button", name="Load it as it is now")).to_be_hidden()
    fill(page, seats="60")
    assert save(page) == {"total_seats": 60}
    expect(page.locator("#notices")).to_contain_text("Saved: “Free jazz”.")


def test_an_event_is_copied_to_further_dates(page: Page, live_service: Service) -> None:
    run(page, live_service.event(name="Jazz", date="2040-03-01T18:00"))
    press(page, "Copy")
    expect(page.get_by_label("Date 1")).to_have_value("2040-03-08T18:00")
    press(page, "Another date")
    expect(page.get_by_label("Date 2")).to_have_value("2040-03-15T18:00")
    page.get_by_label("Date 2").fill("2040-03-16T20:00")
    press(page, "Create the copies")

    expect(page.locator("#notices")).to_contain_text("2 copies are created.")
    assert [event["date"][:16] for event in live_service.get("/events").json()] == [
        "2040-03-01T18:00", "2040-03-08T18:00", "2040-03-16T20:00",
    ]  # fmt: skip
