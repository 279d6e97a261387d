"""An older version and this one on one database, under load, through the migration between them.

    ./dev python -m tests.migrate.side_by_side REVISION

REVISION is a commit of this repository. Its web and worker serve; this version migrates; its web joins; the old one is
told to stop. Prints how the requests were answered, and fails if one of them was a 5xx or a seat was lost.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from eventbooker.config import ROOT
from eventbooker.database import embedded
from tests.test_serve import free_port
from tests.waiting import until

SECONDS = 5.0
"""For each phase."""

VISITORS = 8


class Load:
    """Visitors who book, look, confirm and cancel, each on one server after the other."""

    def __init__(self, event_id: int) -> None:
        self.event_id = event_id
        self.urls: list[str] = []
        self.phase = "before"
        self.seen: Counter[tuple[str, str, int]] = Counter()
        self.failed: list[str] = []
        self.longest: dict[str, float] = {}
        self.done = threading.Event()

    def visit(self, number: int) -> None:
        with httpx.Client(timeout=30) as client:
            turn = 0
            while not self.done.is_set():
                turn += 1
                for url in list(self.urls):
                    booked = self.call(client, url, "POST", f"/events/{self.event_id}/book", f"u{number}-{turn}@x.org")
                    if booked.status_code != 201:
                        continue
                    booking = f"/bookings/{booked.json()['id']}"
                    self.call(client, url, "POST", f"{booking}/confirm")
                    for path in (booking, "/events", f"/events/{self.event_id}", f"{booking}/ticket"):
                        self.call(client, url, "GET", path)
                    self.call(client, url, "POST", f"{booking}/cancel")

    def call(self, client: httpx.Client, url: str, method: str, path: str, email: str | None = None) -> httpx.Response:
        phase, began = self.phase, time.monotonic()
        json = {"email": email} if email else {} if method == "POST" else None
        response = client.request(method, url + path, json=json)
        self.longest[phase] = max(self.longest.get(phase, 0), time.monotonic() - began)
        self.seen[phase, url, response.status_code] += 1
        if response.status_code >= 500:
            self.failed.append(f"{phase}: {method} {path} {response.status_code} {response.text[:300]}")
        return response


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision")
    revision = parser.parse_args().revision
    with tempfile.TemporaryDirectory(prefix="eventbooker-side-") as there:
        old, data = Path(there) / "old", Path(there) / "var"
        old.mkdir()
        files = subprocess.run(["git", "-C", ROOT, "archive", revision], check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x", "-C", old], input=files, check=True)
        try:
            with embedded.running(data, print) as url:
                failed = _run(old, url)
        finally:
            shutil.rmtree(embedded.place_elsewhere(data), ignore_errors=True)
    sys.exit(1 if failed else 0)


def _run(old: Path, url: str) -> bool:
    _eventbooker(old, url, "migrate").wait()
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT id FROM create_event('A', '2040-01-01', 1000000, 10)").fetchone()
    load = Load(row[0] if row else 0)
    with _serving(old, url) as old_web, _process(_eventbooker(old, url, "worker")):
        load.urls = [old_web]
        visitors = [threading.Thread(target=load.visit, args=(number,)) for number in range(VISITORS)]
        for visitor in visitors:
            visitor.start()
        time.sleep(SECONDS)
        load.phase = "migrating"
        began = time.monotonic()
        migrated = _eventbooker(ROOT, url, "migrate").wait()
        print(f"migrate: status {migrated}, {time.monotonic() - began:.1f} s")
        load.phase = "old only"
        time.sleep(SECONDS)
        with _serving(ROOT, url) as new_web:
            load.phase = "side by side"
            load.urls = [old_web, new_web]
            time.sleep(SECONDS)
            load.urls = [new_web]
            time.sleep(1)
            load.phase = "new only"
            time.sleep(SECONDS)
            load.done.set()
            for visitor in visitors:
                visitor.join()
    names = {old_web: "old", new_web: "new"}
    for (phase, server, status), count in sorted(load.seen.items()):
        print(f"{phase:13} {names[server]} {status} {count:7,}   longest in this phase {load.longest[phase]:.2f} s")
    for line in load.failed[:20]:
        print(line)
    with psycopg.connect(url, autocommit=True) as connection:
        lost = connection.execute("SELECT * FROM audit_seats()").fetchall()
    print(f"seats: {lost or 'every event adds up'}")
    return bool(migrated or load.failed or lost)


@contextmanager
def _serving(tree: Path, url: str) -> Iterator[str]:
    port = free_port()
    with _process(_eventbooker(tree, url, "web", f"--port={port}")):
        base = f"http://127.0.0.1:{port}"
        until(lambda: _answers(base))
        yield base


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/readyz").status_code in (200, 503)
    except httpx.TransportError:
        return False


@contextmanager
def _process(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _eventbooker(tree: Path, url: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """The command of the version in `tree`, with the Python and the packages of this one."""
    ours = {"DATABASE_URL": url, "PYTHONPATH": str(tree / "src"), "EVENTBOOKER_LOG_LEVEL": "warning"}
    return subprocess.Popen([sys.executable, "-m", "eventbooker", *arguments], env={**os.environ, **ours}, cwd=tree)


if __name__ == "__main__":
    main()
