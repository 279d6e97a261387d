"""The page of the door on a phone: tickets, names, several doors, and no connection."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import ARGUMENTS, NAMES, NewPage, pages
from tests.browser.tickets import film, picture
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.http.test_auth import sign_in
from tests.http.test_door import confirmed
from tests.service import Service

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}

HEARD = """
window.heard = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.heard.push(Math.round(this.frequency.value));
  return start.apply(this, when);
};
"""
"""Writes down the frequencies of all tones."""


@pytest.fixture
def event(live_service: Service) -> Any:
    return live_service.event(name="Jazz", max_seats_per_booking=3)


@pytest.fixture
def door(new_page: NewPage, event: Any) -> Page:
    """The door of the event on a small phone, as an admin's, called Main door."""
    return open_door(new_page(**PHONE), event["id"], "Main door")


def open_door(page: Page, event_id: int, name: str) -> Page:
    page.add_init_script(HEARD)
    page.goto(f"/door?event={event_id}")
    page.get_by_text("This door", exact=True).click()
    page.get_by_label("What this door is called").fill(name)
    page.get_by_text("This door", exact=True).click()
    expect(page.locator("[data-part=event-name]")).to_have_text("Jazz")
    return page


def type_code(page: Page, code: str) -> None:
    page.get_by_label("Code of the ticket").fill(code)
    page.get_by_label("Code of the ticket").press("Enter")


def show_picture(page: Page, content: bytes) -> None:
    page.locator("[type=file]").set_input_files({"name": "ticket.png", "mimeType": "image/png", "buffer": content})


def must_say(page: Page, mark: str, *words: str) -> None:
    result = page.locator(".result")
    expect(result).to_have_attribute("data-mark", mark)
    for text in words:
        expect(result).to_contain_text(text)


def figures(page: Page) -> Locator:
    return page.locator(".figures dd")


def test_a_typed_code_lets_people_in_once(door: Page, live_service: Service, event: Any) -> None:
    booking = confirmed(live_service, event["id"], seats=2)
    expect(figures(door)).to_have_text(["0", "2", "2"])

    type_code(door, booking["code"].lower())

    must_say(door, "good", "Come in", "Ann", "2 seats")
    expect(figures(door)).to_have_text(["2", "2", "0"])
    assert door.evaluate("heard") == [880, 1320]
    type_code(door, booking["code"])
    must_say(door, "bad", "Already in", "Ann", "Main door")
    assert door.evaluate("heard.slice(2)") == [196, 147]
    expect(door.get_by_label("Code of the ticket")).to_be_focused()


def test_a_picture_of_a_ticket_is_read(door: Page, live_service: Service, event: Any) -> None:
    booking = confirmed(live_service, event["id"])

    show_picture(door, picture(door, booking["code"]))
    must_say(door, "good", "Come in", "Ann")

    show_picture(door, b"no picture at all")
    must_say(door, "bad", "No code found")


def test_each_kind_of_refusal_has_words_of_its_own(door: Page, live_service: Service, event: Any) -> None:
    elsewhere = confirmed(live_service, live_service.event(name="Blues")["id"])
    held = live_service.book(event["id"], "held@example.org")
    canceled = live_service.book(event["id"], "canceled@example.org")
    live_service.post(f"/bookings/{canceled['id']}/cancel")

    for code, word, sentence in (
        (elsewhere["code"], "Another event", "Blues"),
        (held["code"], "Not confirmed", held["code"]),
        (canceled["code"], "Canceled", "Canceled at the guest's request"),
        ("7-AAAAAA-BBBBBBB", "Unknown ticket", "look for the name"),
    ):
        type_code(door, code)
        must_say(door, "bad", word, sentence)


def test_who_has_no_ticket_is_found_by_name_and_an_admin_takes_it_back(
    door: Page, live_service: Service, event: Any
) -> None:
    confirmed(live_service, event["id"])
    confirmed(live_service, event["id"], "bob@example.org", "Bob")

    door.get_by_label("Search by name").fill("ann")
    door.get_by_role("button", name="Let in: Ann").click()
    must_say(door, "good", "Come in", "Ann")
    expect(door.locator(".expected li")).to_have_count(1)
    expect(door.locator(".expected li")).to_contain_text("Main door")
    expect(figures(door)).to_have_text(["1", "2", "1"])

    door.get_by_role("button", name="Undo: Ann").click()
    must_say(door, "done", "Taken back", "Ann")
    expect(door.get_by_role("button", name="Let in: Ann")).to_be_visible()
    expect(figures(door)).to_have_text(["0", "2", "2"])
    door.get_by_label("Search by name").fill("nobody")
    expect(door.get_by_text("Nobody of this name")).to_be_visible()


