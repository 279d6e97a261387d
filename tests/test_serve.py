"""`./dev serve` and its neighbours: real processes, from the launcher down."""

import argparse
import os
import re
import shlex
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from eventbooker.config import ROOT
from tests.bench.memory import descendants
from tests.database import Database
from tests.otlp import Collector
from tests.service import Service
from tests.waiting import until

DEV = str(ROOT / "dev")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path) -> dict[str, str]:
    """Nothing configured but where the data is."""
    ours = ("DATABASE_URL", "EVENTBOOKER_", "TELEGRAM_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return inherited | {"EVENTBOOKER_DATA_DIR": str(data)}


def dev(data: Path, *arguments: str, text: str | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [DEV, *arguments], env=environment(data), capture_output=True, text=True, timeout=120, input=text, check=False
    )


def processes_on(data: Path) -> list[str]:
    """Command lines of what still works on the data, or was started with it in its environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            seen = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(data).encode() in seen and process.name != str(os.getpid()):
            found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def typed(command: str) -> httpx.Response:
    """What `curl …` would send; a bare machine has no curl."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("-X", dest="method", default="GET")
    parser.add_argument("-H", dest="header", default="Accept: */*")
    parser.add_argument("-d", dest="body")
    call = parser.parse_args(shlex.split(command)[1:])
    name, _, value = call.header.partition(": ")
    return httpx.request(call.method, call.url, headers={name: value}, content=call.body)


class Served:
    """A `./dev serve` and what it printed."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.port = free_port()
        self.log = data.parent / f"serve-{self.port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [DEV, "serve", "--port", str(self.port), "--workers", "2"],
                env=environment(data) | variables, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until(lambda: "EventBooker is ready" in self.printed() or self.process.poll() is not None)
        assert self.process.poll() is None, self.printed()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def printed(self) -> str:
        return self.log.read_text()

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def serve(data_dir: Path) -> Iterator[Callable[..., Served]]:
    """Starts the service, with the environment's variables as keywords; whatever a test leaves running ends with it."""
    started: list[Served] = []

    def start(**variables: str) -> Served:
        started.append(Served(data_dir, **variables))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.end(signal.SIGTERM)
    until(lambda: not processes_on(data_dir))


def test_the_tour_of_the_readme_works_on_a_first_start_and_lasts(serve: Callable[[], Served]) -> None:
    served = serve()
    assert "first start only" in served.printed()
    ready = next(line for line in served.printed().splitlines() if "EventBooker is ready" in line)
    for part in (served.url, "/user", "/admin", "/events", "Ctrl-C"):
        assert part in ready

    tour = re.findall(r"^\$ (curl .*)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(tour) == 6
    for command in tour:
        response = typed(command.replace("http://localhost:8080", served.url))
        assert response.is_success, (command, response.text)
    for page in ("/", "/user", "/admin"):
        assert httpx.get(served.url + page).headers["content-type"].startswith("text/html")
    assert served.end(signal.SIGINT) == 0

    again = serve()
    assert "first start only" not in again.printed()
    with Service(again.url) as service:
        assert service.get("/bookings/1").json()["status"] == "confirmed"


def test_the_sql_of_the_readme_works_in_psql(data_dir: Path) -> None:
    sql = re.search(r"```sql\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert sql
    assert dev(data_dir, "migrate").returncode == 0

    done = dev(data_dir, "psql", "-v", "ON_ERROR_STOP=1", text=sql[1])

    assert (done.returncode, done.stderr) == (0, "")
    assert "confirmed" in done.stdout


def test_a_second_serve_is_refused_in_one_line_and_the_first_goes_on(
    serve: Callable[[], Served], data_dir: Path
) -> None:
    served = serve()

    second = dev(data_dir, "serve", "--port", str(free_port()))
    assert second.returncode == 1
    assert re.fullmatch(r"eventbooker: another EventBooker is running on the data in .*\n", second.stderr)
    taken = dev(data_dir.parent / "other", "serve", "--port", str(served.port))
    assert taken.returncode == 1
    assert re.fullmatch(r"eventbooker: server\.port: .* cannot be used: .*\n", taken.stderr)

    assert httpx.get(served.url + "/readyz").status_code == 200
    assert dev(data_dir, "doctor").returncode == 0


def test_sigterm_leaves_no_process(serve: Callable[[], Served], data_dir: Path) -> None:
    assert serve().end(signal.SIGTERM) == 0

    assert processes_on(data_dir) == []


def test_sigterm_lets_a_request_be_answered_that_is_at_work(
    serve: Callable[..., Served], database: Database, collector: Collector
) -> None:
    """And what the processes have to tell of it goes out before they end."""
    served = serve(DATABASE_URL=database.url, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    with Service(served.url) as service, ThreadPoolExecutor() as threads:
        event = service.event()["id"]
        with database.connect() as other, other.transaction():
            other.execute("SELECT id FROM events WHERE id = %s FOR UPDATE", (event,))
            booking = threads.submit(service.book, event)
            until(lambda: database.one("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")["count"])
            served.process.send_signal(signal.SIGTERM)
            until(lambda: not accepts_connections(served.port))

        assert booking.result()["status"] == "pending"
    assert served.process.wait(30) == 0
    assert database.one("SELECT count(*) FROM bookings")["count"] == 1
    assert len(collector.named("POST /events/{event_id}/book")) == 1


def accepts_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_service_that_hangs_is_not_reported_to_systemd_as_alive(
    serve: Callable[..., Served], database: Database, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        served = serve(DATABASE_URL=database.url, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="600000")
        assert until(lambda: heard(systemd))[0] == b"READY=1"
        until(lambda: heard(systemd) == [b"WATCHDOG=1"])

        frozen = descendants(served.process.pid)
        for process in frozen:
            os.kill(process, signal.SIGSTOP)
        until(lambda: served.printed().count("the service does not answer") == 1)
        heard(systemd)
        until(lambda: served.printed().count("the service does not answer") > 2)
        assert heard(systemd) == []
        for process in frozen:
            os.kill(process, signal.SIGCONT)

        until(lambda: b"WATCHDOG=1" in heard(systemd))
        assert served.end(signal.SIGTERM) == 0
        assert heard(systemd)[-1] == b"STOPPING=1"


def heard(systemd: socket.socket) -> list[bytes]:
    """What was said to systemd since it was last asked."""
    found: list[bytes] = []
    with suppress(BlockingIOError):
        while True:
            found.append(systemd.recv(100))
    return found


def test_killed_with_9_it_leaves_no_process_and_starts_again(serve: Callable[[], Served], data_dir: Path) -> None:
    served = serve()
    with Service(served.url) as service:
        kept = service.event()["id"]

    served.end(signal.SIGKILL)

    until(lambda: not processes_on(data_dir))
    with Service(serve().url) as service:
        assert service.get(f"/events/{kept}").status_code == 200


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_part_that_dies_is_started_again(serve: Callable[[], Served], name: str) -> None:
    served = serve()

    def pid() -> int:
        children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text().split()
        return next(
            (int(child) for child in children if f"\0{name}\0" in Path(f"/proc/{child}/cmdline").read_text()), 0
        )

    killed = pid()
    os.kill(killed, signal.SIGKILL)

    until(lambda: pid() not in (0, killed))
    with Service(served.url) as service:
        until(lambda: answers(service))


def answers(service: Service) -> bool:
    try:
        return service.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_without_a_token_nothing_is_queued(serve: Callable[[], Served], data_dir: Path) -> None:
    with Service(serve().url) as service:
        booking = service.book(service.event()["id"], telegram_id="42")
        assert service.post(f"/bookings/{booking['id']}/confirm").status_code == 200

    told = dev(data_dir, "notifications").stdout

    assert re.search(r"^bot +switched off$", told, re.MULTILINE)
    assert re.search(r"^waiting +0$", told, re.MULTILINE)


def test_the_launcher_names_every_command(tmp_path: Path) -> None:
    commands = re.findall(r"^  (\w+)  ", dev(tmp_path, "python", "-m", "eventbooker", "--help").stdout, re.MULTILINE)
    told = dev(tmp_path, "--help").stdout

    assert {"serve", "web", "worker", "migrate", "doctor", "psql", "notifications", "admin", "token"} <= set(commands)
    assert [command for command in commands if command not in told] == []
