from typing import Any

import pytest

from tests.database import Database, Row, raises


def change(database: Database, event_id: int, **values: Any) -> Row:
    named = "".join(f", p_{name} => %s" for name in values)
    return database.one(f"SELECT * FROM change_event(%s{named})", event_id, *values.values())


def told(database: Database) -> list[int]:
    """The bookings whose people wait to be told of the change."""
    rows = database.execute("SELECT booking_id FROM outbox WHERE kind = 'event_changed' ORDER BY booking_id")
    return [row["booking_id"] for row in rows]


def test_what_is_not_said_stays_as_it_is(database: Database) -> None:
    event_id = database.event(name="Chess night", seats=5, ttl=10)
    before = database.one("SELECT * FROM events")

    assert change(database, event_id) == before
    assert change(database, event_id, name="  Go night ") == before | {"name": "Go night", "version": 2}
    assert change(database, event_id, booking_ttl=3) == before | {"name": "Go night", "booking_ttl": 3, "version": 3}


def test_what_an_event_can_be_without_is_taken_away_by_name(database: Database) -> None:
    optional = {"description": "Bring a board.", "place": "Room 1", "opens_at": "2030-01-01", "closes_at": "2039-12-31"}
    event_id = database.event()
    before = change(database, event_id, **optional)
    assert None not in [before[field] for field in optional]

    after = change(database, event_id, clear=list(optional))
    assert [after[field] for field in optional] == [None] * 4
    with raises("EB101"):
        change(database, event_id, clear=["name"])


def test_two_who_edit_at_once_notice_each_other_and_a_booking_disturbs_nobody(database: Database) -> None:
    event_id = database.event(seats=5)
    assert database.one("SELECT version FROM events") == {"version": 1}
    database.book(event_id)

    assert change(database, event_id, versions=[1], name="First")["version"] == 2
    with raises("EB211"):
        change(database, event_id, versions=[1], name="Second")
    with raises("EB211"):
        change(database, event_id, versions=[], name="Second")
    assert change(database, event_id, versions=[1, 2], name="Third")["version"] == 3
    assert change(database, event_id, versions=[3], name="Third")["version"] == 3


def test_a_new_zone_alone_leaves_the_event_at_its_moment(database: Database) -> None:
    event_id = database.event(date="2040-07-01 18:00+00")

    changed = change(database, event_id, timezone="Europe/Berlin")
    assert (changed["timezone"], changed["date"].timestamp()) == ("Europe/Berlin", 2224778400)


def test_who_booked_is_told_of_a_new_name_date_place_or_zone_and_of_nothing_else(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=5, ttl=1)
    database.book(event_id, "lapsed@example.org", telegram_id="1")
    database.execute("SELECT cancel_booking(%s)", (database.book(event_id, "gone@example.org", telegram_id="2")["id"],))
    confirmed = database.book(event_id, "sure@example.org", telegram_id="3")["id"]
    database.execute("SELECT confirm_booking(%s)", (confirmed,))
    database.book(event_id, "elsewhere@example.org")
    database.advance(60)
    held = database.book(event_id, "held@example.org", telegram_id="4")["id"]

    date = database.one("SELECT date FROM events")["date"]
    change(
        database,
        event_id,
        total_seats=50,
        booking_ttl=30,
        date=date,
        name="Go Conference",
        description="Bring a board.",
    )
    assert told(database) == []
    change(database, event_id, date="2040-01-02 18:00+00")
    assert told(database) == [confirmed, held]
    change(database, event_id, name="Another")
    assert told(database) == [confirmed, confirmed, held, held]
    change(database, event_id, place="Room 2")
    change(database, event_id, timezone="Europe/Berlin")
    assert told(database) == [confirmed] * 4 + [held] * 4


def test_a_hold_keeps_its_end_when_the_ttl_changes(database: Database) -> None:
    event_id = database.event(ttl=10)
    hold = database.book(event_id)
    change(database, event_id, booking_ttl=1)

    assert database.one("SELECT expires_at FROM bookings") == {"expires_at": hold["expires_at"]}
    assert (database.book(event_id, "next@example.org")["expires_at"] - hold["expires_at"]).total_seconds() < 0


def test_seats_come_and_go(database: Database) -> None:
    event_id = database.event(seats=1)
    database.book(event_id, "a@example.org")

    assert change(database, event_id, total_seats=2)["available_seats"] == 1
    database.book(event_id, "b@example.org")
    assert change(database, event_id, total_seats=4)["available_seats"] == 2
    assert change(database, event_id, total_seats=2)["available_seats"] == 0
    database.must_keep_the_law()


def test_there_cannot_be_fewer_seats_than_are_taken(database: Database) -> None:
    event_id = database.event(seats=3)
    for name in "ab":
        database.book(event_id, f"{name}@example.org")

    with raises("EB207") as refused:
        change(database, event_id, total_seats=1)
    assert refused.value.diag.message_hint == "Leave at least 2, or free 1 first."
    assert database.one("SELECT total_seats, available_seats FROM events") == {"total_seats": 3, "available_seats": 1}


def test_the_seats_of_lapsed_holds_are_not_taken(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=3, ttl=1)
    for name in "abc":
        database.book(event_id, f"{name}@example.org")
    database.advance(60)

    assert change(database, event_id, total_seats=1)["available_seats"] == 0
    assert change(database, event_id, total_seats=1)["total_seats"] == 1
    assert database.book(event_id, "d@example.org")["status"] == "pending"
    database.must_keep_the_law()


def test_booking_opens_again_when_the_event_is_put_off(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(date="2030-01-01 13:00+00")
    database.advance(3600)
    with raises("EB203"):
        database.book(event_id)
    change(database, event_id, date="2030-01-01 14:00+00")

    assert database.book(event_id)["status"] == "pending"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"name": " "}, "name"),
        ({"date": "infinity"}, "date"),
        ({"total_seats": 0}, "total_seats"),
        ({"booking_ttl": 43201}, "booking_ttl_minutes"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"closes_at": "2040-01-02"}, "closes_at"),
        ({"opens_at": "2040-01-02"}, "opens_at"),
        ({"max_seats_per_booking": 0}, "max_seats_per_booking"),
    ],
)
def test_what_no_event_can_be_is_refused_by_the_field(database: Database, value: dict[str, Any], field: str) -> None:
    event_id = database.event()

    with raises("EB101") as error:
        change(database, event_id, **value)
    assert f'"field" : "{field}"' in str(error.value.diag.message_detail)


def test_an_unknown_event_is_named(database: Database) -> None:
    with raises("EB001"):
        change(database, 404)


def test_a_canceled_event_is_not_changed(database: Database) -> None:
    event_id = database.event()
    database.execute("SELECT cancel_event(%s)", (event_id,))

    with raises("EB210"):
        change(database, event_id, name="Another")
