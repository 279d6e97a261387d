"""What systemd is told of the service it started: that it is ready, that it still answers, that it ends.

The protocol is one datagram a message (sd_notify(3)). Nothing is said where systemd did not start us.
"""

import http.client
import os
import socket
import time

import structlog

log = structlog.get_logger()

ANSWER_SECONDS = 5.0


def notify(state: str) -> None:
    """Say `READY=1` and the like, if systemd listens."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
            connection.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
    except OSError as error:
        log.warning("systemd was not told", state=state, error=str(error))


class Watchdog:
    """Tells systemd that the service answers, three times in its WatchdogSec, as long as it does.

    When the service hangs, systemd hears nothing and starts it again. Any answer will do: while the database is away a
    new start would not help.
    """

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._pause = _watchdog_seconds() / 3
        self._next = time.monotonic()

    def look(self) -> None:
        """To be called again and again; does something when it is time."""
        if self._pause and time.monotonic() >= self._next:
            self._next = time.monotonic() + self._pause
            if self._answers():
                notify("WATCHDOG=1")
            else:
                log.warning("the service does not answer; if it stays so, systemd starts it again")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(*self._address, timeout=min(ANSWER_SECONDS, self._pause))
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True


def _watchdog_seconds() -> float:
    """0: nobody watches."""
    meant = os.environ.get("WATCHDOG_PID", str(os.getpid()))
    return int(os.environ.get("WATCHDOG_USEC", 0)) / 1e6 if meant == str(os.getpid()) else 0
