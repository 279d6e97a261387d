"""What API tokens are, for whom, and how they end."""

from typing import Any

import pytest

from tests.database import Database, raises

FIND = "SELECT (acts_for).email, scope, door_event_id FROM authenticate_token(%s)"


@pytest.fixture
def user_id(database: Database) -> int:
    return int(database.one("SELECT id FROM register_user('a@example.org', 'A', NULL, 'hash')")["id"])


def listed(database: Database) -> list[dict[str, Any]]:
    tokens: list[dict[str, Any]] = database.one("SELECT list_api_tokens() AS it")["it"]
    return tokens


def test_a_token_says_for_whom_and_how_far_it_goes(database: Database, user_id: int) -> None:
    event_id = database.event()
    database.execute("SELECT create_session(%s, 'session', '1 day')", (user_id,))
    database.execute("SELECT create_api_token(%s, 'all')", (user_id,))
    database.execute("SELECT create_api_token(%s, 'read', 'read')", (user_id,))
    database.execute("SELECT create_api_token(NULL, 'door', 'door', %s)", (event_id,))

    found = {token: database.one(FIND, token) for token in ("session", "all", "read", "door")}

    assert [tuple(row.values()) for row in found.values()] == [
        ("a@example.org", None, None),
        ("a@example.org", "admin", None),
        ("a@example.org", "read", None),
        (None, "door", event_id),
    ]


def test_a_door_token_acts_for_nobody_and_ends_with_its_users_access(database: Database, user_id: int) -> None:
    database.execute("SELECT create_api_token(%s, 'door', 'door', %s)", (user_id, database.event()))
    assert database.one(FIND, "door")["email"] is None

    database.execute("SELECT make_admin(%s)", (user_id,))

    assert database.execute(FIND, ("door",)) == []


def test_tokens_are_listed_without_what_opens_something(database: Database, user_id: int) -> None:
    database.freeze()
    event_id = database.event(name="Jazz")
    database.execute("SELECT create_session(%s, 'session', '1 day')", (user_id,))
    database.execute("SELECT create_api_token(%s, 'ends', p_expires_at => clock() + interval '1 minute')", (user_id,))
    database.execute("SELECT create_api_token(%s, 'first', 'read', p_label => 'the box office')", (user_id,))
    database.execute("SELECT create_api_token(NULL, 'second', 'door', %s)", (event_id,))
    database.advance(60)

    door, read = listed(database)

    at = "2030-01-01T12:00:00+00:00"
    assert {k: read[k] for k in read if k != "id"} == {
        "label": "the box office",
        "scope": "read",
        "event_id": None,
        "event_name": None,
        "user_id": user_id,
        "user_email": "a@example.org",
        "created_at": at,
        "last_used_at": None,
        "expires_at": None,
    }
    assert [door[k] for k in ("scope", "event_id", "event_name", "user_id")] == ["door", event_id, "Jazz", None]


def test_that_a_token_was_used_is_known_at_once_and_when_to_a_quarter_of_an_hour(
    database: Database, user_id: int
) -> None:
    database.freeze()
    database.execute("SELECT create_api_token(%s, 'token')", (user_id,))
    used = []
    for minutes in (0, 1, 14, 1):
        database.advance(60 * minutes)
        database.execute(FIND, ("token",))
        used.append(listed(database)[0]["last_used_at"][11:16])

    assert used == ["12:00", "12:00", "12:15", "12:15"]


def test_a_revoked_token_opens_nothing(database: Database, user_id: int) -> None:
    database.execute("SELECT create_api_token(%s, 'token')", (user_id,))
    database.execute("SELECT create_session(%s, 'session', '1 day')", (user_id,))
    (token,) = listed(database)
    session_id = database.one("SELECT id FROM access_tokens WHERE kind = 'session'")["id"]

    database.execute("SELECT revoke_api_token(%s)", (token["id"],))

    assert database.execute(FIND, ("token",)) == []
    for no_token in (token["id"], session_id):
        with raises("EB007"):
            database.execute("SELECT revoke_api_token(%s)", (no_token,))
    assert database.one(FIND, "session")["email"] == "a@example.org"


def test_where_nobody_is_named_the_only_admin_is_meant(database: Database, user_id: int) -> None:
    with raises("EB003"):
        database.execute("SELECT create_api_token(NULL, 'none')")
    database.execute("SELECT create_admin('boss@example.org', 'hash')")
    database.execute("SELECT create_api_token(NULL, 'one')")
    assert database.one(FIND, "one")["email"] == "boss@example.org"

    database.execute("SELECT create_admin('boss2@example.org', 'hash')")
    with raises("EB003"):
        database.execute("SELECT create_api_token(NULL, 'two')")


def test_a_token_is_for_users_and_events_that_are_there(database: Database, user_id: int) -> None:
    database.execute("SELECT erase_user(%s)", (user_id,))
    for nobody in (user_id, 404):
        with raises("EB003"):
            database.execute("SELECT create_api_token(%s, 'token')", (nobody,))
    with raises("EB001"):
        database.execute("SELECT create_api_token(NULL, 'token', 'door', 404)")


@pytest.mark.parametrize(
    ("scope", "event", "constraint"),
    [
        ("owner", False, "access_tokens_scope_is_known"),
        (None, False, "access_tokens_api_has_scope"),
        ("door", False, "access_tokens_door_has_event"),
        ("read", True, "access_tokens_door_has_event"),
    ],
)
def test_a_scope_is_known_and_a_door_is_an_events(
    database: Database, user_id: int, scope: str | None, event: bool, constraint: str
) -> None:
    event_id = database.event() if event else None
    with raises("23514") as info:
        database.execute("SELECT create_api_token(%s, 'token', %s, %s)", (user_id, scope, event_id))
    assert info.value.diag.constraint_name == constraint


def test_a_door_token_goes_with_its_event_to_the_archive(database: Database) -> None:
    event_id = database.event(date="2020-01-01 00:00+00")
    database.execute("UPDATE events SET created_at = '2019-01-01'")
    database.execute("SELECT create_api_token(NULL, 'door', 'door', %s)", (event_id,))

    assert database.one("SELECT archive_events(clock()) AS archived") == {"archived": 1}

    assert database.execute(FIND, ("door",)) == []
