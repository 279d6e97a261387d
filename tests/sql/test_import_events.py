"""import_events: the events of a file, all of them or none."""

import json
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.database import Database, raises

EVENT = {
    "name": " A ", "date": "2040-07-01T18:00", "total_seats": 5, "booking_ttl_minutes": 10, "description": " ",
    "place": "Hall", "timezone": "Europe/Berlin", "opens_at": None, "closes_at": "2040-07-01T12:00:00+00:00",
    "max_seats_per_booking": 2, "published": False,
}  # fmt: skip


def lines(*events: dict[str, Any]) -> Jsonb:
    return Jsonb([{"line": number, "errors": [], "event": event} for number, event in enumerate(events, 2)])


def test_events_are_created_as_create_event_does(database: Database) -> None:
    (line,) = database.one("SELECT import_events(%s) AS it", lines(EVENT))["it"]

    assert (line["line"], line["errors"]) == (2, [])
    event = line["event"]
    assert event == database.one("SELECT get_event(%s) AS it", event["id"])["it"]
    assert (event["name"], event["description"], event["place"]) == ("A", None, "Hall")
    assert (event["date"], event["closes_at"]) == ("2040-07-01T18:00:00+02:00", "2040-07-01T14:00:00+02:00")
    assert (event["available_seats"], event["max_seats_per_booking"], event["published"]) == (5, 2, False)


def test_a_dry_run_tells_of_each_line_and_creates_nothing(database: Database) -> None:
    wrong = EVENT | {"total_seats": 0}
    unknown_zone = EVENT | {"timezone": "Mars/Olympus"}

    told = database.one("SELECT import_events(%s, true) AS it", lines(EVENT, wrong, unknown_zone))["it"]

    assert [[error["field"] for error in line["errors"]] for line in told] == [[], ["total_seats"], ["timezone"]]
    assert told[0]["event"]["date"] == "2040-07-01T18:00:00+02:00"
    assert told[1]["event"] is told[2]["event"] is None
    assert database.execute("SELECT FROM events") == []


def test_one_wrong_line_and_nothing_is_created(database: Database) -> None:
    unread = {"line": 4, "event": None, "errors": [{"field": "date", "message": "must be a date"}]}
    sent = [*lines(EVENT, EVENT | {"closes_at": "2041-01-01T00:00"}).obj, unread]

    with raises("EB106") as refused:
        database.execute("SELECT import_events(%s)", (Jsonb(sent),))

    detail = json.loads(str(refused.value.diag.message_detail))
    assert [(error["line"], error["field"]) for error in detail["errors"]] == [(3, "closes_at"), (4, "date")]
    assert "line 3: closes_at must not be after" in str(refused.value)
    assert database.execute("SELECT FROM events") == []


def test_a_time_without_an_offset_is_read_in_the_sessions_zone_if_the_event_names_none(database: Database) -> None:
    with database.connect() as session:
        session.execute("SET TimeZone = 'Asia/Tokyo'")
        row = session.execute(
            "SELECT import_events(%s) AS it", (lines(EVENT | {"timezone": None, "closes_at": None}),)
        ).fetchall()[0]

    event = row["it"][0]["event"]
    assert (event["timezone"], event["date"]) == ("Asia/Tokyo", "2040-07-01T18:00:00+09:00")


@pytest.mark.parametrize("zone", ["europe/berlin", "EST5EDT,M3.2.0,M11.1.0", "posix/Europe/Berlin", ""])
def test_only_names_of_the_iana_are_zones(database: Database, zone: str) -> None:
    (line,) = database.one("SELECT import_events(%s, true) AS it", lines(EVENT | {"timezone": zone}))["it"]

    assert [error["field"] for error in line["errors"]] == ["timezone"]


def test_a_thousand_events_of_many_zones_are_a_matter_of_seconds(database: Database) -> None:
    zones = ["Europe/Berlin", "Asia/Tokyo", "America/New_York", "Europe/Moscow"]
    many = [EVENT | {"timezone": zones[n % 4], "closes_at": None} for n in range(1000)]
    with database.connect() as session:
        session.execute("SET statement_timeout = '5s'")
        session.execute("SELECT import_events(%s)", (lines(*many),))

    assert database.one("SELECT count(*) AS made FROM events") == {"made": 1000}
