"""The running server and its guard.

The guard is a shell in a session of its own. It starts the server, reads a pipe whose other end the owner holds, and
stops the server when the pipe closes: at the owner's orderly end, and at its kill -9 too. As long as it lives it holds
a lock, so that the next owner cannot start a server that the guard of the last one is about to stop.
"""

import fcntl
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from eventbooker.database.cluster import NAME, Cluster, EmbeddedError, acting_as

# The lock is the guard's stderr. None of the three programs may get it: the server outlives a guard that is killed.
GUARD = """
"$0" start -D "$1" -l "$2" -o "$3" -w -t 60 >/dev/null 2>&1 && echo started || echo failed
cat >/dev/null 2>&1
"$0" stop -D "$1" -m fast -w -t 60 >/dev/null 2>&1
"""

STOP_SECONDS = 60
LOG_BYTES = 10_000_000
PAUSE_SECONDS = 0.02


@contextmanager
def serving(cluster: Cluster, password: str, lock_file: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """The URL of a server on this cluster, which ends with the block or with this process. Raises EmbeddedError."""
    port = _free_port()
    with _guard_lock(lock_file) as lock:
        _end_orphan(cluster)
        guard = _start_guard(cluster, {**settings, "port": str(port)}, lock)
    try:
        yield _ready(f"postgresql://{NAME}:{password}@127.0.0.1:{port}", NAME)
    finally:
        _end_guard(guard)
        _end_orphan(cluster)  # if the guard was killed


@contextmanager
def _guard_lock(path: Path) -> Iterator[int]:
    """A descriptor for the new guard, once the guard of a killed owner has done its work."""
    file = open_lock(path)
    try:
        deadline = time.monotonic() + STOP_SECONDS
        while not taken(file):
            if time.monotonic() > deadline:
                raise EmbeddedError(f"the PostgreSQL of an EventBooker that was killed is still stopping ({path})")
            time.sleep(PAUSE_SECONDS)
        yield file
    finally:
        os.close(file)


def open_lock(path: Path) -> int:
    """A descriptor that no other program inherits; what root makes in a person's directory is that person's."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(file, owner.st_uid, owner.st_gid)
    return file


def taken(file: int) -> bool:
    """Take the lock on an open file, if nobody has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end_orphan(cluster: Cluster) -> None:
    """Stop a server that no guard stopped; drop a pid file that names somebody else."""
    pid_file = cluster.data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        pid = 0
    if pid and _is_server(pid, cluster):
        # Between our look and this call it may have stopped by itself, which is as good.
        subprocess.run(
            [cluster.installation.program("pg_ctl"), "stop", "-D", cluster.data, "-m", "fast", "-w", "-t", "60"],
            **acting_as(cluster.account), cwd="/", capture_output=True, check=False,
        )  # fmt: skip
        deadline = time.monotonic() + STOP_SECONDS
        while _is_server(pid, cluster):
            if time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL (process {pid}) is still running on {cluster.data} and does not stop")
            time.sleep(PAUSE_SECONDS)
    pid_file.unlink(missing_ok=True)


def _is_server(pid: int, cluster: Cluster) -> bool:
    """Whether the process is a postgres on this data; mentioning its path, as an editor might, is not enough."""
    command = _command_of(pid)
    return "postgres" in command.partition(" -D ")[0] and f" -D {cluster.data} " in f"{command} "


def _command_of(pid: int) -> str:
    """The command line of a process; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    told = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start_guard(cluster: Cluster, settings: Mapping[str, str], lock: int) -> "subprocess.Popen[bytes]":
    """Returns once the server takes connections. Raises EmbeddedError with the end of its log."""
    log = cluster.data / "server.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.rename(log.with_name("server.log.old"))
    seen = log.stat().st_size if log.exists() else 0
    options = " ".join(f"-c {key}={value}" for key, value in settings.items())
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, cluster.installation.program("pg_ctl"), cluster.data, log, options],
        **acting_as(cluster.account), cwd="/", start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=lock,
    )  # fmt: skip
    assert guard.stdout is not None  # noqa: S101
    try:
        if guard.stdout.readline() != b"started\n":
            raise EmbeddedError(f"PostgreSQL did not start: {_last_words(log, seen)} ({log})")
    except BaseException:
        _end_guard(guard)
        raise
    return guard


def _last_words(log: Path, seen: int) -> str:
    """Why it did not start; what the log held before, `seen` bytes, is of former starts."""
    told = log.read_bytes()[seen:].decode(errors="replace").splitlines() if log.exists() else []
    return next((line for line in reversed(told) if "FATAL" in line), told[-1] if told else "it left no word")


def _end_guard(guard: "subprocess.Popen[bytes]") -> None:
    assert guard.stdin is not None  # noqa: S101
    assert guard.stdout is not None  # noqa: S101
    guard.stdin.close()
    guard.wait()
    guard.stdout.close()


def _ready(server: str, database: str) -> str:
    """The URL of a database of the server, made if missing."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
            connection.execute(f"CREATE DATABASE {database}")
    return f"{server}/{database}"
