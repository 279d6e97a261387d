"""Waiting lists, for the tests of the functions that make and move them."""

from typing import Any

from tests.database import Database, Row


def full_event(database: Database, seats: int = 1, **values: Any) -> int:
    """An event whose seats are all taken by bookings of one: holder@example.org's, and others' if there are more."""
    event_id = database.event(seats=seats, **values)
    for number in range(seats):
        database.book(event_id, f"holder{number or ''}@example.org")
    return event_id


def join(database: Database, event_id: int, name: str, seats: int | None = 1, telegram_id: str | None = None) -> Row:
    return database.one(
        "SELECT * FROM join_waitlist(%s, %s, NULL, %s, %s)", event_id, f"{name}@example.org", telegram_id, seats
    )


def line(database: Database, event_id: int) -> list[tuple[str, str, int | None]]:
    """Each entry as it counts now: whose, its status and position."""
    rows = database.execute(
        "SELECT u.name, w.status, w.position FROM current_waitlist AS w JOIN users AS u ON u.id = w.user_id"
        " WHERE w.event_id = %s ORDER BY w.id",
        (event_id,),
    )
    return [(row["name"], row["status"], row["position"]) for row in rows]


def entry(database: Database, made: Row) -> Row:
    """An entry as it is stored now."""
    return database.one("SELECT * FROM waitlist WHERE id = %s", made["id"])


def kinds(database: Database, name: str) -> list[str]:
    """What the person is told, in the order in which it was queued; reminders left out."""
    rows = database.execute(
        "SELECT o.kind FROM outbox AS o JOIN users AS u ON u.id = o.user_id"
        " WHERE u.name = %s AND o.kind <> 'hold_ending' ORDER BY o.id",
        (name,),
    )
    return [row["kind"] for row in rows]
