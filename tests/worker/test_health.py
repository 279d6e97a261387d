"""The worker's own port says whether the work gets done, and else why not."""

import threading
from datetime import UTC, datetime, timedelta

import httpx

from eventbooker.worker import scheduler
from eventbooker.worker.punctuality import LATE_INTERVALS, Clock, LastSweep
from tests.bench.services import free_port
from tests.database import Database
from tests.waiting import until
from tests.worker.conftest import Bookings, StartWorker


def test_a_worker_is_ready_or_says_why_not(database: Database, start_worker: StartWorker) -> None:
    port = free_port()
    start_worker(EVENTBOOKER_METRICS_WORKER_PORT=str(port))

    def asked() -> tuple[int, str]:
        answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=20)
        body = answer.json()
        return answer.status_code, body["status"] if answer.is_success else body["code"]

    assert httpx.get(f"http://127.0.0.1:{port}/healthz").json() == {"status": "ok"}
    assert asked() == (200, "ready")
    with database.away():
        assert asked() == (503, "database_away")
    assert asked() == (200, "ready")
    database.execute("UPDATE _yoyo_migration SET migration_id = 'away' WHERE migration_id = '0002-outbox'")
    assert asked() == (503, "schema_outdated")
    database.execute("UPDATE _yoyo_migration SET migration_id = '0002-outbox' WHERE migration_id = 'away'")
    database.execute(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
    assert asked() == (503, "database_read_only")


class Hands:
    """The hands of a clock, which a test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_worker_whose_sweeps_fail_says_that_they_are_late() -> None:
    steady = Hands()
    last = LastSweep(timedelta(seconds=30), steady)
    steady.at += LATE_INTERVALS * 30
    assert last.why_late() is None
    steady.at += 1
    assert "91 s ago" in str(last.why_late())
    last.note()
    assert last.why_late() is None


def test_a_clock_that_is_set_is_noticed_and_one_that_is_slewed_is_not() -> None:
    wall, steady = Hands(), Hands()
    clock = Clock(wall, steady)
    for passed, seen in ((1.0, 1.0), (1.0, 1.2), (1.0, 3601.0), (1.0, 1.0), (1.0, -7200.0), (1.0, 1.0)):
        steady.at += passed
        wall.at += seen
        assert clock.jumped() == (abs(seen - passed) > 1)


def test_after_the_clock_was_set_back_the_next_sweep_does_not_wait_for_it(
    database: Database, bookings: Bookings
) -> None:
    stop = threading.Event()
    clockwork = scheduler.start(database.url, timedelta(seconds=0.2), timedelta(days=7), stop)
    try:
        for job in clockwork.get_jobs():  # as they are when the clock was an hour further when they were planned
            job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
        bookings.hold("101", minutes=1)
        database.advance(seconds=60)
        scheduler.run_all_now(clockwork)
        until(lambda: database.one("SELECT status FROM bookings")["status"] == "canceled")
    finally:
        stop.set()
        clockwork.shutdown()
