"""Everything that is kept of a person is exported and erased, or it is written down why not."""

import json
from typing import Any

import pytest

from tests.database import Database
from tests.personal_data import DECISIONS, ERASED, NOBODYS, columns

EMAIL = "anna@example.org"
TELLING = (EMAIL, "Anna", "4242", "192.0.2.", "Firefox")
"""Parts of all that says who the person is."""

Tables = dict[str, list[dict[str, Any]]]


def stored(database: Database) -> Tables:
    """All rows of all tables."""
    return {
        table: [row["it"] for row in database.execute(f"SELECT to_jsonb(t) AS it FROM {table} AS t")]
        for table in DECISIONS
    }


def key(database: Database, table: str) -> list[str]:
    """The columns of the primary key; of a table without one, none."""
    found = database.execute(
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
        " WHERE indrelid = %s::regclass AND indisprimary",
        (table,),
    )
    return [row["attname"] for row in found]


@pytest.fixture
def user_id(database: Database) -> int:
    """Somebody of whom every column that can hold something of a person holds something."""
    database.freeze("2030-01-01 12:00+00")
    over = database.event(date="2030-01-01 13:00+00")
    past = database.one("SELECT * FROM book_seat(%s, %s, 'Anna the guest')", over, EMAIL)
    user_id = int(past["user_id"])
    database.execute("SELECT confirm_booking(%s)", (past["id"],))
    database.advance(7200)
    assert database.one("SELECT archive_events(clock()) AS moved") == {"moved": 1}

    database.execute("SELECT register_user(%s, 'Anna', NULL, 'hash', p_claim => true)", (EMAIL,))
    database.execute("SELECT create_session(%s, 'session', '1 day', 'Firefox, Linux')", (user_id,))
    database.execute("SELECT create_api_token(%s, 'api token', 'read', NULL, clock() + '1 day')", (user_id,))
    database.execute("UPDATE access_tokens SET last_seen_at = clock()")
    database.execute("SELECT create_reset_link(%s, 'nonce', 'token')", (user_id,))
    database.execute("SELECT start_sign_in(%s, '192.0.2.1')", (EMAIL,))
    database.execute("SELECT record_sign_in(%s, '192.0.2.2')", (user_id,))
    database.execute("UPDATE accounts SET email_proven_at = clock()")
    database.execute("INSERT INTO telegram_links VALUES ('\\x01', %s, clock(), '4242')", (user_id,))
    database.execute("UPDATE users SET telegram_id = '4242' WHERE id = %s", (user_id,))
    database.execute("INSERT INTO telegram_chats VALUES ('4242', clock())")
    held = database.one("SELECT * FROM book_seat(%s, %s, p_client => '\\xabcd')", database.event(), EMAIL)
    full = database.event(seats=1)
    database.book(full, "other@example.org")
    database.execute("SELECT join_waitlist(%s, %s)", (full, EMAIL))
    for scope, answer in ((f"user {user_id}", held), ("anonymous", held), ("open", {"email": EMAIL})):
        database.execute(
            "SELECT save_idempotency_response(%s, 'key', '\\x00', json_build_array(1, %s::text))",
            (scope, json.dumps(answer, default=str)),
        )
    database.execute("DELETE FROM outbox WHERE kind = 'hold_ending'")
    database.execute(
        "UPDATE outbox SET last_error = 'Anna blocked us', state = 'failed', finished_at = clock(), attempts = 1"
    )
    database.execute(
        "INSERT INTO outbox (user_id, event_id, kind, channel) VALUES (%s, %s, 'waitlist_ended', 'mail')",
        (user_id, full),
    )
    database.execute(
        "UPDATE users SET role = 'admin', language = 'ru', notify_by = 'both', telegram_broken_at = clock(),"
        " telegram_error = 'Anna blocked us', mail_broken_at = clock(), mail_error = 'no Anna' WHERE id = %s",
        (user_id,),
    )
    return user_id


def test_what_is_a_persons_is_exported(database: Database, user_id: int) -> None:
    rows = stored(database)

    text = json.dumps(database.one("SELECT export_user(%s) AS it", user_id)["it"], ensure_ascii=False)

    for table in DECISIONS:
        for column in columns(table, ERASED) + columns(table, NOBODYS):
            values = [row[column] for row in rows[table] if row[column] is not None]
            if (table, column) not in NEVER_SET:
                assert values, f"the person of this test has no {table}.{column}"
            if table not in ("users", "bookings", "booking_changes", "idempotency_keys"):  # where others have rows too
                for value in values:
                    assert json.dumps(value, ensure_ascii=False).strip('"').removeprefix("\\\\x") in text, (
                        table,
                        column,
                    )
    for telling in TELLING:
        assert telling in text
    assert "hash" not in text
    assert "nonce" not in text


NEVER_SET = {
    ("access_tokens", "event_id"),
    ("bookings", "confirmed_at"),
    ("bookings", "canceled_at"),
    ("bookings", "cancel_reason"),
    ("bookings", "checked_in_at"),
    ("bookings", "checked_in_by"),
    ("archive.bookings", "checked_in_at"),
    ("archive.bookings", "checked_in_by"),
    ("archive.bookings", "canceled_at"),
    ("archive.bookings", "cancel_reason"),
    ("booking_changes", "reason"),
    ("booking_changes", "from_status"),
    ("archive.booking_changes", "reason"),
    ("waitlist", "booking_id"),
    ("waitlist", "kept_until"),
}
"""What the person of these tests has not: their bookings live, nobody has come yet, a door's token is nobody's."""


def test_what_is_erased_is_in_no_row_any_more(database: Database, user_id: int) -> None:
    before = stored(database)

    database.execute("SELECT erase_user(%s, 'user', 'user')", (user_id,))

    after = stored(database)
    for table in DECISIONS:
        names = key(database, table)
        left = {tuple(row[name] for name in names or row): row for row in after[table]}
        for row in before[table]:
            now = left.get(tuple(row[name] for name in names or row))
            if now is not None and row.get("id", row.get("user_id")) == user_id:
                for column in columns(table, ERASED):
                    assert row[column] is None or now[column] != row[column], (table, column)
    assert [
        (table, row) for table, rows in after.items() for row in rows if any(t in json.dumps(row) for t in TELLING)
    ] == []
    for table in ("outbox", "idempotency_keys", "client_holds", "access_tokens", "accounts", "telegram_links"):
        assert after[table] == [], table
    assert database.one("SELECT erased_by FROM users WHERE id = %s", user_id) == {"erased_by": "user"}


def test_counts_and_history_are_as_if_the_person_had_canceled(database: Database, user_id: int) -> None:
    archived = database.execute("SELECT * FROM archive.booking_changes")
    database.execute("SELECT erase_user(%s)", (user_id,))

    database.must_keep_the_law()
    assert database.execute("SELECT * FROM archive.booking_changes") == archived
    changes = database.execute(
        "SELECT c.from_status, c.to_status, c.reason FROM booking_changes AS c"
        " JOIN bookings AS b ON b.id = c.booking_id WHERE b.user_id = %s ORDER BY c.id",
        (user_id,),
    )
    assert [tuple(row.values()) for row in changes] == [(None, "pending", None), ("pending", "canceled", "user")]
