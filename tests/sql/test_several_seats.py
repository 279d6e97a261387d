"""Bookings of several seats: counted as that many wherever seats are counted."""

from typing import Any

from tests.database import Database, raises


def book_all(database: Database, event_id: int, seats: list[int]) -> list[Any]:
    emails = [f"user{number}@example.org" for number in range(len(seats))]
    nobody = [None] * len(seats)
    rows = database.execute(
        "SELECT (booking).seats, (refusal).* FROM"
        " book_seats(%s::bigint[], %s::text[], %s::text[], %s::text[], p_seats => %s) ORDER BY ordinal",
        ([event_id] * len(seats), emails, nobody, nobody, seats),
    )
    return [row["sqlstate"] or row["seats"] for row in rows]


def test_a_hold_takes_its_seats_and_gives_them_back_together(database: Database) -> None:
    event_id = database.event(seats=5, most=3)

    booking = database.book(event_id, seats=3)
    assert (booking["seats"], database.free_seats(event_id)) == (3, 2)
    database.must_keep_the_law()
    database.execute("SELECT cancel_booking(%s)", (booking["id"],))
    assert database.free_seats(event_id) == 5
    database.must_keep_the_law()


def test_more_than_one_booking_may_take_is_refused_by_the_field(database: Database) -> None:
    event_id = database.event(seats=5, most=2)

    for seats in (0, 3):
        with raises("EB104") as refused:
            database.book(event_id, seats=seats)
        assert '"max_seats_per_booking" : 2' in str(refused.value.diag.message_detail)
        assert '"field" : "seats"' in str(refused.value.diag.message_detail)
    assert database.free_seats(event_id) == 5


def test_who_asks_for_more_than_is_left_is_told_how_many_are(database: Database) -> None:
    event_id = database.event(seats=5, most=4)
    database.book(event_id, "first@example.org", seats=3)

    with raises("EB201") as refused:
        database.book(event_id, seats=3)
    assert refused.value.diag.message_detail == '{"free_seats" : 2, "waitlist" : true}'
    assert database.book(event_id, seats=2)["seats"] == 2


def test_in_a_batch_who_asks_for_fewer_is_served_after_who_asked_for_too_many(database: Database) -> None:
    event_id = database.event(seats=4, most=3)

    assert book_all(database, event_id, [2, 3, 9, 1, 2, 1]) == [2, "EB201", "EB104", 1, "EB201", 1]
    assert database.free_seats(event_id) == 0
    database.must_keep_the_law()


def test_as_many_lapsed_holds_as_needed_make_room(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=130, ttl=1, most=130)
    for number in range(130):
        database.book(event_id, f"user{number}@example.org")
    database.advance(60)

    assert database.one("SELECT (get_event(%s) ->> 'available_seats')::int AS free", event_id) == {"free": 130}
    assert database.book(event_id, "group@example.org", seats=130)["seats"] == 130
    database.must_keep_the_law()


def test_the_own_lapsed_hold_and_others_together_make_room(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=3, ttl=1, most=3)
    database.book(event_id, "own@example.org", seats=1)
    database.book(event_id, "other@example.org", seats=2)
    database.advance(60)

    assert database.book(event_id, "own@example.org", seats=3)["seats"] == 3
    database.must_keep_the_law()


def test_the_sweep_counts_holds_and_frees_seats(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=6, ttl=1, most=3)
    for number in range(2):
        database.book(event_id, f"user{number}@example.org", seats=3)
    database.advance(60)

    assert database.one("SELECT expire_bookings(1) AS expired") == {"expired": 1}
    assert database.free_seats(event_id) == 3
    assert database.one("SELECT expire_bookings(5) AS expired") == {"expired": 1}
    assert database.free_seats(event_id) == 6


def test_audit_explanation_and_repair_count_seats(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=9, ttl=1, most=3)
    database.execute("SELECT confirm_booking(%s)", (database.book(event_id, "a@example.org", seats=3)["id"],))
    database.book(event_id, "b@example.org", seats=2)
    database.execute("UPDATE events SET available_seats = 5")

    (row,) = database.execute("SELECT * FROM audit_seats()")
    assert (row["pending"], row["confirmed"], row["off_by"]) == (2, 3, 1)
    told = database.execute("SELECT what, seats, explanation FROM explain_event(%s)", (event_id,))
    assert [(line["what"], line["seats"]) for line in told] == [
        ("free", 5), ("confirmed", 3), ("held", 2), ("does not add up", 1),
    ]  # fmt: skip
    assert "holds 2 seats for b@example.org" in told[2]["explanation"]
    assert database.one("SELECT seats_after FROM repair_seats(%s)", event_id) == {"seats_after": 4}
    database.must_keep_the_law()


def test_an_archived_booking_keeps_its_seats(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(seats=5, most=3, date="2030-01-02 12:00+00")
    database.execute("SELECT confirm_booking(%s)", (database.book(event_id, seats=3)["id"],))
    database.freeze("2030-02-01 12:00+00")
    database.execute("SELECT archive_events(clock())")

    assert database.one("SELECT seats FROM archive.bookings") == {"seats": 3}
    assert database.execute("SELECT DISTINCT seats FROM archive.booking_changes") == [{"seats": 3}]
