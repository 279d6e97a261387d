"""`eventbooker notifications`: how the messages to people are doing, as plain text."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from eventbooker.columns import aligned

HEADINGS = ("ID", "STATE", "ABOUT", "USER", "BOOKING", "ATTEMPTS", "MADE", "ERROR")


def report(summary: dict[str, Any], zone: ZoneInfo) -> Iterator[str]:
    """The lines that tell of what `get_notifications` answered; times are in `zone`."""

    def moment(time: str) -> str:
        return f"{datetime.fromisoformat(time).astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"

    bot = f"@{summary['bot']}" if summary["bot"] else "not known yet: no worker has asked Telegram"
    oldest = summary["oldest_waiting_at"]
    yield from aligned(
        [
            ("bot", bot if summary["enabled"] else "switched off"),
            ("mail", "on" if summary["mail"] else "switched off"),
            ("waiting", f"{summary['waiting']}{f', the oldest since {moment(oldest)}' if oldest else ''}"),
            ("sent", str(summary["sent"])),
            ("failed", str(summary["failed"])),
        ]
    )
    if summary["problems"]:
        yield ""
        yield from aligned(
            [HEADINGS]
            + [
                (
                    str(problem["id"]), problem["state"], problem["kind"], str(problem["user_id"]),
                    str(problem["booking_id"] or "-"), str(problem["attempts"]), moment(problem["created_at"]),
                    " ".join((problem["last_error"] or "").split()),
                )
                for problem in summary["problems"]
            ]
        )  # fmt: skip
