"""A server that swallows what it is sent, instead of refusing it, is left within a bound, and nobody waits for ever."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from eventbooker.config import Settings
from eventbooker.database.pool import connect
from eventbooker.database.server import CONNECT_SECONDS, SILENT_SECONDS
from tests.conftest import serving
from tests.database import Database
from tests.swallowing_proxy import swallowing_proxy
from tests.waiting import until

CLIENTS = 40
LONGEST_SECONDS = 15
"""As README.md promises, until a request that met a silent database is answered 503."""
SLACK_SECONDS = 2.0


def address_of(database: Database) -> str:
    parts = conninfo_to_dict(database.url)
    return f"{parts['host']}:{parts['port']}"


def test_a_host_that_does_not_answer_to_connecting_is_passed_over(database: Database) -> None:
    with swallowing_proxy(address_of(database)) as proxy:
        proxy.swallow()
        began = time.monotonic()
        several = database.url.replace(address_of(database), f"{proxy.address},{address_of(database)}")
        with connect(several) as connection:
            assert f"{connection.info.host}:{connection.info.port}" == address_of(database)
        assert time.monotonic() - began < CONNECT_SECONDS + SLACK_SECONDS


def test_a_session_whose_server_falls_silent_is_closed(database: Database) -> None:
    with swallowing_proxy(address_of(database)) as proxy:
        connection = connect(database.url.replace(address_of(database), proxy.address), longest=1)
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("SELECT pg_sleep(30)")  # the server ends what takes too long, and the session goes on
        assert connection.execute("SELECT 1").fetchone() == (1,)

        proxy.swallow()
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match="silent"):
            connection.execute("SELECT 1")
        assert time.monotonic() - began < 1 + SILENT_SECONDS + SLACK_SECONDS
        assert connection.closed


def test_everybody_in_a_rush_is_told_in_time_that_the_database_hangs_and_booking_goes_on_when_it_answers(
    settings: Settings, database: Database
) -> None:
    event_id = database.event(seats=1000)
    with swallowing_proxy(address_of(database)) as proxy:
        through = database.url.replace(address_of(database), proxy.address)
        with serving(settings.model_copy(update={"database_url": SecretStr(through)})) as service:

            def book(number: int) -> tuple[int, float]:
                began = time.monotonic()
                answer = service.post(f"/events/{event_id}/book", {"email": f"user{number}@example.org"})
                assert answer.status_code != 503 or answer.headers["retry-after"] == "1"
                return answer.status_code, time.monotonic() - began

            assert book(0)[0] == 201
            proxy.swallow()
            with ThreadPoolExecutor(CLIENTS) as clients:
                answers = list(clients.map(book, range(1, CLIENTS + 1)))
            slowest = max(seconds for _, seconds in answers)
            assert {status for status, _ in answers} == {503}
            assert slowest < LONGEST_SECONDS

            proxy.pass_on()
            began = time.monotonic()
            until(lambda: book(CLIENTS + 1)[0] == 201, within=20)
        print(
            f"all answered 503 within {slowest:.1f} s; bookings again {time.monotonic() - began:.1f} s after it answers"
        )
    database.must_keep_the_law()
