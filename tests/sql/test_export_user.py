"""export_user: everything that is kept of one person, and nothing of others."""

import pytest

from tests.database import Database, raises

EMAIL = "a@example.org"


def test_bookings_come_with_their_events_and_their_history(database: Database) -> None:
    booking = database.book(database.event(name="A"), EMAIL)
    database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    database.book(database.event(), "other@example.org")

    (exported,) = database.one("SELECT export_user(%s) AS it", booking["user_id"])["it"]["bookings"]

    assert (exported["id"], exported["event_name"], exported["archived"]) == (booking["id"], "A", False)
    assert [change["to_status"] for change in exported["history"]] == ["pending", "confirmed"]


def test_a_lapsed_hold_is_told_as_it_counts_now(database: Database) -> None:
    database.freeze()
    booking = database.book(database.event(ttl=1), EMAIL)
    database.advance(60)

    (exported,) = database.one("SELECT export_user(%s) AS it", booking["user_id"])["it"]["bookings"]

    assert (exported["status"], exported["cancel_reason"]) == ("canceled", "expired")


def test_an_account_whose_email_is_not_proven_gets_only_its_own(database: Database) -> None:
    guests = database.one("SELECT * FROM book_seat(%s, %s, 'The guest', '42')", database.event(), EMAIL)
    user_id = guests["user_id"]
    database.execute("SELECT register_user(%s, 'The claimer', NULL, 'hash', p_claim => true)", (EMAIL,))
    database.execute("SELECT start_sign_in(%s, '192.0.2.1')", (EMAIL,))
    own = database.book(database.event(), EMAIL)

    exported = database.one("SELECT export_user(%s, p_own => true) AS it", user_id)["it"]

    assert exported["user"]["name"] == "The claimer"
    assert exported["user"]["telegram_id"] is None
    assert [booking["id"] for booking in exported["bookings"]] == [own["id"]]
    assert exported["failed_sign_ins"] == exported["telegram_links"] == []
    assert exported["telegram_chat"] is None
    for_admins = database.one("SELECT export_user(%s) AS it", user_id)["it"]
    assert [booking["id"] for booking in for_admins["bookings"]] == [guests["id"], own["id"]]


@pytest.mark.parametrize("erased", [True, False])
def test_nobody_is_not_exported(database: Database, erased: bool) -> None:
    user_id = database.book(database.event(), EMAIL)["user_id"] if erased else 404
    if erased:
        database.execute("SELECT erase_user(%s)", (user_id,))

    with raises("EB003"):
        database.execute("SELECT export_user(%s)", (user_id,))
