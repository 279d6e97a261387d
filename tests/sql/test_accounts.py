"""Who may sign in, and with which token."""

from datetime import timedelta

from tests.database import Database, raises

FIND_CALLER = "SELECT (acts_for).email FROM authenticate_token(%s)"


def test_an_email_registers_once_whatever_its_case(database: Database) -> None:
    database.execute("SELECT register_user('a@example.org', 'A', NULL, 'hash')")

    with raises("EB206"):
        database.execute("SELECT register_user('A@EXAMPLE.ORG', 'A', NULL, 'hash')")


def test_an_email_known_from_a_booking_cannot_be_taken_over(database: Database) -> None:
    database.book(database.event(), "a@example.org")

    with raises("EB206"):
        database.execute("SELECT register_user('a@example.org', 'A', NULL, 'hash')")
    assert not database.one("SELECT account_exists('a@example.org') AS it")["it"]


def test_creating_an_admin_promotes_a_known_user(database: Database) -> None:
    database.book(database.event(), "a@example.org")

    database.execute("SELECT create_admin('A@example.org', 'hash')")
    database.execute("SELECT create_admin('A@example.org', 'other')")

    assert database.one("SELECT email, role FROM users") == {"email": "a@example.org", "role": "admin"}
    assert database.one("SELECT find_admin_password_hash('a@example.org') AS it")["it"] == "other"


def test_a_token_acts_for_its_user_until_it_ends(database: Database) -> None:
    database.freeze()
    user_id = database.one("SELECT id FROM register_user('a@example.org', 'A', NULL, NULL)")["id"]
    for token, lifetime in (("short", timedelta(seconds=60)), ("endless", None), ("revoked", None)):
        database.execute(
            "SELECT create_api_token(%s, %s, p_expires_at => clock() + %s::interval)", (user_id, token, lifetime)
        )
    database.execute("SELECT revoke_access_token('revoked')")

    assert database.execute(FIND_CALLER, ("short",)) == [{"email": "a@example.org"}]
    assert database.execute(FIND_CALLER, ("revoked",)) == []
    database.advance(60)
    assert database.execute(FIND_CALLER, ("short",)) == []
    assert database.execute(FIND_CALLER, ("endless",)) == [{"email": "a@example.org"}]
    assert database.execute("SELECT * FROM access_tokens WHERE token_hash = 'endless'::bytea") == []
