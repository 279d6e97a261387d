from tests.database import Database, raises

BERLIN = (
    "SELECT * FROM create_event('Go night', '2030-03-20 19:00+01', 50, 15, 'Bring a board.', 'Room 1', 'Europe/Berlin',"
    " '2030-03-06 09:00+01', '2030-03-20 12:00+01', 3, false)"
)


def test_a_copy_is_the_event_at_another_date_with_all_its_seats_free(database: Database) -> None:
    original = database.one(BERLIN)
    database.execute("SELECT change_event(%s, p_published => true, p_opens_at => '2020-01-01')", (original["id"],))
    database.book(original["id"])

    copies = database.execute(
        "SELECT * FROM copy_event(%s, ARRAY['2030-03-27 19:00+01', '2030-05-01 19:00+02']::timestamptz[])",
        (original["id"],),
    )
    same = ("name", "total_seats", "booking_ttl", "description", "place", "timezone", "max_seats_per_booking")
    assert [[copy[field] for field in same] for copy in copies] == [[original[field] for field in same]] * 2
    assert [(copy["available_seats"], copy["published"], copy["version"]) for copy in copies] == [(50, True, 1)] * 2
    database.must_keep_the_law()


def test_booking_opens_and_closes_at_the_same_local_time_across_a_change_of_the_clocks(database: Database) -> None:
    original = database.one(BERLIN)

    copied = database.one(
        "SELECT opens_at = '2030-03-27 09:00+01' AS opens, closes_at = '2030-04-10 12:00+02' AS closes"
        " FROM copy_event(%s, ARRAY['2030-04-10 19:00+02'::timestamptz])",
        original["id"],
    )
    assert copied == {"opens": True, "closes": True}


def test_all_copies_are_made_or_none(database: Database) -> None:
    event_id = database.event()

    for dates in ("ARRAY['2040-01-01', 'infinity']", "ARRAY['2040-01-01', NULL]", "'{}'", "NULL"):
        with raises("EB101"):
            database.execute(f"SELECT copy_event(%s, {dates}::timestamptz[])", (event_id,))
    with raises("EB101"):
        database.execute(
            "SELECT copy_event(%s, array_agg('2040-01-01'::timestamptz)) FROM generate_series(1, 101)", (event_id,)
        )
    assert database.execute("SELECT id FROM events") == [{"id": event_id}]


def test_an_unknown_event_is_not_copied(database: Database) -> None:
    with raises("EB001"):
        database.execute("SELECT copy_event(404, ARRAY['2040-01-01'::timestamptz])")