def test_what_was_just_let_in_can_be_taken_back_at_once(door: Page, live_service: Service, event: Any) -> None:
    booking = confirmed(live_service, event["id"])
    type_code(door, booking["code"])
    must_say(door, "good", "Come in")

    door.locator(".verdict").get_by_role("button", name="Undo").click()

    must_say(door, "done", "Taken back", "Ann")
    expect(door.locator(".verdict").get_by_role("button", name="Undo")).to_be_hidden()
    assert live_service.get(f"/bookings/{booking['id']}").json()["checked_in_at"] is None


def test_two_doors_know_of_each_other(door: Page, new_page: NewPage, live_service: Service, event: Any) -> None:
    ann, bob = (confirmed(live_service, event["id"], f"{name}@example.org", name.title()) for name in ("ann", "bob"))
    side = open_door(new_page(**PHONE), event["id"], "Side door")

    type_code(door, ann["code"])
    must_say(door, "good", "Ann")
    expect(figures(side)).to_have_text(["1", "2", "1"])
    type_code(side, ann["code"])
    must_say(side, "bad", "Already in", "Main door")
    type_code(side, bob["code"])
    must_say(side, "good", "Bob")
    expect(figures(door)).to_have_text(["2", "2", "0"])


def test_scans_wait_while_there_is_no_connection_and_clashes_are_shown(
    door: Page, live_service: Service, event: Any
) -> None:
    ann, bob = (confirmed(live_service, event["id"], f"{name}@example.org", name.title()) for name in ("ann", "bob"))
    ticket = picture(door, bob["code"])
    expect(figures(door)).to_have_text(["0", "2", "2"])
    door.get_by_label("Search by name").fill("ann")
    expect(door.get_by_role("button", name="Let in: Ann")).to_be_visible()
    door.context.set_offline(True)

    type_code(door, ann["code"])
    must_say(door, "waiting", "Kept for later", ann["code"])
    show_picture(door, ticket)
    must_say(door, "waiting", "Kept for later", bob["code"])
    expect(door.get_by_text("No connection. Scans are kept")).to_be_visible()
    expect(door.get_by_role("heading", name="2 scans wait for the connection")).to_be_visible()
    type_code(door, ann["code"])
    must_say(door, "bad", "Already in", "scanned here")
    elsewhere = live_service.post("/check-in", {"code": bob["code"], "event_id": event["id"], "door": "Side door"})
    assert elsewhere.status_code == 200

    door.context.set_offline(False)

    expect(door.get_by_role("heading", name="1 scan was refused afterwards")).to_be_visible()
    expect(door.locator(".clash")).to_contain_text("Already in")
    expect(door.locator(".clash")).to_contain_text("Bob")
    expect(door.locator(".clash")).to_contain_text("Side door")
    expect(door.get_by_role("heading", name="wait for the connection")).to_be_hidden()
    expect(door.get_by_text("No connection. Scans are kept")).to_be_hidden()
    expect(figures(door)).to_have_text(["2", "2", "0"])
    expect(door.get_by_role("button", name="Undo: Ann")).to_be_visible()
    assert live_service.get(f"/bookings/{ann['id']}").json()["checked_in_by"] == "Main door"

    door.reload()
    door.get_by_role("button", name=re.compile("^Seen to")).click()
    expect(door.locator(".clash")).to_have_count(0)


def test_what_waits_outlives_a_reload(door: Page, live_service: Service, event: Any) -> None:
    ann = confirmed(live_service, event["id"])
    cut(door)
    type_code(door, ann["code"])
    must_say(door, "waiting", "Kept for later")

    door.reload()
    expect(door.get_by_role("heading", name="1 scan waits for the connection")).to_be_visible()
    expect(door.locator("[data-part=event-name]")).to_have_text("Jazz")
    door.get_by_text("This door", exact=True).click()
    door.get_by_role("button", name="Leave this door").click()
    expect(door.locator("#notices")).to_contain_text("still wait for the connection")

    door.unroute("**/*")
    expect(figures(door)).to_have_text(["1", "1", "0"])
    expect(door.locator(".waiting-scan")).to_have_count(0)


def test_a_scan_whose_answer_was_lost_is_no_clash(door: Page, live_service: Service, event: Any) -> None:
    ann = confirmed(live_service, event["id"])

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    door.route("**/check-in", lose_the_answer, times=1)
    type_code(door, ann["code"])

    expect(figures(door)).to_have_text(["1", "1", "0"])
    expect(door.locator(".waiting-scan")).to_have_count(0)
    expect(door.locator(".clash")).to_have_count(0)


def cut(page: Page) -> None:
    """Nothing of the API is reached; pages and their files are, as they would be from a cache."""

    def answer(route: Route) -> None:
        if route.request.resource_type == "fetch":
            route.abort()
        else:
            route.continue_()

    page.route("**/*", answer)


