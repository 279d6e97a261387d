"""Sweepers at work at the same time share the lapsed holds; 0 means that none is left."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.database import Database
from tests.races.meeting import meet

SWEEP = "SELECT expire_bookings(4) AS expired"


@pytest.fixture(autouse=True)
def _frozen(database: Database) -> None:
    database.freeze()


def lapsed_event(database: Database, holds: int) -> int:
    """An event whose holds lapse in a minute."""
    event_id = database.event(seats=1_000, ttl=1)
    for number in range(holds):
        database.book(event_id, f"user{number}@example.org")
    return event_id


def left(database: Database) -> int:
    count: int = database.one("SELECT count(*) FROM bookings WHERE status = 'pending'")["count"]
    return count


def test_a_second_sweeper_takes_another_event_though_its_holds_are_younger(database: Database) -> None:
    oldest = lapsed_event(database, holds=8)
    database.advance(1)
    younger = lapsed_event(database, holds=8)
    database.advance(60)
    with database.connect() as one, database.connect() as other, one.transaction():
        other.execute("SET lock_timeout = '5s'")
        assert one.execute(SWEEP).fetchall() == [{"expired": 4}]
        assert other.execute(SWEEP).fetchall() == [{"expired": 4}]

    assert (database.free_seats(oldest), database.free_seats(younger)) == (996, 996)
    database.must_keep_the_law()


def test_a_sweeper_that_waited_for_the_only_event_does_its_part(database: Database) -> None:
    lapsed_event(database, holds=7)
    database.advance(60)

    assert meet(database, SWEEP, SWEEP) == {"expired": 3}
    assert left(database) == 0


def test_a_sweeper_whose_event_was_swept_meanwhile_goes_on_to_the_next(database: Database) -> None:
    younger = database.event(seats=1_000, ttl=1)
    lapsed_event(database, holds=4)
    database.advance(1)
    for number in range(3):
        database.book(younger, f"user{number}@example.org")
    database.advance(60)

    # Both events are locked, so the second sweeper waits for the last one; the first sweeps just that one.
    assert meet(database, f"SELECT FROM events FOR UPDATE; {SWEEP}", SWEEP) == {"expired": 3}
    assert left(database) == 0


def test_nothing_left_is_the_only_reason_for_0(database: Database) -> None:
    for _ in range(6):
        lapsed_event(database, holds=20)
    database.advance(60)

    def sweep(_: int) -> int:
        swept = 0
        with database.connect() as session:
            while expired := session.execute(SWEEP).fetchall()[0]["expired"]:
                swept += expired
            assert session.execute("SELECT FROM bookings WHERE status = 'pending'").fetchall() == []
        return swept

    with ThreadPoolExecutor(8) as sweepers:
        assert sum(sweepers.map(sweep, range(8))) == 120
    database.must_keep_the_law()
