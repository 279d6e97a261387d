"""The waiting list on the pages, for those who wait and those who run the event."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage, introduce
from tests.database import Database
from tests.service import Service


def card(page: Page, name: str) -> Locator:
    return page.locator(".event", has=page.get_by_role("heading", name=name, exact=True))


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name)


def test_two_people_wait_for_one_seat(new_page: NewPage, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=1)
    first = live_service.book(event["id"], "first@example.org")
    ann, bob = new_page(), new_page()
    introduce(ann, "ann@example.org", "Ann")
    button(card(ann, "Jazz"), "Join the waiting list").click()
    expect(ann.locator("#notices")).to_contain_text("You wait for “Jazz”: no. 1 in line.")
    introduce(bob, "bob@example.org", "Bob")
    button(card(bob, "Jazz"), "Join the waiting list").click()
    expect(card(bob, "Jazz")).to_contain_text("No. 2 in line")
    expect(bob.locator(".wait")).to_contain_text("No. 2 in line")
    expect(button(card(bob, "Jazz"), "Book")).to_be_hidden()

    live_service.post(f"/bookings/{first['id']}/cancel")
    expect(ann.locator("#notices")).to_contain_text("A seat at “Jazz” is free for you.")
    expect(ann.locator(".wait")).to_have_count(0)
    expect(card(ann, "Jazz").get_by_role("timer")).to_have_text(re.compile(r"^(10:00|9:\d\d)$"))
    expect(card(bob, "Jazz")).to_contain_text("No. 1 in line")

    button(card(ann, "Jazz"), "Cancel booking").click()
    expect(bob.locator("#notices")).to_contain_text("A seat at “Jazz” is free for you.")
    button(bob.locator(".booking"), "Confirm").click()
    expect(card(bob, "Jazz")).to_contain_text("You are coming")
    assert live_service.get(f"/events/{event['id']}").json()["available_seats"] == 0


def test_who_waits_may_leave(as_user: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=1)
    live_service.book(event["id"], "first@example.org")
    as_user.reload()
    button(card(as_user, "Jazz"), "Join the waiting list").click()
    button(as_user.locator(".wait"), "Leave the waiting list").click()

    expect(as_user.locator("#notices")).to_contain_text("You wait for “Jazz” no more.")
    expect(as_user.locator(".wait")).to_have_count(0)
    expect(button(card(as_user, "Jazz"), "Join the waiting list")).to_be_visible()


def test_a_group_waits_for_more_seats_than_are_free(as_user: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=4, max_seats_per_booking=3)
    live_service.book(event["id"], "first@example.org", seats=2)
    as_user.reload()
    jazz = card(as_user, "Jazz")
    expect(button(jazz, "Book")).to_be_visible()
    jazz.get_by_label("Seats", exact=True).fill("3")
    expect(button(jazz, "Book")).to_be_hidden()
    button(jazz, "Join the waiting list").click()

    expect(as_user.locator(".wait")).to_contain_text("3 seats")
    live_service.post("/bookings/1/cancel")
    expect(as_user.locator(".booking")).to_contain_text("3 seats")


def test_an_organiser_changes_date_and_seats_and_who_waits_gets_one(new_page: NewPage, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=1, date="2040-03-01T18:00")
    live_service.book(event["id"], "first@example.org")
    ann, admin = new_page(), new_page()
    introduce(ann, "ann@example.org", "Ann")
    button(card(ann, "Jazz"), "Join the waiting list").click()
    expect(ann.locator(".wait")).to_be_visible()

    admin.goto(f"/admin/events/{event['id']}")
    expect(admin.locator(".line")).to_contain_text("ann@example.org")
    admin.get_by_role("button", name="Edit").click()
    admin.get_by_label("Date and time").fill("2040-03-02T20:00")
    admin.get_by_label("Seats", exact=True).fill("2")
    admin.get_by_role("button", name="Save changes").click()

    expect(admin.locator(".about")).to_contain_text("2 March 2040 at 20:00")
    expect(admin.locator(".line")).to_contain_text("A seat is offered")
    expect(ann.locator("#notices")).to_contain_text("A seat at “Jazz” is free for you.")
    expect(ann.locator(".booking")).to_contain_text("2 March 2040 at 20:00")


def test_an_admin_confirms_a_booking_that_was_paid_late(page: Page, live_service: Service, database: Database) -> None:
    database.freeze()
    event = live_service.event(name="Jazz", total_seats=2, booking_ttl_minutes=1)
    live_service.book(event["id"], "late@example.org", name="Late")
    database.advance(60)
    page.goto(f"/admin/events/{event['id']}")
    late = page.locator(".booking", has_text="late@example.org")
    expect(late).to_contain_text("the hold expired")
    late.locator("summary").click()
    button(late, "Confirm after all: Late").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("the bank was slow")
    page.get_by_role("button", name="Confirm the booking").click()

    expect(page.locator("#notices")).to_contain_text("Confirmed: “Late”.")
    expect(late).to_contain_text("Confirmed")
    expect(button(late, "Confirm after all")).to_be_hidden()
