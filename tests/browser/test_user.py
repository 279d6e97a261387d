"""The page of those who book."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import NewPage, field, introduce
from tests.database import Database
from tests.service import Service

LEFT = re.compile(r"^(10:00|9:\d\d)$")


def card(page: Page, name: str) -> Locator:
    """An event's card."""
    return page.locator(".event").filter(has=page.get_by_role("heading", name=name, exact=True))


def booking(page: Page, name: str) -> Locator:
    """An entry of "My bookings"."""
    return page.locator(".booking").filter(has=page.get_by_role("heading", name=name, exact=True))


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=re.compile(f"^{name}"))


def test_a_newcomer_books_and_confirms(page: Page, live_service: Service) -> None:
    live_service.event(name="Jazz", total_seats=2)

    page.goto("/")
    expect(page.get_by_text("Open mode")).to_be_visible()
    field(page, "Email").fill("ann@example.org")
    field(page, "Name").fill("Ann")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/user")

    jazz = card(page, "Jazz")
    expect(jazz).to_contain_text("2 seats free of 2")
    button(jazz, "Book").click()
    expect(jazz).to_have_attribute("data-state", "held")
    expect(jazz.get_by_role("timer")).to_have_text(LEFT)
    expect(jazz).to_contain_text("1 seat free of 2")
    expect(booking(page, "Jazz")).to_contain_text("Waiting to be confirmed")

    button(jazz, "Confirm").click()
    expect(jazz).to_have_attribute("data-state", "confirmed")
    expect(jazz.get_by_role("timer")).to_be_hidden()
    expect(booking(page, "Jazz")).to_have_attribute("data-state", "confirmed")
    expect(page.locator("#notices")).to_contain_text("Confirmed")


def test_canceling_a_hold_frees_its_seat(as_user: Page, live_service: Service, database: Database) -> None:
    event = live_service.event(name="Jazz", total_seats=1)
    jazz = card(as_user, "Jazz")

    button(jazz, "Book").click()
    expect(jazz).to_contain_text("0 seats free of 1")
    button(jazz, "Cancel booking").click()

    expect(jazz).to_contain_text("1 seat free of 1")
    expect(button(jazz, "Book")).to_be_visible()
    expect(booking(as_user, "Jazz")).to_contain_text("Canceled by you")
    assert database.free_seats(event["id"]) == 1


def test_a_confirmed_seat_is_given_up_only_on_second_thought(as_user: Page, live_service: Service) -> None:
    live_service.event(name="Jazz")
    jazz = card(as_user, "Jazz")
    button(jazz, "Book").click()
    button(jazz, "Confirm").click()

    button(jazz, "Cancel booking").click()
    as_user.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(jazz).to_have_attribute("data-state", "confirmed")

    button(jazz, "Cancel booking").click()
    as_user.get_by_role("dialog").get_by_role("button", name="Cancel the booking").click()
    expect(booking(as_user, "Jazz")).to_contain_text("Canceled by you")


def test_a_lapsed_hold_turns_to_expired_without_a_reload(
    as_user: Page, live_service: Service, database: Database
) -> None:
    event = live_service.event(name="Jazz", total_seats=1)
    held = live_service.book(event["id"], "ann@example.org")
    database.execute("UPDATE bookings SET expires_at = clock() + interval '6 s' WHERE id = %s", (held["id"],))
    as_user.reload()
    as_user.evaluate("window.notReloaded = true")

    entry = booking(as_user, "Jazz")
    expect(entry.get_by_role("timer")).to_have_attribute("data-state", "urgent")
    expect(entry).to_contain_text("Canceled: the hold expired")
    expect(button(card(as_user, "Jazz"), "Book")).to_be_visible()
    expect(card(as_user, "Jazz")).to_contain_text("Your hold ran out at")
    expect(as_user.locator("#notices")).to_contain_text("ran out")
    assert as_user.evaluate("window.notReloaded")


