"""`eventbooker serve`: the web and the worker as two processes, kept running and stopped together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import structlog

from eventbooker.child_process import Parent
from eventbooker.config import Settings, for_processes
from eventbooker.systemd import Watchdog, notify

log = structlog.get_logger()

START_SECONDS = 30
STOP_SECONDS = 10
PAUSE_SECONDS = 0.05


class StartError(Exception):
    """The service did not come up; the message is one line that says why."""


def stop_on_signals() -> None:
    """Let SIGTERM and SIGINT leave through the context managers, once: a second one must not interrupt the shutdown."""

    def leave(number: int, _frame: FrameType | None) -> None:
        for stopping in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stopping, signal.SIG_IGN)
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)


def serve(settings: Settings, url: str, ready: Callable[[], None], keep_database: Callable[[], None]) -> None:
    """Run web and worker on the database at `url` until a signal; `ready` is called once pages can be opened.

    A process that dies is started again; `keep_database`, called twice a second, does the same for the database.
    Raises StartError if the web never comes up, and whatever `keep_database` raises."""
    parent = Parent()
    environment = {
        **for_processes(url),
        "EVENTBOOKER_SERVER_HOST": settings.server.host,
        "EVENTBOOKER_SERVER_PORT": str(settings.server.port),
        "EVENTBOOKER_SERVER_WORKERS": str(settings.server.workers),
        "MALLOC_ARENA_MAX": "2",  # glibc gives each few threads a heap of their own: half the memory, for nothing
    }
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name in ("web", "worker"):
            children[name] = parent.start(name, environment=environment)
        _wait_until_ready(settings, children["web"])
        ready()
        notify("READY=1")
        watchdog = Watchdog(_host(settings), settings.server.port)
        while True:
            watchdog.look()
            keep_database()
            for name, child in children.items():
                if child.poll() is not None:
                    log.warning("a process died and is started again", process=name, status=child.returncode)
                    time.sleep(1)
                    children[name] = parent.start(name, environment=environment)
            time.sleep(0.5)
    finally:
        notify("STOPPING=1")
        _stop(list(children.values()))


def _wait_until_ready(settings: Settings, web: subprocess.Popen[bytes]) -> None:
    host = f"[{_host(settings)}]" if ":" in _host(settings) else _host(settings)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if web.poll() is not None:
            raise StartError("the web process ended while starting; its last lines say why")
        try:
            with urlopen(f"http://{host}:{settings.server.port}/readyz", timeout=2) as response:
                if response.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(PAUSE_SECONDS)
    raise StartError(f"the web process was not ready within {START_SECONDS} s")


def _host(settings: Settings) -> str:
    """Where the web is reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.server.host, settings.server.host)  # noqa: S104


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
