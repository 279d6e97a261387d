"""list_user_bookings and list_event_bookings: the same rows, asked for from two sides."""

from tests.database import Database, raises


def test_a_users_bookings_come_newest_first_with_their_events(database: Database) -> None:
    database.freeze()
    first = database.book(database.event(name="A", ttl=1))
    second = database.book(database.event(name="B"))
    database.advance(60)

    found = database.one("SELECT bookings FROM list_user_bookings(%s)", first["user_id"])["bookings"]

    assert [(b["id"], b["status"], b["event_name"]) for b in found] == [
        (second["id"], "pending", "B"),
        (first["id"], "canceled", "A"),
    ]
    assert found[0]["event_date"] == "2040-01-01T18:00:00+00:00"


def test_a_users_bookings_come_page_by_page(database: Database) -> None:
    bookings = [database.book(database.event()) for _ in range(3)]
    user_id = bookings[0]["user_id"]

    page = database.one("SELECT * FROM list_user_bookings(%s, 2)", user_id)
    assert [b["id"] for b in page["bookings"]] == [bookings[2]["id"], bookings[1]["id"]]
    rest = database.one("SELECT * FROM list_user_bookings(%s, 2, %s)", user_id, page["next_after"])
    assert ([b["id"] for b in rest["bookings"]], rest["next_after"]) == ([bookings[0]["id"]], None)


def test_the_date_of_a_booked_event_has_the_offset_of_its_own_zone(database: Database) -> None:
    event = database.one(
        "SELECT * FROM create_event('A', '2040-07-01 18:00+02', 5, p_timezone => 'Europe/Berlin', p_place => 'Room 1')"
    )
    user_id = database.book(event["id"])["user_id"]

    (found,) = database.one("SELECT bookings FROM list_user_bookings(%s)", user_id)["bookings"]
    assert (found["event_date"], found["event_timezone"], found["event_place"]) == (
        "2040-07-01T18:00:00+02:00", "Europe/Berlin", "Room 1",
    )  # fmt: skip


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


def test_an_events_bookings_are_found_by_status_person_and_code(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    lapsed = database.book(event_id, "lapsed@example.org")
    database.advance(60)
    held, confirmed = (database.book(event_id, f"{name}@example.org") for name in ("held", "confirmed"))
    database.execute("SELECT confirm_booking(%s)", (confirmed["id"],))
    database.book(database.event(), "held@example.org")

    def found(**asked: str) -> list[int]:
        arguments = "".join(f", p_{name} => %({name})s" for name in asked)
        statement = f"SELECT list_event_bookings(%(event)s{arguments}) AS found"
        return [b["id"] for b in database.execute(statement, {"event": event_id, **asked})[0]["found"]]  # type: ignore[arg-type]

    assert found(status="pending") == [held["id"]]
    assert found(status="confirmed") == [confirmed["id"]]
    assert found(status="canceled") == [lapsed["id"]]
    assert found(query=" HELD@ex ") == [held["id"]]
    assert found(query="%") == []
    assert found(query=" ") == [confirmed["id"], held["id"], lapsed["id"]]
    assert found(query=held["code"].lower()) == [held["id"]]
    assert found(query="example.org", status="canceled") == [lapsed["id"]]


def test_unknown_ones_are_named_and_empty_ones_are_empty(database: Database) -> None:
    with raises("EB003"):
        database.execute("SELECT list_user_bookings(404)")
    with raises("EB001"):
        database.execute("SELECT list_event_bookings(404)")
    assert database.one("SELECT list_event_bookings(%s) AS found", database.event())["found"] == []
