"""How many living holds one client address may have, whoever's emails it names."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from tests.database import Database, raises
from tests.waiting import until

CLIENT, OTHER = b"\x01" * 16, b"\x02" * 16
BOOK = "SELECT * FROM book_seat(%s, %s, p_client => %s, p_holds_per_client => %s)"


def book(database: Database, event_id: int, name: str, client: bytes | None = CLIENT, most: int = 2) -> dict[str, Any]:
    return database.one(BOOK, event_id, f"{name}@example.org", client, most)


def book_all(database: Database, event_id: int, clients: Sequence[bytes | None], most: int | None = 2) -> list[str]:
    """What each got: "pending", the SQLSTATE it was refused with, or None."""
    found = database.execute(
        "SELECT (booking).status, (refusal).sqlstate FROM book_seats(%s::bigint[], %s, %s, %s,"
        " p_clients => %s::bytea[], p_holds_per_client => %s) ORDER BY ordinal",
        ([event_id] * len(clients), [f"batch{n}@example.org" for n in range(len(clients))],
         *[[None] * len(clients)] * 2, list(clients), most),
    )  # fmt: skip
    return [row["status"] or row["sqlstate"] for row in found]


def test_a_client_that_has_as_many_holds_as_allowed_is_refused_for_another_email(database: Database) -> None:
    event_id = database.event()
    book(database, event_id, "a")
    book(database, event_id, "b")

    with raises("EB311") as refused:
        book(database, event_id, "c")
    assert refused.value.diag.message_detail == '{"max_holds" : 2}'
    assert refused.value.diag.message_hint
    assert database.execute("SELECT FROM users WHERE email = 'c@example.org'") == []
    assert book(database, event_id, "d", OTHER)["status"] == "pending"
    assert book(database, event_id, "e", None)["status"] == "pending"
    assert database.free_seats(event_id) == 6
    database.must_keep_the_law()


@pytest.mark.parametrize("end", ["confirm_booking", "cancel_booking"])
def test_a_hold_that_was_confirmed_or_canceled_makes_room(database: Database, end: str) -> None:
    event_id = database.event()
    first, _ = book(database, event_id, "a"), book(database, event_id, "b")
    database.execute(f"SELECT {end}(%s)", (first["id"],))

    assert book(database, event_id, "c")["status"] == "pending"
    with raises("EB311"):
        book(database, event_id, "d")


def test_a_hold_that_lapsed_makes_room_unswept_and_leaves_no_trace(database: Database) -> None:
    database.freeze()
    event_id = database.event(ttl=10)
    book(database, event_id, "a", most=1)
    with raises("EB311"):
        book(database, event_id, "b", most=1)
    database.advance(600)

    latest = book(database, event_id, "b", most=1)
    assert database.execute("SELECT booking_id FROM client_holds") == [{"booking_id": latest["id"]}]


def test_a_batch_counts_what_it_is_about_to_book_and_refuses_that_request_alone(database: Database) -> None:
    event_id = database.event()
    book(database, event_id, "a")

    got = book_all(database, event_id, [CLIENT, CLIENT, OTHER, None, CLIENT, OTHER])

    assert got == ["pending", "EB311", "pending", "pending", "EB311", "pending"]
    assert len(database.execute("SELECT FROM client_holds")) == 4
    assert database.free_seats(event_id) == 5
    database.must_keep_the_law()


def test_without_clients_nothing_is_counted_or_kept(database: Database) -> None:
    assert book_all(database, database.event(), [None] * 5) == ["pending"] * 5
    database.book(database.event())
    assert database.execute("SELECT FROM client_holds") == []


def test_two_sessions_of_one_client_stay_within_the_limit(database: Database) -> None:
    """For different events, so that no event's lock keeps them apart. A batch answers neither, and waits for nobody."""
    events = [database.event() for _ in range(3)]
    outcomes: list[str] = []

    def book_other() -> None:
        with raises("EB311"):
            book(database, events[1], "b", most=1)
        outcomes.append("EB311")

    with database.connect() as session:
        with session.transaction():
            session.execute(BOOK, (events[0], "a@example.org", CLIENT, 1))
            rival = threading.Thread(target=book_other)
            rival.start()
            until(lambda: database.blocked("%book_seat%"))
            assert book_all(database, events[2], [CLIENT, OTHER], most=1) == [None, "pending"]
        rival.join()

    assert outcomes == ["EB311"]
    assert database.execute("SELECT FROM users WHERE email IN ('b@example.org', 'batch0@example.org')") == []
    database.must_keep_the_law()


def test_a_session_that_is_rolled_back_leaves_room_for_the_one_that_waited(database: Database) -> None:
    events = [database.event() for _ in range(2)]
    made: list[dict[str, Any]] = []

    with database.connect() as session:
        with session.transaction(force_rollback=True):
            session.execute(BOOK, (events[0], "a@example.org", CLIENT, 1))
            rival = threading.Thread(target=lambda: made.append(book(database, events[1], "b", most=1)))
            rival.start()
            until(lambda: database.blocked("%book_seat%"))
        rival.join()

    assert [booking["status"] for booking in made] == ["pending"]


def test_pruning_forgets_what_lapsed_and_nothing_else(database: Database) -> None:
    database.freeze()
    book(database, database.event(ttl=10), "a")
    living = book(database, database.event(ttl=20), "b", OTHER)
    database.advance(600)

    assert database.one("SELECT prune_client_holds() AS pruned") == {"pruned": 1}
    assert database.execute("SELECT booking_id FROM client_holds") == [{"booking_id": living["id"]}]
