from tests.database import Database, Row, raises

CHECK_IN = "SELECT * FROM check_in(%s, %s)"


def confirmed(database: Database, event_id: int, email: str = "user@example.org", seats: int = 1) -> Row:
    """A new booking, confirmed."""
    return database.one("SELECT * FROM confirm_booking(%s)", database.book(event_id, email, seats=seats)["id"])


def test_a_confirmed_booking_comes_in_with_time_and_door(database: Database) -> None:
    database.freeze("2030-01-01 18:03+00")
    booking = confirmed(database, database.event())

    came = database.one(CHECK_IN, booking["id"], " Main door ")

    assert came["checked_in_at"].isoformat() == "2030-01-01T18:03:00+00:00"
    assert came == {**booking, "checked_in_at": came["checked_in_at"], "checked_in_by": "Main door"}
    assert database.one("SELECT * FROM get_booking(%s) AS b", booking["id"])["b"]["checked_in_by"] == "Main door"
    database.must_keep_the_law()


def test_it_comes_in_once_and_the_refusal_says_when_and_where(database: Database) -> None:
    database.freeze("2030-01-01 18:03+00")
    event_id = database.event()
    database.execute("SELECT change_event(%s, p_timezone => 'Europe/Berlin')", (event_id,))
    booking = confirmed(database, event_id)
    first = database.one(CHECK_IN, booking["id"], "Main door")
    database.advance(60)

    with raises("EB216") as refused:
        database.one(CHECK_IN, booking["id"], "Side door")

    assert "on 2030-01-01 19:03:00 (Europe/Berlin) by Main door" in str(refused.value)
    assert database.one("SELECT * FROM bookings WHERE id = %s", booking["id"]) == first


def test_who_let_them_in_need_not_be_said(database: Database) -> None:
    booking = confirmed(database, database.event())

    assert database.one("SELECT * FROM check_in(%s)", booking["id"])["checked_in_by"] is None
    with raises("EB216"):
        database.one("SELECT * FROM check_in(%s)", booking["id"])


def test_a_door_of_spaces_is_none_and_a_long_one_is_cut(database: Database) -> None:
    event_id = database.event()
    nowhere, far = confirmed(database, event_id), confirmed(database, event_id, "far@example.org")

    assert database.one(CHECK_IN, nowhere["id"], "  ")["checked_in_by"] is None
    assert database.one(CHECK_IN, far["id"], "x" * 500)["checked_in_by"] == "x" * 200


def test_what_is_not_confirmed_does_not_come_in(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    held, canceled = database.book(event_id), database.book(event_id, "canceled@example.org")
    database.execute("SELECT cancel_booking(%s)", (canceled["id"],))

    for booking in (held, canceled):
        with raises("EB215"):
            database.one(CHECK_IN, booking["id"], "Main door")
    database.advance(60)
    with raises("EB215"):
        database.one(CHECK_IN, held["id"], "Main door")


def test_an_unknown_booking_is_named(database: Database) -> None:
    with raises("EB002"):
        database.one(CHECK_IN, 404, "Main door")


def test_history_tells_who_came_in_where_and_what_was_undone(database: Database) -> None:
    booking = confirmed(database, database.event())
    database.execute(CHECK_IN, (booking["id"], "Main door"))
    database.execute("SELECT undo_check_in(%s)", (booking["id"],))
    database.execute("SELECT check_in(%s)", (booking["id"],))

    columns = "from_status, to_status, reason, seats"
    history = database.execute(f"SELECT {columns} FROM booking_history(%s)", (booking["id"],))

    assert [tuple(line.values()) for line in history] == [
        (None, "pending", None, 1),
        ("pending", "confirmed", None, 1),
        ("confirmed", "confirmed", "checked in: Main door", 1),
        ("confirmed", "confirmed", "check-in undone", 1),
        ("confirmed", "confirmed", "checked in", 1),
    ]


def test_who_is_in_cannot_cancel_or_give_seats_back(database: Database) -> None:
    event_id = database.event(most=2)
    booking = confirmed(database, event_id, seats=2)
    database.execute(CHECK_IN, (booking["id"], None))

    with raises("EB216"):
        database.execute("SELECT cancel_booking(%s)", (booking["id"],))
    with raises("EB216"):
        database.execute("SELECT change_booking_seats(%s, 1)", (booking["id"],))

    database.execute("SELECT undo_check_in(%s)", (booking["id"],))
    database.execute("SELECT change_booking_seats(%s, 1)", (booking["id"],))
    assert database.one("SELECT * FROM cancel_booking(%s)", booking["id"])["status"] == "canceled"
    assert database.free_seats(event_id) == 10


def test_an_event_that_is_canceled_takes_the_check_in_with_it(database: Database) -> None:
    event_id = database.event()
    booking = confirmed(database, event_id)
    database.execute(CHECK_IN, (booking["id"], "Main door"))

    database.execute("SELECT cancel_event(%s)", (event_id,))

    row = database.one("SELECT status, checked_in_at, checked_in_by FROM bookings WHERE id = %s", booking["id"])
    assert tuple(row.values()) == ("canceled", None, None)
    assert "checked in: Main door" in str(database.execute("SELECT booking_history(%s)", (booking["id"],)))


def test_who_is_erased_leaves_no_check_in(database: Database) -> None:
    booking = confirmed(database, database.event())
    database.execute(CHECK_IN, (booking["id"], None))

    database.execute("SELECT erase_user(%s)", (booking["user_id"],))

    assert database.one("SELECT checked_in_at FROM bookings WHERE id = %s", booking["id"])["checked_in_at"] is None
    database.must_keep_the_law()
