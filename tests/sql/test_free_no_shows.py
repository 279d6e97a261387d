"""Seats of people who do not come go to who waits, so many minutes after the start."""

import pytest

from tests.database import Database
from tests.sql.test_check_in import confirmed

START = "2030-01-01 13:00+00"
DUE = "2030-01-01 13:15+00"


@pytest.fixture
def event_id(database: Database) -> int:
    """An event of three seats, all booked, that frees those of no-shows 15 minutes after its start: the first person
    has come, the second and the third have not."""
    database.freeze()
    event_id = database.event(seats=3, ttl=10, date=START)
    database.execute("SELECT change_event(%s, p_no_show_minutes => 15)", (event_id,))
    for email in ("came@example.org", "late@example.org", "later@example.org"):
        database.advance(1)
        confirmed(database, event_id, email)
    database.execute("SELECT check_in(1)")
    return event_id


def wait(database: Database, event_id: int, email: str) -> int:
    return int(database.one("SELECT id FROM join_waitlist(%s, %s)", event_id, email)["id"])


def free(database: Database) -> int:
    return int(database.one("SELECT free_no_shows(10) AS events")["events"])


def statuses(database: Database) -> list[tuple[str, str | None]]:
    rows = database.execute("SELECT status, cancel_reason FROM bookings ORDER BY id")
    return [(row["status"], row["cancel_reason"]) for row in rows]


def test_a_seat_goes_to_who_waits_from_who_confirmed_last(database: Database, event_id: int) -> None:
    entry = wait(database, event_id, "waits@example.org")
    database.freeze("2030-01-01 13:14:59.999999+00")
    assert free(database) == 0
    database.freeze(DUE)

    assert free(database) == 1

    assert statuses(database) == [
        ("confirmed", None),
        ("confirmed", None),
        ("canceled", "no_show"),
        ("pending", None),
    ]
    assert database.one("SELECT status FROM waitlist WHERE id = %s", entry)["status"] == "offered"
    assert database.one("SELECT status FROM confirm_booking(4)")["status"] == "confirmed"
    assert database.one("SELECT checked_in_at FROM check_in(4)")["checked_in_at"]
    database.must_keep_the_law()


def test_where_nobody_waits_latecomers_keep_their_seats(database: Database, event_id: int) -> None:
    database.freeze(DUE)

    assert free(database) == 1
    assert statuses(database) == [("confirmed", None)] * 3
    assert database.one("SELECT check_in(2)")


def test_a_group_in_line_gets_as_many_seats_as_it_takes(database: Database, event_id: int) -> None:
    database.execute("SELECT change_event(%s, p_max_seats_per_booking => 2)", (event_id,))
    database.execute("SELECT join_waitlist(%s, 'group@example.org', p_seats => 2)", (event_id,))
    database.freeze(DUE)

    free(database)

    assert [status for status, _ in statuses(database)] == ["confirmed", "canceled", "canceled", "pending"]
    database.must_keep_the_law()


def test_who_lost_the_seat_is_told_why(database: Database, event_id: int) -> None:
    database.execute("UPDATE telegram_bot SET enabled = true")
    database.execute("UPDATE users SET telegram_id = '7' WHERE email = 'later@example.org'")
    wait(database, event_id, "waits@example.org")
    database.freeze(DUE)
    free(database)

    (message,) = database.execute("SELECT kind, booking_id FROM outbox WHERE kind <> 'hold_ending'")
    assert tuple(message.values()) == ("booking_canceled", 3)


def test_it_happens_once_an_event(database: Database, event_id: int) -> None:
    wait(database, event_id, "waits@example.org")
    wait(database, event_id, "behind@example.org")
    database.execute("SELECT check_in(2)")
    database.freeze(DUE)
    free(database)
    database.execute("SELECT confirm_booking(4)")
    database.execute("SELECT undo_check_in(2)")

    assert free(database) == 0
    assert [status for status, _ in statuses(database)] == ["confirmed", "confirmed", "canceled", "confirmed"]


def test_an_event_that_is_put_off_has_its_turn_again(database: Database, event_id: int) -> None:
    database.freeze(DUE)
    free(database)
    database.execute("SELECT change_event(%s, p_date => '2030-01-02 13:00+00')", (event_id,))

    assert free(database) == 0
    database.freeze("2030-01-02 13:15+00")
    assert free(database) == 1


def test_who_waits_for_no_shows_waits_past_the_start_and_one_hold_longer(database: Database, event_id: int) -> None:
    first = wait(database, event_id, "first@example.org")
    second = wait(database, event_id, "second@example.org")
    third = wait(database, event_id, "third@example.org")

    def shown() -> list[str]:
        rows = database.execute(
            "SELECT status FROM current_waitlist WHERE id = ANY (%s) ORDER BY id", ([first, second, third],)
        )
        return [row["status"] for row in rows]

    database.freeze("2030-01-01 13:05+00")
    database.execute("SELECT expire_bookings()")
    assert shown() == ["waiting"] * 3
    database.freeze(DUE)
    free(database)
    assert shown() == ["offered", "offered", "waiting"]

    database.freeze("2030-01-01 13:25+00")
    assert shown() == ["expired"] * 3
    database.execute("SELECT expire_bookings()")
    assert shown() == ["expired"] * 3
    database.must_keep_the_law()


def test_a_seat_that_is_given_back_after_the_start_goes_to_the_line(database: Database, event_id: int) -> None:
    wait(database, event_id, "waits@example.org")
    database.freeze("2030-01-01 13:05+00")

    database.execute("SELECT cancel_booking(2)")

    assert statuses(database)[-1] == ("pending", None)


def test_nobody_books_or_begins_to_wait_after_the_start(database: Database, event_id: int) -> None:
    database.freeze("2030-01-01 13:05+00")

    for call in ("book_seat", "join_waitlist"):
        with pytest.raises(Exception, match="closed when it started"):
            database.execute(f"SELECT {call}(%s, 'walk-in@example.org')", (event_id,))


def test_an_event_without_the_setting_ends_its_line_at_the_start(database: Database, event_id: int) -> None:
    entry = wait(database, event_id, "waits@example.org")
    database.execute("SELECT change_event(%s, p_clear => '{no_show_minutes}')", (event_id,))
    database.freeze(START)

    assert database.one("SELECT status FROM current_waitlist WHERE id = %s", entry)["status"] == "expired"
    database.freeze(DUE)
    assert free(database) == 0


def test_an_event_that_is_canceled_or_never_closes_frees_nothing(database: Database, event_id: int) -> None:
    never = database.event(seats=1, date="2029-01-01 12:00+00")
    database.execute("SELECT change_event(%s, p_no_show_minutes => 1)", (never,))
    confirmed(database, never)
    database.execute("SELECT cancel_event(%s)", (event_id,))
    database.freeze(DUE)

    assert free(database) == 0


def test_an_event_that_somebody_has_locked_is_left_for_later(database: Database, event_id: int) -> None:
    database.freeze(DUE)
    with database.connect() as session, session.transaction():
        session.execute("SELECT FROM events WHERE id = %s FOR UPDATE", (event_id,))
        assert free(database) == 0

    assert free(database) == 1
