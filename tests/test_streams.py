"""Streams on the real server: they take no thread, stand in nobody's way, and end with it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from tests.database import Database
from tests.test_serve import free_port
from tests.waiting import until

STREAMS = 200


class Web:
    """`eventbooker web` with one worker process."""

    def __init__(self, url: str) -> None:
        self.port = free_port()
        environment = {**os.environ, "DATABASE_URL": url, "EVENTBOOKER_LOG_LEVEL": "error"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "eventbooker", "web", "--port", str(self.port), "--workers", "1"], env=environment
        )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)
        until(self.is_ready)

    def is_ready(self) -> bool:
        try:
            return self.client.get("/readyz").status_code == 200
        except httpx.HTTPError:
            return False

    def threads(self) -> int:
        """Of the worker process."""
        (worker,) = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return len(list(Path(f"/proc/{worker}/task").iterdir()))

    def open_stream(self, path: str) -> socket.socket:
        stream = socket.create_connection(("127.0.0.1", self.port))
        stream.settimeout(30)
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return stream


@pytest.fixture
def web(database: Database) -> Iterator[Web]:
    web = Web(database.url)
    yield web
    web.client.close()
    web.process.kill()
    web.process.wait()


def read_until(stream: socket.socket, wanted: bytes) -> bytes:
    read = b""
    while wanted not in read:
        piece = stream.recv(4096)
        assert piece, read
        read += piece
    return read


def rest(stream: socket.socket) -> bytes:
    """Until the other side closes."""
    read = b""
    while piece := stream.recv(4096):
        read += piece
    return read


def test_hundreds_of_streams_take_no_thread_and_end_at_once_when_the_server_is_to_stop(
    web: Web, database: Database
) -> None:
    event_id = database.event(seats=3)
    with ExitStack() as streams:
        opened = []
        for _ in range(STREAMS):
            opened.append(streams.enter_context(closing(web.open_stream(f"/events/{event_id}/live"))))
            assert b"text/event-stream" in read_until(opened[-1], b'"available_seats":3')
        assert web.threads() < STREAMS / 2

        assert web.client.post(f"/events/{event_id}/book", json={"email": "a@b.c"}).status_code == 201
        for stream in opened:
            read_until(stream, b'"available_seats":2')

        web.process.send_signal(signal.SIGTERM)
        # Whole: a server that waited for its streams would be killed and cut them off.
        assert [rest(stream)[-5:] for stream in opened] == [b"0\r\n\r\n"] * STREAMS
        web.process.wait(30)


def test_who_hangs_up_is_forgotten_and_the_others_hear_on(web: Web, database: Database) -> None:
    event_id = database.event(seats=3)
    stays = web.open_stream(f"/events/{event_id}/live")
    goes = web.open_stream(f"/events/{event_id}/live")
    for stream in (stays, goes):
        read_until(stream, b'"available_seats":3')
    goes.close()

    for n, left in enumerate((2, 1, 0)):
        database.book(event_id, f"user{n}@example.org")
        read_until(stays, f'"available_seats":{left}'.encode())
    stays.close()
