"""Links that set a password or prove an email: once, for 15 minutes, and nobody else's."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.database import Database, raises

EMAIL = "a@example.org"
MAILS = "SELECT kind, link_nonce FROM outbox WHERE link_nonce IS NOT NULL ORDER BY id"


@pytest.fixture
def user_id(database: Database) -> int:
    """A guest who booked, and a stranger's account for the same email; mail is on."""
    database.freeze()
    database.execute("UPDATE mail SET enabled = true")
    user_id = int(database.one("SELECT * FROM book_seat(%s, %s, 'Guest')", database.event(), EMAIL)["user_id"])
    database.advance(1)
    database.execute("SELECT register_user(%s, 'Stranger', NULL, 'strangers', p_claim => true)", (EMAIL,))
    database.execute("SELECT create_session(%s, 'strangers', '1 day')", (user_id,))
    return user_id


def account(database: Database) -> tuple[str, bool]:
    row = database.one("SELECT password_hash, email_proven_at IS NOT NULL AS proven FROM accounts")
    return row["password_hash"], row["proven"]


def test_a_reset_gives_the_mailboxs_owner_the_account_alone(database: Database, user_id: int) -> None:
    assert database.one("SELECT request_password_reset(' A@example.org', 'nonce', 'token') AS it")["it"]
    assert database.execute(MAILS) == [{"kind": "password_reset", "link_nonce": "nonce"}]
    assert database.execute("SELECT * FROM account_links WHERE token_hash = 'token'::bytea") == []

    database.execute("SELECT reset_password('token', 'owners')")

    assert account(database) == ("owners", True)
    assert database.execute("SELECT * FROM authenticate_token('strangers')") == []
    assert database.one("SELECT name FROM users")["name"] == "Guest"
    assert len(database.one("SELECT bookings FROM list_user_bookings(%s, p_own => true)", user_id)["bookings"]) == 1


def test_a_link_works_once_and_for_a_quarter_of_an_hour(database: Database, user_id: int) -> None:
    for token in ("used", "old"):
        database.execute("SELECT create_reset_link(%s, %s, %s)", (user_id, token, token))
    database.execute("SELECT reset_password('used', 'owners')")
    with raises("EB307"):
        database.execute("SELECT reset_password('used', 'other')")
    with raises("EB307"):  # a reset ends all links
        database.execute("SELECT reset_password('old', 'other')")

    database.execute("SELECT create_reset_link(%s, 'late', 'late')", (user_id,))
    database.advance(15 * 60)
    with raises("EB307"):
        database.execute("SELECT reset_password('late', 'other')")
    assert account(database) == ("owners", True)


def test_of_two_who_use_a_link_at_once_one_does(database: Database, user_id: int) -> None:
    database.execute("SELECT create_reset_link(%s, 'nonce', 'token')", (user_id,))

    def use(n: int) -> str | None:
        try:
            database.execute("SELECT reset_password('token', %s)", (str(n),))
        except psycopg.Error as error:
            return error.sqlstate
        return None

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(use, range(4)), key=str) == ["EB307", "EB307", "EB307", None]


def test_a_proof_is_only_for_whoever_is_signed_in_as_the_links_user(database: Database, user_id: int) -> None:
    other = database.one("SELECT id FROM register_user('b@example.org', 'B', NULL, 'hash')")["id"]
    database.execute("SELECT request_email_proof(%s, 'nonce', 'token')", (user_id,))
    with raises("EB307"):
        database.execute("SELECT prove_email(%s, 'token')", (other,))
    with raises("EB307"):
        database.execute("SELECT reset_password('token', 'x')")

    database.execute("SELECT prove_email(%s, 'token')", (user_id,))

    assert database.one("SELECT is_email_proven(%s) AS it", user_id)["it"]
    assert database.one("SELECT (acts_for).name FROM authenticate_token('strangers')")["name"] == "Stranger"
    with raises("EB307"):
        database.execute("SELECT prove_email(%s, 'token')", (user_id,))


def test_asking_for_an_unknown_email_does_the_same_and_mails_nobody(database: Database, user_id: int) -> None:
    assert database.one("SELECT request_password_reset('nobody@example.org', 'nonce', 'token') AS it")["it"]

    assert database.execute("SELECT user_id FROM account_links") == [{"user_id": None}] * 2
    assert database.execute(MAILS) == []
    for token in ("token", "token of nobody"):
        with raises("EB307"):
            database.execute("SELECT reset_password(%s, 'x')", (token,))


def test_as_many_rows_are_written_for_an_unknown_email_as_for_a_known_one(database: Database, user_id: int) -> None:
    rows = "SELECT (SELECT count(*) FROM account_links) + (SELECT count(*) FROM outbox) AS it"
    written, before = [], database.one(rows)["it"]
    for n in range(7):
        for email in (EMAIL, "nobody@example.org"):
            database.execute("SELECT request_password_reset(%s, %s, %s)", (email, f"{email} {n}", f"{email} {n}"))
            after = database.one(rows)["it"]
            written.append(after - before)
            before = after

    assert written == [2] * 14


def test_five_links_in_a_quarter_of_an_hour_are_mailed(database: Database, user_id: int) -> None:
    for n in range(7):
        database.execute("SELECT request_password_reset(%s, %s, %s)", (EMAIL, f"n{n}", f"t{n}"))

    assert len(database.execute(MAILS)) == 5


def test_without_mail_nothing_is_made(database: Database, user_id: int) -> None:
    database.execute("UPDATE mail SET enabled = false")

    assert not database.one("SELECT request_password_reset(%s, 'nonce', 'token') AS it", EMAIL)["it"]
    assert not database.one("SELECT request_email_proof(%s, 'nonce', 'token') AS it", user_id)["it"]
    assert database.execute("SELECT * FROM account_links") == []


def test_an_admin_makes_links_for_people_who_are_there(database: Database) -> None:
    for call in ("create_reset_link(404, 'n', 't')", "request_email_proof(404, 'n', 't')", "find_user_id('x@y.z')"):
        with raises("EB003"):
            database.execute(f"SELECT {call}")
