"""Sessions that planned their queries when the tables were small must not scan them when they have grown."""

import pytest

from tests.database import Database

CALLS = {
    "book_seat": "SELECT book_seat({event}, 'user' || {n} || '@example.org')",
    "book_seat of a client": "SELECT book_seat({event}, {n} || '@c.d', p_client => '\\x01', p_holds_per_client => 9)",
    "book_seats": "SELECT book_seats(ARRAY[{event}], ARRAY['user' || {n} || '@example.org'], '{{NULL}}', '{{NULL}}')",
    "confirm_booking": "SELECT confirm_booking({booking})",
    "confirm_bookings": "SELECT confirm_bookings(ARRAY[{booking}])",
    "cancel_booking": "SELECT cancel_booking({booking})",
    "check_in": "SELECT undo_check_in((check_in((confirm_booking({booking})).id)).id)",
    "get_attendance": "SELECT get_attendance({event})",
    "free_no_shows": "SELECT free_no_shows()",
    "expire_bookings": "SELECT expire_bookings(10)",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_table_is_scanned_even_if_statistics_say_it_is_empty(database: Database, call: str) -> None:
    database.execute("VACUUM ANALYZE")
    event_id = database.event(seats=100)
    booking_id = database.book(event_id)["id"]
    with database.connect() as session:
        for n in range(8):  # from the sixth on, PL/pgSQL may keep a plan for good
            with session.transaction():
                session.execute(call.format(event=event_id, booking=booking_id, n=n))
                scanned = session.execute(
                    "SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0 AND relname IN"
                    " ('users', 'events', 'bookings', 'outbox', 'client_holds')"
                ).fetchall()
                assert scanned == []
