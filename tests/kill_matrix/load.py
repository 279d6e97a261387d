"""Clients who book, confirm and cancel all the time, and go to the other web when theirs is gone, as balancers do."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

import httpx

from tests.kill_matrix.ledger import Ledger, Told
from tests.waiting import until

CLIENTS = 8
PAUSE_SECONDS = 0.02
REFUSED_SECONDS = 0.2
TELL_SECONDS = 0.2
ACTIONS: tuple[tuple[str, ...], ...] = (("confirm",), ("cancel",), ("confirm", "cancel"), ())


class Caller:
    """One client's connections to all webs."""

    def __init__(self, bases: Sequence[str], ledger: Ledger) -> None:
        self._ledger = ledger
        self._clients = [httpx.Client(base_url=base, timeout=30) for base in bases]

    def close(self) -> None:
        for client in self._clients:
            client.close()

    def post(self, path: str, body: Any, email: str) -> Told | None:
        """What was told about the booking."""

        def told_by(answer: httpx.Response) -> Told:
            booking = answer.json()
            return Told(booking["id"], booking["event_id"], email, booking["status"])

        return self._ask("POST", path, body, told_by)

    def read(self, path: str) -> None:
        self._ask("GET", path, None, lambda answer: None)

    def _ask(self, method: str, path: str, body: Any, told_by: Callable[[httpx.Response], Told | None]) -> Told | None:
        """The next web is asked if one takes no connection."""
        begun = time.monotonic()
        for client in list(self._clients):
            try:
                answer = client.request(method, path, json=body)
            except httpx.ConnectError:
                self._clients.append(self._clients.pop(0))
                continue
            except httpx.TransportError:
                break
            told = told_by(answer) if answer.is_success else None
            retry_after = answer.status_code != 503 or "retry-after" in answer.headers
            self._ledger.note(str(answer.status_code), time.monotonic() - begun, told, retry_after)
            return told
        self._ledger.note("no answer", time.monotonic() - begun)
        return None


class Load:
    """Runs while its block does. `events` are booked at random; one more client has each of its bookings told to a chat
    of its own."""

    def __init__(self, bases: Sequence[str], events: Sequence[int], ledger: Ledger) -> None:
        self.ledger = ledger
        self._bases = list(bases)
        self._events = events
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._live, args=[number]) for number in range(CLIENTS)]
        self._threads.append(threading.Thread(target=self._tell))

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for_answers(self, number: int) -> None:
        """Until so many more writes were acknowledged."""
        enough = self.ledger.acknowledged + number
        until(lambda: self.ledger.acknowledged >= enough)

    def _live(self, number: int) -> None:
        chance = random.Random(number)
        first = number % len(self._bases)
        caller = Caller(self._bases[first:] + self._bases[:first], self.ledger)
        for turn in itertools.count():
            if self._stop.is_set():
                break
            email = f"client{number}-{turn}@example.org"
            booked = caller.post(f"/events/{chance.choice(self._events)}/book", {"email": email}, email)
            caller.read("/events?limit=5")
            for action in chance.choice(ACTIONS) if booked else ():
                caller.post(f"/bookings/{booked.booking}/{action}", None, email)  # type: ignore[union-attr]
            self._stop.wait(PAUSE_SECONDS if booked else REFUSED_SECONDS)
        caller.close()

    def _tell(self) -> None:
        caller = Caller(self._bases, self.ledger)
        for chat in map(str, itertools.count(1001)):
            if self._stop.wait(TELL_SECONDS):
                break
            email = f"chat{chat}@example.org"
            booked = caller.post(f"/events/{self._events[0]}/book", {"email": email, "telegram_id": chat}, email)
            if booked and caller.post(f"/bookings/{booked.booking}/confirm", None, email):
                self.ledger.note_chat(chat)
        caller.close()
