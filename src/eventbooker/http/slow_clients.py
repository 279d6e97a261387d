"""Slow clients: a body that trickles in, an answer that is taken bit by bit.

The server hands a request to a thread when its headers are there. The thread then waits for the body, and for the
client to take all pieces of the answer but the last few. So a request counts as in flight (`overload.py`) only once its
body is here, an answer of usual size is handed over in one piece, and threads that wait for a client all the same have
places of their own. `standstill.py` bounds for how long.

An answer that does not wait for its request's body says `Connection: close`: what is still to come of the body can be
followed by no further request, and a proxy that was not told would send one into a connection that is being closed.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from io import BytesIO
from typing import TYPE_CHECKING, Any

from eventbooker.http.overload import OVERLOADED
from eventbooker.http.problems import Problem
from eventbooker.http.route import EVENT_STREAM, METHODS_WITH_BODY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_WAITING = 512
"""Threads of a worker process that may wait for clients at once, besides those that work."""

ONE_PIECE_BYTES = 64 * 1024
"""Up to here an answer leaves the thread at once and waits for its client in the server's memory."""

WITHOUT_CONTENT = ("204", "304")

CLOSE = ("Connection", "close")


def wait_aside(
    app: "WSGIApplication",
    measure: Callable[["WSGIApplication"], "WSGIApplication"],
    max_body: int,
    max_waiting: int = MAX_WAITING,
) -> "WSGIApplication":
    """`app`, called with bodies that are here already, and answering large ones without holding what `app` holds.

    503 while `max_waiting` threads wait for clients; 408 if a body breaks off. A body longer than `max_body` is left
    for `app` to read or refuse. `measure` goes around whatever answers, so that it sees our time and not the client's.
    """
    places = threading.Semaphore(max_waiting)
    app = measure(app)
    overloaded = measure(OVERLOADED.application())
    broke_off = measure(
        Problem("request_timeout", "The body did not arrive whole in time; nothing was done.").application()
    )

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in METHODS_WITH_BODY:
            if not places.acquire(blocking=False):
                return overloaded(environ, _closing(start_response))
            try:
                received = _receive_body(environ, max_body)
            finally:
                places.release()
            if received is Body.BROKEN_OFF:
                return broke_off(environ, _closing(start_response))
            if received is Body.LEFT:
                start_response = _closing(start_response)

        started: list[Any] = []
        pieces = app(environ, lambda *head: started.append(head))  # type: ignore[arg-type]
        status, headers = started[-1][:2]
        if _fits_one_piece(status, headers):
            start_response(*started[-1])
            return _joined(pieces)
        if ("Content-Type", EVENT_STREAM) in headers:  # no thread waits for its client, see streams.py
            start_response(*started[-1])
            return pieces
        if not places.acquire(blocking=False):
            _close(pieces)
            return overloaded(environ, start_response)
        start_response(*started[-1])
        return _Streamed(pieces, places)

    return answer


class Body(Enum):
    WHOLE = auto()
    BROKEN_OFF = auto()
    LEFT = auto()
    """More of it is to come than was read here."""


def _receive_body(environ: "WSGIEnvironment", max_body: int) -> Body:
    """Put the body into the environ in place of what it must be waited for, unless it is known to be too long."""
    if length := environ.get("CONTENT_LENGTH"):
        wanted = int(length) if length.isdecimal() else max_body + 1
        if wanted > max_body:
            return Body.LEFT
        body = environ["wsgi.input"].read(wanted)
        if len(body) < wanted:
            return Body.BROKEN_OFF
    elif "HTTP_TRANSFER_ENCODING" in environ:
        body = environ["wsgi.input"].read(max_body + 1)
    else:
        return Body.WHOLE
    environ["wsgi.input"] = BytesIO(body)
    return Body.WHOLE if len(body) <= max_body else Body.LEFT


def _closing(start_response: "StartResponse") -> "StartResponse":
    return lambda status, headers, *error: start_response(status, [*headers, CLOSE], *error)


def _fits_one_piece(status: str, headers: Iterable[tuple[str, str]]) -> bool:
    for name, value in headers:
        if name == "Content-Length":
            return int(value) <= ONE_PIECE_BYTES
    return status.startswith(WITHOUT_CONTENT)


def _joined(pieces: Iterable[bytes]) -> list[bytes]:
    """A list, because that is what the server takes over whole."""
    try:
        return [b"".join(pieces)]
    finally:
        _close(pieces)


def _close(pieces: Iterable[bytes]) -> None:
    if hasattr(pieces, "close"):
        pieces.close()


class _Streamed:
    """An answer in pieces, which gives its place back when the server is done with it."""

    def __init__(self, pieces: Iterable[bytes], places: threading.Semaphore) -> None:
        self._pieces = pieces
        self._places: threading.Semaphore | None = places

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        places, self._places = self._places, None
        if places:
            try:
                _close(self._pieces)
            finally:
                places.release()
