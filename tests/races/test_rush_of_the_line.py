"""As many people as there are seats come at the very moment at which holders cancel: no seat is lost between them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.database import Database, Row

SEATS = 64

HOLD_ALL = "SELECT book_seat(%s, 'holder' || number || '@example.org') FROM generate_series(1, %s) AS number"

LIVES = """
SELECT count(b.id) AS bookings,
       count(w.id) FILTER (WHERE w.status = 'waiting') AS waits,
       count(w.id) FILTER (WHERE w.status = 'offered') AS offers,
       bool_and(w.booking_id = b.id AND b.status = 'pending') AS is_the_offer
FROM users AS u
LEFT JOIN bookings AS b
    ON b.event_id = %s AND b.user_id = u.id
    AND (b.status = 'confirmed' OR (b.status = 'pending' AND b.expires_at > clock()))
LEFT JOIN waitlist AS w ON w.event_id = %s AND w.user_id = u.id AND w.status IN ('waiting', 'offered')
WHERE u.name LIKE 'client%%'
GROUP BY u.id
"""
"""What each client has of an event that lives: a row for each."""


def wait_or_book(session: "psycopg.Connection[Row]", event_id: int, email: str) -> None:
    """Joins the line, or books where one need not wait; again if the seat is gone by then.

    A seat that was free and is gone went to one of the others, and each of them takes only one."""
    for _ in range(SEATS):
        try:
            session.execute("SELECT join_waitlist(%s, %s)", (event_id, email))
            return
        except psycopg.Error as error:
            if error.sqlstate != "EB213":
                raise
        try:
            session.execute("SELECT book_seat(%s, %s)", (event_id, email))
            return
        except psycopg.Error as error:
            if error.sqlstate != "EB201":
                raise
    raise AssertionError(f"{email} neither waits nor has a seat")


def rush(database: Database, event_id: int, cancelers: int) -> None:
    """The first holders cancel and as many clients as there are seats come, everybody in a session of their own."""
    holds = database.execute("SELECT id FROM bookings WHERE event_id = %s ORDER BY id LIMIT %s", (event_id, cancelers))
    everybody_is_there = threading.Barrier(SEATS + cancelers, timeout=60)

    def come(number: int) -> None:
        with database.connect() as session:
            everybody_is_there.wait()
            wait_or_book(session, event_id, f"client{number}@example.org")

    def cancel(hold: Row) -> Row | None:
        with database.connect() as session:
            everybody_is_there.wait()
            return session.execute("SELECT status FROM cancel_booking(%s)", (hold["id"],)).fetchone()

    with ThreadPoolExecutor(SEATS + cancelers) as people:
        canceled = people.map(cancel, holds)
        came = people.map(come, range(SEATS))
        assert list(canceled) == [{"status": "canceled"}] * cancelers
        assert len(list(came)) == SEATS


def test_seats_that_are_canceled_in_a_rush_all_go_to_those_who_come_in_it(database: Database) -> None:
    for cancelers in (SEATS, SEATS // 2):  # one after the other: each needs many of the server's connections
        event_id = database.event(seats=SEATS)
        database.execute(HOLD_ALL, (event_id, SEATS))
        database.execute("SELECT confirm_booking(id) FROM bookings WHERE event_id = %s AND id %% 2 = 0", (event_id,))

        rush(database, event_id, cancelers)

        waiting = SEATS - cancelers
        assert database.one("SELECT available_seats, waiting FROM events WHERE id = %s", event_id) == {
            "available_seats": 0, "waiting": waiting,
        }  # fmt: skip
        lives = database.execute(LIVES, (event_id, event_id))
        assert len(lives) == SEATS
        assert all(life["bookings"] + life["waits"] == 1 for life in lives)
        assert sum(life["waits"] for life in lives) == waiting
        assert all(life["is_the_offer"] for life in lives if life["offers"])
        database.must_keep_the_law()
