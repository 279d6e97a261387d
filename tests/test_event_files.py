"""Files of events: what is read of them, and what is told of a line that cannot be."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventbooker.calendar_files import read_ical
from eventbooker.event_files import COLUMNS, MAX_EVENTS, MAX_FILE_BYTES, Line, Reader, read_csv, read_events

HEADER = "name,date,total_seats"


def csv(text: str, total_seats: int | None = None) -> list[Line]:
    return read_events(text.encode(), read_csv, total_seats)


def wrong(lines: list[Line]) -> list[tuple[int, str]]:
    """Line and field of each error."""
    return [(line.line, error["field"]) for line in lines for error in line.errors]


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\nUID:1\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{body}END:VCALENDAR\n".encode()


def ical(*events: str, head: str = "", total_seats: int | None = 5) -> list[Line]:
    return read_events(calendar(*events, head=head), read_ical, total_seats)


def test_a_table_has_the_columns_of_an_event() -> None:
    (line,) = csv(
        "Name,date,total_seats,booking_ttl_minutes,description,place,timezone,opens_at,closes_at,max_seats_per_booking,published,no_show_minutes\n"
        '"A, B",2030-03-01 18:00,50,15,"two\nlines",Hall,Europe/Berlin,,2030-03-01T17:00Z,4,No,30\n'
    )

    assert line == Line(2, {
        "name": "A, B", "date": "2030-03-01T18:00:00", "total_seats": 50, "booking_ttl_minutes": 15,
        "description": "two\nlines", "place": "Hall", "timezone": "Europe/Berlin", "opens_at": None,
        "closes_at": "2030-03-01T17:00:00+00:00", "max_seats_per_booking": 4, "published": False,
        "no_show_minutes": 30,
    })  # fmt: skip
    assert line.event
    assert tuple(line.event) == COLUMNS


def test_spreadsheets_write_byte_order_marks_and_semicolons_and_empty_lines() -> None:
    lines = read_events(
        "\ufeffname;date;total_seats\r\nЙога;2030-03-01T18:00;5\r\n;;\r\nB;2030-03-02T18:00;6\r\n".encode(),
        read_csv,
        None,
    )

    assert [(line.line, line.event and line.event["name"]) for line in lines] == [(2, "Йога"), (4, "B")]


def test_each_line_is_told_by_its_number_also_after_one_of_several_lines() -> None:
    lines = csv(f'{HEADER},description\nA,2030-03-01T18:00,5,"a\nb\nc"\nB,1.3.2030,many,\nC,2030-03-01T18:00\n')

    assert wrong(lines) == [(5, "date"), (5, "total_seats"), (6, "file")]


def test_the_seats_may_be_said_for_all_events() -> None:
    lines = csv("name,date,total_seats\nA,2030-03-01T18:00,\nB,2030-03-01T18:00,7\n", total_seats=5)

    assert [line.event and line.event["total_seats"] for line in lines] == [5, 7]
    assert wrong(csv("name,date\nA,2030-03-01T18:00\n")) == [(2, "total_seats")]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "file"),
        (HEADER, "file"),
        ("name,total_seats\nA,5\n", "file"),
        ("name,date,colour\n", "colour"),
        ("name,date,date\n", "date"),
        ("name,date,\n", "file"),
        ('name,date\n"A', "file"),
        ("name,date\n" + "A,2030-03-01T18:00\n" * (MAX_EVENTS + 1), "file"),
        ("x" * (MAX_FILE_BYTES + 1), "file"),
        ("name,date,total_seats\nA\0,2030-03-01T18:00,5\n", "file"),
        ("name,date,published,total_seats\nA,2030-03-01T18:00,maybe,5\n", "published"),
    ],
)
def test_what_is_no_table_of_events_is_told(text: str, field: str) -> None:
    assert [name for _, name in wrong(csv(text))] == [field]


def test_what_is_no_utf_8_is_told_with_its_line() -> None:
    assert wrong(read_events(b"name,date\nA,x\n\xff\n", read_csv, None)) == [(3, "file")]


def test_a_calendar_has_events_in_their_own_zones() -> None:
    lines = ical(
        "DTSTART;TZID=Europe/Berlin:20300701T180000\nSUMMARY:A\\, B\nLOCATION:Hall\nDESCRIPTION:x\\ny\n"
        "X-EVENTBOOKER-SEATS:9",
        "DTSTART;TZID=W. Europe Standard Time:20300701T180000\nSUMMARY:Outlook",
        "DTSTART:20300701T160000Z\nSUMMARY:UTC",
        "DTSTART:20300701T180000\nSUMMARY:Floating",
    )

    assert wrong(lines) == []
    assert [line.line for line in lines] == [3, 11, 16, 21]
    told = [line.event or {} for line in lines]
    assert (told[0]["name"], told[0]["place"], told[0]["description"], told[0]["total_seats"]) == (
        "A, B",
        "Hall",
        "x\ny",
        9,
    )
    assert [(event["date"], event["timezone"]) for event in told] == [
        ("2030-07-01T16:00:00+00:00", "Europe/Berlin"),
        ("2030-07-01T16:00:00+00:00", "Europe/Berlin"),
        ("2030-07-01T16:00:00+00:00", None),
        ("2030-07-01T18:00:00", None),
    ]


def test_a_calendars_own_zone_is_that_of_events_that_name_none() -> None:
    lines = ical("DTSTART:20300701T160000Z\nSUMMARY:A", head="X-WR-TIMEZONE:Europe/Moscow\n")

    assert lines[0].event
    assert lines[0].event["timezone"] == "Europe/Moscow"
    assert datetime.fromisoformat(lines[0].event["date"]).utcoffset() is not None


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ("SUMMARY:A", "DTSTART"),
        ("SUMMARY:A\nDTSTART;VALUE=DATE:20300701", "DTSTART"),
        ("SUMMARY:A\nDTSTART:2030", "DTSTART"),
        ("DTSTART:20300701T160000Z", "name"),
        ("SUMMARY:A\nDTSTART:20300701T160000Z\nRRULE:FREQ=DAILY", "RRULE"),
        ("SUMMARY:A\nDTSTART:20300701T160000Z\nSTATUS:CANCELLED", "STATUS"),
        ("SUMMARY:A\nDTSTART:20300701T160000Z\nX-EVENTBOOKER-SEATS:many", "total_seats"),
        ("SUMMARY:A\nDTSTART:20300701T160000Z\nno property", "file"),
    ],
)
def test_what_is_no_event_is_told(event: str, field: str) -> None:
    assert wrong(ical("SUMMARY:Fine\nDTSTART:20300701T160000Z", event)) == [(8, field)]


@pytest.mark.parametrize("text", ["", "x", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "END:VCALENDAR", "BEGIN:VCALENDAR"])
def test_what_is_no_calendar_is_told(text: str) -> None:
    assert wrong(read_events(text.encode(), read_ical, 5)) == [(1, "file")]


def test_a_file_that_nests_without_end_is_told() -> None:
    deep = "BEGIN:VCALENDAR\n" * 5000 + "END:VCALENDAR\n" * 5000

    assert wrong(read_events(deep.encode(), read_ical, 5)) == [(1, "file")]


PARTS = [
    *("name,date", "A,2030-01-01T10:00", '"', "\r", "\n", ";", "\0", "é"),
    *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "SUMMARY", ":", "RRULE:", "STATUS;:A"),
    *("DTSTART:20300101T000000", "DTSTART;TZID=X:1"),
]


@pytest.mark.parametrize("reader", [read_csv, read_ical])
@given(
    st.lists(
        st.sampled_from(PARTS) | st.text(max_size=8),
        max_size=20,
    )
)
def test_no_file_does_harm(reader: Reader, parts: list[str]) -> None:
    for glue in ("\n", ""):
        lines = read_events(glue.join(parts).encode(errors="surrogatepass"), reader, 5)
        assert lines
        assert all(line.errors or line.event for line in lines)
