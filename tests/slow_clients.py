"""Clients that take their time on purpose: each keeps a connection for as long as the server lets it."""

import socket
import threading
from typing import Self

HEADERS, BODY, ANSWER = "headers", "body", "answer"
"""What a client does slowly: send its headers, send its body, or read what it is answered."""

SORTS = (HEADERS, BODY, ANSWER)
PAUSE_SECONDS = 0.5

LARGE = "/viewer/js/swagger-ui-bundle.js"
"""An answer that no buffer of the system takes whole."""

TRICKLE = {HEADERS: b"X-Slow: 1\r\n", BODY: b" "}
TAKEN_AT_ONCE = 64


def opening(sort: str) -> bytes:
    """What such a client sends at once."""
    head = f"GET {LARGE}" if sort == ANSWER else "POST /events/1/book"
    rest = {
        HEADERS: "",
        BODY: "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{",
        ANSWER: "\r\n",
    }[sort]
    return f"{head} HTTP/1.1\r\nHost: localhost\r\n{rest}".encode()


class SlowClients:
    """So many connections to a server on this machine while the block runs. One that the server closes is made anew, as
    an attacker would."""

    def __init__(self, port: int, sort: str, number: int) -> None:
        self._port = port
        self._sort = sort
        self.closed = 0
        """Connections that the server ended."""
        self._clients = [self._connect() for _ in range(number)]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._dawdle)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for client in self._clients:
            client.close()

    def _connect(self) -> socket.socket:
        client = socket.socket()
        if self._sort == ANSWER:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)  # as little as the system allows
        client.settimeout(10)
        client.connect(("127.0.0.1", self._port))
        client.sendall(opening(self._sort))
        client.setblocking(False)
        return client

    def _dawdle(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            for index, client in enumerate(self._clients):
                if not self._move(client):
                    self.closed += 1
                    client.close()
                    self._clients[index] = self._connect()

    def _move(self, client: socket.socket) -> bool:
        """Whether the connection still stands."""
        try:
            if self._sort == ANSWER:
                return bool(client.recv(TAKEN_AT_ONCE))
            client.sendall(TRICKLE[self._sort])
            return bool(client.recv(65536))
        except BlockingIOError:
            return True
        except OSError:
            return False
