"""What the pictures show: the events that there are, and a function for each page and state."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from tests.database import Database
from tests.service import Service

Scene = Callable[[Page, Service], None]

DESCRIPTION = (
    "An evening of standards and new pieces, with a break at nine. Doors open half an hour before.\n\n"
    "The programme: https://example.org/jazz"
)


def fill(service: Service, database: Database) -> None:
    """Events of all kinds over the next weeks."""
    today = datetime.now(UTC).replace(hour=18, minute=0, second=0, microsecond=0)

    def day(number: int, hour: int = 18) -> str:
        return (today + timedelta(days=number)).replace(hour=hour).isoformat()

    def event(name: str, date: str, seats: int, taken: int = 0, **more: object) -> int:
        made = service.event(name=name, date=date, total_seats=seats, timezone="Europe/Berlin", **more)
        for number in range(taken):
            service.book(made["id"], f"guest{number}@example.org")
        return int(made["id"])

    event("Jazz in the Old Library", day(2), 40, 12, place="Old Library, Berlin", description=DESCRIPTION,
          max_seats_per_booking=4)  # fmt: skip
    event("Пленэр: рисуем набережную вместе", day(2, 9), 12, 11, place="Набережная, у третьего моста")
    event("Chess for Beginners", day(3), 8, 8, place="Community Centre, Room 4")
    event("Go Conference", day(5, 8), 300, 40, place="Kongresshalle", description=DESCRIPTION)
    event("Pottery Workshop", day(5, 14), 10, place="Studio 12", opens_at=day(1, 9))
    closed = event("City Walk", day(6), 20, 5, place="Main Gate")
    database.execute("UPDATE events SET closes_at = clock() - interval '1 hour' WHERE id = %s", (closed,))
    event(
        "Film Night: an evening with a name so long that it has to be broken into several lines on a phone",
        day(9),
        60,
        20,
    )
    made = service.event(name="Tokyo Meetup", date=day(12, 10), total_seats=25, timezone="Asia/Tokyo", place="Shibuya")
    service.book(made["id"], "guest@example.org")
    for number in range(14, 40, 2):
        event(f"Lecture {number // 2 - 6}: Databases that keep their word", day(number), 80, number, place="Room 1")
    over = event("Last Year's Concert", day(1), 50, 3)
    database.execute(
        "UPDATE events SET created_at = clock() - interval '9 days', date = clock() - interval '2 days' WHERE id = %s",
        (over,),
    )


def introduce(page: Page, service: Service, email: str = "ann@example.org", name: str = "Ann Example") -> None:
    page.request.post(f"{service.url}/session", data={"email": email, "name": name})


def settle(page: Page) -> None:
    page.locator("html[data-state=translated]").wait_for()
    page.locator("main:not([aria-busy])").wait_for()


def window(page: Page, service: Service) -> None:
    page.goto("/")
    settle(page)


def window_whole(page: Page, service: Service) -> None:
    window(page, service)


def window_found(page: Page, service: Service) -> None:
    page.goto("/?q=lecture&free=1")
    settle(page)


def window_nothing(page: Page, service: Service) -> None:
    page.goto("/?q=zzz")
    settle(page)


def window_sign_in(page: Page, service: Service) -> None:
    page.goto("/?next=/events/1#sign-in")
    settle(page)


def event(page: Page, service: Service) -> None:
    page.goto("/events/1")
    settle(page)


def event_sold_out(page: Page, service: Service) -> None:
    page.goto("/events/3")
    settle(page)


def event_closed(page: Page, service: Service) -> None:
    page.goto("/events/6")
    settle(page)


def event_elsewhere(page: Page, service: Service) -> None:
    page.goto("/events/8")
    settle(page)


def event_who(page: Page, service: Service) -> None:
    event(page, service)
    page.locator("[data-part=book]").click()


def event_wrong_email(page: Page, service: Service) -> None:
    event_who(page, service)
    page.locator("[data-part=who-dialog] [name=email]").fill("ann")
    page.locator("[data-part=who-dialog] [type=submit]").click()
    page.locator(".field-error:visible").wait_for()


def event_held(page: Page, service: Service) -> None:
    introduce(page, service)
    event(page, service)
    book = page.locator(".one-event [data-part=book]")
    if book.is_visible():
        book.click()
        page.locator(".one-event .hold").wait_for()
    page.locator(".notice").first.wait_for(state="detached")


def event_confirmed(page: Page, service: Service) -> None:
    introduce(page, service, "bob@example.org", "Bob")
    page.goto("/events/4")
    settle(page)
    book = page.locator(".one-event [data-part=book]")
    if book.is_visible():
        book.click()
        page.locator(".one-event [data-part=confirm]").click()
    page.locator(".one-event [data-part=booked]").wait_for()


def own(page: Page, service: Service) -> None:
    introduce(page, service)
    page.goto("/user")
    settle(page)


def own_whole(page: Page, service: Service) -> None:
    own(page, service)


def own_none(page: Page, service: Service) -> None:
    introduce(page, service, "new@example.org", "New")
    page.goto("/user")
    settle(page)


def own_anonymous(page: Page, service: Service) -> None:
    page.goto("/user")
    settle(page)


def managed(page: Page, service: Service) -> None:
    page.goto("/admin")
    settle(page)


def managed_fullest(page: Page, service: Service) -> None:
    page.goto("/admin?sort=-fullness&which=all")
    settle(page)


def managed_new(page: Page, service: Service) -> None:
    managed(page, service)
    page.locator("[data-part=new]").click()


def managed_event_whole(page: Page, service: Service) -> None:
    page.goto("/admin/events/4")
    settle(page)
    page.locator(".attendee-list summary").first.click()
    page.locator(".history li").first.wait_for()
    page.locator(".figures-of-event svg").wait_for()


def managed_reason(page: Page, service: Service) -> None:
    managed_event_whole(page, service)
    page.locator(".attendee-list [data-part=cancel]").first.click()


def managed_cancel(page: Page, service: Service) -> None:
    page.goto("/admin/events/1")
    settle(page)
    page.locator("[data-part=cancel-event]").click()
    page.locator("[data-part=cancel-event-dialog] [type=submit]").click()


def attendees(page: Page, service: Service) -> None:
    page.goto("/events/6/attendees")


def ticket(page: Page, service: Service) -> None:
    event_confirmed(page, service)
    page.goto("/user")
    settle(page)
    page.locator(".mine [data-part=ticket]:visible").first.click()
    page.locator("main .code").first.wait_for()
    page.locator("html[data-state=translated]").wait_for()


def door(page: Page, service: Service) -> None:
    page.goto("/door")
    page.locator("main[data-state=choose]").wait_for()


def docs(page: Page, service: Service) -> None:
    page.goto("/docs")
    page.locator(".opblock").first.wait_for()


def missing(page: Page, service: Service) -> None:
    page.goto("/nope")
    settle(page)


def offline(page: Page, service: Service) -> None:
    window(page, service)
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator(".offline > [data-i18n]").wait_for()


SCENES: tuple[Scene, ...] = (
    window, window_whole, window_found, window_nothing, window_sign_in, event, event_sold_out, event_closed,
    event_elsewhere, event_who, event_wrong_email, event_held, event_confirmed, own, own_whole, own_none, own_anonymous,
    managed, managed_fullest, managed_new, managed_event_whole, managed_reason, managed_cancel, attendees,
    ticket, door, docs, missing, offline,
)  # fmt: skip
