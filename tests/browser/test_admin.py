"""The page of those who run events."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage, introduce
from tests.browser.event_form import fill, press, save
from tests.database import Database
from tests.service import Service

PHONE = {"width": 390, "height": 700}


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True)


def test_an_admin_creates_an_event(page: Page, live_service: Service) -> None:
    page.goto("/admin")
    page.get_by_label("Name", exact=True).fill("Jazz")
    page.get_by_label("Date and time").fill("2040-03-01T18:00")
    page.get_by_label("Seats", exact=True).fill("40")
    page.get_by_label("Hold, minutes").fill("15")
    page.get_by_role("button", name="Create event").click()

    expect(page.locator("#notices")).to_contain_text("“Jazz” is created.")
    jazz = page.locator(".event")
    expect(jazz.get_by_role("heading", name="Jazz")).to_be_visible()
    expect(jazz.get_by_role("meter", name="Free seats")).to_have_js_property("value", 40)
    expect(jazz).to_contain_text("40 seats free of 40")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    (event,) = live_service.get("/events").json()
    assert event["booking_ttl_minutes"] == 15


def test_the_date_of_a_new_event_is_read_in_the_zone_of_the_reader(new_page: NewPage, live_service: Service) -> None:
    page = new_page(timezone_id="Asia/Tokyo")
    page.goto("/admin")
    page.get_by_label("Name", exact=True).fill("Jazz")
    page.get_by_label("Date and time").fill("2040-03-01T18:00")
    page.get_by_label("Seats", exact=True).fill("40")
    page.get_by_role("button", name="Create event").click()

    expect(page.locator(".event")).to_contain_text("1 March 2040 at 18:00")
    (event,) = live_service.get("/events").json()
    assert (event["date"], event["timezone"]) == ("2040-03-01T18:00:00+09:00", "Asia/Tokyo")


def test_what_is_wrong_is_told_at_the_fields(page: Page, live_service: Service) -> None:
    page.goto("/admin")
    page.get_by_label("Name", exact=True).fill("Jazz")
    page.get_by_label("Seats", exact=True).fill("-1")
    page.get_by_role("button", name="Create event").click()

    date, seats = page.get_by_label("Date and time"), page.get_by_label("Seats", exact=True)
    expect(date).to_have_attribute("aria-invalid", "true")
    expect(date).to_have_accessible_description(re.compile("Choose a date and a time."))
    expect(seats).to_have_attribute("aria-invalid", "true")
    expect(seats).to_have_accessible_description(re.compile("whole number"))
    expect(page.get_by_label("Name", exact=True)).not_to_have_attribute("aria-invalid", "true")
    expect(date).to_be_focused()

    seats.fill("1")
    expect(seats).not_to_have_attribute("aria-invalid", "true")
    assert live_service.get("/events").json() == []


def test_an_admin_changes_an_event(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jaz", date="2040-03-01T18:00:30Z", total_seats=40)
    page.goto("/admin")
    press(page, "Edit: Jaz")
    expect(heading(page, "Change “Jaz”")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Jaz")
    expect(page.get_by_label("Hold, minutes")).to_have_value("10")
    fill(page, name="Jazz", seats="60")

    assert save(page) == {"name": "Jazz", "total_seats": 60}
    expect(page.locator("#notices")).to_contain_text("Saved: “Jazz”.")
    expect(page.locator(".event")).to_contain_text("60 seats free of 60")
    expect(page.get_by_role("button", name="Edit: Jazz")).to_be_focused()
    expect(heading(page, "New event")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    changed = live_service.get(f"/events/{event['id']}").json()
    assert changed == {**event, "name": "Jazz", "total_seats": 60, "available_seats": 60, "version": 2}


def test_a_date_is_changed_by_the_clock_of_the_events_own_zone(new_page: NewPage, live_service: Service) -> None:
    live_service.event(name="Jazz", date="2040-03-01T18:00:30Z")
    page = new_page(timezone_id="Asia/Tokyo")
    page.goto("/admin")
    press(page, "Edit: Jazz")
    expect(page.get_by_label("Date and time")).to_have_value("2040-03-01T18:00")
    fill(page, date="2040-03-01T19:30")

    assert save(page) == {"date": "2040-03-01T19:30"}
    expect(page.locator(".event")).to_contain_text("1 March 2040 at 19:30 (UTC)")
    expect(page.locator(".event")).to_contain_text("For you: Fri, 2 March 2040 at 04:30")


def test_what_cannot_be_changed_is_told(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=3)
    for email in ("ann@example.org", "bob@example.org"):
        live_service.book(event["id"], email)
    page.goto("/admin")
    press(page, "Edit: Jazz")

    fill(page, seats="1")
    press(page, "Save changes")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("More seats are taken than that.")

    fill(page, name="", date="", seats="1.5", hold="")
    press(page, "Save changes")
    for label, told in {
        "Name": "Enter a name",
        "Date and time": "Choose a date and a time.",
        "Seats": "Enter a whole number",
        "Hold, minutes": "Enter whole minutes",
    }.items():
        expect(page.get_by_label(label, exact=True)).to_have_accessible_description(re.compile(told))
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(heading(page, "Change “Jazz”")).to_be_visible()
    assert live_service.get(f"/events/{event['id']}").json() == {**event, "available_seats": 1}

    fill(page, name="Jazz", date="2040-03-01T19:00", seats="2", hold="5")
    save(page)
    expect(page.locator(".event")).to_contain_text("0 seats free of 2")


def test_discarded_changes_change_nothing(new_page: NewPage, live_service: Service) -> None:
    for name in ("Jazz", "Blues", "Swing"):
        live_service.event(name=name)
    page = new_page(viewport=PHONE)
    page.goto("/admin")
    expect(page.get_by_role("button", name="Discard")).to_be_hidden()
    press(page, "Edit: Swing")
    expect(heading(page, "Change “Swing”")).to_be_in_viewport()
    fill(page, name="Bop", seats="-1")
    press(page, "Save changes")
    expect(page.get_by_label("Seats", exact=True)).to_have_attribute("aria-invalid", "true")

    press(page, "Discard")
    expect(page.get_by_role("button", name="Edit: Swing")).to_be_focused()
    expect(page.get_by_role("button", name="Edit: Swing")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Discard")).to_be_hidden()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    expect(page.get_by_label("Hold, minutes")).to_have_value("10")
    expect(page.get_by_label("Seats", exact=True)).not_to_have_attribute("aria-invalid", "true")

    fill(page, name="Bop", date="2040-03-02T18:00", seats="5")
    press(page, "Create event")
    expect(heading(page, "Bop")).to_be_visible()
    assert [event["name"] for event in live_service.get("/events").json()] == ["Jazz", "Blues", "Swing", "Bop"]


def test_an_event_that_goes_while_it_is_changed_is_told_of(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz")
    page.goto("/admin")
    press(page, "Edit: Jazz")
    fill(page, name="Swing")
    live_service.post(f"/events/{event['id']}/cancel")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".event")).to_have_count(0)

    press(page, "Save changes")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("This event has been canceled.")
    expect(heading(page, "Change “Jazz”")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Swing")
    press(page, "Discard")
    expect(page.get_by_role("button", name="Create event")).to_be_focused()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("The hall is flooded", "Canceled: The hall is flooded"),
        ("", "Canceled: the event does not take place"),
        ("other", "Canceled: other"),
    ],
)
def test_those_who_booked_see_that_an_event_is_canceled_and_why(
    new_page: NewPage, live_service: Service, reason: str, told: str
) -> None:
    event = live_service.event(name="Jazz")
    live_service.event(name="Blues")
    ann, page = new_page(), new_page()
    introduce(ann, "ann@example.org", "Ann")
    live_service.book(event["id"], "ann@example.org")
    page.goto("/admin")
    press(page, "Bookings: Jazz")
    press(page, "Cancel event: Jazz")
    dialog = page.get_by_role("dialog", name="Cancel the event?")
    expect(dialog).to_contain_text("“Jazz” will not take place")
    dialog.get_by_label("Reason, for those who booked").fill(reason)
    press(page, "Cancel the event")

    expect(dialog).to_be_hidden()
    expect(page.locator("#notices")).to_contain_text("“Jazz” is canceled.")
    expect(heading(page, "Jazz")).to_have_count(0)
    expect(page.locator(".event").filter(has=heading(page, "Blues"))).to_be_focused()
    expect(ann.locator(".booking")).to_contain_text(told)
    expect(heading(ann, "Blues")).to_be_visible()
    expect(ann.locator(".event").filter(has=heading(ann, "Jazz"))).to_have_count(0)


def test_an_event_is_canceled_only_on_second_thought(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=1)
    live_service.book(event["id"], "ann@example.org")
    page.goto("/admin")
    cancel, dialog = page.get_by_role("button", name="Cancel event: Jazz"), page.get_by_role("dialog")

    cancel.press("Enter")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(cancel).to_be_focused()

    cancel.click()
    dialog.get_by_label("Reason").fill("A slip")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cancel).to_be_focused()

    cancel.click()
    expect(dialog.get_by_label("Reason")).to_have_value("")
    press(page, "Keep it")
    expect(dialog).to_be_hidden()
    assert live_service.get("/events").json() == [{**event, "available_seats": 0}]


def test_a_refused_reason_is_told_where_it_was_typed(page: Page, live_service: Service) -> None:
    live_service.event(name="Jazz")
    page.goto("/admin")
    press(page, "Cancel event: Jazz")
    reason = page.get_by_role("dialog").get_by_label("Reason")
    reason.fill("user")
    press(page, "Cancel the event")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Give the reason in other words.")
    expect(reason).to_have_value("user")
    assert len(live_service.get("/events").json()) == 1

    reason.fill("The user of the hall fell ill")
    reason.press("Enter")
    expect(page.locator(".event")).to_have_count(0)
    expect(page.locator("main")).to_be_focused()


def test_the_form_lets_go_of_an_event_that_is_canceled_here(page: Page, live_service: Service) -> None:
    live_service.event(name="Jazz")
    page.goto("/admin")
    press(page, "Edit: Jazz")
    press(page, "Cancel event: Jazz")
    press(page, "Cancel the event")

    expect(heading(page, "New event")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")


def test_an_admin_sees_to_the_bookings_of_an_event(page: Page, live_service: Service, database: Database) -> None:
    event = live_service.event(name="Jazz", total_seats=3)
    live_service.book(event["id"], "ann@example.org", name="Ann")
    live_service.book(event["id"], "bob@example.org", name="Bob")

    page.goto("/admin")
    page.get_by_role("button", name="Bookings: Jazz").click()
    ann = page.locator(".booking").filter(has_text="ann@example.org")
    bob = page.locator(".booking").filter(has_text="bob@example.org")
    expect(ann).to_contain_text("Waiting to be confirmed")
    page.get_by_role("button", name="Confirm: Ann").click()
    expect(ann).to_contain_text("Confirmed")
    page.get_by_role("button", name="Cancel booking: Bob").click()
    expect(bob).to_contain_text("Canceled")

    expect(page.locator(".event")).to_contain_text("2 seats free of 3")
    assert database.free_seats(event["id"]) == 2
