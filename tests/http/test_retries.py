"""What PostgreSQL takes back for another's sake is done again before a caller hears of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg import OperationalError, sql
from psycopg.errors import DeadlockDetected, QueryCanceled, UniqueViolation

from eventbooker.config import Settings
from eventbooker.http.queries import may_be_tried_again
from tests.conftest import serving
from tests.database import Database
from tests.service import Service
from tests.waiting import until

WITH_A_KEY: list[dict[str, str]] = [{}, {"Idempotency-Key": "key"}]


def service_with(database: Database, settings: Settings, name: str, value: str) -> Iterator[Service]:
    statement = sql.SQL("ALTER DATABASE {} SET {} = {}")
    database.execute(
        statement.format(sql.Identifier(database.name), sql.Identifier(name), sql.Literal(value)).as_string()
    )
    with serving(settings) as service:
        yield service


@pytest.fixture(params=["repeatable read", "serializable"])
def isolated_service(request: pytest.FixtureRequest, database: Database, settings: Settings) -> Iterator[Service]:
    """The service on a database whose transactions fail rather than see what another has changed."""
    yield from service_with(database, settings, "default_transaction_isolation", request.param)


@pytest.fixture
def service(database: Database, settings: Settings) -> Iterator[Service]:
    """The service with two seconds until a deadlock is looked for: enough to make one."""
    yield from service_with(database, settings, "deadlock_timeout", "2s")


@pytest.mark.parametrize("headers", WITH_A_KEY)
def test_a_serialization_failure_is_tried_again(
    isolated_service: Service, database: Database, headers: dict[str, str]
) -> None:
    event_id = isolated_service.event()["id"]
    path, body = f"/events/{event_id}/book", {"email": "late@example.org"}
    with ThreadPoolExecutor(1) as client, database.connect() as session:
        with session.transaction():
            session.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")  # it is the late one that must fail
            session.execute("SELECT book_seat(%s, 'early@example.org')", (event_id,))
            late = client.submit(isolated_service.post, path, body, headers=headers)
            until(lambda: database.blocked("%book_seat%"))

        assert late.result().status_code == 201, late.result().text
    assert database.free_seats(event_id) == 8
    database.must_keep_the_law()


@pytest.mark.parametrize("headers", WITH_A_KEY)
def test_a_deadlock_is_tried_again(service: Service, database: Database, headers: dict[str, str]) -> None:
    """Somebody in psql locks a booking, then its event; canceling takes them the other way round."""
    event_id = service.event()["id"]
    booking_id = service.book(event_id)["id"]
    with ThreadPoolExecutor(1) as client, database.connect() as session:
        session.execute("SET deadlock_timeout = '60s'")  # the service's session finds the deadlock, and gives way
        with session.transaction():
            session.execute("SELECT FROM bookings WHERE id = %s FOR UPDATE", (booking_id,))
            canceled = client.submit(service.post, f"/bookings/{booking_id}/cancel", headers=headers)
            until(lambda: database.blocked("%cancel_booking%"))
            session.execute("SELECT FROM events WHERE id = %s FOR UPDATE", (event_id,))
            assert not canceled.done()

        assert canceled.result().json()["status"] == "canceled"
    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    until(lambda: database.one(deadlocks)["deadlocks"] == 1)
    assert database.free_seats(event_id) == 10
    database.must_keep_the_law()


def test_a_call_of_many_is_made_again_for_each_only_if_that_can_help() -> None:
    """After a lost connection nobody knows what was committed; what was ended for its time would take as long again."""
    errors = [DeadlockDetected(), UniqueViolation(), QueryCanceled(), OperationalError("lost"), ValueError("a bug")]

    assert [may_be_tried_again(error) for error in errors] == [True, True, False, False, False]
