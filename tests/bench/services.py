"""What is measured: the service, and the bare route beside it on the same server."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import yaml

from eventbooker.config import ROOT, Limits
from eventbooker.http.server import CONNECTIONS, THREADS
from tests.waiting import until

WORKERS = 2


@contextmanager
def eventbooker(url: str, command: str, **more: str) -> Iterator[tuple[str, int]]:
    """`eventbooker serve` or `web` on the database at `url`, with `more` environment variables: its address and process
    id."""
    port = free_port()
    environment = {"DATABASE_URL": url, "EVENTBOOKER_LOG_LEVEL": "error", "TELEGRAM_BOT_TOKEN": "", **more}
    arguments = [sys.executable, "-m", "eventbooker", command, "--port", str(port), "--workers", str(WORKERS)]
    with _running(arguments, environment, f"http://127.0.0.1:{port}/readyz") as process_id:
        yield f"http://127.0.0.1:{port}", process_id


@contextmanager
def required(url: str, limits: bool) -> Iterator[str]:
    """The address of `eventbooker web` in required mode, which believes what a proxy on this machine says of clients;
    with the limits as shipped, or none."""
    settings = {
        "auth": {"mode": "required"},
        "server": {"trusted_proxies": ["127.0.0.1"]},
        "limits": {} if limits else dict.fromkeys(Limits.model_fields, "off"),
    }
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(settings, file)
        file.flush()
        with eventbooker(url, "web", EVENTBOOKER_CONFIG=file.name) as (base, _):
            yield base


@contextmanager
def bare() -> Iterator[str]:
    """The address of the bare route."""
    port = free_port()
    arguments = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--log-level", "error"),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--backpressure", str(CONNECTIONS)),
        "tests.bench.bare:app",
    ]
    with _running(arguments, {}, f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}/echo"


@contextmanager
def _running(arguments: list[str], environment: dict[str, str], ready: str) -> Iterator[int]:
    process = subprocess.Popen(
        arguments, env={**os.environ, **environment}, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        until(lambda: _answers(ready))
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code in (200, 404)
    except httpx.HTTPError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
