from tests.database import Database, raises

EXPLAIN = "SELECT what, seats, explanation FROM explain_event(%s)"


def test_each_seat_is_told_of_in_words(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    event_id = database.event(seats=10, ttl=1)
    lapsed = database.book(event_id, "lapsed@example.org")
    confirmed = database.book(event_id, "confirmed@example.org")
    database.execute("SELECT confirm_booking(%s)", (confirmed["id"],))
    canceled = database.book(event_id, "canceled@example.org")
    database.execute("SELECT cancel_booking(%s)", (canceled["id"],))
    database.advance(60)
    held = database.book(event_id, "held@example.org")

    free, *taken, verdict = database.execute(EXPLAIN, (event_id,))

    assert (free["what"], free["seats"]) == ("free", 7)
    assert [(row["what"], row["seats"]) for row in taken] == [("lapsed", 1), ("confirmed", 1), ("held", 1)]
    for row, booking, email in zip(
        taken,
        (lapsed, confirmed, held),
        ("lapsed@example.org", "confirmed@example.org", "held@example.org"),
        strict=True,
    ):
        assert f"Booking {booking['id']} " in row["explanation"]
        assert email in row["explanation"]
    assert "2030-01-01 12:02:00" in taken[2]["explanation"]  # until when it is held
    assert (verdict["what"], verdict["seats"]) == ("adds up", 0)
    assert "8 can be booked" in verdict["explanation"]


def test_a_hold_is_held_up_to_its_expires_at_and_lapsed_from_then_on(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=1)
    database.book(event_id)
    database.advance(59.999999)
    assert [row["what"] for row in database.execute(EXPLAIN, (event_id,))] == ["free", "held", "adds up"]

    database.advance(0.000001)

    assert [row["what"] for row in database.execute(EXPLAIN, (event_id,))] == ["free", "lapsed", "adds up"]


def test_what_does_not_add_up_is_told_with_its_remedy(database: Database) -> None:
    for counter, off_by in ((3, -1), (5, 1)):
        event_id = database.event(seats=5)
        database.book(event_id)
        database.execute("UPDATE events SET available_seats = %s WHERE id = %s", (counter, event_id))

        verdict = database.execute(EXPLAIN, (event_id,))[-1]

        assert (verdict["what"], verdict["seats"]) == ("does not add up", off_by)
        assert f"repair_seats({event_id}) sets the counter to 4" in verdict["explanation"]


def test_more_taken_than_there_are_is_told_as_what_the_counter_cannot_mend(database: Database) -> None:
    event_id = database.event(seats=2)
    database.book(event_id, "a@example.org")
    database.book(event_id, "b@example.org")
    database.execute("UPDATE events SET total_seats = 1 WHERE id = %s", (event_id,))

    verdict = database.execute(EXPLAIN, (event_id,))[-1]

    assert (verdict["what"], verdict["seats"]) == ("does not add up", 1)
    assert "Cancel bookings or raise total_seats" in verdict["explanation"]


def test_an_unknown_event_is_no_answer_of_no_lines(database: Database) -> None:
    with raises("EB001"):
        database.execute(EXPLAIN, (1,))