def test_a_wrong_clock_of_the_reader_does_not_matter(as_user: Page, live_service: Service) -> None:
    live_service.book(live_service.event(name="Jazz")["id"], "ann@example.org")
    as_user.clock.install(time=datetime.now(UTC) + timedelta(hours=5))
    as_user.reload()

    expect(card(as_user, "Jazz").get_by_role("timer")).to_have_text(LEFT)


def test_what_others_do_is_seen_without_a_reload(as_user: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=1)
    jazz = card(as_user, "Jazz")
    expect(jazz).to_have_attribute("data-state", "open")

    live_service.book(event["id"], "bob@example.org")

    expect(jazz).to_have_attribute("data-state", "sold_out")
    expect(jazz).to_contain_text("Sold out")
    expect(button(jazz, "Book")).to_be_hidden()


def test_a_seat_lost_to_somebody_faster_is_told_in_words(as_user: Page, live_service: Service) -> None:
    event = live_service.event(name="Jazz", total_seats=1)
    book = button(card(as_user, "Jazz"), "Book")
    expect(book).to_be_visible()
    as_user.route("**/events?*", lambda route: None)  # the page does not learn in time
    live_service.book(event["id"], "bob@example.org")

    book.click()

    expect(as_user.locator("#notices")).to_contain_text("No free seats are left.")


