"""order_attendees and list_attendees: who comes to an event, by name."""

from tests.database import Database, raises


def test_names_are_sorted_without_regard_to_case_and_accents(database: Database) -> None:
    event_id = database.event(seats=20)
    names = ["Zoë", "élan", "Elan", "adam", "Ёлкина", "Ершов", "Яна"]
    for number, name in enumerate(names):
        database.execute("SELECT book_seat(%s, %s, %s)", (event_id, f"{number}@example.org", name))

    rows = database.execute("SELECT name FROM list_attendees(order_attendees(%s))", (event_id,))

    assert [row["name"] for row in rows] == ["adam", "Elan", "élan", "Zoë", "Ёлкина", "Ершов", "Яна"]


def test_whoever_holds_no_seat_is_not_listed(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    database.book(event_id, "lapsed@example.org")
    canceled = database.book(event_id, "canceled@example.org")
    database.execute("SELECT cancel_booking(%s)", (canceled["id"],))
    database.advance(60)
    held = database.book(event_id, "held@example.org")

    rows = database.execute("SELECT * FROM list_attendees(order_attendees(%s))", (event_id,))

    assert [(row["booking_id"], row["email"], row["seats"], row["status"]) for row in rows] == [
        (held["id"], "held@example.org", 1, "pending")
    ]
    order = database.one("SELECT order_attendees(%s) AS ids", event_id)["ids"]
    database.advance(60)
    assert database.execute("SELECT * FROM list_attendees(%s)", (order,)) == []


def test_an_unknown_event_is_an_error(database: Database) -> None:
    with raises("EB001"):
        database.execute("SELECT order_attendees(404)")


def test_who_has_come_in_is_here(database: Database) -> None:
    event_id = database.event()
    for email in ("a@example.org", "b@example.org"):
        booking = database.book(event_id, email)
        database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    database.execute("SELECT check_in(%s, 'west door')", (booking["id"],))

    rows = database.execute("SELECT * FROM list_attendees(order_attendees(%s))", (event_id,))
    assert [row["is_here"] for row in rows] == [False, True]
    table = database.execute("SELECT * FROM export_event_bookings(%s)", (event_id,))
    assert [(row["checked_in_at"] is None, row["checked_in_by"]) for row in table] == [
        (True, None),
        (False, "west door"),
    ]
