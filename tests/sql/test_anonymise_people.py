"""anonymise_people: who was canceled or came long enough ago becomes nobody, and nobody else does."""

from typing import Any

import pytest

from tests.database import Database

A, B = "a@example.org", "b@example.org"
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def frozen(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")


def anonymise(database: Database, canceled: str | None = None, attendees: str | None = None) -> int:
    """How many bookings and entries, in one call for all users."""
    row = database.one("SELECT * FROM anonymise_people(%s::interval, %s::interval)", canceled, attendees)
    database.must_keep_the_law()
    return int(row["anonymised"])


def people(database: Database) -> list[str]:
    """Whose the bookings are, in their order."""
    rows = database.execute("SELECT u.email FROM bookings AS b JOIN users AS u ON u.id = b.user_id ORDER BY b.id")
    return ["nobody" if row["email"].endswith("@erased.invalid") else row["email"] for row in rows]


def canceled(database: Database, email: str = A) -> dict[str, Any]:
    booking = database.book(database.event(), email)
    database.execute("SELECT cancel_booking(%s)", (booking["id"],))
    return booking


def confirmed(database: Database, date: str = "2030-01-02 12:00+00", email: str = A) -> dict[str, Any]:
    booking = database.book(database.event(date=date), email)
    database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    return booking


def test_a_booking_that_was_canceled_long_enough_ago_is_nobodys(database: Database) -> None:
    canceled(database)

    database.advance(DAY)
    assert anonymise(database, canceled="1 day") == 0
    database.advance(1)
    assert anonymise(database, canceled="1 day") == 1

    assert people(database) == ["nobody"]
    assert database.one("SELECT name, erased_by FROM users") == {"name": "erased", "erased_by": "retention"}
    assert anonymise(database, canceled="1 day") == 0


def test_who_came_to_an_event_long_enough_ago_is_nobody(database: Database) -> None:
    confirmed(database)
    database.advance(2 * DAY)
    assert anonymise(database, attendees="1 day") == 0
    database.advance(1)

    assert anonymise(database, attendees="1 day") == 1
    assert people(database) == ["nobody"]


def test_each_time_is_for_its_own_kind(database: Database) -> None:
    canceled(database)
    confirmed(database, email=B)
    database.advance(3 * DAY)

    assert anonymise(database) == 0
    assert anonymise(database, canceled="1 day") == 1
    assert people(database) == ["nobody", B]
    assert anonymise(database, attendees="1 day") == 1
    assert people(database) == ["nobody", "nobody"]


def test_what_lives_stays_with_its_person(database: Database) -> None:
    canceled(database)
    confirmed(database, date="2040-01-01 12:00+00")
    database.book(database.event(date="2029-01-01 12:00+00"), B)
    database.advance(3 * DAY)

    assert anonymise(database, canceled="1 day", attendees="1 day") == 1

    assert people(database) == ["nobody", A, B]
    assert database.one("SELECT name FROM users WHERE email = %s", A) == {"name": "a"}


def test_who_has_an_account_keeps_it_and_loses_what_is_over(database: Database) -> None:
    database.execute("SELECT register_user(%s, 'Anna', NULL, 'hash')", (A,))
    canceled(database)
    confirmed(database)
    database.advance(3 * DAY)

    assert anonymise(database, canceled="1 day", attendees="1 day") == 2

    assert people(database) == ["nobody", "nobody"]
    assert database.one("SELECT name FROM users WHERE email = %s", A) == {"name": "Anna"}
    assert database.execute("SELECT * FROM accounts")


def test_two_people_of_one_event_become_two_nobodies(database: Database) -> None:
    event_id = database.event(date="2030-01-02 12:00+00")
    for email in (A, B):
        database.execute("SELECT register_user(%s, NULL, NULL, 'hash')", (email,))
        database.execute("SELECT confirm_booking(%s)", (database.book(event_id, email)["id"],))
    database.advance(3 * DAY)

    assert anonymise(database, attendees="1 day") == 2
    assert database.one("SELECT count(DISTINCT user_id) AS people FROM bookings") == {"people": 2}


def test_an_event_that_never_closes_is_over_as_long_after_the_booking(database: Database) -> None:
    confirmed(database, date="2029-01-01 12:00+00")
    assert anonymise(database, attendees="1 day") == 0

    database.advance(DAY + 1)
    assert anonymise(database, attendees="1 day") == 1


def test_the_archive_and_the_waiting_list_forget_too(database: Database) -> None:
    confirmed(database)
    full = database.event(seats=1, date="2030-01-02 12:00+00")
    database.execute("SELECT confirm_booking(%s)", (database.book(full, B)["id"],))
    entry = database.one("SELECT * FROM join_waitlist(%s, %s)", full, A)
    database.execute("SELECT leave_waitlist(%s)", (entry["id"],))
    database.advance(3 * DAY)
    database.execute("SELECT archive_events(clock()) FROM events WHERE id <> %s", (full,))
    assert database.one("SELECT count(*) AS archived FROM archive.bookings")["archived"] == 1

    assert anonymise(database, attendees="1 day") == 3
    assert database.execute("SELECT FROM users WHERE erased_at IS NULL") == []


def test_messages_about_what_is_nobodys_are_gone(database: Database) -> None:
    database.execute("SELECT register_user(%s, 'Anna', '42', 'hash')", (A,))
    confirmed(database)
    assert database.execute("SELECT FROM outbox")
    database.advance(3 * DAY)

    assert anonymise(database, attendees="1 day") == 1
    assert database.execute("SELECT FROM outbox") == []


def test_users_are_looked_at_a_few_at_a_time(database: Database) -> None:
    for n in range(3):
        canceled(database, f"{n}@example.org")
    database.advance(2 * DAY)

    first = database.one("SELECT * FROM anonymise_people('1 day', NULL, 0, 2)")
    second = database.one("SELECT * FROM anonymise_people('1 day', NULL, %s, 2)", first["next_after"])
    last = database.one("SELECT * FROM anonymise_people('1 day', NULL, %s, 2)", second["next_after"])

    assert [row["anonymised"] for row in (first, second, last)] == [2, 1, 0]
    assert last["next_after"] is None


def test_nothing_waits_for_somebody_who_is_busy(database: Database) -> None:
    booking = canceled(database)
    database.advance(2 * DAY)
    with database.connect() as session, session.transaction():
        session.execute("SELECT FROM users WHERE id = %s FOR UPDATE", (booking["user_id"],))
        assert anonymise(database, canceled="1 day") == 0
    with database.connect() as session, session.transaction():
        session.execute("SELECT FROM bookings WHERE id = %s FOR UPDATE", (booking["id"],))
        assert anonymise(database, canceled="1 day") == 0

    assert anonymise(database, canceled="1 day") == 1
