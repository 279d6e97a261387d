from tests.database import Database
from tests.sql.waiting_list import full_event, join


def waits(database: Database, chat_id: str) -> list[tuple[str, int, int]]:
    rows = database.execute("SELECT * FROM list_chat_waitlist(%s)", (chat_id,))
    return [(row["event_name"], row["position"], row["seats"]) for row in rows]


def test_what_a_person_waits_for_comes_in_order_of_the_dates_with_the_place_in_each_line(database: Database) -> None:
    later = full_event(database, name="Chess night", date="2040-02-01")
    sooner = full_event(database, name="Jazz", date="2040-01-01")
    join(database, later, "first")
    for event_id in (later, sooner):
        join(database, event_id, "ann", telegram_id="7")

    assert waits(database, "7") == [("Jazz", 1, 1), ("Chess night", 2, 1)]
    assert waits(database, "8") == []


def test_who_was_offered_a_seat_waits_no_more_though_nothing_swept(database: Database) -> None:
    database.freeze()
    event_id = full_event(database, ttl=1)
    join(database, event_id, "ann", telegram_id="7")
    database.advance(60)

    assert waits(database, "7") == []
    assert [row["status"] for row in database.execute("SELECT status FROM list_chat_bookings('7')")] == ["pending"]
