from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from eventbooker.worker.messages import Notification, text


def notification(kind: str, event_name: str = "Chess night") -> Notification:
    return Notification(
        id=1,
        claim=UUID(int=0),
        attempts=1,
        kind=kind,
        chat_id="42",
        booking_id=7,
        expires_at=datetime(2031, 5, 4, 15, 30, tzinfo=UTC),
        event_name=event_name,
        event_date=datetime(2031, 5, 6, 18, 0, tzinfo=UTC),
    )


def test_a_confirmation_names_event_time_and_booking() -> None:
    assert text(notification("booking_confirmed"), ZoneInfo("UTC")) == (
        "Your booking is confirmed.\n\n<b>Chess night</b>\n6 May 2031, 18:00 UTC\nBooking 7"
    )


def test_a_lapsed_hold_says_when_it_lapsed() -> None:
    assert "not confirmed by 4 May 2031, 15:30 UTC" in text(notification("hold_lapsed"), ZoneInfo("UTC"))


def test_times_are_in_the_configured_zone() -> None:
    assert "6 May 2031, 20:00 CEST" in text(notification("booking_confirmed"), ZoneInfo("Europe/Berlin"))


def test_a_name_cannot_smuggle_in_markup_or_lines() -> None:
    words = text(notification("booking_confirmed", "<i>Tom</i> &\nJerry"), ZoneInfo("UTC"))
    assert "<b>&lt;i&gt;Tom&lt;/i&gt; &amp; Jerry</b>" in words


@pytest.mark.parametrize("kind", ["booking_confirmed", "hold_lapsed", "booking_canceled"])
def test_the_longest_name_still_fits_a_message(kind: str) -> None:
    assert len(text(notification(kind, "&" * 200), ZoneInfo("UTC"))) <= 4096
