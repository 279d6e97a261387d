"""Killed with -9 under load: what a client was told is in the database, and the service comes back by itself.

EVENTBOOKER_WEB_KILLS and EVENTBOOKER_DATABASE_KILLS make it kill more often.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import psycopg

from eventbooker.database import embedded
from eventbooker.database.migrate import migrate
from tests.full import size
from tests.test_serve import free_port
from tests.waiting import until

WEB_KILLS = size("EVENTBOOKER_WEB_KILLS", default=1, full=3)
DATABASE_KILLS = size("EVENTBOOKER_DATABASE_KILLS", default=1, full=2)
CLIENTS = 16
EVENTS = 5
ANSWERS_BETWEEN_KILLS = 200


class Clients:
    """Sixteen people who book, confirm and cancel, and write down what they were told."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.stop = threading.Event()
        self.told: list[tuple[int, str]] = []  # booking, the status of a 200 or 201 that arrived
        self.statuses: Counter[int | str] = Counter()
        self.without_retry_after = 0
        self.slowest = 0.0  # seconds until an answer
        self._threads = [threading.Thread(target=self._live, args=[number]) for number in range(CLIENTS)]

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def answered(self) -> int:
        return self.statuses[200] + self.statuses[201]

    def _live(self, number: int) -> None:
        chance = random.Random(number)
        turn = 0
        with httpx.Client(base_url=self.url, timeout=30) as client:
            while not self.stop.is_set():
                turn += 1
                email = f"client{number}-{turn}@example.org"
                booking = self._call(client, f"/events/{chance.randint(1, EVENTS)}/book", {"email": email})
                for action in chance.choice([["confirm"], ["cancel"], ["confirm", "cancel"], []]):
                    if booking:
                        self._call(client, f"/bookings/{booking}/{action}")

    def _call(self, client: httpx.Client, path: str, body: object = None) -> int | None:
        began = time.monotonic()
        try:
            answer = client.post(path, json=body)
        except httpx.TransportError:
            self.statuses["no answer"] += 1
            self.stop.wait(0.05)
            return None
        self.statuses[answer.status_code] += 1
        self.slowest = max(self.slowest, time.monotonic() - began)
        if answer.is_success:
            self.told.append((answer.json()["id"], answer.json()["status"]))
            return int(answer.json()["id"])
        if answer.status_code == 503:
            self.without_retry_after += "retry-after" not in answer.headers
            self.stop.wait(0.05)
        return None


class Web:
    """`eventbooker web`, which can be killed whole."""

    def __init__(self, url: str, log: Path) -> None:
        self.port = free_port()
        self._log = log.open("ab")
        self._environment = {**os.environ, "DATABASE_URL": url, "EVENTBOOKER_AUTH_MODE": "open"}
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "eventbooker", "web", "--port", str(self.port)],
            env=self._environment, stdout=self._log, stderr=self._log, start_new_session=True,
        )  # fmt: skip
        until(self.is_ready)

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=10).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._log.close()


class Server:
    """A durable PostgreSQL that can be cut off as by a power failure."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
        assert row
        process, data = row[0].split("\n")[:2]
        self._data = Path(data)
        self._pg_ctl = Path(f"/proc/{process}/exe").readlink().with_name("pg_ctl")

    def cut_off_and_restart(self) -> None:
        """Ends without a word to anybody, then recovers from its write-ahead log."""
        owner = self._data.stat()
        subprocess.run(
            [self._pg_ctl, "restart", "-m", "immediate", "-w", "-D", self._data, "-l", self._data / "restarts.log"],
            user=owner.st_uid, group=owner.st_gid, extra_groups=[] if os.geteuid() == 0 else None,
            cwd="/", check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip


def test_what_a_client_was_told_outlives_every_kill(data_dir: Path) -> None:
    with embedded.running(data_dir, lambda line: None) as url:
        migrate(url)
        with psycopg.connect(url) as connection:
            for _ in range(EVENTS):
                connection.execute("SELECT create_event('Rush', '2040-01-01', 1000000)")
        server = Server(url)
        web = Web(url, data_dir.parent / "web.log")
        try:
            with Clients(web.url) as clients:
                for _ in range(WEB_KILLS):
                    wait_for_answers(clients)
                    web.kill()
                    web.start()
                for _ in range(DATABASE_KILLS):
                    wait_for_answers(clients)
                    server.cut_off_and_restart()
                    until(web.is_ready)
                wait_for_answers(clients)
        finally:
            web.end()
        print(f"{WEB_KILLS} + {DATABASE_KILLS} kills; answers: {dict(clients.statuses)}")
        must_be_true(url, clients)


def wait_for_answers(clients: Clients) -> None:
    enough = clients.answered + ANSWERS_BETWEEN_KILLS
    until(lambda: clients.answered >= enough)


def must_be_true(url: str, clients: Clients) -> None:
    """Every status that a client saw was really reached, the law holds, and nobody got an error that is none of his."""
    with psycopg.connect(url) as connection:
        reached = set(connection.execute("SELECT booking_id, to_status FROM booking_changes").fetchall())
        stored: dict[int, str] = dict(connection.execute("SELECT id, status FROM bookings").fetchall())
        broken = connection.execute("SELECT * FROM audit_seats()").fetchall()
    assert set(clients.told) - reached == set()
    # Only its own client touches a booking: stored is what was told last, or what came after it unheard.
    order = ["pending", "confirmed", "canceled"]
    assert [told for told in clients.told if order.index(stored[told[0]]) < order.index(told[1])] == []
    assert broken == []
    assert clients.statuses.keys() <= {200, 201, 409, 503, "no answer"}
    assert clients.without_retry_after == 0
