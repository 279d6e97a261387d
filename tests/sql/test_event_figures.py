"""event_figures: how an event filled, from its history."""

from typing import Any

import pytest

from tests.database import Database, raises

ZEROS = {"booked": 0, "confirmed": 0, "lapsed": 0, "canceled": 0, "waited": 0}


@pytest.fixture(autouse=True)
def frozen(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")


def figures(database: Database, event_id: int) -> dict[str, Any]:
    """As answered. Every total is the sum of its buckets, and what is left of the seats that were booked is taken."""
    found: dict[str, Any] = database.one("SELECT event_figures(%s) AS it", event_id)["it"]
    for name, total in found["totals"].items():
        assert total == sum(bucket[name] for bucket in found["buckets"])
    taken = database.one(
        "SELECT coalesce(sum(seats), 0)::integer AS seats FROM ("
        " SELECT seats, status, event_id FROM current_bookings"
        " UNION ALL SELECT seats, status, event_id FROM archive.bookings"
        ") AS b WHERE event_id = %s AND status <> 'canceled'",
        event_id,
    )
    totals = found["totals"]
    assert totals["booked"] - totals["lapsed"] - totals["canceled"] == taken["seats"]
    return found


def test_nothing_happened_yet(database: Database) -> None:
    event_id = database.event()

    assert figures(database, event_id) == {
        "event_id": event_id, "timezone": "UTC", "bucket": "day", "totals": ZEROS, "buckets": [],
    }  # fmt: skip


def test_what_happened_is_counted_in_seats_by_the_hour(database: Database) -> None:
    event_id = database.event(seats=8, most=5)
    confirmed = database.book(event_id, "a@example.org", seats=3)
    database.execute("SELECT confirm_booking(%s)", (confirmed["id"],))
    canceled = database.book(event_id, "b@example.org", seats=2)
    database.book(event_id, "c@example.org", seats=2)
    database.execute("SELECT cancel_booking(%s)", (canceled["id"],))
    database.advance(3600)
    database.book(event_id, "d@example.org", seats=5)
    database.execute("SELECT join_waitlist(%s, 'e@example.org', p_seats => 4)", (event_id,))

    found = figures(database, event_id)

    assert found["bucket"] == "hour"
    assert found["buckets"] == [
        ZEROS | {"starts_at": "2030-01-01T12:00:00+00:00", "booked": 7, "confirmed": 3, "lapsed": 2, "canceled": 2},
        ZEROS | {"starts_at": "2030-01-01T13:00:00+00:00", "booked": 5, "waited": 4},
    ]


def test_a_hold_lapses_at_its_second_whenever_that_is_noticed(database: Database) -> None:
    event_id = database.event(ttl=90)
    database.book(event_id)
    database.advance(10 * 3600)

    unswept = figures(database, event_id)
    database.execute("SELECT expire_bookings()")

    assert figures(database, event_id) == unswept
    assert [bucket["starts_at"][11:13] for bucket in unswept["buckets"]] == ["12", "13"]


def test_seats_that_are_given_back_or_taken_besides_are_counted(database: Database) -> None:
    event_id = database.event(most=5)
    booking = database.book(event_id, seats=2)
    database.execute("SELECT change_booking_seats(%s, 5)", (booking["id"],))
    database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    database.execute("SELECT change_booking_seats(%s, 1)", (booking["id"],))

    assert figures(database, event_id)["totals"] == ZEROS | {"booked": 5, "confirmed": 5, "canceled": 4}


def test_a_booking_that_was_revived_was_booked_again(database: Database) -> None:
    event_id = database.event(ttl=1)
    booking = database.book(event_id)
    database.advance(60)
    database.execute("SELECT expire_bookings()")
    database.execute("SELECT revive_booking(%s)", (booking["id"],))

    assert figures(database, event_id)["totals"] == ZEROS | {"booked": 2, "confirmed": 1, "lapsed": 1}


def test_a_long_time_is_told_by_the_day_of_the_events_own_zone(database: Database) -> None:
    event = database.one("SELECT id FROM create_event('A', '2040-07-01 18:00+02', 5, 10, p_timezone => 'Asia/Tokyo')")
    for email, seconds in (("a@example.org", 4 * 24 * 3600), ("b@example.org", 0)):
        database.execute("SELECT confirm_booking(id) FROM book_seat(%s, %s)", (event["id"], email))
        database.advance(seconds)

    found = figures(database, event["id"])

    assert found["bucket"] == "day"
    assert [bucket["starts_at"] for bucket in found["buckets"]] == [
        "2030-01-01T00:00:00+09:00", "2030-01-05T00:00:00+09:00",
    ]  # fmt: skip


def test_an_archived_event_has_its_figures(database: Database) -> None:
    event_id = database.event(date="2030-01-01 13:00+00")
    database.execute("SELECT confirm_booking(%s)", (database.book(event_id)["id"],))
    before = figures(database, event_id)
    database.advance(2 * 3600)
    assert database.one("SELECT archive_events(clock()) AS moved") == {"moved": 1}

    assert figures(database, event_id) == before


def test_an_unknown_event_is_an_error(database: Database) -> None:
    with raises("EB001"):
        database.execute("SELECT event_figures(404)")


def test_no_table_is_scanned_even_if_statistics_say_it_is_empty(database: Database) -> None:
    database.execute("VACUUM ANALYZE")
    event_id = database.event()
    database.book(event_id)
    with database.connect() as session:
        for _ in range(8):  # from the sixth on, PL/pgSQL may keep a plan for good
            with session.transaction():
                session.execute("SELECT event_figures(%s)", (event_id,))
                scanned = session.execute(
                    "SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0"
                    " AND relname IN ('events', 'bookings', 'booking_changes', 'waitlist')"
                ).fetchall()
                assert scanned == []
