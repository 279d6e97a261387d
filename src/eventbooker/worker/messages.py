"""The words of the messages, in Telegram's HTML."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Notification:
    """A row of `claim_notifications`."""

    id: int
    claim: UUID
    attempts: int
    kind: str
    chat_id: str | None
    booking_id: int
    expires_at: datetime
    event_name: str
    event_date: datetime


def text(notification: Notification, zone: ZoneInfo) -> str:
    """What to tell: at most a few hundred characters of the 4096 that Telegram takes."""
    return (
        f"{_news(notification, zone)}\n\n"
        f"<b>{_one_line(notification.event_name)}</b>\n"
        f"{_when(notification.event_date, zone)}\n"
        f"Booking {notification.booking_id}"
    )


def _news(notification: Notification, zone: ZoneInfo) -> str:
    match notification.kind:
        case "booking_confirmed":
            return "Your booking is confirmed."
        case "hold_lapsed":
            lapsed = _when(notification.expires_at, zone)
            return f"Your hold has lapsed: it was not confirmed by {lapsed}. The seat is free again."
        case "booking_canceled":
            return "Your booking has been canceled."
        case unknown:
            raise ValueError(f"there are no words for {unknown!r}")


def _when(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M %Z}"


def _one_line(name: str) -> str:
    """A name of at most 200 characters, on one line; escaping makes five of one at worst."""
    return escape(" ".join(name.split())[:200], quote=False)
