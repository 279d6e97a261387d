from tests.database import Database


def test_a_lapsed_hold_reads_canceled_before_anything_swept_it(database: Database) -> None:
    database.freeze()
    hold = database.book(database.event(ttl=1))
    assert database.one("SELECT status FROM current_bookings")["status"] == "pending"
    database.advance(60)

    lapsed = {"status": "canceled", "cancel_reason": "expired", "canceled_at": hold["expires_at"]}
    not_swept = database.one("SELECT * FROM current_bookings")
    assert lapsed.items() <= not_swept.items()
    database.execute("SELECT expire_bookings()")
    assert database.one("SELECT * FROM current_bookings") == not_swept


def test_it_has_the_columns_of_the_table(database: Database) -> None:
    booking = database.book(database.event())

    assert database.one("SELECT * FROM current_bookings") == booking
