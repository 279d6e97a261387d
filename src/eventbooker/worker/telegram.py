"""The Telegram Bot API, as much of it as we need.

The bot's token is part of every URL, and httpx writes URLs into its log and its exceptions.
So httpx is used here only, its log is turned down, and what leaves this module has the token cut out.
"""

import logging
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

TIMEOUT = 5.0
"""Seconds for each phase of a request: to connect, to write, and between two pieces of the answer."""

LONGEST_PAUSE = 24 * 60 * 60

logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Sent:
    """Telegram has taken the message."""


@dataclass(frozen=True)
class RetryAfter:
    """Too many messages: none before `seconds` have passed."""

    seconds: int
    reason: str


@dataclass(frozen=True)
class Unreachable:
    """Not now: no answer, an answer that is not Telegram's, or an error that is not the message's fault."""

    reason: str


@dataclass(frozen=True)
class DeadEnd:
    """Never: the chat is gone or has blocked the bot, or Telegram does not take such a message."""

    reason: str


Outcome = Sent | RetryAfter | Unreachable | DeadEnd


class Bot:
    def __init__(self, api_url: str, token: SecretStr) -> None:
        self._token = token.get_secret_value()
        self._url = f"{api_url.rstrip('/')}/bot{self._token}/sendMessage"
        self._http = httpx.Client(timeout=TIMEOUT)

    def send(self, chat_id: str, text: str) -> Outcome:
        """Send `text`, in Telegram's HTML, and say what came of it; what the network does raises nothing."""
        message = {
            "chat_id": chat_id,
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        try:
            response = self._http.post(self._url, json=message)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Unreachable(self._printable(f"{type(error).__name__}: {error}"))
        return self._outcome(response)

    def close(self) -> None:
        self._http.close()

    def _outcome(self, response: httpx.Response) -> Outcome:
        answer = _json_object(response)
        if response.status_code == 200 and answer.get("ok") is True:
            return Sent()

        description = answer.get("description") or f"{response.status_code} {response.reason_phrase}"
        reason = self._printable(str(description))
        match response.status_code, answer.get("ok"):
            case 429, _ if (seconds := _retry_after(response, answer)) is not None:
                return RetryAfter(seconds, reason)
            case ((400 | 403), False):  # only Telegram itself may give a message up, not a proxy on the way
                return DeadEnd(reason)
            case ((401 | 404), False):  # the operator can still correct it, so the message is not given up
                return Unreachable(f"{reason} (is TELEGRAM_BOT_TOKEN right?)")
            case _:
                return Unreachable(reason)

    def _printable(self, reason: str) -> str:
        """What may go into the log and the database: no token, nothing PostgreSQL refuses, not too long."""
        clean = reason.replace(self._token, "***").replace("\0", "").encode(errors="replace").decode()
        return clean[:300]


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
        return max(1, min(int(seconds), LONGEST_PAUSE))
    except (TypeError, ValueError):
        return None
