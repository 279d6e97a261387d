"""What can become of a message that is handed to Telegram or to a mail server."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sent:
    """It was taken; `result` is what was answered."""

    result: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class RateLimited:
    """Too many messages: none before `seconds` have passed."""

    seconds: int
    reason: str


@dataclass(frozen=True)
class TemporaryFailure:
    """Not now: no answer, a strange answer, or an error that is not the message's fault."""

    reason: str
    is_answer: bool = field(default=True, compare=False)
    """False: nothing came back, so that nobody knows if the message arrived."""


@dataclass(frozen=True)
class PermanentFailure:
    """Never: the chat or mailbox is gone or wants nothing from us, or such a message is not taken."""

    reason: str
    address_is_gone: bool = False


Outcome = Sent | RateLimited | TemporaryFailure | PermanentFailure


def printable(reason: str, *secrets: str) -> str:
    """What may go into the log and the database: no secrets, nothing PostgreSQL refuses, not too long."""
    for secret in filter(None, secrets):
        reason = reason.replace(secret, "***")
    return reason.replace("\0", "").encode(errors="replace").decode()[:300]
