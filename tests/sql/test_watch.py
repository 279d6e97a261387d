"""watch_events, watch_bookings, watch_users: how what pages look at counts now."""

from tests.database import Database


def test_free_seats_are_those_that_count_now(database: Database) -> None:
    database.freeze()
    one, two = database.event(seats=3, ttl=1), database.event(seats=5)
    database.book(one)
    watch = "SELECT * FROM watch_events(%s) ORDER BY id"

    held = {"id": one, "available_seats": 2, "total_seats": 3, "published": True}
    other = {"id": two, "available_seats": 5, "total_seats": 5, "published": True}
    assert database.execute(watch, ([two, one, 999],)) == [held, other]
    database.advance(60)
    assert database.execute(watch, ([one],)) == [held | {"available_seats": 3}]
    assert database.execute(watch, ([],)) == []


def test_bookings_are_told_as_they_count_now(database: Database) -> None:
    database.freeze()
    booking = database.book(database.event(ttl=1))
    told = {"id": booking["id"], "status": "pending", "seats": 1}

    watch = "SELECT * FROM watch_bookings(%s)"
    assert database.execute(watch, ([booking["id"], 999],)) == [{"id": booking["id"], "booking": told}]
    database.advance(60)
    assert database.one(watch, [booking["id"]])["booking"] == told | {"status": "canceled"}


def test_of_each_user_the_newest_bookings_are_told(database: Database) -> None:
    bookings = [database.book(database.event(), "ann@example.org") for _ in range(21)]
    other = database.book(database.event(), "bob@example.org")
    nobody = database.one("SELECT (register_user('new@example.org', NULL, NULL, NULL)).id")["id"]

    watch = "SELECT * FROM watch_users(%s, false)"
    found = database.execute(watch, ([bookings[0]["user_id"], other["user_id"], nobody, 999],))
    told = {row["id"]: [booking["id"] for booking in row["bookings"]] for row in found}
    assert told == {
        bookings[0]["user_id"]: [booking["id"] for booking in bookings[:0:-1]],
        other["user_id"]: [other["id"]],
        nobody: [],
    }


def test_an_account_whose_email_is_unproven_is_told_only_what_is_its_own(database: Database) -> None:
    database.freeze()
    before = database.book(database.event(), "ann@example.org")
    database.advance(1)
    database.execute("SELECT register_user('ann@example.org', 'Ann', NULL, 'hash', p_claim => true)")
    after = database.book(database.event(), "ann@example.org")

    def told(own: bool) -> list[int]:
        row = database.one("SELECT bookings FROM watch_users(%s, %s)", [before["user_id"]], own)
        return [booking["id"] for booking in row["bookings"]]

    assert told(own=True) == [after["id"]]
    assert told(own=False) == [after["id"], before["id"]]
