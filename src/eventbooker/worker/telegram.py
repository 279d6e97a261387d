"""The Telegram Bot API, as much of it as we need.

The bot's token is part of every URL, and httpx writes URLs into its log and its exceptions.
So httpx is used here only, its log is turned down, and what leaves this module has the token cut out.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from eventbooker.worker.outcomes import Outcome, PermanentFailure, RateLimited, Sent, TemporaryFailure, printable

MAX_PAUSE = 24 * 60 * 60

UPDATES = ("message", "callback_query")
"""The kinds of updates that we ask for."""

CHAT_IS_GONE = (
    "bot was blocked by the user",
    "user is deactivated",
    "bot can't initiate conversation with a user",
    "bot was kicked",
    "chat not found",
    "peer_id_invalid",
)
"""What Telegram says in a 400 or 403 when no message at all can reach the chat; others are about the one message."""

logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


class TelegramUnavailable(Exception):
    """Telegram does not do what is needed now. The message says why, `retry_after` how many seconds to wait."""

    def __init__(self, reason: str, retry_after: float = 0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def result_of(outcome: Outcome) -> Any:
    """What Telegram answered to a request that must succeed. Raises TelegramUnavailable."""
    match outcome:
        case Sent(result):
            return result
        case RateLimited(seconds, reason):
            raise TelegramUnavailable(reason, seconds)
        case TemporaryFailure(reason) | PermanentFailure(reason):
            raise TelegramUnavailable(reason)


@dataclass(frozen=True)
class Button:
    """Below a message; `data` (at most 64 bytes) comes back when it is pressed."""

    text: str
    data: str


class Bot:
    """Each method is one request and returns its outcome; a network error is an outcome too and raises nothing.

    `timeout` is in seconds, for each phase of a request: to connect, to write, and between two pieces of the answer."""

    def __init__(self, api_url: str, token: SecretStr, timeout: float) -> None:
        self._token = token.get_secret_value()
        self._url = f"{api_url.rstrip('/')}/bot{self._token}"
        self._timeout = timeout
        self._http = httpx.Client(timeout=timeout)

    def send(self, chat_id: str, text: str, buttons: Sequence[Button] = ()) -> Outcome:
        """Send `text`, in Telegram's HTML, with the buttons side by side below it."""
        message: dict[str, Any] = {"chat_id": chat_id, **_html(text)}
        if buttons:
            row = [{"text": button.text, "callback_data": button.data} for button in buttons]
            message["reply_markup"] = {"inline_keyboard": [row]}
        return self._call("sendMessage", message)

    def send_photo(self, chat_id: str, png: bytes, caption: str) -> Outcome:
        """Send a picture with `caption`, in Telegram's HTML, below it: at most 1024 characters."""
        message = {"chat_id": chat_id, "caption": caption, "parse_mode": "HTML"}
        return self._call("sendPhoto", message, files={"photo": ("ticket.png", png, "image/png")})

    def edit_text(self, chat_id: str, message_id: int, text: str) -> Outcome:
        """Put `text` in the place of a message and of its buttons."""
        return self._call("editMessageText", {"chat_id": chat_id, "message_id": message_id, **_html(text)})

    def answer_callback(self, callback_id: str, text: str) -> Outcome:
        """Let the pressed button stop waiting, and show `text` (at most 200 characters)."""
        return self._call("answerCallbackQuery", {"callback_query_id": callback_id, "text": text[:200]})

    def get_me(self) -> Outcome:
        """Who the bot is: `id` and `username`."""
        return self._call("getMe", {})

    def get_updates(self, offset: int, seconds: float) -> Outcome:
        """What people did, from `offset` on, all before it being done with; waits up to `seconds` for something."""
        asked = {"offset": offset, "timeout": int(seconds), "allowed_updates": UPDATES}
        return self._call("getUpdates", asked, waits=seconds)

    def close(self) -> None:
        self._http.close()

    def _call(
        self,
        method: str,
        payload: dict[str, Any],
        waits: float = 0,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Outcome:
        content: dict[str, Any] = {"data": payload, "files": files} if files else {"json": payload}
        try:
            response = self._http.post(f"{self._url}/{method}", timeout=self._timeout + waits, **content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return TemporaryFailure(self._printable(f"{type(error).__name__}: {error}"), is_answer=False)
        return self._outcome(response)

    def _outcome(self, response: httpx.Response) -> Outcome:
        answer = _json_object(response)
        if response.status_code == 200 and answer.get("ok") is True:
            return Sent(answer.get("result"))

        description = answer.get("description") or f"{response.status_code} {response.reason_phrase}"
        reason = self._printable(str(description))
        match response.status_code, answer.get("ok"):
            case 429, _ if (seconds := _retry_after(response, answer)) is not None:
                return RateLimited(seconds, reason)
            case ((400 | 403), False):  # only Telegram itself may give a message up, not a proxy on the way
                return PermanentFailure(reason, any(words in reason.lower() for words in CHAT_IS_GONE))
            case ((401 | 404), False):  # the operator can still correct it, so the message is not given up
                return TemporaryFailure(f"{reason} (is TELEGRAM_BOT_TOKEN right?)")
            case _:
                return TemporaryFailure(reason)

    def _printable(self, reason: str) -> str:
        return printable(reason, self._token)


def _html(text: str) -> dict[str, Any]:
    return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _json_object(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _retry_after(response: httpx.Response, answer: dict[str, Any]) -> int | None:
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if seconds is None:
        seconds = response.headers.get("Retry-After")
    try:
        return max(1, min(int(seconds), MAX_PAUSE))
    except (TypeError, ValueError):
        return None
