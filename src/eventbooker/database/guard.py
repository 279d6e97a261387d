"""The guard of a running server: it ends the server when the owner ends, however that ends.

It is a shell in a session of its own. It starts the server, reads a pipe whose other end the owner holds, and stops the
server when the pipe closes: at the owner's orderly end, and at its kill -9 too. As long as it lives it holds a lock, so
that the next owner cannot start a server that the guard of the last one is about to stop.
"""

import fcntl
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from eventbooker.database.cluster import Cluster, EmbeddedError, acting_as
from eventbooker.database.processes import PAUSE_SECONDS, STOP_SECONDS

# The lock is the guard's stderr. None of the three programs may get it: the server outlives a guard that is killed.
# A server that was killed first reads its write-ahead log, which may take long; one that cannot start is seen at once.
SCRIPT = """
"$0" start -D "$1" -l "$2" -o "$3" -w -t 600 >/dev/null 2>&1 && echo started || echo failed
cat >/dev/null 2>&1
"$0" stop -D "$1" -m fast -w -t 60 >/dev/null 2>&1
"""

LOG_BYTES = 10_000_000
FULL_BYTES = 1_000_000
"""With less than this free, PostgreSQL cannot start; it cannot even write why."""


class Guard:
    """Begins to start a server at once. Raises EmbeddedError if the last guard does not end."""

    def __init__(self, cluster: Cluster, settings: Mapping[str, str], lock_file: Path) -> None:
        self._words = cluster.data / "server.log"
        if self._words.exists() and self._words.stat().st_size > LOG_BYTES:
            self._words.rename(self._words.with_name("server.log.old"))
        self._seen = self._words.stat().st_size if self._words.exists() else 0
        options = " ".join(f"-c {key}={value}" for key, value in settings.items())
        with _lock(lock_file) as lock:
            self._shell = subprocess.Popen(
                ["/bin/sh", "-c", SCRIPT, cluster.installation.program("pg_ctl"), cluster.data, self._words, options],
                **acting_as(cluster.account), cwd="/", start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=lock,
            )  # fmt: skip

    def has_tried(self) -> bool:
        """Whether the server has started, or failed to; it may have much to recover first."""
        assert self._shell.stdout is not None  # noqa: S101
        return bool(select.select([self._shell.stdout], [], [], 0)[0])

    def must_have_started(self) -> None:
        """Returns once it takes connections. Raises EmbeddedError with the end of its log."""
        assert self._shell.stdout is not None  # noqa: S101
        if self._shell.stdout.readline() != b"started\n":
            raise EmbeddedError(f"PostgreSQL did not start: {self._last_words()} ({self._words})")

    def end(self) -> None:
        """And the server with it."""
        assert self._shell.stdin is not None  # noqa: S101
        assert self._shell.stdout is not None  # noqa: S101
        self._shell.stdin.close()
        self._shell.wait()
        self._shell.stdout.close()

    def _last_words(self) -> str:
        """Why it did not start; what the log held before is of former starts."""
        told = []
        if self._words.exists():
            told = self._words.read_bytes()[self._seen :].decode(errors="replace").splitlines()
        if shutil.disk_usage(self._words.parent).free < FULL_BYTES:
            told.append("FATAL:  the disk is full")
        said = [line for line in told if "FATAL" in line or "PANIC" in line]
        return (said or told or ["it left no word"])[-1]


@contextmanager
def _lock(path: Path) -> Iterator[int]:
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
