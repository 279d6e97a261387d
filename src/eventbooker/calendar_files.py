"""Events of an iCalendar file (RFC 5545), as calendars export them.

SUMMARY is the name, DTSTART the date, LOCATION the place; X-EVENTBOOKER-SEATS, which no calendar writes by itself, says
how many seats there are.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from icalendar import Calendar, Component

from eventbooker.event_files import Line, checked

RECURRING = ("RRULE", "RDATE", "RECURRENCE-ID")
SEATS = "X-EVENTBOOKER-SEATS"
ZONES = frozenset(available_timezones() - {"UTC"})
"""Names that an event can have as its own zone; UTC is how calendars write a time of any zone."""


def read_ical(text: str, total_seats: int | None) -> Iterator[Line]:
    numbers = [
        n for n, line in enumerate(text.splitlines(), 1) if re.fullmatch(r"BEGIN:VEVENT\s*", line, re.IGNORECASE)
    ]
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        events = [(event, calendar) for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, IndexError, KeyError, RecursionError) as error:
        yield Line(1, errors=[{"field": "file", "message": f"is not iCalendar: {error}"}])
        return
    for number, (event, calendar) in zip(numbers, events, strict=False):
        yield _line(number, event, str(calendar.get("X-WR-TIMEZONE", "")), total_seats)


def _line(number: int, event: Component, calendars_zone: str, total_seats: int | None) -> Line:
    errors = [{"field": str(name or "file"), "message": str(message)} for name, message in event.errors]
    for name in RECURRING:
        if name in event:
            errors.append({"field": name, "message": "must not recur: give each date an event of its own"})
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        errors.append({"field": "STATUS", "message": "must not be canceled"})
    if errors:
        return Line(number, errors=errors)

    start = event.get("DTSTART")
    if start is None or not isinstance(start.dt, datetime):
        return Line(number, errors=[{"field": "DTSTART", "message": "must be a date with a time"}])
    zone = getattr(start.dt.tzinfo, "key", None) or ""
    fields: dict[str, Any] = {
        "name": _text(event, "SUMMARY"),
        "date": start.dt.isoformat(),
        "timezone": zone if zone in ZONES else calendars_zone or None,
        "place": _text(event, "LOCATION"),
        "description": _text(event, "DESCRIPTION"),
    }
    if said := _text(event, SEATS):
        fields["total_seats"] = int(said) if re.fullmatch(r"[0-9]{1,18}", said) else said
    return checked(number, {name: value for name, value in fields.items() if value is not None}, total_seats)


def _text(event: Component, name: str) -> str | None:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0]
    return None if value is None else str(value).strip() or None
