"""Tickets of confirmed bookings: a sheet for paper and phone, its QR code, the entry for a calendar."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app
from psycopg.rows import dict_row

from eventbooker import calendars, qr_codes, wording
from eventbooker.calendars import CalendarEntry
from eventbooker.config import Settings
from eventbooker.http.html import reader_language
from eventbooker.http.queries import transact

TICKET = "SELECT * FROM get_ticket(%s, %s)"

WORDS = {
    "en": {
        "ticket": "Ticket",
        "when": "When",
        "where": "Where",
        "name": "Name",
        "seats": "Seats",
        "booking": "Booking",
        "code": "Code",
        "show": "Show this code at the door, on paper or on a phone. Whoever shows it may enter: keep it to yourself.",
        "qr": "QR code of the ticket",
        "calendar": "Add to calendar",
        "print": "Print",
        "bookings": "My bookings",
    },
    "ru": {
        "ticket": "Билет",
        "when": "Когда",
        "where": "Где",
        "name": "Имя",
        "seats": "Мест",
        "booking": "Бронь",
        "code": "Код",
        "show": "Покажите код на входе, на бумаге или на экране. По нему пустят любого: не показывайте его другим.",
        "qr": "QR-код билета",
        "calendar": "В календарь",
        "print": "Печать",
        "bookings": "Мои брони",
    },
}


def sheet(booking_id: int) -> Response:
    ticket = _ticket(booking_id)
    language = _language(ticket)
    settings: Settings = current_app.extensions["settings"]
    zone = wording.zone_named(ticket["event_timezone"]) or ZoneInfo(settings.timezone)
    html = current_app.jinja_env.get_template("ticket.html").render(
        ticket=ticket,
        words=WORDS[language],
        language=language,
        when=wording.moment(language, ticket["event_date"], zone),
        zone=zone.key,
        qr=qr_codes.inline_svg(ticket["code"]),
    )
    return _personal_to_language(Response(html, content_type="text/html; charset=utf-8"))


def qr_code(booking_id: int) -> Response:
    return Response(qr_codes.svg(_ticket(booking_id)["code"]), content_type="image/svg+xml; charset=utf-8")


def calendar(booking_id: int) -> Response:
    """Also of a booking that was canceled after it was confirmed: who put it into a calendar takes it out with this."""
    ticket = _ticket(booking_id, even_canceled=True)
    settings: Settings = current_app.extensions["settings"]
    entry = CalendarEntry(**{field: ticket[field] for field in CalendarEntry.__dataclass_fields__})
    ics = calendars.ticket_calendar(entry, _language(ticket), datetime.now(UTC), settings.mail.from_)
    method = "; method=CANCEL" if entry.is_canceled else ""
    response = Response(ics, content_type=calendars.MEDIA_TYPE + method)
    response.headers["Content-Disposition"] = f'attachment; filename="booking-{booking_id}.ics"'
    return _personal_to_language(response)


def _ticket(booking_id: int, even_canceled: bool = False) -> dict[str, Any]:
    """Raises psycopg.Error (EB002, EB215)."""
    row = transact(
        lambda connection: (
            connection.cursor(row_factory=dict_row).execute(TICKET, (booking_id, even_canceled)).fetchone()
        )
    )
    if row is None:
        raise LookupError(f"get_ticket({booking_id}) answered nothing")
    return row


def _language(ticket: dict[str, Any]) -> str:
    """What the person chose for messages, else what the browser asks for."""
    return ticket["language"] or reader_language()


def _personal_to_language(response: Response) -> Response:
    response.headers["Vary"] = "Accept-Language"
    return response
