"""A service at work while the database goes over to another version: nobody waits long, and no request fails."""

import shutil
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yoyo

from eventbooker.config import Settings
from eventbooker.database import definitions, load, patience
from eventbooker.database.migrate import MigrationError, migrate
from tests.conftest import serving
from tests.database import Database
from tests.service import Service
from tests.waiting import until

NEW_COLUMNS = """
ALTER TABLE public.events ADD COLUMN colour text;
ALTER TABLE public.bookings ADD COLUMN colour text;
ALTER TABLE archive.events ADD COLUMN colour text;
ALTER TABLE archive.bookings ADD COLUMN colour text;
ALTER TABLE public.users ADD COLUMN colour text;
DROP FUNCTION public.get_event;
-- Nobody calls it any more.
DROP FUNCTION IF EXISTS public.has_no_file;
"""

NEW_PARAMETERS = {
    "shared/get_event": "p_published_only boolean DEFAULT false",
    "shared/list_events": "p_free boolean DEFAULT NULL",
    "shared/confirm_bookings": "p_wait boolean DEFAULT true",
}
"""Functions, and the last of their parameters, behind which there is a new one."""


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The SQL of a version after this one: columns, parameters and a view that this one does not know."""
    there = shutil.copytree(definitions.SQL, tmp_path / "sql")
    (there / "migrations" / "9000-later.sql").write_text(NEW_COLUMNS)
    for name, last in NEW_PARAMETERS.items():
        file = there / "functions" / f"{name}.sql"
        text = file.read_text()
        assert last in text
        file.write_text(text.replace(last, f"{last}, p_colour text DEFAULT NULL", 1))
    for view in there.glob("views/*.sql"):
        view.write_text(view.read_text().replace(" IS\n    '", " IS\n    'New: "))
    migrations = yoyo.read_migrations(str(there / "migrations"))
    monkeypatch.setattr("eventbooker.database.migrate._migrations", lambda: migrations)
    monkeypatch.setattr(definitions, "SQL", there)
    monkeypatch.setattr(load, "ROOT", tmp_path)
    monkeypatch.setattr(load, "ROLES", there / "roles.sql")
    return there


def test_this_version_goes_on_while_the_next_one_migrates(
    database: Database, settings: Settings, next_version: Path
) -> None:
    database.execute("CREATE FUNCTION has_no_file() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    event_id = database.event(seats=100_000)
    migrated = threading.Event()
    seen: Counter[tuple[str, int]] = Counter()

    def visit(number: int) -> None:
        with Service(service.url) as client:
            turn = 0
            while turn < 3 or not migrated.is_set():
                turn += 1
                booked = client.post(f"/events/{event_id}/book", {"email": f"user{number}-{turn}@example.org"})
                seen["book", booked.status_code] += 1
                booking = f"/bookings/{booked.json()['id']}"
                for method, path in (
                    ("POST", f"{booking}/confirm"),
                    ("GET", booking),
                    ("GET", "/events"),
                    ("GET", f"/events/{event_id}"),
                    ("GET", f"/users/{booked.json()['user_id']}/bookings"),
                    ("POST", f"{booking}/cancel"),
                ):
                    seen[method, client.call(method, path).status_code] += 1

    with serving(settings) as service, ThreadPoolExecutor(6) as visitors:
        visits = [visitors.submit(visit, number) for number in range(6)]
        until(lambda: sum(seen.values()) > 100)
        try:
            assert migrate(database.url) == ["9000-later"]
        finally:
            migrated.set()
        for one in visits:
            one.result()

    assert {status for _, status in seen} <= {200, 201}, seen
    found = database.execute("SELECT proname FROM pg_proc WHERE proname IN ('get_event', 'has_no_file')")
    assert found == [{"proname": "get_event"}]
    database.must_keep_the_law()


def test_migrating_queues_briefly_behind_a_transaction_that_does_not_end(
    database: Database, next_version: Path
) -> None:
    """Whoever comes after a waiting ALTER TABLE would wait for the transaction too."""
    event_id = database.event(seats=1000)
    said: list[str] = []
    with database.connect() as idle, database.connect() as booker, ThreadPoolExecutor(1) as migrating:
        booker.execute("SET lock_timeout = '3s'")
        with idle.transaction():
            idle.execute("SELECT count(*) FROM bookings")
            applied = migrating.submit(migrate, database.url, said.append)
            until(lambda: any("waits for" in line for line in said))
            for number in range(20):
                booker.execute("SELECT book_seat(%s, %s)", (event_id, f"user{number}@example.org"))
        assert applied.result() == ["9000-later"]

    assert "migration 9000-later waits for" in said[0]
    assert "in a transaction for" in said[0]


def test_a_table_that_stays_busy_ends_migrating_in_words(
    database: Database, next_version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.0)
    with database.connect() as idle, idle.transaction():
        idle.execute("SELECT count(*) FROM bookings")
        with pytest.raises(MigrationError, match=r"migration 9000-later cannot be done while .* uses its tables"):
            migrate(database.url)
