"""A network between two real programs that can break: hang without a word, or cut."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER such that closing sends a RST."""


class SwallowingProxy:
    """A TCP proxy on loopback, in one of three modes, which may change at any time:

    - it passes bytes on, both ways (`pass_on`),
    - it swallows them (`swallow`): connections stay, new ones are accepted, and nobody ever hears a word; bytes that
      are under way when this begins are lost as well, so a connection that lived through it is of no use any more,
    - it cuts (`cut`): connections are reset and new ones refused.
    """

    def __init__(self, target: str) -> None:
        """`target` is `host:port`, asked anew for each connection, so it may be changed."""
        self.target = target
        self._lock = threading.Lock()
        self._swallows = False
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self._serve(self._listener)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def pass_on(self) -> None:
        """Work again; what was swallowed is lost, so its connections are reset."""
        with self._lock:
            was_whole = self._listener is not None and not self._swallows
            self._swallows = False
        if not was_whole:
            self._reset_all()
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
            self._serve(self._listener)

    def swallow(self) -> None:
        with self._lock:
            self._swallows = True

    def cut(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            listener.close()
        self._reset_all()

    def close(self) -> None:
        self.cut()

    def _serve(self, listener: socket.socket) -> None:
        threading.Thread(target=self._accept, args=[listener], name="proxy", daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(client)
                if self._swallows:
                    continue
            host, port = self.target.split(":")
            try:
                server = socket.create_connection((host, int(port)), timeout=10)
            except OSError:
                self._reset(client)
                continue
            server.settimeout(None)
            with self._lock:
                self._open.add(server)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=[source, sink], name="proxy", daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if not self._swallows:
                    sink.sendall(piece)
        if not self._swallows:  # else the other side does not hear of the end either
            self._reset(source)
            self._reset(sink)

    def _reset_all(self) -> None:
        with self._lock:
            everything = list(self._open)
        for connection in everything:
            self._reset(connection)

    def _reset(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            connection.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads
        connection.close()


@contextmanager
def swallowing_proxy(target: str) -> Iterator[SwallowingProxy]:
    proxy = SwallowingProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
