"""What messages, tickets and calendars say alike, in English and Russian: moments, counts, numbers of bookings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from eventbooker.dates import MONTHS, write_moment

LANGUAGES = tuple(MONTHS)

BOOKING = {"en": "Booking {id}", "ru": "Бронь {id}"}
BOOKINGS = {"en": ("booking", "bookings"), "ru": ("бронь", "брони", "броней")}
SEATS = {"en": ("seat", "seats"), "ru": ("место", "места", "мест")}


def moment(language: str, at: datetime, zone: ZoneInfo) -> str:
    """By the clock of the zone, which is named: 1 March 2030, 18:00 CET."""
    local = at.astimezone(zone)
    return f"{write_moment(local, language)} {local:%Z}"


def count(language: str, forms: Mapping[str, Sequence[str]], number: int) -> str:
    """The number and what is counted."""
    return f"{number} {plural(language, forms, number)}"


def plural(language: str, forms: Mapping[str, Sequence[str]], number: int) -> str:
    """What is counted, in the form that goes with the number."""
    return forms[language][(russian_plural if language == "ru" else english_plural)(number)]


def english_plural(number: int) -> int:
    return 0 if number == 1 else 1


def russian_plural(number: int) -> int:
    """Which of the forms of 1, 2 and 5 goes with the number."""
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2


def zone_named(timezone: str) -> ZoneInfo | None:
    """None if this machine does not know the zone: PostgreSQL, which does, may have a newer list."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
