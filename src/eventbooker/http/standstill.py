"""Ends connections on which a request makes no way, because the server bounds neither how long a body may take nor how
slowly an answer is taken.

Each worker process looks at its own connections now and then and asks Linux what it has counted of them (TCP_INFO), so
a request pays nothing for it. On another system, only a proxy in front can do this.
"""

import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY_SECONDS = 1.0

IDLE_SECONDS = 75
"""How long a connection may stay open with nothing sent either way: nginx closes its own to us after 60."""

SO_COOKIE = 57
"""What Linux names a socket by; not in Python's module yet."""

TCP_INFO_FIELDS = struct.Struct("=B 43x I 4x I 88x I 4x I I")
"""Of `struct tcp_info` in linux/tcp.h, which only grows at its end: tcpi_state, tcpi_last_data_sent and
tcpi_last_data_recv (ms ago), tcpi_notsent_bytes, tcpi_data_segs_in, tcpi_data_segs_out."""

ESTABLISHED = 1


@dataclass(frozen=True)
class Traffic:
    """What Linux tells of a connection."""

    open: bool
    sent_ms_ago: int
    received_ms_ago: int
    unsent: int
    """Bytes of an answer that the client has not made room for."""
    pieces_received: int
    pieces_sent: int

    @property
    def is_under_way(self) -> bool:
        """A request has come, or a part of one, that we have not answered; or an answer is not taken. What came in
        the very millisecond of our last answer is not noticed until more comes or the connection counts as idle."""
        if self.pieces_sent == 0:
            return self.pieces_received > 0
        return self.unsent > 0 or self.received_ms_ago < self.sent_ms_ago

    @property
    def is_idle(self) -> bool:
        return min(self.sent_ms_ago, self.received_ms_ago) > IDLE_SECONDS * 1000


class Standstill:
    """Watches this process's connections to its own `port`. From the first byte of a request, and between two pieces of
    its answer, at most `limit` seconds may pass."""

    def __init__(self, port: int, limit: float) -> None:
        self._port = port
        self._limit = limit
        self._since: dict[bytes, tuple[int, float]] = {}

    def watch(self) -> None:
        """Look again and again, in a thread of its own. Does nothing where there is no Linux."""
        if sys.platform == "linux":
            threading.Thread(target=self._watch, name="standstill watch", daemon=True).start()

    def end_connections(self, now: float) -> int:
        """End those that have stood still too long; returns how many. `now` is in seconds of a clock of one's own."""
        since: dict[bytes, tuple[int, float]] = {}
        ended = 0
        for connection in _connections(self._port):
            with closing(connection):
                traffic = traffic_of(connection)
                if not traffic.open:
                    continue
                name = connection.getsockopt(socket.SOL_SOCKET, SO_COOKIE, 8)
                pieces, begun = self._since.get(name, (-1, now))
                if traffic.is_under_way:
                    since[name] = (traffic.pieces_sent, begun if pieces == traffic.pieces_sent else now)
                    over = now - since[name][1] >= self._limit
                else:
                    over = traffic.is_idle
                if over:
                    ended += _end(connection, traffic)
        self._since = since
        return ended

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            self.end_connections(time.monotonic())


def _connections(port: int) -> Iterator[socket.socket]:
    """A second handle on each, because the first one may be closed, and its number be another's, at any moment."""
    for link in Path("/proc/self/fd").iterdir():
        try:
            descriptor = os.dup(int(link.name))
        except OSError:
            continue
        try:
            found = socket.socket(fileno=descriptor)
        except OSError:
            os.close(descriptor)
            continue
        try:
            ours = found.family in (socket.AF_INET, socket.AF_INET6) and found.getsockname()[1] == port
        except OSError:
            ours = False
        if ours:
            yield found
        else:
            found.close()


def traffic_of(connection: socket.socket) -> Traffic:
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_FIELDS.size)
    state, *counted = TCP_INFO_FIELDS.unpack(info)
    return Traffic(state == ESTABLISHED, *counted)


def _end(connection: socket.socket, traffic: Traffic) -> bool:
    """Whose body does not come can still read our 408. Of an answer that is not taken, Linux is to keep nothing."""
    try:
        if traffic.unsent:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR if traffic.unsent else socket.SHUT_RD)
    except OSError:
        return False  # it has gone meanwhile
    return True
