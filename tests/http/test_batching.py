"""The batcher by itself; each test decides when a batch that runs may end."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from psycopg import OperationalError
from psycopg.errors import DeadlockDetected

from eventbooker.http.batching import MAX_BATCH, Batcher
from tests.waiting import until


class Calls:
    """What the batcher calls: `together` waits for `gate` and answers each with its double, None for an odd number."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.batches: list[list[int]] = []
        self.alone: list[int] = []
        self.error: Exception | None = None
        self.batcher: Batcher[int, int] = Batcher(
            self._together, self._one, lambda error: isinstance(error, DeadlockDetected)
        )

    def _together(self, batch: list[int]) -> list[int | None]:
        self.batches.append(batch)
        assert self.gate.wait(10)
        if self.error:
            raise self.error
        return [None if number % 2 else 2 * number for number in batch]

    def _one(self, number: int) -> int:
        self.alone.append(number)
        return -number

    def waiting(self) -> int:
        return len(self.batcher._waiting)


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def ask(calls: Calls) -> "Callable[[int], Future[int]]":
    """Asks in a thread of its own, and returns when the request is in a call or waits behind those before it."""
    pool = ThreadPoolExecutor(3 * MAX_BATCH)
    asked = 0

    def submit(number: int) -> "Future[int]":
        nonlocal asked
        asked += 1
        outcome = pool.submit(calls.batcher, number)
        until(lambda: sum(map(len, calls.batches)) + calls.waiting() == asked)
        return outcome

    return submit


def test_one_alone_is_served_at_once(calls: Calls) -> None:
    calls.gate.set()

    assert calls.batcher(4) == 8
    assert calls.batches == [[4]]


def test_those_who_come_meanwhile_are_served_together_in_their_order(
    calls: Calls, ask: "Callable[[int], Future[int]]"
) -> None:
    outcomes = [ask(number) for number in range(0, 20, 2)]
    calls.gate.set()

    assert [outcome.result(10) for outcome in outcomes] == list(range(0, 40, 4))
    assert calls.batches == [[0], list(range(2, 20, 2))]


def test_a_call_takes_no_more_than_the_most(calls: Calls, ask: "Callable[[int], Future[int]]") -> None:
    outcomes = [ask(0) for _ in range(2 * MAX_BATCH)]
    calls.gate.set()

    assert [outcome.result(10) for outcome in outcomes] == [0] * 2 * MAX_BATCH
    assert [len(batch) for batch in calls.batches] == [1, MAX_BATCH, MAX_BATCH - 1]


def test_what_cannot_be_done_together_is_done_alone(calls: Calls, ask: "Callable[[int], Future[int]]") -> None:
    outcomes = [ask(number) for number in (0, 1, 2, 3)]
    calls.gate.set()

    assert [outcome.result(10) for outcome in outcomes] == [0, -1, 4, -3]


def test_each_of_a_call_that_postgresql_took_back_is_done_alone(
    calls: Calls, ask: "Callable[[int], Future[int]]"
) -> None:
    calls.error = DeadlockDetected()
    outcomes = [ask(number) for number in (0, 2, 4)]
    calls.gate.set()

    assert [outcome.result(10) for outcome in outcomes] == [0, -2, -4]


@pytest.mark.parametrize("error", [OperationalError("the connection is lost"), ValueError("a bug")])
def test_a_lost_connection_fails_all_of_its_call_and_nobody_after(
    calls: Calls, ask: "Callable[[int], Future[int]]", error: Exception
) -> None:
    calls.error = error
    outcomes = [ask(number) for number in (0, 2, 4)]
    calls.gate.set()

    assert [outcome.exception(10) for outcome in outcomes] == [error] * 3
    assert calls.alone == []
    calls.error = None
    assert calls.batcher(6) == 12
