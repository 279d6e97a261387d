"""A batch answers each as confirm_booking would."""

from typing import Any

from tests.database import Database


def confirm_all(database: Database, booking_ids: list[int], wait: bool = True) -> list[dict[str, Any]]:
    return database.execute(
        "SELECT ordinal, (booking).*, (refusal).* FROM confirm_bookings(%s, %s) ORDER BY ordinal", (booking_ids, wait)
    )


def test_each_gets_its_own_answer(database: Database) -> None:
    database.freeze()
    event_id, short = database.event(), database.event(ttl=1)
    lapsed = database.book(short, "lapsed@example.org")["id"]
    canceled = database.book(event_id, "canceled@example.org")["id"]
    confirmed = database.book(event_id, "confirmed@example.org")["id"]
    held = database.book(event_id, "held@example.org", telegram_id="7")["id"]
    database.execute("SELECT cancel_booking(%s)", (canceled,))
    database.execute("SELECT confirm_booking(%s)", (confirmed,))
    database.advance(60)

    answers = confirm_all(database, [lapsed, canceled, confirmed, held, 99, held])

    assert [row["status"] or row["sqlstate"] for row in answers] == [
        "EB204", "EB205", "confirmed", "confirmed", "EB002", "confirmed",
    ]  # fmt: skip
    assert answers[3]["confirmed_at"] == database.one("SELECT clock() AS now")["now"]
    stored = database.one("SELECT * FROM bookings WHERE id = %s", held)
    assert {name: answers[3][name] for name in stored} == stored
    assert answers[0]["hint"] == "Book a seat again."
    assert [row["kind"] for row in database.execute("SELECT kind FROM outbox")][-1] == "booking_confirmed"
    database.must_keep_the_law()


def test_without_waiting_a_locked_booking_is_left_out(database: Database) -> None:
    event_id = database.event()
    busy, idle = (database.book(event_id, f"{name}@example.org")["id"] for name in ("busy", "idle"))
    with database.connect() as session, session.transaction():
        session.execute("SELECT FROM bookings WHERE id = %s FOR UPDATE", (busy,))

        answers = confirm_all(database, [busy, idle], wait=False)

        assert [row["status"] or row["sqlstate"] for row in answers] == [None, "confirmed"]
