"""Who has everything deleted leaves a row without a person in it, and free seats."""

import pytest

from tests.database import Database, raises
from tests.sql.waiting_list import full_event, join, line

EMAIL = "a@example.org"


@pytest.fixture
def user_id(database: Database) -> int:
    """Somebody with an account, a chat, three bookings of which one is confirmed and one lapsed, and messages."""
    database.freeze()
    user_id = int(database.one("SELECT id FROM register_user(%s, 'Anna', '42', 'hash')", EMAIL)["id"])
    database.book(database.event(ttl=1), EMAIL)
    database.advance(60)
    database.book(database.event(), EMAIL)
    confirmed = database.book(database.event(), EMAIL)
    database.execute("SELECT confirm_booking(%s)", (confirmed["id"],))
    database.execute("SELECT create_session(%s, 'session', '1 day')", (user_id,))
    database.execute("SELECT create_reset_link(%s, 'nonce', 'token')", (user_id,))
    database.execute("SELECT start_sign_in(%s, '192.0.2.1')", (EMAIL,))
    database.execute("SELECT record_sign_in(%s, '192.0.2.2')", (user_id,))
    assert database.execute("SELECT * FROM outbox WHERE state = 'waiting'")
    return user_id


def test_nothing_of_the_person_is_left(database: Database, user_id: int) -> None:
    database.execute("SELECT erase_user(%s)", (user_id,))

    row = database.one("SELECT id, email, name, telegram_id, role FROM users")
    assert row == {
        "id": user_id,
        "email": f"erased-{user_id}@erased.invalid",
        "name": "erased",
        "telegram_id": None,
        "role": "user",
    }
    for table in ("accounts", "access_tokens", "account_links", "telegram_links", "sign_in_addresses", "outbox"):
        assert database.execute(f"SELECT * FROM {table} WHERE user_id = %s", (user_id,)) == [], table
    assert database.execute("SELECT * FROM sign_in_attempts") == []
    assert database.execute("SELECT * FROM telegram_chats WHERE chat_id = '42'") == []


def test_living_bookings_are_canceled_and_the_seat_law_holds(database: Database, user_id: int) -> None:
    database.execute("SELECT erase_user(%s, 'admin')", (user_id,))

    reasons = database.execute("SELECT status, cancel_reason FROM bookings ORDER BY id")
    assert [(row["status"], row["cancel_reason"]) for row in reasons] == [
        ("canceled", "expired"),
        ("canceled", "admin"),
        ("canceled", "admin"),
    ]
    assert [row["available_seats"] for row in database.execute("SELECT available_seats FROM events")] == [10, 10, 10]
    database.must_keep_the_law()


def test_the_email_is_free_for_somebody_new(database: Database, user_id: int) -> None:
    database.execute("SELECT erase_user(%s)", (user_id,))

    assert database.book(database.event(), EMAIL)["user_id"] != user_id


def test_nobody_books_as_somebody_who_was_erased(database: Database, user_id: int) -> None:
    event_id = database.event()
    database.execute("SELECT erase_user(%s)", (user_id,))

    with raises("EB102"):
        database.book(event_id, f"Erased-{user_id}@ERASED.invalid")
    with raises("EB003"):
        database.execute("SELECT create_reset_link(%s, 'n', 't')", (user_id,))


def test_nobody_is_erased_twice(database: Database, user_id: int) -> None:
    database.execute("SELECT erase_user(%s)", (user_id,))

    for gone in (user_id, 404):
        with raises("EB003"):
            database.execute("SELECT erase_user(%s)", (gone,))


def test_who_waits_or_was_offered_a_seat_leaves_the_line(database: Database) -> None:
    offered, waiting = full_event(database), full_event(database)
    for event_id in (offered, waiting):
        for name in ("first", "second"):
            join(database, event_id, name)
    holder = database.one("SELECT id FROM bookings WHERE event_id = %s", offered)
    database.execute("SELECT cancel_booking(%s)", (holder["id"],))
    assert line(database, offered)[0][1] == "offered"

    database.execute("SELECT erase_user(user_id) FROM waitlist WHERE event_id = %s ORDER BY id LIMIT 1", (offered,))

    assert [status for _, status, _ in line(database, offered)] == ["left", "offered"]
    assert [status for _, status, _ in line(database, waiting)] == ["left", "waiting"]
    database.must_keep_the_law()
