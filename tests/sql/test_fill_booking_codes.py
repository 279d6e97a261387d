from tests.database import Database, raises

FILL = "SELECT fill_booking_codes(%s, %s) AS last"


def without_codes(database: Database, count: int) -> list[int]:
    """The ids of bookings as they were before there were codes."""
    event_id = database.event(seats=count)
    ids = [int(database.book(event_id, f"{number}@example.org")["id"]) for number in range(count)]
    database.execute("ALTER TABLE bookings ALTER COLUMN code DROP NOT NULL")
    database.execute("UPDATE bookings SET code = NULL")
    return ids


def test_it_fills_as_many_as_asked_in_order(database: Database) -> None:
    ids = without_codes(database, 5)

    assert database.one(FILL, 0, 3) == {"last": ids[2]}
    assert database.one(FILL, ids[2], 3) == {"last": ids[4]}
    assert database.one(FILL, ids[4], 3) == {"last": None}
    rows = database.execute("SELECT id, code, (find_booking_by_code(code)).id AS found FROM bookings ORDER BY id")
    assert [row["found"] for row in rows] == ids
    assert len({row["code"].partition("-")[2] for row in rows}) == 5


def test_a_code_that_is_there_stays(database: Database) -> None:
    booking = database.book(database.event())

    assert database.one(FILL, 0, 10) == {"last": None}
    assert database.one("SELECT code FROM bookings") == {"code": booking["code"]}


def test_a_busy_booking_is_left_for_another_round(database: Database) -> None:
    first, second = without_codes(database, 2)
    with database.connect() as session, session.transaction():
        session.execute("SELECT FROM bookings WHERE id = %s FOR UPDATE", (first,))
        assert database.one(FILL, 0, 10) == {"last": second}

    assert database.one(FILL, 0, 10) == {"last": first}


def test_history_tells_nothing_of_it(database: Database) -> None:
    without_codes(database, 1)
    database.one(FILL, 0, 10)

    assert len(database.execute("SELECT FROM booking_changes")) == 1


def test_once_all_have_theirs_none_can_be_without(database: Database) -> None:
    database.book(database.event())

    with raises("23502"):
        database.execute("UPDATE bookings SET code = NULL")
