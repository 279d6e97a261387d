"""Clients that take their time keep nobody else waiting, and not their own connection for ever."""

import socket
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from werkzeug.test import Client

from eventbooker.http.slow_clients import ONE_PIECE_BYTES, wait_aside
from eventbooker.http.standstill import Standstill, traffic_of
from tests.bench.services import eventbooker
from tests.database import Database
from tests.service import Service
from tests.slow_clients import BODY, HEADERS, LARGE, SORTS, SlowClients, opening
from tests.waiting import until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LIMIT_SECONDS = 30


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Iterator[str]:
    """The service on its real server, as impatient as it can be configured."""
    settings = tmp_path / "config.yaml"
    settings.write_text("server: {request_timeout: 1s}\n")
    with eventbooker(database.url, "web", EVENTBOOKER_CONFIG=str(settings)) as (url, _):
        yield url


@pytest.mark.parametrize("sort", SORTS)
def test_two_hundred_slow_connections_stop_nobody(database: Database, sort: str) -> None:
    with eventbooker(database.url, "web") as (url, _), Service(url) as service:
        event = service.event(total_seats=100)["id"]
        with SlowClients(_port(url), sort, 200), ThreadPoolExecutor(20) as people:
            booked = list(people.map(lambda number: service.book(event, f"{number}@example.org"), range(100)))
            assert service.get(LARGE).status_code == 200

        assert len({booking["id"] for booking in booked}) == 100


def test_whose_request_does_not_get_on_is_disconnected_and_whose_body_does_not_is_told(web: str) -> None:
    with SlowClients(_port(web), HEADERS, 3) as slow:
        until(lambda: slow.closed >= 3)
    with SlowClients(_port(web), BODY, 3) as slow:
        until(lambda: slow.closed >= 3)
    answer = _send(web, opening(BODY))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code": "request_timeout"' in answer


def test_who_takes_no_answer_is_disconnected(web: str) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        client.connect(("127.0.0.1", _port(web)))
        client.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

        until(lambda: client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0)


def test_headers_have_a_limit(web: str) -> None:
    def status(header: bytes) -> bytes:
        return _send(web, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + b"\r\n")[9:12]

    assert status(b"X-Long: " + b"a" * 20_000 + b"\r\n") == b"200"
    assert status(b"X-Long: " + b"a" * 100_000 + b"\r\n") == b"431"
    assert status(b"".join(b"X-%d: a\r\n" % number for number in range(200))) == b"431"


def test_a_body_that_breaks_off_changes_nothing(live_service: Service) -> None:
    body = b'{"name":"A","date":"2040-01-01T10:00","total_seats":5}'
    head = b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"

    answer = _send(live_service.url, head % (len(body) + 1) + body, close=True)

    assert b" 408 " in answer.splitlines()[0]
    assert live_service.get("/events").json() == []


def test_an_answer_that_does_not_wait_for_the_body_is_the_connections_last(web: str) -> None:
    """A proxy must know: the next request, sent after it, would find a connection that is being closed."""
    answer = _send(
        web,
        b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 70000\r\n\r\n"
        + b"x" * 1_000,  # and no more yet
    )

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nconnection: close\r\n" in answer.lower()
    assert "Connection" not in httpx.post(f"{web}/events", json={}).headers


def test_no_more_threads_wait_for_clients_than_there_are_places() -> None:
    """The others work on meanwhile, also for requests without a body."""
    begun, whole = threading.Semaphore(0), threading.Event()

    class Trickle:
        def read(self, size: int) -> bytes:
            begun.release()
            assert whole.wait(10)
            return b"x" * size

    client = Client(_aside([b"done"], max_waiting=2))
    with ThreadPoolExecutor(2) as pool:
        trickling = {"CONTENT_LENGTH": "5", "wsgi.input": Trickle()}
        slow = [pool.submit(client.post, "/", environ_overrides=trickling) for _ in range(2)]
        for _ in slow:
            assert begun.acquire(timeout=10)

        refused = client.post("/", data=b"at once")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert client.get("/").status_code == 200

        whole.set()
        assert [answered.result().status_code for answered in slow] == [200, 200]
    assert client.post("/", data=b"at once").status_code == 200


