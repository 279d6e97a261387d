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
    ],
)
def test_what_is_no_event_is_refused_by_the_field(database: Database, arguments: str, field: str) -> None:
    with raises("EB101") as error:
        database.execute(f"SELECT create_event({arguments})")

    assert f'"field" : "{field}"' in str(error.value.diag.message_detail)
    assert database.execute("SELECT * FROM events") == []
