"""Guessing passwords is slowed down, and the right owner gets in all the same."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.database import Database, raises

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
EMAIL = "a@example.org"


@pytest.fixture
def user_id(database: Database) -> int:
    database.freeze()
    return int(database.one("SELECT id FROM register_user(%s, 'A', NULL, 'hash')", EMAIL)["id"])


def attempt(database: Database, address: str, email: str = EMAIL) -> None:
    database.execute("SELECT * FROM start_sign_in(%s, %s)", (email, address))


def succeed(database: Database, user_id: int, address: str) -> None:
    attempt(database, address)
    finish = "SELECT * FROM finish_sign_in(%s, 'hash', %s, gen_random_uuid()::text, '1 day')"
    assert len(database.execute(finish, (user_id, address))) == 1


def test_ten_attempts_from_an_address_close_it_for_a_quarter_of_an_hour(database: Database, user_id: int) -> None:
    for _ in range(10):
        attempt(database, ELSEWHERE, "A@example.org")

    with raises("EB301"):
        attempt(database, ELSEWHERE)
    database.advance(15 * 60)
    attempt(database, ELSEWHERE)
    assert database.one("SELECT count(*) AS it FROM sign_in_attempts")["it"] == 1


def test_a_strangers_guesses_do_not_lock_the_owner_out(database: Database, user_id: int) -> None:
    for _ in range(10):
        attempt(database, ELSEWHERE)
    with raises("EB301"):
        attempt(database, ELSEWHERE)

    succeed(database, user_id, HOME)


def test_success_takes_back_what_was_counted_there_and_nowhere_else(database: Database, user_id: int) -> None:
    for address in (HOME, ELSEWHERE):
        for _ in range(9):
            attempt(database, address)

    succeed(database, user_id, HOME)

    assert database.execute("SELECT DISTINCT address FROM sign_in_attempts") == [{"address": ELSEWHERE}]


def test_one_address_tries_fifty_passwords_whatever_the_emails(database: Database, user_id: int) -> None:
    for n in range(50):
        attempt(database, ELSEWHERE, f"{n}@example.org")

    with raises("EB301"):
        attempt(database, ELSEWHERE, "another@example.org")
    attempt(database, HOME)


def test_a_hundred_guesses_from_everywhere_leave_the_owners_address_open(database: Database, user_id: int) -> None:
    succeed(database, user_id, HOME)
    for n in range(100):
        attempt(database, f"203.0.113.{n}")

    with raises("EB301"):
        attempt(database, "203.0.113.200")
    succeed(database, user_id, HOME)


def test_an_email_without_an_account_is_counted_the_same(database: Database) -> None:
    for _ in range(10):
        attempt(database, HOME, "nobody@example.org")

    with raises("EB301"):
        attempt(database, HOME, "nobody@example.org")


def test_a_hundred_and_fifty_at_once_are_no_more_than_ten(database: Database, user_id: int) -> None:
    def reaches_the_check(_: int) -> bool:
        try:
            attempt(database, ELSEWHERE)
        except psycopg.Error as error:
            return error.sqlstate != "EB301"
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(reaches_the_check, range(150))) == 10


def test_a_password_that_changed_during_the_check_opens_nothing(database: Database, user_id: int) -> None:
    attempt(database, HOME)
    database.execute("UPDATE accounts SET password_hash = 'other'")

    assert database.execute("SELECT * FROM finish_sign_in(%s, 'hash', %s, 't', '1 day')", (user_id, HOME)) == []
    assert database.execute("SELECT * FROM access_tokens") == []


def test_a_new_session_ends_the_one_that_the_browser_had(database: Database, user_id: int) -> None:
    database.execute("SELECT create_session(%s, 'first', '1 day')", (user_id,))

    database.execute("SELECT create_session(%s, 'second', '1 day', 'curl', 'first')", (user_id,))

    assert database.execute("SELECT * FROM authenticate_token('first')") == []
    assert len(database.execute("SELECT * FROM authenticate_token('second')")) == 1


def test_the_latest_twenty_addresses_are_remembered(database: Database, user_id: int) -> None:
    for n in range(25):
        succeed(database, user_id, f"192.0.2.{n}")
        database.advance(1)

    kept = database.execute("SELECT address FROM sign_in_addresses ORDER BY at")
    assert [row["address"] for row in kept] == [f"192.0.2.{n}" for n in range(5, 25)]
