"""Who becomes an admin does so alone: whoever was signed in before, perhaps a stranger, no longer is."""

import pytest

from tests.database import Database

TOKENS = ("a-session", "an-api-token")


@pytest.fixture
def user_id(database: Database) -> int:
    """Somebody who registered with an email that may not be theirs, and is signed in."""
    user_id = int(database.one("SELECT id FROM register_user('boss@example.org', 'B', NULL, 'hash')")["id"])
    database.execute("SELECT create_session(%s, %s, '1 day')", (user_id, TOKENS[0]))
    database.execute("SELECT create_api_token(%s, %s)", (user_id, TOKENS[1]))
    return user_id


def still_acting(database: Database) -> list[str]:
    return [token for token in TOKENS if database.execute("SELECT * FROM authenticate_token(%s)", (token,))]


def test_an_account_that_becomes_an_admin_loses_its_sessions_and_tokens(database: Database, user_id: int) -> None:
    database.execute("SELECT create_admin('BOSS@example.org', 'other')")

    assert still_acting(database) == []
    assert database.one("SELECT role FROM users WHERE id = %s", user_id)["role"] == "admin"


def test_an_admin_with_a_new_password_loses_its_sessions_and_tokens(database: Database) -> None:
    user_id = database.one("SELECT id FROM create_admin('boss@example.org', 'hash')")["id"]
    database.execute("SELECT create_session(%s, 'a-session', '1 day')", (user_id,))

    database.execute("SELECT create_admin('boss@example.org', 'other')")

    assert still_acting(database) == []


def test_an_admin_whose_password_and_role_stay_keeps_its_sessions(database: Database) -> None:
    user_id = database.one("SELECT id FROM create_admin('boss@example.org', 'hash')")["id"]
    database.execute("SELECT create_session(%s, 'a-session', '1 day')", (user_id,))

    database.execute("SELECT create_admin('boss@example.org', 'hash')")

    assert still_acting(database) == ["a-session"]


def test_the_role_admin_waits_for_the_proof_of_the_email(database: Database, user_id: int) -> None:
    """The account's password may be a stranger's."""
    database.execute("SELECT make_admin(%s)", (user_id,))
    database.execute("SELECT create_session(%s, 'a-session', '1 day')", (user_id,))
    assert database.one("SELECT (acts_for).role FROM authenticate_token('a-session')")["role"] == "user"

    database.execute("SELECT create_reset_link(%s, 'nonce', 'link')", (user_id,))
    database.execute("SELECT reset_password('link', 'owners')")
    database.execute("SELECT create_session(%s, 'a-session', '1 day')", (user_id,))
    assert database.one("SELECT (acts_for).role FROM authenticate_token('a-session')")["role"] == "admin"


def test_the_role_admin_in_a_booking_ends_sessions_and_tokens_too(database: Database, user_id: int) -> None:
    database.execute("SELECT make_admin(%s)", (user_id,))
    assert still_acting(database) == []

    database.execute("SELECT create_session(%s, 'a-session', '1 day')", (user_id,))
    database.execute("SELECT make_admin(%s)", (user_id,))
    assert still_acting(database) == ["a-session"]
