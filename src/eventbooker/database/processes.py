"""The processes that work on a cluster: its server, and what a killed one left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from eventbooker.database.cluster import Cluster, EmbeddedError, acting_as

STOP_SECONDS = 60
ABORT_SECONDS = 5
"""What a backend gets to end after a SIGQUIT, as the server itself gives it."""
PAUSE_SECONDS = 0.02


def server_of(cluster: Cluster) -> int:
    """The process id of the running server, 0 if there is none."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return 0
    return pid if _is_server(_command_of(pid), cluster) else 0


def end_server(cluster: Cluster) -> None:
    """Stop a server that no guard stopped, and what is left of a killed one; drop its pid file, or a stranger's.

    Afterwards nobody works on the data. Raises EmbeddedError."""
    if pid := server_of(cluster):
        # Between our look and this call it may have stopped by itself, which is as good.
        subprocess.run(
            [cluster.installation.program("pg_ctl"), "stop", "-D", cluster.data, "-m", "fast", "-w", "-t", "60"],
            **acting_as(cluster.account), cwd="/", capture_output=True, check=False,
        )  # fmt: skip
        deadline = time.monotonic() + STOP_SECONDS
        while _is_server(_command_of(pid), cluster):
            if time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL (process {pid}) is still running on {cluster.data} and does not stop")
            time.sleep(PAUSE_SECONDS)
    _end_left_behind(cluster)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)


def _end_left_behind(cluster: Cluster) -> None:
    """Backends see that their server was killed only when they wait for something; one at work goes on and writes.

    They are ended as the server ends them when one of them crashes: what is committed is in the write-ahead log."""
    begun = time.monotonic()
    while left := [pid for pid, command in _commands() if _belongs(command, cluster)]:
        waited = time.monotonic() - begun
        if waited > STOP_SECONDS:
            raise EmbeddedError(f"processes {left} of a PostgreSQL that was killed still work on {cluster.data}")
        for pid in left:
            with suppress(OSError):  # it has just ended
                os.kill(pid, signal.SIGQUIT if waited < ABORT_SECONDS else signal.SIGKILL)
        time.sleep(PAUSE_SECONDS)


def _belongs(command: str, cluster: Cluster) -> bool:
    return command.startswith(f"postgres: {cluster.title}: ") or _is_server(command, cluster)


def _is_server(command: str, cluster: Cluster) -> bool:
    """Whether it is a postgres on this data; mentioning its path, as an editor might, is not enough."""
    return "postgres" in command.partition(" -D ")[0] and f" -D {cluster.data} " in f"{command} "


def _commands() -> Iterator[tuple[int, str]]:
    """Each process of the machine and its command line."""
    if Path("/proc/self").exists():
        pids = [int(place.name) for place in Path("/proc").glob("[0-9]*")]
        yield from ((pid, _command_of(pid)) for pid in pids)
        return
    told = subprocess.run(["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=False).stdout
    for line in told.splitlines():
        pid, _, command = line.strip().partition(" ")
        yield int(pid), command


def _command_of(pid: int) -> str:
    """The command line of a process; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    told = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout.strip()
