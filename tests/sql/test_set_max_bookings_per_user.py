"""A person's limit of live bookings, whoever asks for them."""

import threading

from tests.database import Database, raises
from tests.sql.waiting_list import full_event, join, line
from tests.waiting import until

LIMIT = "SELECT set_max_bookings_per_user(%s)"


def test_who_has_as_many_as_allowed_books_no_more_until_one_is_given_back(database: Database) -> None:
    database.execute(LIMIT, (2,))
    events = [database.event() for _ in range(3)]
    first, _ = [database.book(event_id) for event_id in events[:2]]

    with raises("EB214") as refused:
        database.book(events[2])
    assert refused.value.diag.message_detail == '{"max_bookings" : 2}'
    database.execute("SELECT cancel_booking(%s)", (first["id"],))
    assert database.book(events[2])["status"] == "pending"


def test_off_again_nobody_is_limited(database: Database) -> None:
    database.execute(LIMIT, (1,))
    database.execute(LIMIT, (None,))

    assert [database.book(database.event())["status"] for _ in range(2)] == ["pending", "pending"]


def test_a_batch_counts_what_it_is_about_to_book(database: Database) -> None:
    database.execute(LIMIT, (1,))
    events = [database.event() for _ in range(2)]

    rows = database.execute(
        "SELECT (booking).status, (refusal).sqlstate"
        " FROM book_seats(%s, %s, '{NULL,NULL}', '{NULL,NULL}') ORDER BY ordinal",
        (events, ["a@example.org"] * 2),
    )

    assert [row["status"] or row["sqlstate"] for row in rows] == ["pending", "EB214"]


def test_neither_lapsed_holds_nor_events_that_are_over_count(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    database.execute(LIMIT, (1,))
    over = database.book(database.event(date="2030-01-01 12:30+00"))
    database.execute("SELECT confirm_booking(%s)", (over["id"],))
    with raises("EB214"):
        database.book(database.event())
    database.advance(1800)
    database.book(database.event(ttl=1))
    database.advance(60)

    assert database.book(database.event())["status"] == "pending"


def test_who_is_at_the_limit_does_not_join_a_line_and_is_passed_over_in_one(database: Database) -> None:
    event_id = full_event(database)
    join(database, event_id, "first")
    join(database, event_id, "second")
    database.execute(LIMIT, (1,))
    database.book(database.event(), "first@example.org")
    database.book(database.event(), "late@example.org")

    with raises("EB214"):
        join(database, event_id, "late")
    database.execute("SELECT cancel_booking(1)")

    assert line(database, event_id) == [("first", "waiting", 1), ("second", "offered", None)]
    assert database.one("SELECT passed_over FROM waitlist WHERE id = 1") == {"passed_over": 0}


def test_two_bookings_of_one_person_for_two_events_at_once_stay_within_it(database: Database) -> None:
    database.execute(LIMIT, (1,))
    events = [database.event() for _ in range(2)]
    database.execute("SELECT register_user('user@example.org', 'User', NULL, NULL)")
    outcomes: list[str] = []

    def book_other() -> None:
        with raises("EB214"):
            database.book(events[1])
        outcomes.append("EB214")

    with database.connect() as session:
        with session.transaction():
            session.execute("SELECT book_seat(%s, 'user@example.org')", (events[0],))
            rival = threading.Thread(target=book_other)
            rival.start()
            until(lambda: database.blocked("%book_seat%"))
            database.book(events[1], "somebody.else@example.org")  # nobody else waits
        rival.join()

    assert outcomes == ["EB214"]
