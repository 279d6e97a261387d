"""The private PostgreSQL is killed under an owner who keeps it running."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from eventbooker.database import embedded, postmaster
from eventbooker.database.processes import server_of
from tests.embedded.conftest import answers, directory_of, processes_with, quiet
from tests.full import FULL
from tests.service import Service
from tests.test_serve import environment, free_port
from tests.waiting import until

IMPATIENT = (
    "from eventbooker.database import postmaster; postmaster.PAUSES = (0.0, 0.1, 0.2);"
    "from eventbooker.cli import main; main()"
)
"""`eventbooker`, which gives a server up sooner."""


class Served:
    """`eventbooker serve` with a private PostgreSQL."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.log = data.parent / "serve.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", IMPATIENT, "serve", "--port", str(self.port), "--workers", "1"],
                env=environment(data), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until(lambda: "EventBooker is ready" in self.printed() or self.process.poll() is not None)
        assert self.process.poll() is None, self.printed()
        self.database_url = (data / "url").read_text()
        self.files = directory_of(self.database_url)

    def printed(self) -> str:
        return self.log.read_text()

    def is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=10).status_code == 200
        return False

    def server(self) -> int:
        return int((self.files / "postmaster.pid").read_text().split()[0])

    def kill_server(self) -> None:
        os.kill(self.server(), signal.SIGKILL)


@pytest.fixture
def serve(data_dir: Path) -> Iterator[Callable[[], Served]]:
    started: list[Served] = []

    def start() -> Served:
        started.append(Served(data_dir))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.process.terminate()
        served.process.wait(30)
        until(lambda files=served.files: not processes_with(f"-D {files}"))  # type: ignore[misc]


def test_a_server_killed_under_serve_is_started_again_and_web_and_worker_go_on(serve: Callable[[], Served]) -> None:
    served = serve()
    with Service(f"http://127.0.0.1:{served.port}") as service:
        booked = service.book(service.event()["id"])["id"]
        killed, begun = served.server(), time.monotonic()

        served.kill_server()
        until(lambda: "PostgreSQL runs again" in served.printed())
        until(served.is_ready)

        print(f"whole again after {time.monotonic() - begun:.1f} s")
        assert "PostgreSQL died and is started again" in served.printed()
        assert served.server() != killed
        assert service.get(f"/bookings/{booked}").json()["status"] == "pending"
        assert service.post(f"/bookings/{booked}/confirm").status_code == 200
        assert "a process died" not in served.printed()  # web and worker lived through it
    served.process.terminate()
    assert served.process.wait(30) == 0


def test_a_server_that_cannot_start_ends_serve_with_a_word_and_a_status(serve: Callable[[], Served]) -> None:
    served = serve()
    with (served.files / "postgresql.auto.conf").open("a") as settings:
        settings.write("shared_buffers = 'broken'\n")

    served.kill_server()

    assert served.process.wait(60) == 1
    printed = served.printed()
    assert printed.count("PostgreSQL died and is started again") == 3
    assert re.search(
        r"eventbooker: PostgreSQL died and does not come back in 3 tries: .*postgresql\.auto\.conf", printed
    )


def test_no_server_starts_before_the_last_backend_of_the_killed_one_has_ended(data_dir: Path) -> None:
    with embedded.owned(data_dir, quiet) as server:
        busy = psycopg.connect(server.url, autocommit=True)
        backend = busy.info.backend_pid

        def work() -> None:
            with suppress(psycopg.OperationalError):
                busy.execute("DO 'BEGIN LOOP END LOOP; END'")  # it waits for nothing, so it does not notice

        worker = threading.Thread(target=work)
        worker.start()
        until(lambda: is_busy(server.url, backend))

        os.kill(server_of(server.cluster), signal.SIGKILL)
        until(lambda: not server_of(server.cluster))
        assert lives(backend)
        server.keep()
        assert not lives(backend)
        until(lambda: server.keep() or answers(server.url))  # type: ignore[func-returns-value]

        worker.join(10)
        busy.close()


def lives(process: int) -> bool:
    """Whether it is at work; what has ended and was not asked for yet has no command line any more."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes() != b""
    return False


def is_busy(url: str, backend: int) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT query LIKE 'DO%%' FROM pg_stat_activity WHERE pid = %s", (backend,))
        return found.fetchone() == (True,)


@pytest.mark.skipif(not FULL, reason="takes a file system of its own")
def test_a_full_disk_is_told_and_over_when_there_is_space_again(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "PAUSES", (0.0, 0.0, 0.0))
    with embedded.owned(small_disk / "var", quiet, {"min_wal_size": "32MB", "max_wal_size": "48MB"}) as server:
        ballast = small_disk / "ballast"
        fill(ballast)
        os.kill(server_of(server.cluster), signal.SIGKILL)
        with pytest.raises(embedded.EmbeddedError, match=r"in 3 tries: .*did not start.*(disk is full|No space)"):
            until(server.keep)

        ballast.unlink()
        server.start()
        assert answers(server.url)


@pytest.fixture
def small_disk(open_directory: Path) -> Iterator[Path]:
    """A file system of 120 MB that every user can enter."""
    place = open_directory / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=120m,mode=0755", "none", place],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"takes root, who can mount: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)
    shutil.rmtree(embedded.place_elsewhere(place / "var"), ignore_errors=True)  # a copy of the programs may be there


def fill(ballast: Path) -> None:
    """Take what space is left."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"\0" * 4096):
            pass
