"""Load: wrk over HTTP, pgbench on a function. Both come from Debian's packages; pgbench also from the wheel."""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from eventbooker.database import embedded

SCRIPTS = Path(__file__).parent / "wrk"
CONNECTIONS = 64

UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Load:
    """What came of a load: answers a second, and the 99th percentile of their latency in milliseconds."""

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


def pgbench(url: str, script: str, *, clients: int, seconds: float) -> float:
    """Transactions a second of `script`, prepared, from `clients` connections."""
    program = which("pgbench") or embedded.binary("pgbench")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        said = subprocess.run(
            [program, "-n", "-M", "prepared", "-j2", f"-c{clients}", f"-T{round(seconds)}", "-f", file.name, url],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    rate = re.search(r"tps = ([\d.]+)", said)
    if rate is None:
        raise RuntimeError(said)
    return float(rate[1])
