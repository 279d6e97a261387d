"""The pages in their states, each as a function that leads there: for tests that look at all of them."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.database import Database
from tests.service import Service

ANN = "ann@example.org"
STATES: dict[str, Callable[[Page], None]] = {}
State = Callable[[Page], None]

NAME = "A name that is long enough to take more than one line on a phone, and aVeryLongWordThatNobodyCanBreakAnywhere"


def fill(service: Service, database: Database) -> None:
    """Events 1 to 6: free, sold out, not open yet, closed, canceled, over; and what Ann has of 7 to 10: a hold, a
    confirmed booking, a place in line, a hold that has lapsed."""
    service.event(
        name=NAME,
        place=NAME,
        description=f"{NAME} https://example.org/{'x' * 60}",
        date="2040-03-01T18:00",
        timezone="Asia/Tokyo",
        total_seats=1000,
        max_seats_per_booking=4,
    )
    service.book(service.event(name="Sold out", total_seats=1)["id"])
    service.event(name="Not open yet", opens_at="2039-01-01T00:00", closes_at="2039-02-01T00:00")
    closed = service.event(name="Closed")
    database.execute("UPDATE events SET closes_at = clock() - interval '1 hour' WHERE id = %s", (closed["id"],))
    service.post(f"/events/{service.event(name='Canceled')['id']}/cancel")
    over = service.event(name="Over")
    database.execute(
        "UPDATE events SET created_at = clock() - interval '2 days', date = clock() - interval '1 day' WHERE id = %s",
        (over["id"],),
    )
    service.book(service.event(name="Held", max_seats_per_booking=3)["id"], ANN, name="Ann", seats=3)
    confirmed = service.book(service.event(name="Confirmed", max_seats_per_booking=3)["id"], ANN, seats=2)
    service.post(f"/bookings/{confirmed['id']}/confirm")
    waited_for = service.event(name="Waited for", total_seats=1)
    service.book(waited_for["id"])
    service.post(f"/events/{waited_for['id']}/waitlist", {"email": ANN})
    lapsed = service.book(service.event(name="Lapsed")["id"], ANN)
    database.execute("UPDATE bookings SET expires_at = clock() WHERE id = %s", (lapsed["id"],))


def state(lead: State) -> State:
    STATES[lead.__name__] = lead
    return lead


def loaded(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("main[aria-busy]")).to_have_count(0)


def introduce(page: Page) -> None:
    page.request.post("/session", data={"email": ANN, "name": "Ann"})


@state
def window_of_a_stranger(page: Page) -> None:
    loaded(page, "/")


@state
def window_that_finds_nothing(page: Page) -> None:
    loaded(page, "/?q=zzz&from=2030-01-01")


@state
def event_of_a_stranger(page: Page) -> None:
    loaded(page, "/events/1")


@state
def who_books(page: Page) -> None:
    event_of_a_stranger(page)
    page.locator("[data-part=book]").click()
    page.locator("[data-part=who-dialog] [name=email]").fill("ann")
    page.locator("[data-part=who-dialog] [type=submit]").click()
    expect(page.locator("#guest-email-error")).to_be_visible()


@state
def missing(page: Page) -> None:
    page.goto("/nope")
    expect(page.locator("html")).to_have_attribute("data-state", "translated")


@state
def administration(page: Page) -> None:
    loaded(page, "/admin")


@state
def new_event(page: Page) -> None:
    administration(page)
    page.locator("[data-part=new]").click()
    page.locator("#event-seats").fill("-1")
    page.locator("[data-part=editor] [type=submit]").click()
    expect(page.locator("#event-seats-error")).to_be_visible()


@state
def administration_of_canceled(page: Page) -> None:
    loaded(page, "/admin?which=all&sort=-fullness")


@state
def managed_event(page: Page) -> None:
    loaded(page, "/admin/events/1")


@state
def managed_event_with_a_line(page: Page) -> None:
    loaded(page, "/admin/events/9")
    page.locator(".attendee-list summary").first.click()
    expect(page.locator(".history li")).to_have_count(1)


@state
def reason(page: Page) -> None:
    page.locator(".attendee-list [data-part=cancel]").first.click()
    expect(page.locator("[data-part=reason-dialog]")).to_be_visible()


@state
def cancellation_of_an_event(page: Page) -> None:
    managed_event(page)
    page.locator("[data-part=cancel-event]").click()
    page.locator("[data-part=cancel-event-dialog] [type=submit]").click()
    expect(page.locator("#cancel-name-error")).to_be_visible()


@state
def managed_event_that_is_missing(page: Page) -> None:
    loaded(page, "/admin/events/404")


@state
def window_of_ann(page: Page) -> None:
    introduce(page)
    loaded(page, "/")
    page.locator(".earlier summary").click()
    expect(page.locator(".earlier .card")).to_have_count(1)


@state
def own_bookings(page: Page) -> None:
    loaded(page, "/user")


@state
def fewer_seats(page: Page) -> None:
    page.locator("[data-part=fewer]:visible").first.click()


@state
def second_thought(page: Page) -> None:
    loaded(page, "/user")
    page.locator(".booking[data-state=confirmed] [data-part=cancel]").click()


def _event(number: int) -> State:
    return lambda page: loaded(page, f"/events/{number}")


STATES |= {f"event_{number}": _event(number) for number in range(2, 11)}

KEY = re.compile(r"^[a-z_]+(\.[a-z_ ]+)+$")
"""What is seen where a word is missing: its key."""
