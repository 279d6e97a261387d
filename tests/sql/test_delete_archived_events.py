from tests.database import Database


def archived(database: Database, day: int) -> int:
    """An event of that day with a confirmed booking, in the archive."""
    database.freeze(f"2030-01-0{day} 12:00+00")
    event_id = database.event(date=f"2030-01-0{day} 13:00+00")
    database.execute("SELECT confirm_booking(%s)", (database.book(event_id)["id"],))
    database.freeze(f"2030-01-0{day} 14:00+00")
    database.execute("UPDATE outbox SET state = 'sent', finished_at = clock()")
    database.execute("SELECT archive_events(clock())")
    return event_id


def test_what_started_before_is_deleted_with_bookings_and_history(database: Database) -> None:
    archived(database, 1)
    kept = archived(database, 2)

    assert database.one("SELECT delete_archived_events('2030-01-02 13:00+00', 10) AS deleted") == {"deleted": 1}

    assert database.execute("SELECT id FROM archive.events") == [{"id": kept}]
    assert database.execute("SELECT event_id FROM archive.bookings") == [{"event_id": kept}]
    assert database.one("SELECT count(*) AS changes FROM archive.booking_changes") == {"changes": 2}
    assert database.one("SELECT delete_archived_events('2030-01-02 13:00+00') AS deleted") == {"deleted": 0}


def test_what_is_not_in_the_archive_stays(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    database.event(date="2030-01-01 13:00+00")
    database.freeze("2030-01-01 14:00+00")

    assert database.one("SELECT delete_archived_events('2031-01-01') AS deleted") == {"deleted": 0}
    assert len(database.execute("SELECT FROM events")) == 1
