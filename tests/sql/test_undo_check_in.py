from tests.database import Database, raises
from tests.sql.test_check_in import confirmed

UNDO = "SELECT * FROM undo_check_in(%s)"


def test_an_undone_check_in_is_as_if_nobody_had_come(database: Database) -> None:
    booking = confirmed(database, database.event())
    database.execute("SELECT check_in(%s, 'Main door')", (booking["id"],))

    assert database.one(UNDO, booking["id"]) == booking
    assert database.one("SELECT * FROM check_in(%s)", booking["id"])["checked_in_at"]


def test_what_was_not_made_is_not_undone_and_no_error(database: Database) -> None:
    event_id = database.event()
    booking = confirmed(database, event_id)
    held = database.book(event_id, "held@example.org")

    for untouched in (booking, held):
        assert database.one(UNDO, untouched["id"]) == untouched
    assert len(database.execute("SELECT booking_history(%s)", (booking["id"],))) == 2


def test_an_unknown_booking_is_named(database: Database) -> None:
    with raises("EB002"):
        database.one(UNDO, 404)
