import pytest

from tests.database import Database, raises


def test_a_new_event_has_all_its_seats_free(database: Database) -> None:
    event = database.one("SELECT * FROM create_event('Go Conference', '2030-03-01 18:00+00', 50)")

    assert (event["id"], event["total_seats"], event["available_seats"], event["booking_ttl"]) == (1, 50, 50, 10)


def test_arguments_may_be_named(database: Database) -> None:
    event = database.one(
        "SELECT * FROM create_event(p_total_seats => 5, p_name => 'A', p_date => '2030-01-01', p_booking_ttl => 3)"
    )

    assert (event["total_seats"], event["booking_ttl"]) == (5, 3)


def test_an_event_says_what_and_where_it_is_and_when_it_can_be_booked(database: Database) -> None:
    event = database.one(
        "SELECT * FROM create_event('A', '2030-03-01 18:00+01', 5, p_description => E' Two\nlines\n',"
        " p_place => ' Room 1 ', p_timezone => 'Europe/Berlin', p_opens_at => '2030-02-01',"
        " p_closes_at => '2030-03-01 17:00+01', p_max_seats_per_booking => 3, p_published => false)"
    )

    assert (event["description"], event["place"], event["timezone"]) == ("Two\nlines", "Room 1", "Europe/Berlin")
    assert (event["max_seats_per_booking"], event["published"], event["version"]) == (3, False, 1)


def test_what_is_not_said_of_an_event_has_a_default(database: Database) -> None:
    event = database.one("SELECT * FROM create_event('A', '2030-03-01', 5, p_description => ' ', p_place => '')")

    assert (event["description"], event["place"], event["opens_at"], event["closes_at"]) == (None, None, None, None)
    assert (event["timezone"], event["max_seats_per_booking"], event["published"]) == ("UTC", 1, True)


def test_the_zone_of_an_event_is_that_of_the_session_unless_it_is_named(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Tokyo'")
        event = connection.execute("SELECT timezone FROM create_event('A', '2030-03-01 18:00', 5)").fetchone()
        assert event == {"timezone": "Asia/Tokyo"}
        connection.execute("SET TimeZone = '<+07>-07'")
        event = connection.execute("SELECT timezone FROM create_event('A', '2030-03-01 18:00', 5)").fetchone()
        assert event == {"timezone": "UTC"}


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ("NULL, '2030-01-01', 5, 10", "name"),
        ("'  ', '2030-01-01', 5, 10", "name"),
        ("repeat('x', 201), '2030-01-01', 5, 10", "name"),
        ("'A', NULL, 5, 10", "date"),
        ("'A', 'infinity', 5, 10", "date"),
        ("'A', '1969-01-01', 5, 10", "date"),
        ("'A', '2030-01-01', NULL, 10", "total_seats"),
        ("'A', '2030-01-01', 0, 10", "total_seats"),
        ("'A', '2030-01-01', 1000001, 10", "total_seats"),
        ("'A', '2030-01-01', 5, NULL", "booking_ttl_minutes"),
        ("'A', '2030-01-01', 5, 0", "booking_ttl_minutes"),
        ("'A', '2030-01-01', 5, 43201", "booking_ttl_minutes"),
        ("'A', '2030-01-01', 5, p_description => repeat('x', 10001)", "description"),
        ("'A', '2030-01-01', 5, p_place => repeat('x', 201)", "place"),
        ("'A', '2030-01-01', 5, p_timezone => 'Europe/Atlantis'", "timezone"),
        ("'A', '2030-01-01', 5, p_timezone => 'europe/berlin'", "timezone"),
        ("'A', '2030-01-01', 5, p_timezone => 'MSK-3'", "timezone"),
        ("'A', '2030-01-01', 5, p_timezone => ''", "timezone"),
        ("'A', '2030-01-01', 5, p_closes_at => '2030-01-02'", "closes_at"),
        ("'A', '2030-01-01', 5, p_closes_at => '1969-01-01'", "closes_at"),
        ("'A', '2030-01-01', 5, p_opens_at => '2030-01-01'", "opens_at"),
        ("'A', '2030-01-03', 5, p_opens_at => '2030-01-02', p_closes_at => '2030-01-01'", "opens_at"),
        ("'A', '2030-01-01', 5, p_opens_at => '-infinity'", "opens_at"),
        ("'A', '2030-01-01', 5, p_max_seats_per_booking => 0", "max_seats_per_booking"),
        ("'A', '2030-01-01', 5, p_max_seats_per_booking => NULL", "max_seats_per_booking"),
        ("'A', '2030-01-01', 5, p_published => NULL", "published"),
    ],
)
def test_what_is_no_event_is_refused_by_the_field(database: Database, arguments: str, field: str) -> None:
    with raises("EB101") as error:
        database.execute(f"SELECT create_event({arguments})")

    assert f'"field" : "{field}"' in str(error.value.diag.message_detail)
    assert database.execute("SELECT * FROM events") == []
