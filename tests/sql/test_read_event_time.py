import pytest

from tests.database import Database, raises


def read(database: Database, time: str, timezone: str | None = None, event_id: int | None = None) -> str:
    row = database.one(
        "SELECT to_char(read_event_time(%s, %s, %s) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS utc",
        time, timezone, event_id,
    )  # fmt: skip
    return str(row["utc"])


@pytest.mark.parametrize(
    ("time", "utc"),
    [
        ("2030-07-01T18:00", "2030-07-01 16:00:00"),
        ("2030-01-01T18:00:30", "2030-01-01 17:00:30"),
        ("2030-07-01T18:00:00Z", "2030-07-01 18:00:00"),
        ("2030-07-01T18:00:00+05:30", "2030-07-01 12:30:00"),
        ("2030-07-01T18:00:00.25-02:00", "2030-07-01 20:00:00"),
    ],
)
def test_an_offset_counts_and_without_one_the_zone_does(database: Database, time: str, utc: str) -> None:
    assert read(database, time, "Europe/Berlin") == utc


def test_a_local_time_that_the_clocks_skip_is_moved_on_by_the_hour_that_is_skipped(database: Database) -> None:
    assert read(database, "2030-03-31T02:30:00", "Europe/Berlin") == "2030-03-31 01:30:00"
    assert read(database, "2030-03-31T03:30:00", "Europe/Berlin") == "2030-03-31 01:30:00"


def test_of_a_local_time_that_the_clocks_show_twice_it_is_the_later(database: Database) -> None:
    assert read(database, "2030-10-27T02:30:00", "Europe/Berlin") == "2030-10-27 01:30:00"
    assert read(database, "2030-10-27T02:30:00+02:00", "Europe/Berlin") == "2030-10-27 00:30:00"


def test_the_zone_named_comes_before_the_events_and_that_before_the_sessions(database: Database) -> None:
    event_id = int(database.one("SELECT id FROM create_event('A', '2040-01-01', 1, p_timezone => 'Asia/Tokyo')")["id"])

    assert read(database, "2030-01-01T12:00:00", "Europe/Berlin", event_id) == "2030-01-01 11:00:00"
    assert read(database, "2030-01-01T12:00:00", None, event_id) == "2030-01-01 03:00:00"
    assert read(database, "2030-01-01T12:00:00", None, 404) == "2030-01-01 12:00:00"
    assert read(database, "2030-01-01T12:00:00") == "2030-01-01 12:00:00"


def test_an_unknown_zone_is_refused(database: Database) -> None:
    with raises("EB101"):
        read(database, "2030-01-01T12:00:00", "Europe/Atlantis")
