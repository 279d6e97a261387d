import pytest

from tests.database import Database, raises

HISTORY = "SELECT from_status, to_status, reason FROM booking_history(%s)"


def told(database: Database, booking_id: int) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in database.execute(HISTORY, (booking_id,))]


def test_each_change_is_told_in_order_with_why_and_by_whom(database: Database) -> None:
    database.freeze()
    booking = database.book(database.event())
    database.advance(5)
    database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    database.execute("SELECT cancel_booking(%s, 'ill')", (booking["id"],))

    assert told(database, booking["id"]) == [
        (None, "pending", None),
        ("pending", "confirmed", None),
        ("confirmed", "canceled", "ill"),
    ]
    rows = database.execute("SELECT * FROM booking_history(%s)", (booking["id"],))
    assert (rows[1]["changed_at"] - rows[0]["changed_at"]).total_seconds() == 5
    assert {row["changed_by"] for row in rows} == {database.one("SELECT session_user AS me")["me"]}


def test_who_confirms_for_somebody_says_why(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    paid, late, own = (database.book(event_id, f"{name}@example.org")["id"] for name in ("paid", "late", "own"))
    with database.connect() as session, session.transaction():
        session.execute("SELECT confirm_booking(%s, ' paid at the desk ')", (paid,))
        session.execute("SELECT confirm_booking(%s)", (own,))
    database.advance(60)
    database.execute("SELECT revive_booking(%s, 'the bank was slow')", (late,))

    assert told(database, paid)[1:] == [("pending", "confirmed", "paid at the desk")]
    assert told(database, own)[1:] == [("pending", "confirmed", None)]
    assert told(database, late)[1:] == [
        ("pending", "canceled", "expired"),
        ("canceled", "confirmed", "the bank was slow"),
    ]


@pytest.mark.parametrize("function", ["confirm_booking", "revive_booking"])
@pytest.mark.parametrize("reason", ["", " ", "expired", "x" * 201])
def test_a_reason_that_says_nothing_is_refused(database: Database, function: str, reason: str) -> None:
    booking = database.book(database.event())

    with raises("EB103"):
        database.execute(f"SELECT {function}(%s, %s)", (booking["id"], reason))


def test_a_sweep_leaves_a_line_for_each_hold(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    bookings = [database.book(event_id, f"user{number}@example.org") for number in range(3)]
    database.advance(60)
    database.execute("SELECT expire_bookings()")

    for booking in bookings:
        assert told(database, booking["id"])[1:] == [("pending", "canceled", "expired")]


def test_direct_hands_leave_a_line_too(database: Database) -> None:
    booking = database.book(database.event())

    database.execute("UPDATE bookings SET status = 'confirmed', confirmed_at = now() WHERE id = %s", (booking["id"],))

    assert told(database, booking["id"])[1:] == [("pending", "confirmed", None)]


@pytest.mark.parametrize(
    "statement", ["UPDATE booking_changes SET reason = 'x'", "DELETE FROM booking_changes", "TRUNCATE booking_changes"]
)
def test_history_cannot_be_rewritten(database: Database, statement: str) -> None:
    booking = database.book(database.event())

    with raises("EB208"):
        database.execute(statement)

    assert told(database, booking["id"]) == [(None, "pending", None)]


def test_an_unknown_booking_is_named(database: Database) -> None:
    with raises("EB002"):
        database.execute(HISTORY, (404,))
