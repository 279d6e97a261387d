"""Behind a PgBouncer in transaction mode the web serves as ever; what needs a session goes past it."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import SecretStr

from eventbooker import config
from tests.conftest import WITHOUT_LIMITS, serving
from tests.database import Database
from tests.pgbouncer import pgbouncer
from tests.waiting import until
from tests.worker.bot_api import BotApi
from tests.worker.process import EVENTBOOKER, Worker, worker_environment
from tests.worker.test_restart import connected


def test_bookings_with_and_without_keys_reads_and_refusals_go_through_a_pgbouncer(database: Database) -> None:
    with pgbouncer(database.url) as url:
        settings = config.Settings(
            database_url=SecretStr(url),
            database_url_direct=SecretStr(database.url),
            timezone="Asia/Tokyo",
            limits=WITHOUT_LIMITS,
        )
        with serving(settings) as service:
            event_id = service.event(date="2040-03-01T18:00", total_seats=40)["id"]
            assert service.get(f"/events/{event_id}").json()["date"] == "2040-03-01T18:00:00+09:00"

            def book(number: int) -> int:
                headers = {"Idempotency-Key": f"the key of {number}, long enough"} if number % 3 else {}
                body = {"email": f"user{number}@example.org"}
                for path in (f"/events/{event_id}", "/events", "/readyz"):
                    assert service.get(path).status_code == 200
                return service.post(f"/events/{event_id}/book", body, headers=headers).status_code

            with ThreadPoolExecutor(16) as clients:
                assert sorted(clients.map(book, range(60))) == [201] * 40 + [409] * 20
            assert book(1) == 201, "a replay"
            assert service.get(f"/events/{event_id}/bookings.csv").text.count("\n") == 41
    database.must_keep_the_law()


def test_a_statement_behind_a_pgbouncer_has_the_same_bounds(database: Database) -> None:
    with pgbouncer(database.url) as url:
        settings = config.Settings(database_url=SecretStr(url), database_url_direct=SecretStr(database.url))
        with serving(settings) as service, database.connect() as rival:
            event_id = service.event()["id"]
            with rival.transaction():
                rival.execute("SELECT FROM events WHERE id = %s FOR UPDATE", (event_id,))
                refused = service.post(f"/events/{event_id}/book", {"email": "user@example.org"})
            assert (refused.status_code, refused.json()["code"]) == (503, "database_away")


def test_migrate_and_the_worker_go_past_the_pgbouncer(empty_database: Database, tmp_path: Path) -> None:
    with pgbouncer(empty_database.url) as url, BotApi() as bot_api:
        environment = worker_environment(url, bot_api.url) | {"DATABASE_URL_DIRECT": empty_database.url}
        subprocess.run([EVENTBOOKER, "migrate"], env=environment, check=True)
        with Worker(tmp_path / "log", environment):
            until(lambda: connected(empty_database.url, "notifier") and connected(empty_database.url, "update poller"))
        told = subprocess.run([EVENTBOOKER, "doctor"], env=environment, check=True, capture_output=True, text=True)
        assert "ok    PgBouncer" in told.stdout
