"""Answers that go on and on, thousands of them in one thread.

Granian gives each WSGI request a thread and asks for piece after piece of an answer in it, so a page that follows an
event would hold a thread as long as it is open. Its asynchronous interface holds no thread, but a booking costs a sixth
more processor time there, because its body comes by way of an event loop. So the WSGI interface stays, and the server's
loop over the pieces of such an answer runs in a greenlet: where the next piece is not there yet, the greenlet waits and
its thread goes on with another one.
"""

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

import structlog
from granian.server import mp
from greenlet import getcurrent, greenlet

log = structlog.get_logger()

PATHS_END = "/live"
"""How the path of every such answer ends."""


class Streams(threading.Thread):
    """The thread of a process's streams. It runs one at a time, until it waits."""

    def __init__(self) -> None:
        super().__init__(name="streams", daemon=True)
        self._due: SimpleQueue[greenlet | Callable[[], None]] = SimpleQueue()

    def begin(self, stream: Callable[[], None]) -> None:
        """Run `stream` from now on; its waits are those of a `Wake`."""
        self._due.put(stream)

    def resume(self, waiting: greenlet) -> None:
        self._due.put(waiting)

    def run(self) -> None:
        while True:
            due = self._due.get()
            running = due if isinstance(due, greenlet) else greenlet(due)
            try:
                running.switch()
            except Exception:
                log.exception("a stream broke")


class Wake:
    """Lets one stream wait for other threads. Where it is no greenlet, its thread waits: any WSGI server will do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._waiting: Callable[[], None] | None = None

    def set(self) -> None:
        """End the stream's wait, or its next one."""
        with self._lock:
            self._set = True
            resume, self._waiting = self._waiting, None
        if resume:
            resume()

    def wait(self) -> None:
        thread = threading.current_thread()
        if isinstance(thread, Streams):
            this = getcurrent()
            self._wait(lambda: thread.resume(this), this.parent.switch)
        else:
            gate = threading.Lock()
            gate.acquire()
            self._wait(gate.release, gate.acquire)

    def _wait(self, resume: Callable[[], None], pause: Callable[[], Any]) -> None:
        with self._lock:
            is_set, self._set = self._set, False
            if not is_set:
                self._waiting = resume
        if not is_set:
            pause()
            self._set = False


class _Handover:
    """Stands between the server's view of one request and ours: takes the pieces to the thread of the streams."""

    def __init__(self, protocol: Any, streams: Streams) -> None:
        self._protocol = protocol
        self._streams = streams
        self.response_bytes = protocol.response_bytes

    def response_iter(self, status: int, headers: list[tuple[str, str]], pieces: Iterator[bytes]) -> None:
        self._streams.begin(lambda: self._protocol.response_iter(status, headers, pieces))


def serve_streams() -> None:
    """In a worker process, before the server wraps the application: streams take no threads of the server."""
    streams = Streams()
    streams.start()
    server: Any = mp
    wrap = server._wsgi_call_wrap

    def wrap_with_streams(*arguments: Any) -> Callable[[Any, dict[str, Any]], Any]:
        answer = wrap(*arguments)

        def answer_or_hand_over(protocol: Any, scope: dict[str, Any]) -> Any:
            if scope["PATH_INFO"].endswith(PATHS_END):
                return answer(_Handover(protocol, streams), scope)
            return answer(protocol, scope)

        return answer_or_hand_over

    server._wsgi_call_wrap = wrap_with_streams  # the one thing of granian's own that we replace
