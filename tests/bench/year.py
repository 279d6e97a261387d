"""A year of a busy service, lived through by a clock that stands still and is moved on: what is left at its end."""

import random
import threading
from datetime import UTC, datetime, timedelta

import psycopg

from eventbooker import log
from eventbooker.config import Archive, Log
from eventbooker.worker import retention, scheduler
from tests.bench.report import Row
from tests.database import FROZEN_CLOCK

BEGIN = datetime(2030, 1, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 365
EVENTS_A_DAY = 40
AHEAD = 14
"""Days from an event's creation to its start."""
DAYS_TO_MEET_ALL = 15
"""How many days' holds there are people: each is a row that stays, so all must have come before sizes are compared."""
BATCH = 200
CONFIRMED, CANCELED = 0.7, 0.05
"""Shares of the holds; the others lapse."""
SESSIONS_A_DAY = 100
SESSION_DAYS = 30
MESSAGE_DAYS = 7
ARCHIVED_AFTER, DELETED_AFTER = 30, 90
"""Days after an event's start."""
FULL = AHEAD + DELETED_AFTER + 30
"""The day by which everything has reached its bound."""

EVENT = """
SELECT e.id FROM generate_series(1, %s) AS number
CROSS JOIN LATERAL create_event('Concert ' || number, clock() + make_interval(days => %s), 1000) AS e
"""
BOOK = """
SELECT (booking).id FROM book_seats(%(events)s::bigint[], %(emails)s::text[], '{NULL}', %(chats)s::text[])
WHERE (booking).id IS NOT NULL
"""
CONFIRM = "SELECT count(*) FROM confirm_bookings(%s::bigint[])"
CANCEL = "SELECT cancel_booking(id) FROM unnest(%s::bigint[]) AS id"
KEY = """
SELECT claim_idempotency_key('year', %(key)s, '\\x00'), save_idempotency_response('year', %(key)s, '\\x00', '{}')
"""
SIGN_IN = """
SELECT create_session(id, gen_random_uuid()::text, make_interval(days => %s)) FROM users ORDER BY id LIMIT %s
"""
SEND = """
UPDATE outbox SET state = 'sent', finished_at = clock() WHERE state = 'waiting' AND not_before <= clock()
"""


def run(url: str, quick: bool) -> list[Row]:
    """Each day events are made and booked and the worker's own jobs run. Autovacuum does not know of that clock, so
    once in its week its work is done for it."""
    a_day = 700 if quick else 13_700
    archive = Archive(after=ARCHIVED_AFTER * DAY, delete_after=DELETED_AFTER * DAY)
    halfway = 0
    log.configure(Log(level="warning"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FROZEN_CLOCK.encode())
        connection.execute("SELECT enable_telegram()")
        for day in range(DAYS):
            _move(connection, BEGIN + day * DAY)
            _live(connection, a_day)
            _move(connection, BEGIN + day * DAY + timedelta(hours=12))
            scheduler.sweep(url, threading.Event())
            connection.execute(SEND)
            scheduler.prune(url, MESSAGE_DAYS * DAY)
            retention.keep_archive(url, archive, threading.Event())
            if day % 7 == 6:
                connection.execute("VACUUM ANALYZE")
            if day == FULL:
                halfway = _size(connection)
        end = _size(connection)
        rows = {table: _count(connection, table) for table in _bounds(a_day)}
        wrong = connection.execute("SELECT * FROM audit_seats()").fetchall()
    if wrong:
        raise RuntimeError(f"{len(wrong)} events break the law")
    return [
        Row(
            f"MB after a year of {DAYS * a_day:,} holds ÷ on day {FULL}",
            end / 1e6,
            halfway / 1e6,
            wanted="at most 1.1",
        ),
        *(
            Row(f"rows of `{table}` then ÷ its bound", rows[table], bound, wanted="at most 1")
            for table, bound in _bounds(a_day).items()
        ),
    ]


def _bounds(a_day: int) -> dict[str, int]:
    """Rows that there may be at the end of a day; a hold makes up to three messages for one person in ten, and up to
    three lines of history."""
    here, archived = AHEAD + ARCHIVED_AFTER + 1, DELETED_AFTER - ARCHIVED_AFTER + 1
    return {
        "events": EVENTS_A_DAY * here,
        "bookings": a_day * here,
        "booking_changes": 3 * a_day * here,
        "archive.events": EVENTS_A_DAY * archived,
        "archive.bookings": a_day * archived,
        "outbox": 3 * a_day // 10 * (MESSAGE_DAYS + 1),
        "idempotency_keys": 2 * (a_day // BATCH + 1),
        "access_tokens": SESSIONS_A_DAY * (SESSION_DAYS + 1),
    }


def _live(connection: psycopg.Connection, holds: int) -> None:
    """A morning: events are made, and those of the last days are booked, confirmed and canceled."""
    connection.execute(EVENT, (EVENTS_A_DAY, AHEAD))
    tens = range(DAYS_TO_MEET_ALL * holds // 10)
    open_events = [id_ for (id_,) in connection.execute("SELECT id FROM events WHERE date > clock()")]
    for begun in range(0, holds, BATCH):
        chosen = random.sample(tens, min(BATCH, holds - begun))
        people = [10 * ten + digit % 10 for digit, ten in enumerate(chosen)]  # one in ten has a chat, not just about
        booked = connection.execute(
            BOOK,
            {
                "events": random.choices(open_events, k=len(people)),
                "emails": [f"{person}@example.org" for person in people],
                "chats": [str(person) if person % 10 == 1 else None for person in people],
            },
        ).fetchall()
        ids = [id_ for (id_,) in booked]
        confirmed = round(CONFIRMED * len(ids))
        connection.execute(CONFIRM, (ids[:confirmed],))
        connection.execute(CANCEL, (ids[confirmed : confirmed + round(CANCELED * len(ids))],))
        connection.execute(KEY, {"key": str(ids[0])})
    connection.execute(SIGN_IN, (SESSION_DAYS, SESSIONS_A_DAY))


def _move(connection: psycopg.Connection, at: datetime) -> None:
    connection.execute("UPDATE frozen_clock SET at = %s", (at,))


def _size(connection: psycopg.Connection) -> int:
    """Bytes of the database."""
    return int(connection.execute("SELECT pg_database_size(current_database())").fetchall()[0][0])


def _count(connection: psycopg.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchall()[0][0])
