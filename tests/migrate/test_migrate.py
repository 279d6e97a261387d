import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from yoyo.migrations import MigrationList

from eventbooker.database.definitions import definitions
from eventbooker.database.migrate import MigrationError, _migrations, migrate, schema_of
from eventbooker.database.pool import connect
from tests.database import Database
from tests.waiting import until

SCRIPT = "import sys; from eventbooker.database.migrate import migrate; migrate(sys.argv[1])"


def pending(url: str) -> list[str]:
    """The names of the migrations that the database lacks."""
    with connect(url) as connection:
        return schema_of(connection).lacks


def run(database: Database) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", SCRIPT, database.url])


def migrate_up_to(database: Database, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables as they were before the migration with this number, without functions."""
    before = [migration for migration in _migrations() if migration.id < number]
    with monkeypatch.context() as patched:
        patched.setattr("eventbooker.database.migrate._migrations", lambda: MigrationList(before))
        patched.setattr("eventbooker.database.migrate.load_definitions", lambda *_: None)
        patched.setattr("eventbooker.database.migrate._fill_booking_codes", lambda *_: None)
        migrate(database.url)


def test_from_empty_and_again(empty_database: Database) -> None:
    everything = pending(empty_database.url)

    assert migrate(empty_database.url) == everything
    assert pending(empty_database.url) == []
    assert migrate(empty_database.url) == []
    assert empty_database.event() == 1


def test_a_database_of_a_newer_version_is_left_as_it_is(database: Database) -> None:
    database.execute(
        "INSERT INTO _yoyo_migration (migration_hash, migration_id, applied_at_utc) VALUES ('x', '9999-later', now())"
    )
    database.execute("DROP FUNCTION expire_bookings(integer)")

    with pytest.raises(MigrationError, match="newer EventBooker, with 9999-later"):
        migrate(database.url)
    assert database.one("SELECT to_regproc('expire_bookings') AS loaded") == {"loaded": None}


def test_rows_and_functions_survive_migrating_again(database: Database) -> None:
    booking = database.book(database.event())
    database.execute("DROP FUNCTION expire_bookings(integer)")

    migrate(database.url)

    assert database.one("SELECT * FROM bookings") == booking
    assert database.one("SELECT expire_bookings() AS n") == {"n": 0}


def test_events_from_before_they_had_a_zone_are_in_the_configured_one(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate_up_to(empty_database, "0012", monkeypatch)
    empty_database.execute(
        "INSERT INTO events (name, date, total_seats, available_seats, booking_ttl)"
        " VALUES ('A', '2040-01-01', 5, 5, 10)"
    )

    migrate(empty_database.url, timezone="Europe/Berlin")
    assert empty_database.one("SELECT timezone, max_seats_per_booking, published FROM events") == {
        "timezone": "Europe/Berlin", "max_seats_per_booking": 1, "published": True,
    }  # fmt: skip


def test_bookings_from_before_there_were_codes_get_one_each(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate_up_to(empty_database, "0021", monkeypatch)
    empty_database.execute(
        "INSERT INTO events (name, date, total_seats, available_seats, booking_ttl)"
        " VALUES ('A', '2040-01-01', 9000, 4000, 10)"
    )
    empty_database.execute(
        "INSERT INTO users (email, name) SELECT n || '@example.org', 'A' FROM generate_series(1, 5000) AS n"
    )
    empty_database.execute("INSERT INTO bookings (event_id, user_id, expires_at) SELECT 1, id, 'infinity' FROM users")

    migrate(empty_database.url)
    codes = empty_database.one(
        "SELECT count(DISTINCT (find_booking_by_code(code)).id), count(DISTINCT right(code, 14)) AS parts FROM bookings"
    )
    assert codes == {"count": 5000, "parts": 5000}
    assert empty_database.book(1, "new@example.org")["code"].startswith("5001-")
    migrate(empty_database.url)
    empty_database.must_keep_the_law()


def test_twenty_at_once_on_an_empty_database(empty_database: Database) -> None:
    everything = pending(empty_database.url)
    with ThreadPoolExecutor(20) as instances:
        applied = list(instances.map(lambda _: migrate(empty_database.url), range(20)))

    assert sorted(applied, key=len)[-1] == everything
    assert sum(map(len, applied)) == len(everything)


@pytest.mark.parametrize("waits_for", ["users", "_yoyo_migration"])
def test_killed_in_the_middle_it_can_run_again(empty_database: Database, waits_for: str) -> None:
    """Held up between two statements, or between applying and marking; killed there with -9."""
    migrate(empty_database.url)
    empty_database.execute("DROP TABLE outbox CASCADE; DELETE FROM _yoyo_migration WHERE migration_id = '0002-outbox'")
    with empty_database.connect() as rival, rival.transaction():
        rival.execute(f"LOCK TABLE {waits_for}")
        process = run(empty_database)
        until(lambda: empty_database.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ))  # fmt: skip
        process.kill()
        process.wait()

    assert migrate(empty_database.url) == ["0002-outbox"]
    assert empty_database.event() == 1


def test_functions_are_replaced_under_load_without_a_failed_call(database: Database) -> None:
    event_id = database.event(seats=1_000_000)
    reloading = [run(database) for _ in range(3)]
    with database.connect() as booker:
        booked = 0
        while any(process.poll() is None for process in reloading):
            booker.execute("SELECT book_seat(%s, %s)", (event_id, f"user{booked}@example.org"))
            booked += 1

    assert [process.returncode for process in reloading] == [0, 0, 0]
    assert database.free_seats(event_id) == 1_000_000 - booked
    database.must_keep_the_law()


def test_a_broken_migration_or_function_names_its_file(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_database.execute("CREATE TABLE users (id int)")

    with pytest.raises(MigrationError, match='"users" already exists'):
        migrate(empty_database.url)


def test_the_clock_loads_before_what_asks_it() -> None:
    assert definitions()[0].stem == "clock"
