"""The pages of those who run events: the table of all, and one event's."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage, introduce
from tests.browser.event_form import fill, press, run, save
from tests.database import Database
from tests.service import Service

PHONE = {"width": 390, "height": 700}


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def attendee(page: Page, email: str) -> Locator:
    """Unfolded."""
    item = page.locator(".attendee-list > li").filter(has_text=email)
    item.locator("summary").click()
    return item


def answer(page: Page, reason: str, button: str) -> None:
    """Say why, in the dialog that asks for it."""
    page.get_by_role("dialog").get_by_label("Reason", exact=True).fill(reason)
    press(page, button)
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("viewport", [PHONE, None])
def test_events_come_first_and_a_new_one_is_made_in_a_panel(
    new_page: NewPage, live_service: Service, viewport: dict[str, int] | None
) -> None:
    page = new_page(**({"viewport": viewport} if viewport else {}))
    page.goto("/admin")
    expect(page.get_by_text("0 events")).to_be_in_viewport()
    expect(page.get_by_label("Date and time")).to_be_hidden()
    press(page, "New event")
    fill(page, name="Jazz", date="2040-03-01T18:00", seats="40", hold="15")
    press(page, "Create event")

    expect(page.locator("#notices")).to_contain_text("“Jazz” is created.")
    expect(row(page, "Jazz")).to_contain_text("40 free")
    expect(row(page, "Jazz")).to_contain_text("On sale")
    expect(page.get_by_role("button", name="New event")).to_be_focused()
    press(page, "New event")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    (event,) = live_service.get("/events").json()
    assert event["booking_ttl_minutes"] == 15


def test_the_table_is_sorted_searched_and_paged_by_the_service(page: Page, database: Database) -> None:
    database.execute(
        "SELECT count(create_event("
        " 'Event ' || lpad(n::text, 2, '0'), '2040-01-01'::timestamptz + n * interval '1 day', n))"
        " FROM generate_series(1, 60) AS n"
    )
    database.book(1, "ann@example.org")
    page.goto("/admin")
    names = page.get_by_role("row").get_by_role("link")
    expect(page.get_by_text("60 events")).to_be_visible()
    expect(names).to_have_count(50)
    expect(names.first).to_have_text("Event 01")
    press(page, "Next")
    expect(names).to_have_count(10)
    expect(page.get_by_text("2 of 2")).to_be_visible()

    page.get_by_role("button", name="Event", exact=True).click()
    page.get_by_role("button", name="Event", exact=True).click()
    expect(names.first).to_have_text("Event 60")
    expect(page.get_by_role("columnheader", name="Event")).to_have_attribute("aria-sort", "descending")
    page.get_by_label("Sort by").select_option("Fullest first")
    expect(names.first).to_have_text("Event 01")
    page.get_by_label("Search").fill("event 5")
    expect(page.get_by_text("10 events")).to_be_visible()
    page.reload()
    expect(page.get_by_text("10 events")).to_be_visible()
    page.get_by_label("Show", exact=True).select_option("Canceled")
    expect(page.get_by_text("0 events")).to_be_visible()


def test_the_date_of_a_new_event_is_read_in_the_zone_of_the_reader(new_page: NewPage, live_service: Service) -> None:
    page = new_page(timezone_id="Asia/Tokyo")
    page.goto("/admin")
    press(page, "New event")
    fill(page, name="Jazz", date="2040-03-01T18:00", seats="40")
    press(page, "Create event")

    expect(row(page, "Jazz")).to_contain_text("1 March 2040 at 18:00")
    (event,) = live_service.get("/events").json()
    assert (event["date"], event["timezone"]) == ("2040-03-01T18:00:00+09:00", "Asia/Tokyo")


def test_what_is_wrong_is_told_at_the_fields(page: Page, live_service: Service) -> None:
    page.goto("/admin")
    press(page, "New event")
    fill(page, name="Jazz", seats="-1")
    date, seats = page.get_by_label("Date and time"), page.get_by_label("Seats", exact=True)
    date.focus()
    expect(seats).to_have_accessible_description(re.compile("whole number"))
    seats.fill("0")
    expect(seats).not_to_have_attribute("aria-invalid", "true")
    press(page, "Create event")

    expect(date).to_have_attribute("aria-invalid", "true")
    expect(date).to_have_accessible_description(re.compile("Choose a date and a time."))
    expect(seats).to_have_accessible_description(re.compile("whole number"))
    expect(page.get_by_label("Name", exact=True)).not_to_have_attribute("aria-invalid", "true")
    expect(date).to_be_focused()
    page.keyboard.press("Escape")
    expect(date).to_be_hidden()
    press(page, "New event")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Jazz")  # what was typed is still there
    assert live_service.get("/events").json() == []


def test_the_admins_day(new_page: NewPage, live_service: Service, database: Database) -> None:
    """From making an event to calling it off."""
    database.execute("SELECT register_telegram_bot(7, 'seven_bot')")
    page, guest = new_page(), new_page()
    page.goto("/admin")
    press(page, "New event")
    fill(page, name="Jazz", date="2040-03-01T18:00", seats="40")
    press(page, "Create event")
    expect(row(page, "Jazz")).to_contain_text("40 free")
    (event,) = live_service.get("/events").json()

    introduce(guest, "ann@example.org", "Ann")
    guest.get_by_role("button", name="Book: Jazz").click()
    expect(row(page, "Jazz")).to_contain_text("1 held · 39 free")
    database.execute(
        "SELECT count(b) FROM generate_series(1, 30) AS n,"
        " book_seat(%s, 'guest' || n || '@example.org', 'Guest ' || n, n::text) AS b",
        (event["id"],),
    )
    page.get_by_role("link", name="Jazz").click()
    expect(page.get_by_text("31 bookings")).to_be_visible()
    expect(page.locator("[data-part=held-seats]")).to_have_text("31")
    expect(page.get_by_role("img", name="Booked, confirmed")).to_be_visible()

    page.get_by_label("Name, email or code").fill("guest17@")
    expect(page.get_by_text("1 booking", exact=True)).to_be_visible()
    found = attendee(page, "guest17@example.org")
    press(page, "Confirm: Guest 17")
    answer(page, "paid at the desk", "Confirm the booking")
    expect(found.locator(".history")).to_contain_text("Confirmed: paid at the desk")
    expect(page.locator("[data-part=confirmed-seats]")).to_have_text("1")

    database.execute(
        "UPDATE outbox SET state = 'failed', last_error = 'blocked', finished_at = clock()"
        " WHERE kind = 'booking_confirmed'"
    )
    page.get_by_role("link", name="1 message did not arrive").click()
    problem = page.locator(".notification")
    expect(problem).to_contain_text("To Guest 17, guest17@example.org")
    problem.get_by_role("button", name="Try again").click()
    expect(problem).to_have_count(0)
    database.execute("UPDATE outbox SET state = 'sent', finished_at = clock() WHERE state = 'waiting'")
    press(page, "Send the ticket again: Guest 17")
    expect(page.locator("#notices")).to_contain_text("The ticket of “Guest 17” is on its way again.")
    assert database.one("SELECT count(*) AS n FROM outbox WHERE state = 'waiting'") == {"n": 1}

    press(page, "Cancel booking: Guest 17")
    answer(page, "wants the money back", "Cancel the booking")
    expect(found.locator(".status")).to_have_text("Canceled: wants the money back")
    page.get_by_label("Name, email or code").fill("")
    page.get_by_label("Status").select_option("Canceled")
    expect(page.locator(".attendee-list > li")).to_have_count(1)

    press(page, "Edit")
    fill(page, seats="20")
    press(page, "Save changes")
    expect(page.get_by_label("Seats", exact=True)).to_have_accessible_description(re.compile("More seats are taken"))
    fill(page, seats="50")
    assert save(page) == {"total_seats": 50}
    expect(page.locator("[data-part=all-seats]")).to_have_text("50")

    press(page, "Cancel event")
    dialog = page.get_by_role("dialog", name="Cancel the event?")
    press(page, "Cancel the event")
    expect(dialog.get_by_label("The name of the event")).to_be_focused()
    dialog.get_by_label("The name of the event").fill(" jazz ")
    press(page, "Cancel the event")
    expect(page.locator("#notices")).to_contain_text("“Jazz” is canceled.")
    expect(page.get_by_role("button", name="Cancel event")).to_be_hidden()
    assert database.one("SELECT count(*) AS n FROM bookings WHERE status <> 'canceled'") == {"n": 0}


def test_an_open_page_asks_little_and_only_for_what_is_new(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz")
    run(page, event)
    expect(page.get_by_text("Nobody has booked yet.")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(live_service.url)))
    for _ in range(3):
        with page.expect_response("**/overview") as same:
            page.evaluate("window.dispatchEvent(new Event('online'))")
        assert same.value.status == 304
    assert [path for path in asked if "live" not in path] == [f"/events/{event['id']}/overview"] * 3

    live_service.book(event["id"], "ann@example.org")
    expect(page.locator(".attendee-list")).to_contain_text("ann@example.org")


def test_an_event_that_is_not_there_is_told(page: Page) -> None:
    page.goto("/admin/events/404")

    expect(page.get_by_text("There is no such event.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="All events").click()
    expect(heading(page, "Events")).to_be_visible()


def test_an_admin_changes_an_event(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jaz", date="2040-03-01T18:00:30Z", total_seats=40)
    run(page, event)
    press(page, "Edit")
    expect(heading(page, "Change “Jaz”")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Jaz")
    expect(page.get_by_label("Hold, minutes")).to_have_value("10")
    fill(page, name="Jazz", seats="60")

    assert save(page) == {"name": "Jazz", "total_seats": 60}
    expect(page.locator("#notices")).to_contain_text("Saved: “Jazz”.")
    expect(page.locator("[data-part=free-seats]")).to_have_text("60")
    expect(page.get_by_role("button", name="Edit")).to_be_focused()
    expect(heading(page, "Jazz")).to_be_visible()
    changed = live_service.get(f"/events/{event['id']}").json()
    assert changed == {**event, "name": "Jazz", "total_seats": 60, "available_seats": 60, "version": 2}


def test_a_date_is_changed_by_the_clock_of_the_events_own_zone(new_page: NewPage, live_service: Service) -> None:
    event = live_service.event(name="Jazz", date="2040-03-01T18:00:30Z")
    page = new_page(timezone_id="Asia/Tokyo")
    run(page, event)
    press(page, "Edit")
    expect(page.get_by_label("Date and time")).to_have_value("2040-03-01T18:00")
    fill(page, date="2040-03-01T19:30")

    assert save(page) == {"date": "2040-03-01T19:30"}
    expect(page.locator(".about")).to_contain_text("1 March 2040 at 19:30 (UTC)")
    expect(page.locator(".about")).to_contain_text("For you: Fri, 2 March 2040 at 04:30")


def test_what_cannot_be_changed_is_told(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=3)
    for email in ("ann@example.org", "bob@example.org"):
        live_service.book(event["id"], email)
    run(page, event)
    press(page, "Edit")

    fill(page, seats="1")
    press(page, "Save changes")
    expect(page.get_by_label("Seats", exact=True)).to_have_accessible_description("More seats are taken than that.")

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
    expect(page.locator("[data-part=free-seats]")).to_have_text("0")


def test_discarded_changes_change_nothing(new_page: NewPage, live_service: Service) -> None:
    event = live_service.event(name="Swing")
    page = new_page(viewport=PHONE)
    run(page, event)
    press(page, "Edit")
    expect(heading(page, "Change “Swing”")).to_be_in_viewport()
    fill(page, name="Bop", seats="-1")
    press(page, "Save changes")
    expect(page.get_by_label("Seats", exact=True)).to_have_attribute("aria-invalid", "true")

    press(page, "Discard")
    expect(page.get_by_role("button", name="Edit")).to_be_focused()
    press(page, "Edit")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Swing")
    expect(page.get_by_label("Seats", exact=True)).not_to_have_attribute("aria-invalid", "true")
    assert live_service.get(f"/events/{event['id']}").json() == event


def test_an_event_that_goes_while_it_is_changed_is_told_of(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz")
    run(page, event)
    press(page, "Edit")
    fill(page, name="Swing")
    live_service.post(f"/events/{event['id']}/cancel")

    press(page, "Save changes")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("This event has been canceled.")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Swing")
    press(page, "Discard")
    expect(page.get_by_role("button", name="Edit")).to_be_hidden()


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
    ann, page = new_page(), new_page()
    introduce(ann, "ann@example.org", "Ann")
    live_service.book(event["id"], "ann@example.org")
    run(page, event)
    press(page, "Cancel event")
    dialog = page.get_by_role("dialog", name="Cancel the event?")
    expect(dialog).to_contain_text("“Jazz” will not take place")
    dialog.get_by_label("The name of the event").fill("Jazz")
    dialog.get_by_label("Reason, for those who booked").fill(reason)
    press(page, "Cancel the event")

    expect(dialog).to_be_hidden()
    expect(page.locator("#notices")).to_contain_text("“Jazz” is canceled.")
    expect(page.locator("[data-part=state]")).to_have_text("Canceled")
    expect(page.locator(".attendee-list")).to_contain_text(told)
    expect(ann.locator(".booking")).to_contain_text(told)


def test_an_event_is_canceled_only_on_second_thought(page: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=1)
    run(page, event)
    cancel, dialog = page.get_by_role("button", name="Cancel event"), page.get_by_role("dialog")

    cancel.press("Enter")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(cancel).to_be_focused()

    cancel.click()
    dialog.get_by_label("The name of the event").fill("Jaz")
    dialog.get_by_label("Reason").fill("A slip")
    press(page, "Cancel the event")
    expect(dialog.get_by_label("The name of the event")).to_have_accessible_description("That is not its name.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    cancel.click()
    expect(dialog.get_by_label("Reason")).to_have_value("")
    assert live_service.get("/events").json() == [event]


def test_a_refused_reason_is_told_where_it_was_typed(page: Page, live_service: Service) -> None:
    run(page, live_service.event(name="Jazz"))
    press(page, "Cancel event")
    page.get_by_label("The name of the event").fill("Jazz")
    reason = page.get_by_role("dialog").get_by_label("Reason")
    reason.fill("user")
    press(page, "Cancel the event")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Give the reason in other words.")
    expect(reason).to_have_value("user")
    assert len(live_service.get("/events").json()) == 1

    reason.fill("The user of the hall fell ill")
    reason.press("Enter")
    expect(page.locator("[data-part=state]")).to_have_text("Canceled")
