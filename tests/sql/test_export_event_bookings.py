"""export_event_bookings: an event's bookings, a page at a time, as a spreadsheet shows them."""

from tests.database import Database, raises


def test_bookings_come_oldest_first_as_they_count_now(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    lapsed = database.book(event_id, "lapsed@example.org")
    confirmed = database.book(event_id, "confirmed@example.org")
    database.execute("SELECT confirm_booking(%s)", (confirmed["id"],))
    database.advance(60)
    held = database.book(event_id, "held@example.org")

    rows = database.execute("SELECT * FROM export_event_bookings(%s)", (event_id,))

    assert [(row["id"], row["email"], row["status"], row["cancel_reason"]) for row in rows] == [
        (lapsed["id"], "lapsed@example.org", "canceled", "expired"),
        (confirmed["id"], "confirmed@example.org", "confirmed", None),
        (held["id"], "held@example.org", "pending", None),
    ]
    assert rows[0]["canceled_at"] == rows[0]["expires_at"] == "2030-01-01T12:01:00+00:00"


def test_times_are_told_to_the_second_in_the_events_own_zone(database: Database) -> None:
    database.freeze("2030-07-01 12:00:00.123456+00")
    event = database.one("SELECT id FROM create_event('A', '2040-07-01 18:00+02', 5, p_timezone => 'Europe/Berlin')")
    database.book(event["id"])

    row = database.one("SELECT * FROM export_event_bookings(%s)", event["id"])

    assert (row["booked_at"], row["expires_at"]) == ("2030-07-01T14:00:00+02:00", "2030-07-01T14:10:00+02:00")


def test_pages_follow_each_other_without_a_gap(database: Database) -> None:
    event_id, other = database.event(), database.event()
    booked = [database.book(event_id, f"{n}@example.org")["id"] for n in range(3)]
    database.book(other)

    first = database.execute("SELECT id FROM export_event_bookings(%s, 2)", (event_id,))
    second = database.execute("SELECT id FROM export_event_bookings(%s, 2, %s)", (event_id, first[-1]["id"]))

    assert [row["id"] for row in first + second] == booked
    assert database.execute("SELECT id FROM export_event_bookings(%s, 2, %s)", (event_id, booked[-1])) == []


def test_an_unknown_event_is_an_error(database: Database) -> None:
    with raises("EB001"):
        database.execute("SELECT * FROM export_event_bookings(404)")
