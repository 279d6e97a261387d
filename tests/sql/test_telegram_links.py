"""Connecting a user to a chat, and ending that."""

import pytest

from tests.database import Database, Row, raises
from tests.sql.outbox import claim, claim_one, fail, tell


@pytest.fixture
def user_id(database: Database) -> int:
    """A user who is in no chat, where a bot is."""
    database.freeze("2031-05-04 12:00+00")
    database.execute("SELECT register_telegram_bot(7, 'seven_bot')")
    return int(database.one("SELECT find_or_add_user('anna@example.org', 'Anna', NULL) AS id")["id"])


def offer(database: Database, user_id: int, token: str = "token") -> Row:
    offered: Row = database.one("SELECT create_telegram_link(%s, %s) AS link", user_id, token)["link"]
    return offered


def link(database: Database, token: str = "token", chat: str = "42", language: str | None = "ru") -> Row:
    return database.one("SELECT * FROM link_telegram(%s, %s, %s)", token, chat, language)


def test_a_link_opens_the_bot_and_lives_a_quarter_of_an_hour(database: Database, user_id: int) -> None:
    assert offer(database, user_id) == {
        "url": "https://t.me/seven_bot?start=token",
        "expires_at": "2031-05-04T12:15:00+00:00",
    }
    assert b"token" not in bytes(database.one("SELECT token_hash FROM telegram_links")["token_hash"])


def test_there_is_no_link_without_a_user_or_a_bot(database: Database, user_id: int) -> None:
    with raises("EB003"):
        offer(database, user_id + 1)
    database.execute("SELECT disable_telegram()")
    with raises("EB304"):
        offer(database, user_id)


def test_there_is_no_link_before_a_worker_knows_the_bots_name(database: Database) -> None:
    user = database.one("SELECT find_or_add_user('anna@example.org', 'Anna', NULL) AS id")
    with raises("EB304"):
        offer(database, user["id"])


def test_opening_the_link_connects_the_chat(database: Database, user_id: int) -> None:
    offer(database, user_id)
    user = link(database)
    assert (user["id"], user["telegram_id"], user["language"]) == (user_id, "42", "ru")


def test_an_unknown_language_leaves_the_one_that_is_known(database: Database, user_id: int) -> None:
    offer(database, user_id)
    link(database)
    offer(database, user_id, "again")
    assert link(database, "again", language=None)["language"] == "ru"


def test_the_same_press_twice_is_no_error_and_somebody_elses_is(database: Database, user_id: int) -> None:
    offer(database, user_id)
    assert link(database) == link(database)
    with raises("EB305"):
        link(database, chat="666")
    assert database.one("SELECT telegram_id FROM users")["telegram_id"] == "42"


def test_a_used_link_does_not_connect_again_who_has_left(database: Database, user_id: int) -> None:
    offer(database, user_id)
    link(database)
    database.execute("SELECT unlink_telegram(%s)", (user_id,))
    with raises("EB305"):
        link(database)


def test_a_link_that_is_unknown_or_has_expired_connects_nobody(database: Database, user_id: int) -> None:
    offer(database, user_id)
    with raises("EB305"):
        link(database, "another")
    database.advance(15 * 60)
    with raises("EB305"):
        link(database)


def test_a_new_link_mends_a_broken_one(database: Database, user_id: int) -> None:
    offer(database, user_id)
    link(database)
    tell(database)
    fail(database, claim_one(database), "Forbidden: bot was blocked by the user", address_is_gone=True)
    offer(database, user_id, "again")
    user = link(database, "again")
    assert (user["telegram_broken_at"], user["telegram_error"]) == (None, None)
    tell(database)
    database.advance(1)
    claim_one(database)


def test_what_is_on_its_way_to_the_former_chat_goes_to_the_new_one(database: Database, user_id: int) -> None:
    offer(database, user_id)
    link(database)
    tell(database)
    sending = claim_one(database)
    offer(database, user_id, "again")
    link(database, "again", chat="43")
    assert not fail(database, sending, "Forbidden: bot was blocked by the user", address_is_gone=True)
    assert database.one("SELECT telegram_broken_at FROM users")["telegram_broken_at"] is None
    assert claim_one(database)["address"] == "43"


def test_leaving_ends_what_waits(database: Database, user_id: int) -> None:
    offer(database, user_id)
    link(database)
    tell(database)
    database.execute("SELECT unlink_telegram(%s), unlink_telegram(%s)", (user_id, user_id))
    assert database.one("SELECT telegram_id FROM users")["telegram_id"] is None
    assert database.execute("SELECT FROM outbox") == []
    with raises("EB003"):
        database.execute("SELECT unlink_telegram(0)")


def test_leaving_a_chat_is_for_all_who_are_told_there(database: Database) -> None:
    for name in ("anna", "boris"):
        tell(database, name)
    database.execute("UPDATE users SET telegram_id = '42'")
    tell(database, "clara")
    assert database.one("SELECT unlink_telegram_chat('42') AS users")["users"] == 2
    assert database.one("SELECT unlink_telegram_chat('42') AS users")["users"] == 0
    assert claim_one(database)["address"] == "103"


def test_a_chat_that_said_stop_is_told_nothing_whoever_names_it_until_it_links_itself(
    database: Database, user_id: int
) -> None:
    database.execute("SELECT unlink_telegram_chat('101')")
    database.execute("SELECT prune_outbox('0 s')")
    tell(database, "anna")
    assert claim(database) == []
    assert database.one("SELECT telegram_id FROM users WHERE email LIKE 'anna%%'") == {"telegram_id": None}

    offer(database, user_id)
    link(database, chat="101")
    tell(database, "boris")
    database.execute("UPDATE users SET telegram_id = '101' WHERE email LIKE 'boris%%'")
    assert claim_one(database)["address"] == "101"


def test_a_chats_bookings_are_the_living_ones_in_order_of_their_dates(database: Database) -> None:
    database.freeze()
    later = database.book(database.event(date="2041-01-01", name="Later"), "anna@example.org", "42")
    sooner = database.book(database.event(name="Sooner"), "anna@example.org")
    database.execute("SELECT confirm_booking(%s)", (sooner["id"],))
    canceled = database.book(database.event(), "anna@example.org")
    database.execute("SELECT cancel_booking(%s)", (canceled["id"],))
    database.book(database.event(ttl=1), "anna@example.org")
    database.book(database.event(), "boris@example.org", "43")
    database.advance(60)
    listed = database.execute("SELECT * FROM list_chat_bookings('42')")
    assert [(row["booking_id"], row["status"], row["event_name"]) for row in listed] == [
        (sooner["id"], "confirmed", "Sooner"),
        (later["id"], "pending", "Later"),
    ]


def test_a_booking_is_found_from_its_users_chat_only_and_as_it_counts_now(database: Database) -> None:
    database.freeze()
    booking_id = database.book(database.event(ttl=1), "anna@example.org", "42")["id"]
    assert database.one("SELECT * FROM find_chat_booking(%s, '42')", booking_id)["status"] == "pending"
    assert database.execute("SELECT FROM find_chat_booking(%s, '43')", (booking_id,)) == []
    database.advance(60)
    assert database.one("SELECT * FROM find_chat_booking(%s, '42')", booking_id)["cancel_reason"] == "expired"
