"""get_managed_event and list_event_problems: how an event does, and which messages about it do not arrive."""

from tests.database import Database, raises
from tests.sql.outbox import claim_one, fail, retry, tell


def test_it_tells_of_the_newest_booking_whatever_became_of_it(database: Database) -> None:
    event_id = database.event()
    assert database.one("SELECT get_managed_event(%s) AS it", event_id)["it"]["newest_booking_id"] is None
    booking = database.book(event_id)
    database.execute("SELECT cancel_booking(%s)", (booking["id"],))

    seen = database.one("SELECT get_managed_event(%s) AS it", event_id)["it"]
    assert (seen["id"], seen["newest_booking_id"], seen["problems"]) == (event_id, booking["id"], 0)


def test_messages_in_trouble_are_told_with_whom_they_are_for_the_newest_first(database: Database) -> None:
    database.freeze()
    booking_id = tell(database, "anna")
    event_id = database.one("SELECT event_id FROM bookings WHERE id = %s", booking_id)["event_id"]
    fail(database, claim_one(database), "Bad Request: no")
    tell(database, "boris")  # of another event
    database.advance(1)
    fail(database, claim_one(database))
    database.execute("SELECT change_event(%s, 'A new name')", (event_id,))
    database.advance(1)
    retry(database, claim_one(database))

    problems = database.one("SELECT list_event_problems(%s) AS found", event_id)["found"]
    assert [(problem["kind"], problem["state"], problem["user_email"]) for problem in problems] == [
        ("event_changed", "waiting", "anna@example.org"),
        ("booking_confirmed", "failed", "anna@example.org"),
    ]
    assert database.one("SELECT get_managed_event(%s) AS it", event_id)["it"]["problems"] == 2
    assert len(database.one("SELECT list_event_problems(%s, 1) AS found", event_id)["found"]) == 1


def test_an_unknown_event_is_named(database: Database) -> None:
    for function in ("get_managed_event", "list_event_problems"):
        with raises("EB001"):
            database.execute(f"SELECT {function}(404)")
