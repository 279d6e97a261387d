"""Events as organisers keep them in files: CSV here, iCalendar in calendar_files.py; line by line, for import_events.

What can be told of a line without the database is told here, in the words of `POST /events`.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from eventbooker.http.problems import field_errors
from eventbooker.http.schemas import NewEvent

MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_EVENTS = 1000

COLUMNS = tuple(NewEvent.model_fields)
NUMBERS = ("total_seats", "booking_ttl_minutes", "max_seats_per_booking", "no_show_minutes")
FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass
class Line:
    """What a file says of one event, or why it cannot be read."""

    line: int
    """Counted from 1, of the first line of what is about the event."""
    event: dict[str, Any] | None = None
    errors: list[dict[str, str]] = field(default_factory=list)


Reader = Callable[[str, int | None], Iterator[Line]]
"""The events of a text; the number is how many seats an event has of which the file does not say it."""


def read_events(content: bytes, reader: Reader, total_seats: int | None) -> list[Line]:
    """At least one line, as of a file without events there is an error to tell."""
    if len(content) > MAX_FILE_BYTES:
        return [_wrong_file(f"must have at most {MAX_FILE_BYTES // 1024 // 1024} MB")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return [Line(line, errors=[{"field": "file", "message": "must be in UTF-8"}])]
    before, nul, _ = text.partition("\0")
    if nul:  # PostgreSQL takes it in no text
        return [Line(before.count("\n") + 1, errors=[{"field": "file", "message": "must not hold the NUL character"}])]
    lines = list(reader(text, total_seats))
    if len(lines) > MAX_EVENTS:
        return [_wrong_file(f"must hold at most {MAX_EVENTS} events")]
    return lines or [_wrong_file("must hold an event")]


def _wrong_file(message: str) -> Line:
    return Line(1, errors=[{"field": "file", "message": message}])


def read_csv(text: str, total_seats: int | None) -> Iterator[Line]:
    """With a header line that names the columns; separated by commas or, as spreadsheets of some countries do, by
    semicolons. An empty cell is as if there were no such column."""
    header, _, _ = text.partition("\n")
    rows = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if header.count(";") > header.count(",") else ",", strict=True
    )
    names: list[str] = []
    while True:
        number = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Line(number, errors=[{"field": "file", "message": f"is not CSV: {error}"}])
            return
        if row is None:
            return
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if names:
            yield _line(number, names, cells, total_seats)
            continue
        names = [cell.lower() for cell in cells]
        if errors := _header_errors(names):
            yield Line(number, errors=errors)
            return


def _header_errors(names: list[str]) -> list[dict[str, str]]:
    wrong = [name for name in names if name not in COLUMNS or names.count(name) > 1]
    if "name" not in names or "date" not in names:
        wrong = wrong or ["file"]
    known = f"must be a header line with columns of these, each once, name and date among them: {', '.join(COLUMNS)}"
    return [{"field": name or "file", "message": known} for name in dict.fromkeys(wrong)]


def _line(number: int, names: list[str], cells: list[str], total_seats: int | None) -> Line:
    if len(cells) != len(names):
        message = f"must have {len(names)} cells, as the header, and has {len(cells)}"
        return Line(number, errors=[{"field": "file", "message": message}])
    fields: dict[str, Any] = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    for name in NUMBERS:
        if (said := fields.get(name)) and said.isascii() and said.isdigit() and len(said) < 19:
            fields[name] = int(said)
    if "published" in fields:
        fields["published"] = FLAGS.get(fields["published"].lower(), fields["published"])
    return checked(number, fields, total_seats)


def checked(number: int, fields: dict[str, Any], total_seats: int | None) -> Line:
    """The line of an event with these fields of `POST /events`."""
    if "total_seats" not in fields and total_seats is not None:
        fields = {**fields, "total_seats": total_seats}
    try:
        return Line(number, NewEvent.model_validate(fields).model_dump())
    except ValidationError as error:
        return Line(number, errors=field_errors(error))
