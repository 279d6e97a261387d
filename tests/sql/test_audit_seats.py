from tests.database import Database


def test_what_adds_up_is_not_mentioned(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    confirmed = database.book(event_id, "a@example.org")
    database.execute("SELECT confirm_booking(%s)", (confirmed["id"],))
    database.book(event_id, "b@example.org")
    canceled = database.book(event_id, "c@example.org")
    database.execute("SELECT cancel_booking(%s)", (canceled["id"],))
    database.advance(3600)  # a lapsed hold that nothing touched is still accounted for

    assert database.execute("SELECT * FROM audit_seats()") == []


def test_an_event_that_lost_a_seat_is_named(database: Database) -> None:
    database.event()
    wrong = database.event(seats=10)
    database.book(wrong)
    database.execute("UPDATE events SET available_seats = 8 WHERE id = %s", (wrong,))

    assert database.execute("SELECT * FROM audit_seats()") == [
        {"event_id": wrong, "total_seats": 10, "available_seats": 8, "pending": 1, "confirmed": 0, "off_by": -1}
    ]