def test_a_lost_connection_is_told_and_recovered_from(new_page: NewPage, live_service: Service) -> None:
    live_service.event(name="Jazz")
    page = new_page()
    page.goto("/user")
    expect(card(page, "Jazz")).to_be_visible()

    page.route("**/events?*", lambda route: route.fulfill(status=200, body="<h1>A proxy's page</h1>"))
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("No connection to the service")).to_be_visible()
    expect(card(page, "Jazz")).to_be_visible()

    page.unroute("**/events?*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("No connection to the service")).to_be_hidden()


def test_an_event_that_has_begun_is_closed(as_user: Page, live_service: Service, database: Database) -> None:
    event = live_service.event(name="Jazz")
    database.execute(
        "UPDATE events SET created_at = clock() - interval '1 day', date = clock() - interval '1 minute' WHERE id = %s",
        (event["id"],),
    )
    as_user.reload()

    jazz = card(as_user, "Jazz")
    expect(jazz).to_contain_text("Bookings closed")
    expect(button(jazz, "Book")).to_be_hidden()


def test_events_are_found_by_name_and_shown_page_by_page(as_user: Page, live_service: Service) -> None:
    for number in range(25):
        live_service.event(name=f"Lecture {number}")
    live_service.event(name="Jazz")
    as_user.reload()

    expect(as_user.locator(".event")).to_have_count(20)
    as_user.get_by_role("button", name="Show more").click()
    expect(as_user.locator(".event")).to_have_count(26)
    expect(as_user.get_by_role("button", name="Show more")).to_be_hidden()

    as_user.get_by_role("searchbox").fill("jaz")
    expect(as_user.locator(".event")).to_have_count(1)
    expect(card(as_user, "Jazz")).to_be_visible()
    as_user.get_by_role("searchbox").fill("nothing like this")
    expect(as_user.get_by_text("No event fits this search.").first).to_be_visible()


def test_hostile_names_are_only_text(page: Page, live_service: Service) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    event = live_service.event(name=hostile)
    live_service.book(event["id"], "ann@example.org", name=hostile)

    introduce(page, "ann@example.org", hostile)
    expect(card(page, hostile)).to_be_visible()
    expect(booking(page, hostile)).to_be_visible()
    page.goto("/admin/events/1")
    expect(page.locator(".booking .name")).to_have_text(hostile)

    assert page.locator("img, body script").count() == 0
    assert page.title() != "owned"


def test_booking_takes_nothing_but_a_keyboard_and_confirms_nothing_unasked(page: Page, live_service: Service) -> None:
    live_service.event(name="Jazz")
    page.goto("/")
    expect(field(page, "Email")).to_be_visible()

    tab_to(page, field(page, "Email"))
    page.keyboard.type("ann@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/user")
    jazz = card(page, "Jazz")
    expect(button(jazz, "Book")).to_be_visible()
    tab_to(page, button(jazz, "Book"))
    page.keyboard.press("Enter")

    expect(jazz.locator(".hold")).to_be_focused()
    page.keyboard.press("Enter")
    expect(jazz).to_have_attribute("data-state", "held")
    page.keyboard.press("Tab")
    expect(button(jazz, "Confirm")).to_be_focused()
    page.keyboard.press("Enter")
    expect(jazz).to_have_attribute("data-state", "confirmed")
    expect(jazz.locator("[data-part=booked]")).to_be_focused()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(40):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not to be reached by Tab")


def test_a_reader_of_russian_reads_russian(new_page: NewPage, live_service: Service) -> None:
    live_service.event(name="Джаз", total_seats=22)
    page = new_page(locale="ru-RU")

    introduce(page, "anna@example.org", "Анна")
    jazz = card(page, "Джаз")
    expect(page.get_by_role("heading", name="Мероприятия", exact=True)).to_be_visible()
    expect(jazz).to_contain_text("Свободно 22 места из 22")
    expect(page.locator(".day", has=jazz)).to_contain_text("мар. 2040")
    button(jazz, "Забронировать").click()
    expect(jazz).to_contain_text("Свободно 21 место из 22")
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_the_chosen_language_is_remembered(as_user: Page, live_service: Service) -> None:
    live_service.event(name="Jazz", total_seats=5)
    expect(card(as_user, "Jazz")).to_contain_text("5 seats free of 5")

    as_user.get_by_role("button", name="Русский").click()
    expect(card(as_user, "Jazz")).to_contain_text("Свободно 5 мест из 5")
    as_user.goto("/admin")

    expect(as_user.get_by_role("button", name="Новое мероприятие")).to_be_visible()


def test_a_second_press_does_nothing_while_the_first_is_under_way(as_user: Page, live_service: Service) -> None:
    live_service.event(name="Jazz")
    book = button(card(as_user, "Jazz"), "Book")
    posts: list[Route] = []
    as_user.route("**/book", lambda route: posts.append(route))

    book.click()
    expect(book).to_have_attribute("aria-busy", "true")
    book.press("Enter")
    book.dispatch_event("click")

    (post,) = posts
    post.continue_()
    expect(card(as_user, "Jazz").locator(".hold")).to_be_focused()
    assert len(posts) == 1


def test_a_booking_for_three_of_whom_one_stays_at_home(
    as_user: Page, live_service: Service, database: Database
) -> None:
    event = live_service.event(name="Jazz", total_seats=10, max_seats_per_booking=4)
    as_user.reload()
    jazz = card(as_user, "Jazz")
    jazz.get_by_label("Seats", exact=True).fill("3")
    button(jazz, "Book").click()

    mine = as_user.locator(".booking", has_text="Jazz")
    expect(mine).to_contain_text("3 seats")
    expect(jazz).to_contain_text("7 seats free of 10")
    button(mine, "Confirm").click()
    expect(mine).to_contain_text("Confirmed")
    button(mine, "Fewer seats").click()
    keep = as_user.get_by_label("Seats that you keep")
    expect(keep).to_have_value("2")
    keep.fill("0")
    as_user.get_by_role("button", name="Give back the others").click()
    expect(keep).to_have_accessible_description(re.compile("1 at least"))
    keep.fill("2")
    as_user.get_by_role("button", name="Give back the others").click()

    expect(as_user.locator("#notices")).to_contain_text("“Jazz”: 2 seats are yours now.")
    expect(mine).to_contain_text("2 seats")
    expect(jazz).to_contain_text("8 seats free of 10")
    assert database.free_seats(event["id"]) == 8