@pytest.fixture
def camera(browser: Browser, tmp_path: Path) -> Iterator[tuple[Browser, Path]]:
    """A browser whose camera films what is in the file."""
    path = tmp_path / "ticket.y4m"
    filming = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]
    executable = next(filter(None, map(shutil.which, NAMES)))
    with_camera = browser.browser_type.launch(executable_path=executable, args=[*ARGUMENTS, *filming])
    yield with_camera, path
    with_camera.close()


def test_a_ticket_before_the_camera_is_read_once(
    camera: tuple[Browser, Path], live_service: Service, event: Any
) -> None:
    browser, path = camera
    booking = confirmed(live_service, event["id"])
    with pages(browser, live_service) as new_page:
        door = open_door(new_page(**PHONE), event["id"], "Main door")
        film(door, booking["code"], path)

        door.get_by_role("button", name="Scan with the camera").click()
        must_say(door, "good", "Come in", "Ann")
        expect(door.get_by_label("What the camera sees")).to_be_visible()
        door.wait_for_timeout(1_500)  # the ticket stays in sight
        must_say(door, "good", "Come in", "Ann")
        door.get_by_role("button", name="Stop the camera").click()
        expect(door.get_by_label("What the camera sees")).to_be_hidden()


def test_a_link_opens_one_door_to_a_helper(browser: Browser, required_service: Service) -> None:
    admin = sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)
    event = admin.event(name="Jazz", published=False)
    booking = confirmed(admin, event["id"])
    with pages(browser, required_service) as new_page:
        office = new_page()
        office.goto("/?next=/door")
        office.locator("[data-view=sign-in] [name=email]").fill(ADMIN_EMAIL)
        office.locator("[data-view=sign-in] [name=password]").fill(ADMIN_PASSWORD)
        office.locator("[data-view=sign-in] [type=submit]").click()
        expect(office.get_by_role("heading", name="At the door of which event?")).to_be_visible()
        office.goto(f"/door?event={event['id']}")
        office.get_by_text("This door", exact=True).click()
        office.get_by_role("button", name="Link for helpers").click()
        expect(office.get_by_label("The link", exact=True)).to_have_value(re.compile("#token="))
        link = office.get_by_label("The link", exact=True).input_value()

        helper = new_page(**PHONE)
        helper.goto(link)
        expect(helper.locator("[data-part=event-name]")).to_have_text("Jazz")
        assert helper.evaluate("location.href") == f"{required_service.url}/door"
        type_code(helper, booking["code"])
        must_say(helper, "good", "Come in", "Ann")
        expect(helper.get_by_role("button", name="Undo")).to_have_count(0)
        helper.reload()
        expect(figures(helper)).to_have_text(["1", "1", "0"])

        (token,) = admin.get("/tokens").json()
        admin.call("DELETE", f"/tokens/{token['id']}")
        expect(helper.get_by_text("This page needs a link")).to_be_visible()


def test_nobody_else_gets_to_a_door(browser: Browser, required_service: Service) -> None:
    with pages(browser, required_service) as new_page:
        page = new_page()
        page.goto("/door")
        expect(page.get_by_text("This page needs a link")).to_be_visible()
        page.goto("/door#token=made-up&event=1")
        expect(page.get_by_text("This page needs a link")).to_be_visible()


def test_an_admin_chooses_the_event(page: Page, event: Any) -> None:
    page.goto("/door")
    page.get_by_role("link", name="Jazz").click()
    expect(figures(page)).to_have_text(["0", "0", "0"])


def test_the_organisers_page_leads_to_the_door(page: Page, event: Any) -> None:
    page.goto(f"/admin/events/{event['id']}")
    page.get_by_role("link", name="Door", exact=True).click()
    expect(page.locator("[data-part=event-name]")).to_have_text("Jazz")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_small_phone_shows_it_without_scrolling_sideways(
    new_page: NewPage, live_service: Service, event: Any, scheme: str
) -> None:
    page = open_door(new_page(**PHONE, color_scheme=scheme), event["id"], "M" * 100)
    confirmed(live_service, event["id"], "long@example.org", "N" * 200)
    page.get_by_label("Search by name").fill("n")
    page.get_by_role("button", name=re.compile("^Let in: N")).click()
    must_say(page, "good", "Come in")

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_door_speaks_russian(new_page: NewPage, live_service: Service, event: Any) -> None:
    page = new_page(**PHONE, locale="ru-RU")
    booking = confirmed(live_service, event["id"])
    page.goto(f"/door?event={event['id']}")
    page.get_by_label("Код билета").fill(booking["code"])
    page.get_by_label("Код билета").press("Enter")

    must_say(page, "good", "Проходите", "Ann")
