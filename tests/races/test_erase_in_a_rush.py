"""A person is erased while they and many others book, confirm and cancel: nothing of them is left, and seats add up."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.database import Database, Row
from tests.waiting import until

EMAIL, NAME, CHAT = "anna@example.org", "Anna Nemo", "987654321987"  # no time has so many digits
EVENTS, RIVALS, TURNS, ERASURES = 3, 6, 40, 8

REFUSALS = {"EB201", "EB202", "EB204", "EB205", "EB212", "EB213"}
"""What may befall whoever comes at the same time as others. A deadlock is none of it."""


def attempt(session: "psycopg.Connection[Row]", call: str, *parameters: object) -> Row | None:
    try:
        return session.execute(call, parameters).fetchone()
    except psycopg.Error as error:
        if error.sqlstate not in REFUSALS:
            raise
        return None


def visit(
    session: "psycopg.Connection[Row]", event_id: int, email: str, name: str, chat: str | None, turn: int
) -> None:
    """Book or wait, by either function, and go on with what was booked."""
    if turn % 3 == 0:
        attempt(session, "SELECT join_waitlist(%s, %s, %s, %s)", event_id, email, name, chat)
    if turn % 2:
        booked = attempt(session, "SELECT id FROM book_seat(%s, %s, %s, %s)", event_id, email, name, chat)
    else:
        booked = attempt(
            session, "SELECT (booking).id FROM book_seats(ARRAY[%s::bigint], ARRAY[%s], ARRAY[%s], ARRAY[%s])",
            event_id, email, name, chat,
        )  # fmt: skip
    if booked and booked["id"]:
        attempt(session, f"SELECT {'confirm' if turn % 5 else 'cancel'}_booking(%s)", booked["id"])


@pytest.fixture
def events(database: Database) -> list[int]:
    """Full before long, so that people wait too."""
    database.execute("SELECT enable_mail()")
    return [database.event(seats=40) for _ in range(EVENTS)]


def rush(database: Database, events: list[int]) -> None:
    """The person comes again after each erasure but the last, as somebody new."""
    over = threading.Event()

    def rival(number: int) -> None:
        with database.connect() as session:
            for turn in range(TURNS):
                visit(session, random.choice(events), f"{number}-{turn}@example.org", "Rival", f"9{number}{turn}", turn)

    def person(number: int) -> None:
        turn = number
        with database.connect() as session:
            while not over.is_set():
                visit(session, events[turn % EVENTS], EMAIL, NAME, CHAT, turn)
                turn += 1

    def erase() -> None:
        with database.connect() as session:
            for _ in range(ERASURES):
                until(lambda: session.execute("SELECT FROM users WHERE email = %s", (EMAIL,)).fetchall())
                session.execute("SELECT erase_user(find_user_id(%s), 'user', 'user')", (EMAIL,))

    with ThreadPoolExecutor(RIVALS + 4) as people:
        tasks = [people.submit(rival, number) for number in range(RIVALS)]
        persons = [people.submit(person, number) for number in range(3)]
        eraser = people.submit(erase)
        try:
            eraser.result()
        finally:
            over.set()
        for task in (*tasks, *persons):
            task.result()


def test_nothing_of_the_person_is_left_and_every_seat_counts(database: Database, events: list[int]) -> None:
    rush(database, events)
    if database.execute("SELECT FROM users WHERE email = %s", (EMAIL,)):
        database.execute("SELECT erase_user(find_user_id(%s), 'user', 'user')", (EMAIL,))

    database.must_keep_the_law()
    assert len(database.execute("SELECT FROM users WHERE erased_by = 'user'")) >= ERASURES
    tables = database.execute("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'")
    for table in tables:
        found = database.execute(f"SELECT t::text FROM {table['name']} AS t WHERE t::text ~ '{EMAIL}|{NAME}|{CHAT}'")
        assert found == [], table

    history = database.execute(
        "SELECT b.id FROM bookings AS b JOIN LATERAL ("
        "  SELECT to_status, seats FROM booking_changes WHERE booking_id = b.id ORDER BY id DESC LIMIT 1"
        ") AS latest ON (latest.to_status, latest.seats) IS DISTINCT FROM (b.status, b.seats)"
    )
    assert history == []
    assert database.execute("SELECT id FROM bookings EXCEPT SELECT booking_id FROM booking_changes") == []


def test_nobody_is_told_anything_who_was_erased(database: Database, events: list[int]) -> None:
    rush(database, events)
    erased = {row["id"] for row in database.execute("SELECT id FROM users WHERE erased_at IS NOT NULL")}

    told: set[int] = set()
    for channel in ("telegram", "mail"):
        while claimed := database.execute("SELECT * FROM claim_notifications(1000, '1 hour', NULL, %s)", (channel,)):
            told |= {row["user_id"] for row in claimed}
            database.execute("UPDATE outbox SET state = 'sent', finished_at = clock() WHERE claim IS NOT NULL")
            database.execute("UPDATE telegram_chats SET next_send_at = clock()")

    assert told
    assert not told & erased
    left = database.execute("SELECT FROM outbox WHERE user_id = ANY (%s) AND due_at <= clock()", (list(erased),))
    assert left == []
