"""A Bot API server on the loopback: takes sendMessage over real HTTP and answers as Telegram does.

A chat answers `ok` unless a script of answers was given for it; each request uses up one of them.
"""

import json
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@dataclass(frozen=True)
class Answer:
    """An answer of the Bot API; status 0 closes the connection without any."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)


def _error(code: int, description: str, **parameters: int) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Answer(code, body)


BLOCKED = _error(403, "Forbidden: bot was blocked by the user")
CHAT_NOT_FOUND = _error(400, "Bad Request: chat not found")
UNAUTHORIZED = _error(401, "Unauthorized")
BROKEN = _error(500, "Internal Server Error")
HANG_UP = Answer(0)


def too_many_requests(seconds: int) -> Answer:
    return _error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class BotApi:
    """`requests` holds every message asked for, `delivered` the texts that each chat has got.

    While `gate` is cleared, requests are taken but not answered.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.delivered: dict[str, list[str]] = defaultdict(list)
        self.gate = threading.Event()
        self.gate.set()
        self._scripts: dict[str, deque[Answer]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()

    def script(self, chat_id: str, *answers: Answer) -> None:
        self._scripts[chat_id].extend(answers)

    def asked(self, chat_id: str) -> int:
        return sum(request["chat_id"] == chat_id for request in self.requests)

    def asked_at(self, chat_id: str) -> float:
        """When the chat's first message came, as time.monotonic() has it."""
        return float(next(request["at"] for request in self.requests if request["chat_id"] == chat_id))

    def answer(self, path: str, message: dict[str, Any]) -> Answer:
        if path != f"/bot{TOKEN}/sendMessage":
            return _error(404, "Not Found")
        chat_id = str(message["chat_id"])
        with self._lock:
            self.requests.append({**message, "at": time.monotonic()})
        self.gate.wait()
        with self._lock:
            if self._scripts[chat_id]:
                return self._scripts[chat_id].popleft()
            self.delivered[chat_id].append(message["text"])
            sent = {"message_id": len(self.requests), "chat": {"id": chat_id}, "text": message["text"]}
            return Answer(200, {"ok": True, "result": sent})


def _handler(api: BotApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = api.answer(self.path, message)
            if answer.status == 0:
                self.close_connection = True
                return
            body = json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
