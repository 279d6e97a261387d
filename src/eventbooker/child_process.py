"""Child processes that end with their parent, even if the parent is killed with -9.

The parent holds the writing end of a pipe and never writes; its death closes the pipe, and the child ends itself.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import wait

FD_VARIABLE = "EVENTBOOKER_PARENT_FD"


class Parent:
    """The parent's end of the pipe."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()

    def start(self, *arguments: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        """Start `eventbooker ARGUMENTS…` in a session of its own, so that a Ctrl-C reaches only the parent."""
        return subprocess.Popen(
            [sys.executable, "-m", "eventbooker", *arguments],
            env={**os.environ, **environment, FD_VARIABLE: str(self._reading)},
            pass_fds=[self._reading],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def terminate_with_parent() -> None:
    """In the child: get a SIGTERM when the parent is gone. Does nothing in a process that no Parent started."""
    if (fd := os.environ.pop(FD_VARIABLE, None)) is not None:
        descriptor = int(fd)
        os.set_inheritable(descriptor, False)
        _when(lambda: os.read(descriptor, 1), signal.SIGTERM)


def die_with_server() -> None:
    """In a worker process of the web server: die with the server's main process, however it died."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)  # until we have handlers of our own, not those of the main process
    if (parent := multiprocessing.parent_process()) is not None:
        sentinel = parent.sentinel
        _when(lambda: wait([sentinel]), signal.SIGKILL)


def _when(wait_until_gone: Callable[[], object], number: signal.Signals) -> None:
    def watch() -> None:
        wait_until_gone()
        os.kill(os.getpid(), number)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
