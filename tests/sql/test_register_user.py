"""Registering for an email that guests used: an account at once, the guests' bookings after the proof."""

import pytest

from tests.database import Database, raises
from tests.sql.waiting_list import full_event, join

EMAIL = "a@example.org"
REGISTER = "SELECT id, name, telegram_id, role FROM register_user(%s, %s, NULL, 'hash', p_claim => true)"


@pytest.fixture
def guest(database: Database) -> dict[str, int]:
    """A guest's booking."""
    database.freeze()
    event_id = database.event()
    booking = database.one("SELECT * FROM book_seat(%s, %s, 'Guest', '42')", event_id, EMAIL)
    database.advance(1)
    return booking


def listed(database: Database, user_id: int, own: bool) -> list[int]:
    found = database.one("SELECT bookings AS it FROM list_user_bookings(%s, p_own => %s)", user_id, own)["it"]
    return [booking["id"] for booking in found]


def owner(database: Database, booking_id: int) -> int | None:
    found: int | None = database.one("SELECT get_booking_owner(%s) AS it", booking_id)["it"]
    return found


def test_the_account_belongs_to_the_guests_row_and_shows_nothing_of_it(
    database: Database, guest: dict[str, int]
) -> None:
    made = database.one(REGISTER, EMAIL.upper(), "Claimed")

    assert made == {"id": guest["user_id"], "name": "Claimed", "telegram_id": None, "role": "user"}
    assert database.one("SELECT name FROM users") == {"name": "Guest"}
    database.execute("SELECT create_session(%s, 't', '1 day')", (made["id"],))
    assert database.one("SELECT (acts_for).name, (acts_for).telegram_id FROM authenticate_token('t')") == {
        "name": "Claimed",
        "telegram_id": None,
    }


def test_what_is_older_than_an_unproven_account_is_not_its_own(database: Database, guest: dict[str, int]) -> None:
    user_id = database.one(REGISTER, EMAIL, "Claimed")["id"]
    own = database.book(database.event(), EMAIL)

    assert listed(database, user_id, own=True) == [own["id"]]
    assert listed(database, user_id, own=False) == [own["id"], guest["id"]]
    assert owner(database, guest["id"]) is None
    assert owner(database, own["id"]) == user_id


def test_an_account_of_a_new_email_is_unproven_and_owns_all_it_books(database: Database) -> None:
    database.freeze()
    user_id = database.one(REGISTER, EMAIL, "A")["id"]
    booking = database.book(database.event(), EMAIL)

    assert database.one("SELECT email_proven_at, claimed_name FROM accounts") == {
        "email_proven_at": None,
        "claimed_name": None,
    }
    assert listed(database, user_id, own=True) == [booking["id"]]


def test_an_email_with_an_account_is_taken(database: Database, guest: dict[str, int]) -> None:
    database.one(REGISTER, EMAIL, "Claimed")

    with raises("EB206"):
        database.one(REGISTER, EMAIL, "Other")


def test_whoever_has_rights_already_is_no_guest(database: Database, guest: dict[str, int]) -> None:
    database.execute("SELECT make_admin(%s)", (guest["user_id"],))
    with raises("EB206"):
        database.one(REGISTER, EMAIL, "Claimed")

    other = database.book(database.event(), "b@example.org")
    database.execute("SELECT create_api_token(%s, 't')", (other["user_id"],))
    with raises("EB206"):
        database.one(REGISTER, "b@example.org", "Claimed")


def test_without_a_claim_a_guests_email_is_taken(database: Database, guest: dict[str, int]) -> None:
    with raises("EB206"):
        database.execute("SELECT register_user(%s, 'A', NULL, 'hash')", (EMAIL,))


def test_a_guests_places_in_waiting_lists_are_hidden_likewise(database: Database) -> None:
    entry = join(database, full_event(database), "guest")
    user_id = database.one(REGISTER, "guest@example.org", "Claimed")["id"]

    assert database.one("SELECT get_waitlist_owner(%s) AS it", entry["id"])["it"] is None
    listed = "SELECT json_array_length(list_user_waitlist(%s, p_own => %s)) AS it"
    assert [database.one(listed, user_id, own)["it"] for own in (True, False)] == [0, 1]