def test_a_large_answer_has_a_place_until_it_is_taken() -> None:
    client = Client(_aside([b"x" * ONE_PIECE_BYTES, b"y"], max_waiting=1))

    first = client.get("/", buffered=False)
    assert client.get("/").status_code == 503
    first.close()

    with client.get("/") as second:
        assert len(second.data) == ONE_PIECE_BYTES + 1


def test_a_usual_answer_is_handed_over_in_one_piece() -> None:
    app = _aside([b"two ", b"pieces"], max_waiting=1)

    assert app({"REQUEST_METHOD": "GET"}, lambda *head: None) == [b"two pieces"]


def test_a_connection_is_ended_when_a_request_stands_still_and_left_alone_when_it_moves() -> None:
    with _connected() as (server, client, port):
        standstill = Standstill(port, LIMIT_SECONDS)
        assert standstill.end_connections(0) == 0
        assert standstill.end_connections(LIMIT_SECONDS) == 0, "nothing has been sent on it yet"

        client.sendall(b"GET / HTTP/1.1\r\n")
        until(lambda: traffic_of(server).pieces_received)
        assert standstill.end_connections(100) == 0
        assert standstill.end_connections(100 + LIMIT_SECONDS - 1) == 0
        server.sendall(b"HTTP/1.1 200 OK\r\n")
        client.sendall(b"GET / HTTP/1.1\r\n")
        until(lambda: traffic_of(server).pieces_received > 1)
        assert standstill.end_connections(100 + LIMIT_SECONDS) == 0, "it was answered, so the next has its own time"

        client.sendall(b"Host: localhost\r\n")
        until(lambda: traffic_of(server).is_under_way)
        standstill.end_connections(200)
        assert standstill.end_connections(200 + LIMIT_SECONDS) == 1
        assert _reads_to_the_end(server)
        assert client.recv(100) == b"HTTP/1.1 200 OK\r\n"


def test_a_connection_is_ended_when_its_answer_is_not_taken() -> None:
    with _connected() as (server, client, port):
        standstill = Standstill(port, LIMIT_SECONDS)
        client.sendall(b"GET / HTTP/1.1\r\n")
        assert server.recv(100)
        server.setblocking(False)
        until(lambda: not _takes_more(server))
        until(lambda: _stands(server))

        standstill.end_connections(0)
        assert standstill.end_connections(LIMIT_SECONDS) == 1

        with pytest.raises(BrokenPipeError):
            server.send(b"x")


def _aside(pieces: Iterable[bytes], max_waiting: int) -> Any:
    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(sum(map(len, pieces))))])
        return (piece for piece in pieces)

    return wait_aside(answer, lambda app: app, max_body=1000, max_waiting=max_waiting)


@contextmanager
def _connected() -> Iterator[tuple[socket.socket, socket.socket, int]]:
    """Both ends of a connection, and the port of the server's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            server, _ = listener.accept()
            with server:
                yield server, client, port


def _reads_to_the_end(connection: socket.socket) -> bool:
    while connection.recv(65536):
        pass
    return True


def _takes_more(connection: socket.socket) -> bool:
    try:
        return connection.send(bytes(1_000_000)) > 0
    except BlockingIOError:
        return False


def _stands(connection: socket.socket) -> bool:
    """Whether nothing more has left in a while: the client's buffers are full."""
    return traffic_of(connection).sent_ms_ago > 300


def _port(url: str) -> int:
    return urlsplit(url).port or 0


def _send(url: str, request: bytes, close: bool = False) -> bytes:
    """What is answered until the server ends the connection; with `close`, the client says that no more will come."""
    with socket.create_connection(("127.0.0.1", _port(url)), timeout=30) as client:
        client.sendall(request)
        if close:
            client.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while piece := client.recv(65536):
                answer += piece
        except ConnectionResetError:  # what we sent and it did not read
            pass
        return answer
