"""The calendar of one's bookings: its address, what is in it, and the end of an address."""

from urllib.parse import urlsplit

import icalendar
import vobject

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import refusal, register, sign_in
from tests.service import Service


def address(service: Service, user_id: int, method: str = "GET") -> str:
    """The path of the calendar, with its token."""
    answer = service.call(method, f"/users/{user_id}/calendar")
    assert answer.status_code == 200, answer.text
    url = urlsplit(answer.json()["url"])
    assert answer.json()["url"].startswith(service.url)
    return f"{url.path}?{url.query}"


def summaries(ics: bytes) -> dict[str, str]:
    return {str(event["SUMMARY"]): str(event["STATUS"]) for event in icalendar.Calendar.from_ical(ics).walk("VEVENT")}


def test_it_has_what_is_confirmed_or_was(live_service: Service) -> None:
    bookings = {
        name: live_service.book(live_service.event(name=name)["id"]) for name in ("Held", "Sure", "Off", "Never")
    }
    for name in ("Sure", "Off"):
        live_service.post(f"/bookings/{bookings[name]['id']}/confirm")
    for name in ("Off", "Never"):
        live_service.post(f"/bookings/{bookings[name]['id']}/cancel")
    user_id = bookings["Held"]["user_id"]

    feed = live_service.get(address(live_service, user_id))

    assert feed.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert feed.headers["Cache-Control"] == "private, no-store"
    assert summaries(feed.content) == {"Sure": "CONFIRMED", "Off": "CANCELLED"}
    assert bookings["Sure"]["code"] not in feed.text
    assert len(list(vobject.readOne(feed.text).vevent_list)) == 2


def test_an_entry_is_the_one_of_the_ticket(live_service: Service) -> None:
    booking = live_service.book(live_service.event()["id"])
    live_service.post(f"/bookings/{booking['id']}/confirm")

    uids = [
        str(event["UID"])
        for path in (address(live_service, booking["user_id"]), f"/bookings/{booking['id']}/ticket.ics")
        for event in icalendar.Calendar.from_ical(live_service.get(path).content).walk("VEVENT")
    ]
    assert len(uids) == 2
    assert len(set(uids)) == 1


def test_without_bookings_it_is_an_empty_calendar(live_service: Service) -> None:
    user_id = live_service.post("/users", {"email": "a@example.org"}).headers["Location"].split("/")[2]

    assert summaries(live_service.get(address(live_service, int(user_id))).content) == {}


def test_a_new_address_ends_the_one_before(live_service: Service) -> None:
    user_id = live_service.book(live_service.event()["id"])["user_id"]
    old = address(live_service, user_id)
    assert address(live_service, user_id) == old

    new = address(live_service, user_id, "POST")

    assert new != old
    assert live_service.get(new).status_code == 200
    assert refusal(live_service.get(old)) == (404, "calendar_link_invalid")


def test_the_address_is_for_the_user_and_opens_nothing_else(required_service: Service) -> None:
    admin = sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)
    anna, boris = register(required_service, "anna@example.org"), register(required_service, "boris@example.org")
    booking = anna.book(admin.event()["id"], "anna@example.org")
    user_id = booking["user_id"]
    path = address(anna, user_id)
    token = path.partition("token=")[2]

    assert required_service.get(path).status_code == 200  # calendar programs cannot sign in
    assert refusal(boris.get(f"/users/{user_id}/calendar")) == (403, "forbidden")
    assert refusal(required_service.get(f"/users/{user_id}/calendar")) == (401, "credentials_required")
    assert refusal(required_service.get(f"/users/{user_id}/bookings.ics")) == (422, "invalid_request")
    assert refusal(required_service.get(f"/users/{user_id}/bookings.ics?token=c_x")) == (404, "calendar_link_invalid")
    assert refusal(required_service.get(f"/users/404/bookings.ics?token={token}")) == (404, "calendar_link_invalid")
    headers = {"Authorization": f"Bearer {token}"}
    assert refusal(required_service.get(f"/bookings/{booking['id']}", headers=headers)) == (401, "credentials_required")


def test_who_gets_an_account_by_proof_ends_the_addresses_of_before(live_service: Service, database: Database) -> None:
    user_id = live_service.book(live_service.event()["id"])["user_id"]
    old = address(live_service, user_id)

    database.execute("SELECT make_admin(%s)", (user_id,))
    assert refusal(live_service.get(old)) == (404, "calendar_link_invalid")

    old = address(live_service, user_id)
    assert live_service.call("DELETE", f"/users/{user_id}").status_code == 204
    assert refusal(live_service.get(old)) == (404, "calendar_link_invalid")
    assert refusal(live_service.get(f"/users/{user_id}/calendar")) == (404, "user_not_found")
