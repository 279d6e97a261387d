"""`eventbooker worker` in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from tests.waiting import until
from tests.worker.bot_api import TOKEN

EVENTBOOKER = Path(sys.executable).with_name("eventbooker")


def worker_environment(database_url: str, api_url: str) -> dict[str, str]:
    """With a bot, and a sweep five times a second."""
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "EVENTBOOKER_SCHEDULER_INTERVAL": "200ms",
        "EVENTBOOKER_LOG_LEVEL": "debug",
        "TELEGRAM_API_URL": api_url,
        "TELEGRAM_BOT_TOKEN": TOKEN,
    }


class Worker:
    """Runs while its block does, whatever ends that."""

    def __init__(self, log: Path, environment: dict[str, str]) -> None:
        self._log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [EVENTBOOKER, "worker"], env=environment, stdout=output, stderr=output, start_new_session=True
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        print(self.log)  # pytest shows it when the test fails

    @property
    def log(self) -> str:
        return self._log.read_text()

    def ready(self) -> Self:
        until(lambda: "the worker runs" in self.log or self.process.poll() is not None)
        assert self.process.poll() is None, self.log
        return self

    def kill(self) -> None:
        """With -9."""
        self.process.kill()
        self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Returns how many seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(timeout=10) == 0, self.log
        return time.monotonic() - begun
