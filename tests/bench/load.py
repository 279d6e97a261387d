"""Load: wrk over HTTP, pgbench on a function. Both come from Debian's packages; pgbench also from the wheel."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from eventbooker.database import embedded

SCRIPTS = Path(__file__).parent / "wrk"
CONNECTIONS = 64

UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Load:
    """Answers or transactions a second, and the 99th percentile of their latency in milliseconds."""

    rate: float
    p99: float
    refused: int = 0


def wrk(url: str, script: str, *arguments: object, seconds: float, connections: int = CONNECTIONS) -> Load:
    """Load `url` from one thread of wrk. Raises FileNotFoundError when there is no wrk."""
    program = which("wrk")
    if program is None:
        raise FileNotFoundError("wrk is not installed (Debian: apt-get install wrk)")
    options = ["-t1", f"-c{connections}", f"-d{round(seconds)}s", "--latency", "-s", str(SCRIPTS / f"{script}.lua")]
    said = subprocess.run(
        [program, *options, url, *(["--", *map(str, arguments)] if arguments else [])],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    late = re.search(r"99%\s+([\d.]+)(us|ms|s|m)", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if late is None or rate is None or "Socket errors" in said:
        raise RuntimeError(said)
    return Load(float(rate[1]), float(late[1]) * UNITS[late[2]], int(refused[1]) if refused else 0)


def booking(events: int, function: str = "book_seat") -> str:
    """A script that books a seat for somebody new, on any of so many events."""
    return f"""
\\set n random(1, 1000000000000)
\\set e random(1, {events})
SELECT public.{function}(:e, 'pgbench' || :n || '@example.org');
"""


def pgbench(url: str, script: str, *, clients: int, seconds: float) -> Load:
    """`script`, prepared, from `clients` connections."""
    with loading(url, script, clients=clients, seconds=seconds) as loads:
        pass
    return loads[0]


@contextmanager
def loading(url: str, script: str, *, clients: int, seconds: float) -> Iterator[list[Load]]:
    """pgbench at work while the block runs and until its time is over; then the list holds what came of it."""
    program = which("pgbench") or embedded.binary("pgbench")
    options = ["-n", "-M", "prepared", "-j2", f"-c{clients}", f"-T{round(seconds)}", "-l"]
    loads: list[Load] = []
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "script.sql"
        file.write_text(script)
        running = subprocess.Popen(
            [program, *options, "--log-prefix", f"{place}/log", "-f", file, url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        yield loads
        said, complaint = running.communicate()
        rate = re.search(r"tps = ([\d.]+)", said)
        if running.returncode or rate is None:
            raise RuntimeError(complaint)
        microseconds = sorted(
            int(line.split()[2]) for log in Path(place).glob("log*") for line in log.read_text().splitlines()
        )
        loads.append(Load(float(rate[1]), microseconds[len(microseconds) * 99 // 100] / 1000))
