"""What clients were told, and whether the database agrees."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from tests.waiting import until
from tests.worker.bot_api import BotApi

ORDER = ("pending", "confirmed", "canceled")
"""A booking only goes on in this order, and each is touched by its own client alone."""

DELIVERY_SECONDS = 45
"""A message that was being sent by whoever was killed is sent again when its lease of 30 s ends."""


@dataclass(frozen=True)
class Told:
    """A 200 or 201 that arrived."""

    booking: int
    event: int
    email: str
    status: str


class Ledger:
    """Written by many threads."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.chats: list[tuple[float, str]] = []
        """When somebody was told that a booking is confirmed, and the chat that must hear of it."""
        self.answers: Counter[str] = Counter()
        self.without_retry_after = 0
        self.slowest = 0.0
        self._lock = threading.Lock()

    def note(self, what: str, seconds: float, told: Told | None = None, retry_after: bool = True) -> None:
        """An answer, or that there was none."""
        with self._lock:
            self.answers[what] += 1
            self.slowest = max(self.slowest, seconds)
            self.without_retry_after += not retry_after
            if told:
                self.told.append(told)

    def note_chat(self, chat: str) -> None:
        self.chats.append((time.monotonic(), chat))

    @property
    def acknowledged(self) -> int:
        return len(self.told)


@dataclass(frozen=True)
class Verdict:
    """How many acknowledged writes are not there, and how the law is broken: in no way, if all is well."""

    lost: int
    broken: list[str]


def judge(url: str, ledger: Ledger, bot_api: BotApi) -> Verdict:
    """Compare with the database, which nobody writes to any more, but for the sweep."""
    with psycopg.connect(url) as connection:
        reached = set(connection.execute("SELECT booking_id, to_status FROM booking_changes").fetchall())
        stored: dict[int, tuple[int, str, str]] = {
            booking: (event, email, status)
            for booking, event, email, status in connection.execute(
                "SELECT b.id, b.event_id, u.email, b.status FROM bookings b JOIN users u ON u.id = b.user_id"
            )
        }
        audited = connection.execute("SELECT event_id, off_by FROM audit_seats()").fetchall()
        summed = connection.execute(
            "SELECT e.id, e.total_seats - e.available_seats - coalesce(sum(b.seats), 0) FROM events e"
            " LEFT JOIN bookings b ON b.event_id = e.id AND b.status <> 'canceled' GROUP BY e.id"
            " HAVING e.total_seats - e.available_seats <> coalesce(sum(b.seats), 0)"
        ).fetchall()

    def is_there(told: Told) -> bool:
        event, email, status = stored.get(told.booking, (0, "", ""))
        same = (event, email) == (told.event, told.email) and (told.booking, told.status) in reached
        return same and ORDER.index(status) >= ORDER.index(told.status)

    lost = sum(not is_there(told) for told in ledger.told)
    broken = [f"event {event} is off by {off_by}" for event, off_by in {*audited, *summed}]
    broken += [f"{count} × {what}" for what, count in ledger.answers.items() if what not in EXPECTED]
    if ledger.without_retry_after:
        broken.append(f"{ledger.without_retry_after} × 503 without Retry-After")
    if silent := _never_told(ledger, bot_api):
        broken.append(f"{silent} messages never came")
    return Verdict(lost, broken)


EXPECTED = ("200", "201", "409", "503", "no answer")
"""What a client may see while something is broken; 409 is a hold that lapsed or an event that is full."""


def _never_told(ledger: Ledger, bot_api: BotApi) -> int:
    missing: Callable[[], list[str]] = lambda: [chat for _, chat in ledger.chats if not bot_api.delivered[chat]]  # noqa: E731
    try:
        until(lambda: not missing(), within=DELIVERY_SECONDS)
    except AssertionError:
        return len(missing())
    return 0
