"""By which ways a user is told: as they wish, of the ways that exist and reach them."""

import pytest

from tests.database import Database
from tests.sql.outbox import claim_one, fail


def told_by(database: Database) -> list[str]:
    """The channels of the messages about a booking that is confirmed now."""
    booking_id = database.book(database.event(), "anna@example.org")["id"]
    database.execute("DELETE FROM outbox")
    database.execute("SELECT confirm_booking(%s)", (booking_id,))
    return [row["channel"] for row in database.execute("SELECT channel FROM outbox ORDER BY channel")]


@pytest.mark.parametrize(
    ("wish", "with_chat", "without_chat"),
    [
        ("auto", ["telegram"], ["mail"]),
        ("telegram", ["telegram"], []),
        ("mail", ["mail"], ["mail"]),
        ("both", ["mail", "telegram"], ["mail"]),
    ],
)
def test_a_wish_is_kept_as_far_as_a_user_can_be_reached(
    database: Database, wish: str, with_chat: list[str], without_chat: list[str]
) -> None:
    database.execute("SELECT enable_mail()")
    database.book(database.event(), "anna@example.org", "101")
    database.execute("UPDATE users SET notify_by = %s", (wish,))
    assert told_by(database) == with_chat
    database.execute("UPDATE users SET telegram_broken_at = now(), telegram_error = 'blocked'")
    assert told_by(database) == without_chat
    database.execute("SELECT unlink_telegram(id) FROM users")
    assert told_by(database) == without_chat


def test_without_a_mail_server_or_a_bot_nothing_is_queued_for_it(database: Database) -> None:
    database.book(database.event(), "anna@example.org", "101")
    database.execute("UPDATE users SET notify_by = 'both'")
    assert told_by(database) == ["telegram"]
    database.execute("SELECT enable_mail(), disable_telegram()")
    assert told_by(database) == ["mail"]


def test_an_address_that_takes_no_mail_gets_none(database: Database) -> None:
    database.execute("SELECT enable_mail()")
    database.book(database.event(), "anna@example.org")
    database.execute("UPDATE users SET mail_broken_at = now(), mail_error = '550 no such user'")
    assert told_by(database) == []


def test_a_hold_is_told_and_reminded_of_by_mail(database: Database) -> None:
    database.freeze()
    database.execute("SELECT enable_mail(0.5)")
    database.book(database.event(ttl=10), "anna@example.org")
    rows = database.execute("SELECT kind, channel, not_before - clock() AS after FROM outbox ORDER BY id")
    assert [(row["kind"], row["channel"], row["after"].total_seconds()) for row in rows] == [
        ("hold_made", "mail", 0),
        ("hold_ending", "mail", 300),
    ]


def test_what_a_blocked_bot_cannot_deliver_goes_by_mail(database: Database) -> None:
    database.freeze()
    database.execute("SELECT enable_mail()")
    database.book(database.event(ttl=10), "anna@example.org", "101")
    fail(database, claim_one(database), "Forbidden: bot was blocked by the user", address_is_gone=True)

    rows = database.execute("SELECT kind, channel, state, not_before - clock() AS after FROM outbox ORDER BY id")
    assert [(row["kind"], row["channel"], row["state"]) for row in rows] == [
        ("hold_made", "telegram", "failed"),
        ("hold_ending", "telegram", "failed"),
        ("hold_made", "mail", "waiting"),
        ("hold_ending", "mail", "waiting"),
    ]
    assert rows[3]["after"].total_seconds() == 300


def test_a_reminder_of_a_chat_that_was_unlinked_goes_by_mail(database: Database) -> None:
    database.execute("SELECT enable_mail()")
    database.book(database.event(ttl=10), "anna@example.org", "101")
    database.execute("DELETE FROM outbox WHERE kind = 'hold_made'")
    database.execute("SELECT unlink_telegram(id) FROM users")
    assert database.execute("SELECT kind, channel FROM outbox") == [{"kind": "hold_ending", "channel": "mail"}]


def test_who_wished_both_gets_no_second_mail_when_the_bot_is_blocked(database: Database) -> None:
    database.execute("SELECT enable_mail()")
    database.book(database.event(), "anna@example.org", "101")
    database.execute("UPDATE users SET notify_by = 'both'")
    told_by(database)
    fail(database, claim_one(database), "Forbidden: bot was blocked by the user", address_is_gone=True)
    rows = database.execute("SELECT channel, state FROM outbox ORDER BY channel")
    assert [(row["channel"], row["state"]) for row in rows] == [("mail", "waiting"), ("telegram", "failed")]
