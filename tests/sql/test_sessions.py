"""What people see of their sessions, and how they end."""

import pytest

from tests.database import Database, raises

EMAIL = "a@example.org"


@pytest.fixture
def user_id(database: Database) -> int:
    """Somebody with two sessions and an API token."""
    database.freeze()
    user_id = int(database.one("SELECT id FROM register_user(%s, 'A', NULL, 'hash')", EMAIL)["id"])
    for n, token in enumerate(("first", "second")):
        database.execute("SELECT create_session(%s, %s, '30 days', %s)", (user_id, token, f"device {n}"))
    database.execute("SELECT create_api_token(%s, 'program')", (user_id,))
    return user_id


def sessions(database: Database, user_id: int, token: str = "first") -> list[dict[str, object]]:
    found: list[dict[str, object]] = database.one("SELECT list_sessions(%s, %s) AS it", user_id, token)["it"]
    return found


def acting(database: Database) -> list[str]:
    tokens = ("first", "second", "program")
    return [token for token in tokens if database.execute("SELECT * FROM authenticate_token(%s)", (token,))]


def test_sessions_are_listed_without_their_tokens(database: Database, user_id: int) -> None:
    found = sessions(database, user_id)

    assert [(one["device"], one["current"]) for one in found] == [("device 1", False), ("device 0", True)]
    assert set(found[0]) == {"id", "device", "created_at", "last_seen_at", "expires_at", "current"}


def test_when_a_session_was_last_seen_is_known_to_a_quarter_of_an_hour(database: Database, user_id: int) -> None:
    database.advance(14 * 60)
    acting(database)
    assert all(one["last_seen_at"] == one["created_at"] for one in sessions(database, user_id))

    database.advance(60)
    database.execute("SELECT * FROM authenticate_token('first')")
    assert [one["last_seen_at"] == one["created_at"] for one in sessions(database, user_id)] == [True, False]


def test_one_session_or_all_of_them_end(database: Database, user_id: int) -> None:
    second, first = (one["id"] for one in sessions(database, user_id))

    database.execute("SELECT end_session(%s, %s)", (user_id, second))
    assert acting(database) == ["first", "program"]
    for user, session in ((user_id, second), (user_id + 1, first)):
        with raises("EB006"):
            database.execute("SELECT end_session(%s, %s)", (user, session))

    database.execute("SELECT end_sessions(%s)", (user_id,))
    assert acting(database) == ["program"]


def test_a_changed_password_leaves_only_the_session_that_changed_it(database: Database, user_id: int) -> None:
    database.execute("SELECT create_reset_link(%s, 'nonce', 'link')", (user_id,))

    database.execute("SELECT change_password(%s, 'hash', 'new', 'first', '192.0.2.1')", (user_id,))

    assert acting(database) == ["first"]
    with raises("EB307"):
        database.execute("SELECT reset_password('link', 'x')")
    with raises("EB308"):
        database.execute("SELECT change_password(%s, 'hash', 'x', 'first', '192.0.2.1')", (user_id,))


def test_sessions_of_nobody_are_not_found(database: Database) -> None:
    for call in ("list_sessions(404)", "end_sessions(404)"):
        with raises("EB003"):
            database.execute(f"SELECT {call}")
