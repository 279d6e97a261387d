from datetime import timedelta

import pytest

from tests.database import Database


def expire(database: Database, limit: int | None = 1000) -> int:
    return int(database.one("SELECT expire_bookings(%s) AS expired", limit)["expired"])


def test_lapsed_holds_are_canceled_and_living_ones_are_not(database: Database) -> None:
    database.freeze()
    short, long = database.event(ttl=1), database.event(ttl=2)
    lapsed, living = database.book(short), database.book(long)
    confirmed = database.book(short, "paid@example.org")
    database.execute("SELECT confirm_booking(%s)", (confirmed["id"],))

    database.freeze(lapsed["expires_at"] - timedelta(microseconds=1))
    assert expire(database) == 0
    database.freeze(lapsed["expires_at"])
    assert expire(database) == 1
    assert expire(database) == 0

    found = database.execute("SELECT id, status, cancel_reason, canceled_at FROM bookings ORDER BY id")
    assert [tuple(row.values()) for row in found] == [
        (lapsed["id"], "canceled", "expired", lapsed["expires_at"]),
        (living["id"], "pending", None, None),
        (confirmed["id"], "confirmed", None, None),
    ]
    assert (database.free_seats(short), database.free_seats(long)) == (9, 9)
    database.must_keep_the_law()


def test_batches_go_on_until_nothing_is_left(database: Database) -> None:
    database.freeze()
    for _ in range(3):
        event_id = database.event(ttl=1)
        for number in range(5):
            database.book(event_id, f"user{number}@example.org")
    database.advance(60)

    assert [expire(database, 4) for _ in range(5)] == [4, 4, 4, 3, 0]
    database.must_keep_the_law()


@pytest.mark.parametrize("limit", [0, -1, None])
def test_a_limit_of_nothing_does_nothing(database: Database, limit: int | None) -> None:
    database.freeze()
    database.book(database.event(ttl=1))
    database.advance(60)

    assert expire(database, limit) == 0


def test_people_are_told_once_and_the_notifier_is_woken(database: Database) -> None:
    database.freeze()
    hold = database.book(database.event(ttl=1), telegram_id="42")
    database.advance(60)
    with database.connect() as listener:
        listener.execute("LISTEN outbox")
        expire(database)
        expire(database)
        woken = list(listener.notifies(timeout=5, stop_after=1)) + list(listener.notifies(timeout=0))

    assert [(wake.channel, wake.payload) for wake in woken] == [("outbox", "")]
    assert database.execute("SELECT booking_id, kind FROM outbox WHERE kind NOT IN ('hold_made', 'hold_ending')") == [
        {"booking_id": hold["id"], "kind": "hold_lapsed"}
    ]


def test_a_busy_event_does_not_hold_up_the_others(database: Database) -> None:
    database.freeze()
    busy, idle = database.event(ttl=1), database.event(ttl=1)
    database.book(busy)
    database.book(idle)
    database.advance(60)
    with database.connect() as booker, database.connect() as sweeper, booker.transaction():
        booker.execute("SELECT FROM events WHERE id = %s FOR UPDATE", (busy,))
        sweeper.execute("SET lock_timeout = '5s'")
        assert sweeper.execute("SELECT expire_bookings() AS expired").fetchall() == [{"expired": 1}]
        assert (database.free_seats(busy), database.free_seats(idle)) == (9, 10)

    assert expire(database) == 1
    database.must_keep_the_law()
