"""The processes of EventBooker, each of which can be killed with -9 and started again, as systemd would."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import httpx

from tests.test_serve import free_port
from tests.waiting import until
from tests.worker.bot_api import TOKEN, BotApi


class Program:
    """`eventbooker ARGUMENTS…`; all that it says goes to one file."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        self._arguments = [sys.executable, "-m", "eventbooker", *arguments]
        self._environment = environment
        self._log = log

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._arguments, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """With all its processes."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


class Web(Program):
    """`eventbooker web` or `serve` on a port of its own."""

    def __init__(self, command: str, environment: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        super().__init__([command, "--port", str(self.port)], environment, log)

    def is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.base}/readyz", timeout=10).status_code == 200
        return False


class Worker(Program):
    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        super().__init__(["worker"], environment, log)


def environment(bot_api: BotApi, **more: str) -> dict[str, str]:
    """Open mode, one process for each web, a bot, a sweep each second."""
    ours = ("DATABASE_URL", "EVENTBOOKER_", "TELEGRAM_", "SMTP_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **inherited,
        "EVENTBOOKER_AUTH_MODE": "open",
        "EVENTBOOKER_SERVER_WORKERS": "1",
        "EVENTBOOKER_SCHEDULER_INTERVAL": "1s",
        "TELEGRAM_API_URL": bot_api.url,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        **more,
    }


def all_ready(webs: list[Web]) -> None:
    for web in webs:
        until(web.is_ready)
