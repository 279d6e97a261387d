"""What must always be true is refused to anybody's hands, the owner's as well."""

import psycopg
import pytest

from tests.database import Database

WRONG = [
    (
        "INSERT INTO bookings (event_id, user_id, expires_at) SELECT event_id, user_id, expires_at FROM bookings",
        "bookings_one_live_a_user",
    ),
    ("UPDATE events SET available_seats = -1", "events_available_seats_range"),
    ("UPDATE events SET available_seats = total_seats + 1", "events_available_seats_range"),
    ("UPDATE events SET total_seats = 0, available_seats = 0", "events_total_seats_range"),
    ("UPDATE bookings SET status = 'lost'", "bookings_status_is_known"),
    ("UPDATE bookings SET seats = 0", "bookings_seats_range"),
    ("UPDATE bookings SET status = 'confirmed'", "bookings_confirmed_says_when"),
    ("UPDATE bookings SET status = 'canceled', canceled_at = now()", "bookings_canceled_says_why"),
    ("UPDATE bookings SET status = 'canceled', cancel_reason = 'x'", "bookings_canceled_says_when"),
    ("UPDATE bookings SET confirmed_at = now()", "bookings_pending_is_not_confirmed"),
    (
        "UPDATE bookings SET status = 'canceled', cancel_reason = 'expired', canceled_at = now()",
        "bookings_lapsed_at_its_second",
    ),
    ("UPDATE bookings SET expires_at = created_at", "bookings_hold_has_a_life"),
    ("INSERT INTO users (email, name) SELECT upper(email), name FROM users", "users_email_key"),
    ("DELETE FROM users", "bookings_user_id_fkey"),
    ("DELETE FROM events", "bookings_event_id_fkey"),
]


@pytest.mark.parametrize(("statement", "constraint"), WRONG)
def test_a_constraint_refuses_it_by_name(database: Database, statement: str, constraint: str) -> None:
    database.book(database.event())

    with pytest.raises(psycopg.IntegrityError) as error:
        database.execute(statement)

    assert error.value.diag.constraint_name == constraint
