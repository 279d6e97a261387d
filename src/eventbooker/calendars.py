"""Bookings as calendars take them: iCalendar (RFC 5545), with the time zone of each event's place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

import icalendar

from eventbooker import wording

MEDIA_TYPE = "text/calendar; charset=utf-8"

A_YEAR = timedelta(days=366)
"""How far around the events the rules of their zones are told: calendars need no others."""


@dataclass(frozen=True)
class CalendarEntry:
    """A booking that is confirmed, or was until it was canceled."""

    booking_id: int
    is_canceled: bool
    seats: int
    booked_at: datetime
    sequence: int
    event_name: str
    event_date: datetime
    event_timezone: str
    event_place: str | None


def ticket_calendar(entry: CalendarEntry, language: str, now: datetime, sender: str | None) -> bytes:
    """The entry for itself; a canceled one asks calendars to take it out (RFC 5546), which needs an organizer: the
    address that mails bear, if there is one."""
    calendar = _calendar()
    event = _event(entry, language, now)
    if entry.is_canceled:
        calendar.add("method", "CANCEL")
        address = parseaddr(sender or "")[1]
        event.add("organizer", f"mailto:{address}" if address else "invalid:nomail")
    return _with_zones(calendar, [event])


def feed(entries: Sequence[CalendarEntry], language: str, name: str, now: datetime) -> bytes:
    """All entries, for a calendar that asks for them again and again."""
    calendar = _calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what came before NAME (RFC 7986) and is better known
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return _with_zones(calendar, [_event(entry, language, now) for entry in entries])


def _calendar() -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//EventBooker//EventBooker//EN")
    calendar.add("version", "2.0")
    return calendar


def _event(entry: CalendarEntry, language: str, now: datetime) -> icalendar.Event:
    """The code of the ticket is left out: calendars are shown to others."""
    event = icalendar.Event()
    # The same at every call, and another in every installation, which numbers bookings from 1 as well.
    event.add("uid", str(uuid5(NAMESPACE_OID, f"{entry.booking_id} {entry.booked_at.astimezone(UTC).isoformat()}")))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    zone = wording.zone_named(entry.event_timezone)
    event.add("dtstart", entry.event_date.astimezone(zone if zone and zone.key != "UTC" else UTC))
    event.add("summary", entry.event_name)
    if entry.event_place:
        event.add("location", entry.event_place)
    booking = wording.BOOKING[language].format(id=entry.booking_id)
    event.add("description", f"{booking}, {wording.count(language, wording.SEATS, entry.seats)}")
    event.add("status", "CANCELLED" if entry.is_canceled else "CONFIRMED")
    return event


def _with_zones(calendar: icalendar.Calendar, events: Sequence[icalendar.Event]) -> bytes:
    dates_of: dict[ZoneInfo, list[datetime]] = {}
    for event in events:
        start = event.start
        if isinstance(start, datetime) and isinstance(start.tzinfo, ZoneInfo):
            dates_of.setdefault(start.tzinfo, []).append(start)
    for zone, dates in dates_of.items():
        calendar.add_component(_zone(zone, min(dates) - A_YEAR, max(dates) + A_YEAR))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _zone(zone: ZoneInfo, first: datetime, last: datetime) -> icalendar.Timezone:
    """Each change of its clocks in this time. (What icalendar makes of a zone itself begins summer an hour late.)"""
    told = icalendar.Timezone()
    told.add("tzid", zone.key)
    told.add_component(_observance(zone, first, first))
    for before, after in _changes(zone, first, last):
        told.add_component(_observance(zone, before, after))
    return told


def _observance(
    zone: ZoneInfo, before: datetime, after: datetime
) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    """What the clocks show from `after` on; that moment is told by the clock of before."""
    local, offset = after.astimezone(zone), _offset(zone, before)
    told = icalendar.TimezoneDaylight() if local.dst() else icalendar.TimezoneStandard()
    told.add("dtstart", (after.astimezone(UTC) + offset).replace(tzinfo=None))
    told.add("tzoffsetfrom", offset)
    told.add("tzoffsetto", _offset(zone, after))
    told.add("tzname", local.tzname())
    return told


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The minutes before and after each."""
    day = first.astimezone(UTC).replace(second=0, microsecond=0)
    while day < last:
        low, high = day, day + timedelta(days=1)
        day = high
        if _offset(zone, low) == _offset(zone, high):
            continue
        while high - low > timedelta(minutes=1):
            middle = low + (high - low) // timedelta(minutes=2) * timedelta(minutes=1)
            low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
        yield low, high


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
