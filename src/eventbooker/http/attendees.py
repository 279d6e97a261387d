"""Who comes to an event, on paper: a table for spreadsheets and a list to print."""

import csv
import io
from collections.abc import Iterator

import psycopg
import structlog
from flask import Response, current_app

from eventbooker.database.pool import error_line
from eventbooker.http.paging import PageReader, Rows

PAGE_ROWS = 1000
BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets take UTF-8 for the code page of the country."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes spreadsheets calculate a cell instead of showing it, also in full width (OWASP, CSV injection)."""

INCOMPLETE = "INCOMPLETE: the database stopped answering. Download the file again."
"""The server ends an answer that failed like any other, so the file itself must say that more should follow."""

BOOKINGS = "SELECT * FROM export_event_bookings(%s, %s, %s)"
ATTENDEES = "SELECT * FROM list_attendees(%s)"

log = structlog.get_logger()


def bookings_csv(event_id: int) -> Response:
    reader = PageReader()
    first = reader.first(BOOKINGS, event_id, PAGE_ROWS, None)
    return Response(
        _as_csv(reader, event_id, first),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="event-{event_id}-bookings.csv"'},
    )


def _as_csv(reader: PageReader, event_id: int, page: Rows) -> Iterator[bytes]:
    yield (BYTE_ORDER_MARK + _lines([page.names])).encode()
    try:
        while page.rows:
            yield _lines(page.rows).encode()
            page = reader.next(BOOKINGS, event_id, PAGE_ROWS, page.rows[-1][0])
    except psycopg.Error as error:
        log.warning("a download of bookings broke off", event_id=event_id, error=error_line(error))
        yield _lines([[INCOMPLETE]]).encode()


def _lines(rows: list[tuple[object, ...]] | list[list[str]]) -> str:
    """As RFC 4180 has them; None is an empty cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_defused(cell) for cell in row] for row in rows)
    return text.getvalue()


def _defused(cell: object) -> object:
    """An apostrophe in front makes a text of what would be a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def attendee_list(event_id: int) -> Response:
    reader = PageReader()
    ((event, booking_ids),) = reader.first("SELECT get_event(%s), order_attendees(%s)", event_id, event_id).rows
    page = current_app.jinja_env.get_template("attendees.html").stream(
        event=event, bookings=len(booking_ids), attendees=_attendees(reader, booking_ids)
    )
    page.enable_buffering(PAGE_ROWS)
    return Response(page, content_type="text/html; charset=utf-8")


def _attendees(reader: PageReader, booking_ids: list[int]) -> Iterator[dict[str, object] | None]:
    """None at the end: the rest could not be read."""
    try:
        for start in range(0, len(booking_ids), PAGE_ROWS):
            page = reader.next(ATTENDEES, booking_ids[start : start + PAGE_ROWS])
            yield from (dict(zip(page.names, row, strict=True)) for row in page.rows)
    except psycopg.Error as error:
        log.warning("a list of attendees broke off", error=error_line(error))
        yield None
