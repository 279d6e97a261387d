from datetime import timedelta

from tests.database import Database, raises

CONFIRM = "SELECT * FROM confirm_booking(%s)"


def test_a_living_hold_becomes_a_confirmed_booking(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    hold = database.book(event_id)
    database.freeze(hold["expires_at"] - timedelta(microseconds=1))

    confirmed = database.one(CONFIRM, hold["id"])

    assert confirmed["status"] == "confirmed"
    assert confirmed["confirmed_at"] == hold["expires_at"] - timedelta(microseconds=1)
    assert database.free_seats(event_id) == 9
    database.must_keep_the_law()


def test_a_hold_is_dead_at_its_expires_at(database: Database) -> None:
    database.freeze()
    hold = database.book(database.event(ttl=1))
    database.freeze(hold["expires_at"])

    with raises("EB204"):
        database.one(CONFIRM, hold["id"])


def test_a_swept_hold_answers_like_one_not_swept(database: Database) -> None:
    database.freeze()
    hold = database.book(database.event(ttl=1))
    database.advance(60)
    database.execute("SELECT expire_bookings()")

    with raises("EB204"):
        database.one(CONFIRM, hold["id"])


def test_confirming_twice_changes_nothing(database: Database) -> None:
    database.freeze()
    hold = database.book(database.event(), telegram_id="42")
    first = database.one(CONFIRM, hold["id"])
    database.advance(3600)

    assert database.one(CONFIRM, hold["id"]) == first
    assert len(database.execute("SELECT FROM outbox WHERE kind = 'booking_confirmed'")) == 1


def test_a_canceled_booking_cannot_be_confirmed(database: Database) -> None:
    hold = database.book(database.event())
    database.execute("SELECT cancel_booking(%s)", (hold["id"],))

    with raises("EB205"):
        database.one(CONFIRM, hold["id"])


def test_an_unknown_booking_is_named(database: Database) -> None:
    with raises("EB002"):
        database.one(CONFIRM, 404)


def test_who_has_no_telegram_is_not_told(database: Database) -> None:
    hold = database.book(database.event())

    database.one(CONFIRM, hold["id"])

    assert database.execute("SELECT * FROM outbox") == []
