"""A Bot API server on the loopback, that behaves as Telegram's does: over real HTTP, for one bot.

What is asked is checked (method, token, HTML, sizes), messages can be edited, updates are kept until a later one is
asked for, a second poller throws the first one out, and who sends too fast is told to wait. What goes wrong besides is
scripted for a chat, or left to `fault`.
"""

import itertools
import json
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import default
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
BOT = {"id": 110201543, "is_bot": True, "first_name": "Booker", "username": "booker_test_bot"}
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_DATA = 64
PNG = b"\x89PNG\r\n"
TAG = re.compile(r"<(/?)(b|strong|i|em|u|s|code|pre|a)(?: [^<>]*)?>")


@dataclass(frozen=True)
class Answer:
    """An answer of the Bot API. Status 0: none, the connection is cut after `delay` seconds.

    With `delivers`, the message is delivered all the same.
    """

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    delay: float = 0
    delivers: bool = False


def _error(code: int, description: str, **parameters: int) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Answer(code, body)


def _ok(result: object) -> Answer:
    return Answer(200, {"ok": True, "result": result})


BLOCKED = _error(403, "Forbidden: bot was blocked by the user")
CHAT_NOT_FOUND = _error(400, "Bad Request: chat not found")
UNAUTHORIZED = _error(401, "Unauthorized")
BROKEN = _error(500, "Internal Server Error")
NOT_FOUND = _error(404, "Not Found")
HANG_UP = Answer(0)
SILENCE = Answer(0, delay=10)
ANSWER_LOST = Answer(0, delivers=True)
CONFLICT = _error(
    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


def too_many_requests(seconds: int) -> Answer:
    return _error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class Allowance:
    """So many at once, and then so many a second."""

    def __init__(self, at_once: float, a_second: float) -> None:
        self._most = self._left = at_once
        self._rate = a_second
        self._at = time.monotonic()

    def take(self) -> float:
        """How many seconds too early this one comes; 0 for one that is taken."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self._rate
        self._left -= 1
        return 0


@dataclass
class Message:
    """As it stands in the chat."""

    chat_id: str
    id: int
    text: str
    buttons: dict[str, str]
    """Each button's words and its callback_data."""
    photo: bytes | None = None
    """The picture, whose caption the text is."""


class BotApi:
    """`requests` holds every message asked for, `delivered` the texts that each chat has got, in their first words.

    While `gate` is cleared, messages are taken but not answered. `a_second` and `chat_a_second` are Telegram's limits.
    """

    def __init__(self, a_second: float = 30, chat_a_second: float = 1) -> None:
        self.requests: list[dict[str, Any]] = []
        self.delivered: dict[str, list[str]] = defaultdict(list)
        self.messages: dict[str, list[Message]] = defaultdict(list)
        self.callbacks: dict[str, str | None] = {}
        """The presses of buttons, and what was answered to each."""
        self.asked_for: list[str] = []
        """The methods called, in order."""
        self.conflicts = 0
        self.polling = 0
        self.fault: Callable[[str], Answer | None] = lambda chat_id: None
        self.gate = threading.Event()
        self.gate.set()
        self._scripts: dict[str, deque[Answer]] = defaultdict(deque)
        self._allowance = Allowance(a_second, a_second)
        self._allowances: dict[str, Allowance] = defaultdict(lambda: Allowance(3 * chat_a_second, chat_a_second))
        self._updates: deque[dict[str, Any]] = deque()
        self._all_updates: list[dict[str, Any]] = []
        self._update_ids = itertools.count(870_000_001)
        self._message_ids = itertools.count(1)
        self._polls = itertools.count(1)
        self._latest_poll = 0
        self._lock = threading.RLock()
        self._news = threading.Condition(self._lock)
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.gate.set()
        with self._news:
            self._news.notify_all()
        self._server.shutdown()
        self._server.server_close()

    # What the tests say and see.

    def script(self, chat_id: str, *answers: Answer) -> None:
        """What the chat's next messages are answered, one answer each."""
        self._scripts[chat_id].extend(answers)

    def asked(self, chat_id: str) -> int:
        return sum(request["chat_id"] == chat_id for request in self.requests)

    def asked_at(self, chat_id: str) -> float:
        """When the chat's first message came, as time.monotonic() has it."""
        return float(next(request["at"] for request in self.requests if request["chat_id"] == chat_id))

    def hear(self, who: int, text: str, language: str | None = "en") -> int:
        """A person writes to the bot; the update's id."""
        message = {"message_id": next(self._message_ids), "date": int(time.time()), "text": text}
        return self.update("message", message | {"chat": _private_chat(who), "from": _person(who, language)})

    def press(self, who: int, message: Message, button: str, language: str | None = "en") -> str:
        """A person presses a button of a message, which may be somebody else's; the id of the press."""
        callback_id = str(4_000_000 + len(self.callbacks))
        self.callbacks[callback_id] = None
        held = {"message_id": message.id, "chat": _private_chat(int(message.chat_id)), "text": message.text}
        self.update(
            "callback_query",
            {"id": callback_id, "from": _person(who, language), "message": held, "data": message.buttons[button]},
        )
        return callback_id

    def unconfirmed(self) -> list[int]:
        """The ids of the updates that Telegram would give to whoever asks next."""
        with self._lock:
            return [update["update_id"] for update in self._updates]

    def forget_confirmations(self) -> None:
        """Give all updates again to whoever asks next, as after a crash between doing and asking on."""
        with self._lock:
            self._updates = deque(self._all_updates)

    def update(self, kind: str, content: dict[str, Any]) -> int:
        """Something that the bot is to hear of."""
        with self._news:
            update_id = next(self._update_ids)
            self._updates.append({"update_id": update_id, kind: content})
            self._all_updates.append(self._updates[-1])
            self._news.notify_all()
        return update_id

    # What the bot asks.

    def answer(self, path: str, asked: dict[str, Any]) -> Answer:
        token, _, method = path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            return UNAUTHORIZED
        with self._lock:
            self.asked_for.append(method)
        match method:
            case "getMe":
                return _ok(BOT)
            case "getUpdates":
                return self._get_updates(asked)
            case "sendMessage":
                return self._send_message(asked)
            case "sendPhoto":
                return self._send_message({**asked, "text": asked.get("caption", "")})
            case "editMessageText":
                return self._edit_message_text(asked)
            case "answerCallbackQuery":
                return self._answer_callback_query(asked)
        return NOT_FOUND

    def _get_updates(self, asked: dict[str, Any]) -> Answer:
        with self._news:
            poll = self._latest_poll = next(self._polls)
            self._news.notify_all()
            while self._updates and self._updates[0]["update_id"] < asked.get("offset", 0):
                self._updates.popleft()
            self.polling += 1
            self._news.wait_for(
                lambda: self._updates or poll != self._latest_poll or self.closing.is_set(), asked.get("timeout", 0)
            )
            self.polling -= 1
            if poll != self._latest_poll:
                self.conflicts += 1
                return CONFLICT
            return _ok(list(itertools.islice(self._updates, asked.get("limit", 100))))

    def _send_message(self, asked: dict[str, Any]) -> Answer:
        chat_id = str(asked.get("chat_id", ""))
        with self._lock:
            self.requests.append({**asked, "at": time.monotonic()})
        self.gate.wait()
        with self._lock:
            scripted = self._scripts[chat_id].popleft() if self._scripts[chat_id] else self.fault(chat_id)
            if scripted and not scripted.delivers:
                return scripted
            if refusal := _refusal(chat_id, asked):
                return refusal
            if early := max(self._allowances[chat_id].take(), self._allowance.take()):
                return too_many_requests(int(early) + 1)
            buttons = {
                button["text"]: button["callback_data"]
                for row in asked.get("reply_markup", {}).get("inline_keyboard", [])
                for button in row
            }
            message = Message(chat_id, next(self._message_ids), asked["text"], buttons, asked.get("photo"))
            self.messages[chat_id].append(message)
            self.delivered[chat_id].append(message.text)
            return scripted or _ok({"message_id": message.id, "chat": {"id": chat_id}, "text": message.text})

    def _edit_message_text(self, asked: dict[str, Any]) -> Answer:
        chat_id = str(asked.get("chat_id", ""))
        with self._lock:
            if refusal := _refusal(chat_id, asked):
                return refusal
            message = next((m for m in self.messages[chat_id] if m.id == asked.get("message_id")), None)
            if message is None:
                return _error(400, "Bad Request: message to edit not found")
            if message.text == asked["text"] and not message.buttons:
                return _error(
                    400,
                    "Bad Request: message is not modified: specified new message content and reply markup are exactly"
                    " the same as a current content and reply markup of the message",
                )
            message.text, message.buttons = asked["text"], {}
            return _ok({"message_id": message.id, "chat": {"id": chat_id}, "text": message.text})

    def _answer_callback_query(self, asked: dict[str, Any]) -> Answer:
        callback_id = str(asked.get("callback_query_id"))
        with self._lock:
            if self.callbacks.get(callback_id, "unknown") is not None:
                return _error(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
            self.callbacks[callback_id] = str(asked.get("text", ""))
        return _ok(True)


def _private_chat(who: int) -> dict[str, Any]:
    return {"id": who, "type": "private", "first_name": f"Person {who}"}


def _person(who: int, language: str | None) -> dict[str, Any]:
    person = {"id": who, "is_bot": False, "first_name": f"Person {who}"}
    return person | ({"language_code": language} if language else {})


def _refusal(chat_id: str, asked: dict[str, Any]) -> Answer | None:
    """What Telegram finds wrong with a message."""
    text = asked.get("text", "")
    if not chat_id:
        return _error(400, "Bad Request: chat_id is empty")
    if not text.strip():
        return _error(400, "Bad Request: message text is empty")
    if asked.get("parse_mode") == "HTML" and (wrong := _wrong_in_html(text)):
        return _error(400, f"Bad Request: can't parse entities: {wrong}")
    if "photo" in asked and not asked["photo"].startswith(PNG):
        return _error(400, "Bad Request: IMAGE_PROCESS_FAILED")
    if "photo" in asked and len(unescape(TAG.sub("", text))) > LONGEST_CAPTION:
        return _error(400, "Bad Request: message caption is too long")
    if len(unescape(TAG.sub("", text))) > LONGEST_TEXT:
        return _error(400, "Bad Request: message is too long")
    for row in asked.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button["callback_data"].encode()) <= LONGEST_DATA:
                return _error(400, "Bad Request: BUTTON_DATA_INVALID")
    return None


def _wrong_in_html(text: str) -> str | None:
    open_tags: list[str] = []
    for closes, name in TAG.findall(text):
        if not closes:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return f'unexpected end tag "{name}"'
    if open_tags:
        return f'can\'t find end tag corresponding to start tag "{open_tags[-1]}"'
    return "unsupported start tag" if "<" in TAG.sub("", text) else None


def _asked(content_type: str, body: bytes) -> dict[str, Any]:
    """JSON, or a form with files."""
    if content_type == "application/json":
        return dict(json.loads(body))
    form = BytesParser(policy=default).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    asked: dict[str, Any] = {}
    for part in form.iter_parts():
        content = part.get_payload(decode=True)
        name = part["Content-Disposition"].params["name"]
        asked[name] = content if part.get_filename() else bytes(content).decode()
    return asked


def _handler(api: BotApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with suppress(ConnectionResetError):  # whoever asks may be killed
                super().handle()

        def do_POST(self) -> None:
            asked = _asked(self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"])))
            answer = api.answer(self.path, asked)
            if answer.status == 0:
                api.closing.wait(answer.delay)
                self.close_connection = True
                return
            body = json.dumps(answer.body).encode()
            try:
                self.send_response(answer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):  # who asked was killed, or waited no longer
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
