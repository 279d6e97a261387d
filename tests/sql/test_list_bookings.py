"""list_user_bookings and list_event_bookings: the same rows, asked for from two sides."""

from tests.database import Database, raises


def test_a_users_bookings_come_newest_first_with_their_events(database: Database) -> None:
    database.freeze()
    first = database.book(database.event(name="A", ttl=1))
    second = database.book(database.event(name="B"))
    database.advance(60)

    found = database.one("SELECT list_user_bookings(%s) AS found", first["user_id"])["found"]

    assert [(b["id"], b["status"], b["event_name"]) for b in found] == [
        (second["id"], "pending", "B"),
        (first["id"], "canceled", "A"),
    ]
    assert found[0]["event_date"] == "2040-01-01T18:00:00+00:00"


def test_an_events_bookings_come_newest_first_with_their_users(database: Database) -> None:
    event_id = database.event()
    bookings = [database.book(event_id, f"user{number}@example.org")["id"] for number in range(3)]

    page = database.one("SELECT list_event_bookings(%s, 2) AS found", event_id)["found"]
    assert [(b["id"], b["user_email"]) for b in page] == [
        (bookings[2], "user2@example.org"),
        (bookings[1], "user1@example.org"),
    ]
    rest = database.one("SELECT list_event_bookings(%s, 2, %s) AS found", event_id, bookings[1])["found"]
    assert [b["id"] for b in rest] == [bookings[0]]


def test_unknown_ones_are_named_and_empty_ones_are_empty(database: Database) -> None:
    with raises("EB003"):
        database.execute("SELECT list_user_bookings(404)")
    with raises("EB001"):
        database.execute("SELECT list_event_bookings(404)")
    assert database.one("SELECT list_event_bookings(%s) AS found", database.event())["found"] == []
