"""The ticket over HTTP: who gets it, when, and what it says; its calendar entry, read by two parsers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import bearer, refusal, register, sign_in
from tests.service import Service

PATHS = ("", ".svg", ".ics")


@pytest.fixture(autouse=True)
def zones_are_read_from_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """vobject else keeps the first definition of a zone that it meets."""
    monkeypatch.setattr(vobject.icalendar, "__tzidMap", {})


def confirmed(service: Service, **event: object) -> dict[str, Any]:
    booking = service.book(service.event(**event)["id"], name="Аня <b>")
    answer = service.post(f"/bookings/{booking['id']}/confirm")
    assert answer.status_code == 200
    return dict(answer.json())


def entry(service: Service, booking: dict[str, Any], **options: Any) -> Any:
    response = service.get(f"/bookings/{booking['id']}/ticket.ics", **options)
    assert response.status_code == 200, response.text
    (event,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    return event


def test_the_sheet_says_all_that_a_door_asks_for(live_service: Service) -> None:
    booking = confirmed(
        live_service, name="Шахматы & <i>чай</i>", place="Зал 1", timezone="Asia/Tokyo", date="2040-03-01T18:00"
    )

    sheet = live_service.get(f"/bookings/{booking['id']}/ticket")

    assert sheet.headers["Content-Type"] == "text/html; charset=utf-8"
    assert sheet.headers["Cache-Control"] == "private, no-store"
    for said in (
        "Шахматы &amp; &lt;i&gt;чай&lt;/i&gt;", "Зал 1", "1 March 2040, 18:00 JST", "Asia/Tokyo", "Аня &lt;b&gt;",
        booking["code"], "<svg",
    ):  # fmt: skip
        assert str(said) in sheet.text
    assert "style=" not in sheet.text
    assert "<script" not in sheet.text


@pytest.mark.parametrize("path", PATHS)
def test_before_confirmation_and_after_the_end_there_is_none(
    live_service: Service, database: Database, path: str
) -> None:
    database.freeze()
    hold = live_service.book(live_service.event(booking_ttl_minutes=1)["id"])
    ticket = f"/bookings/{hold['id']}/ticket{path}"

    held = live_service.get(ticket)
    assert refusal(held) == (409, "not_confirmed")
    assert held.json()["booking_status"] == "pending"
    database.advance(60)
    lapsed = live_service.get(ticket)
    assert refusal(lapsed) == (409, "not_confirmed")
    assert lapsed.json()["cancel_reason"] == "expired"
    live_service.post(f"/bookings/{hold['id']}/cancel")
    assert refusal(live_service.get(ticket)) == (409, "not_confirmed")
    assert refusal(live_service.get(f"/bookings/404/ticket{path}")) == (404, "booking_not_found")


@pytest.mark.parametrize("path", PATHS)
def test_only_who_may_see_the_booking_gets_its_ticket(required_service: Service, path: str) -> None:
    admin = sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)
    booking = required_service.book(admin.event()["id"])
    by_token = bearer(booking["token"])
    required_service.post(f"/bookings/{booking['id']}/confirm", headers=by_token)
    ticket = f"/bookings/{booking['id']}/ticket{path}"

    assert refusal(required_service.get(ticket)) == (401, "credentials_required")
    assert refusal(required_service.get(f"{ticket}?token={booking['token']}")) == (401, "credentials_required")
    assert refusal(register(required_service, "stranger@example.org").get(ticket)) == (403, "forbidden")
    assert required_service.get(ticket, headers=by_token).status_code == 200
    assert admin.get(ticket).status_code == 200


def test_the_sheet_speaks_the_language_of_the_person_else_of_the_browser(live_service: Service) -> None:
    booking = confirmed(live_service)
    path, russian = f"/bookings/{booking['id']}/ticket", {"Accept-Language": "de, ru;q=0.9, en;q=0.5"}

    assert '<html lang="en">' in live_service.get(path).text
    assert '<html lang="ru">' in live_service.get(path, headers=russian).text
    assert "1 марта 2040" in live_service.get(path, headers=russian).text
    live_service.call("PUT", f"/users/{booking['user_id']}/notifications", {"channel": "auto", "language": "en"})
    assert '<html lang="en">' in live_service.get(path, headers=russian).text


def test_an_event_of_a_zone_unknown_here_is_told_in_ours(live_service: Service, database: Database) -> None:
    booking = confirmed(live_service)
    database.execute("UPDATE events SET timezone = 'Moon/Tranquility'")

    assert "1 March 2040, 18:00 UTC" in live_service.get(f"/bookings/{booking['id']}/ticket").text
    assert entry(live_service, booking).start == datetime(2040, 3, 1, 18, tzinfo=UTC)


# Clocks in Berlin go forward on 2030-03-31 and back on 2030-10-27; Caracas had half an hour once, Lord Howe still has.
@pytest.mark.parametrize(
    ("zone", "date"),
    [
        ("Europe/Berlin", "2030-03-31T01:30:00+01:00"),
        ("Europe/Berlin", "2030-03-31T03:30:00+02:00"),
        ("Europe/Berlin", "2030-07-01T18:00:00+02:00"),
        ("America/New_York", "2045-11-05T12:00:00-05:00"),
        ("Australia/Lord_Howe", "2040-12-01T20:00:00+11:00"),
        ("Asia/Kolkata", "2030-01-01T20:00:00+05:30"),
        ("UTC", "2030-01-01T20:00:00+00:00"),
    ],
)
def test_two_parsers_read_the_same_moment(live_service: Service, zone: str, date: str) -> None:
    booking = confirmed(live_service, timezone=zone, date=date, name="Шахматный вечер — ёжик; запятая, и \\ " * 4)

    ics = live_service.get(f"/bookings/{booking['id']}/ticket.ics").content

    assert all(len(line) <= 75 for line in ics.split(b"\r\n"))
    assert b"\n" not in ics.replace(b"\r\n", b"")
    event = entry(live_service, booking)
    other = vobject.readOne(ics.decode())
    for start in (event.start, other.vevent.dtstart.value):
        assert start == datetime.fromisoformat(date)
        assert start.utcoffset() == datetime.fromisoformat(date).utcoffset()
    assert (
        event["SUMMARY"]
        == other.vevent.summary.value
        == live_service.get(f"/events/{booking['event_id']}").json()["name"]
    )
    assert (b"BEGIN:VTIMEZONE" in ics) == (zone != "UTC")
    other.validate()


def test_the_told_zone_knows_when_its_clocks_change(live_service: Service) -> None:
    """vobject reads VTIMEZONE by itself: around the event it must agree with the zone that this machine knows."""
    booking = confirmed(live_service, timezone="Europe/Berlin", date="2041-07-01T18:00:00+02:00")

    told = vobject.readOne(live_service.get(f"/bookings/{booking['id']}/ticket.ics").text).vevent.dtstart.value.tzinfo

    zone = ZoneInfo("Europe/Berlin")
    for hour in range(-180 * 24, 180 * 24):
        moment = datetime(2041, 7, 1, 12, 30) + timedelta(hours=hour)
        first, second = (moment.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
        if first == second:  # neither skipped by the clocks nor shown twice
            assert told.utcoffset(moment) == first, moment


def test_changes_and_the_cancellation_reach_the_calendar_as_the_same_entry(
    live_service: Service, every_change: list[tuple[str, Callable[[Service, dict[str, Any]], object]]]
) -> None:
    booking = confirmed(live_service, max_seats_per_booking=3)
    first = entry(live_service, booking)
    assert first["STATUS"] == "CONFIRMED"
    before = first

    for status, change in every_change:
        change(live_service, booking)
        after = entry(live_service, booking)
        assert (after["UID"], after["STATUS"]) == (first["UID"], status)
        assert after["SEQUENCE"] > before["SEQUENCE"]
        before = after

    canceled = live_service.get(f"/bookings/{booking['id']}/ticket.ics")
    assert canceled.headers["Content-Type"] == "text/calendar; charset=utf-8; method=CANCEL"
    assert icalendar.Calendar.from_ical(canceled.content)["METHOD"] == "CANCEL"
    assert refusal(live_service.get(f"/bookings/{booking['id']}/ticket")) == (409, "not_confirmed")


@pytest.fixture
def every_change() -> list[tuple[str, Callable[[Service, dict[str, Any]], object]]]:
    """What can happen to a booking, in this order, and the status of its entry afterwards."""
    return [
        ("CONFIRMED", lambda service, it: service.call("PATCH", f"/events/{it['event_id']}", {"place": "Hall 2"})),
        ("CONFIRMED", lambda service, it: service.call("PATCH", f"/bookings/{it['id']}", {"seats": 3})),
        ("CANCELLED", lambda service, it: service.post(f"/bookings/{it['id']}/cancel")),
    ]


def test_two_bookings_have_two_entries(live_service: Service) -> None:
    first, second = confirmed(live_service), confirmed(live_service)

    assert entry(live_service, first)["UID"] != entry(live_service, second)["UID"]
