"""A batch answers each as if they had come one after the other."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.database import Database, raises

Ask = tuple[int, str]


def book_all(database: Database, asks: Sequence[Ask], wait: bool = True) -> list[Any]:
    """What each got: "pending", or the SQLSTATE it was refused with, or None."""
    return [row["status"] or row["sqlstate"] for row in rows(database, asks, wait)]


def rows(database: Database, asks: Sequence[Ask], wait: bool = True) -> list[dict[str, Any]]:
    event_ids, emails = map(list, zip(*asks, strict=True))
    nobody = [None] * len(asks)
    return database.execute(
        "SELECT ordinal, (booking).*, (refusal).* FROM"
        " book_seats(%s::bigint[], %s::text[], %s::text[], %s::text[], %s) ORDER BY ordinal",
        (event_ids, emails, nobody, nobody, wait),
    )


def emails_of(database: Database) -> list[str]:
    return [row["email"] for row in database.execute("SELECT email FROM users ORDER BY email")]


def test_each_gets_a_seat_of_the_event_asked_for(database: Database) -> None:
    one, other = database.event(seats=5), database.event(seats=5)

    made = rows(database, [(other, "a@example.org"), (one, "b@example.org"), (other, "c@example.org")])

    assert [(row["ordinal"], row["event_id"], row["status"]) for row in made] == [
        (1, other, "pending"), (2, one, "pending"), (3, other, "pending"),
    ]  # fmt: skip
    assert (database.free_seats(one), database.free_seats(other)) == (4, 3)
    assert len(database.execute("SELECT * FROM booking_changes")) == 3
    database.must_keep_the_law()


def test_the_last_seats_go_to_those_who_asked_first(database: Database) -> None:
    event_id = database.event(seats=2)

    got = book_all(database, [(event_id, f"{name}@example.org") for name in "zyx"])

    assert got == ["pending", "pending", "EB201"]
    assert emails_of(database) == ["y@example.org", "z@example.org"]
    database.must_keep_the_law()


def test_one_refusal_is_nobody_elses(database: Database) -> None:
    event_id = database.event(seats=5)
    standing = database.book(event_id, "again@example.org")
    asks = [(event_id, "again@example.org"), (event_id, "no address"), (99, "lost@example.org"), (event_id, "a@b.c")]

    refused = rows(database, asks)

    assert [row["sqlstate"] for row in refused] == ["EB202", "EB102", "EB001", None]
    assert refused[0]["detail"] == f'{{"booking_id" : {standing["id"]}}}'
    assert refused[0]["hint"]
    assert refused[2]["message"] == "There is no event 99."
    assert emails_of(database) == ["a@b.c", "again@example.org"]
    database.must_keep_the_law()


def test_who_asks_twice_is_booked_once_and_must_ask_again_alone(database: Database) -> None:
    event_id = database.event(seats=5)

    first, second, other = rows(
        database, [(event_id, "a@example.org"), (event_id, "A@Example.org "), (event_id, "b@example.org")]
    )

    assert (first["status"], other["status"]) == ("pending", "pending")
    assert (second["ordinal"], second["status"], second["sqlstate"]) == (2, None, None)
    with raises("EB202") as alone:
        database.book(event_id, "A@Example.org ")
    assert alone.value.diag.message_detail == f'{{"booking_id" : {first["id"]}}}'
    assert database.free_seats(event_id) == 3
    database.must_keep_the_law()


def test_who_asks_twice_for_the_last_seat_gets_it_once(database: Database) -> None:
    event_id = database.event(seats=1)

    assert book_all(database, [(event_id, "a@example.org")] * 2) == ["pending", None]
    database.must_keep_the_law()


def test_who_asks_twice_in_vain_is_refused_twice(database: Database) -> None:
    event_id = database.event(seats=1)
    database.book(event_id, "first@example.org")

    assert book_all(database, [(event_id, "a@example.org")] * 2) == ["EB201", "EB201"]
    assert emails_of(database) == ["first@example.org"]


def test_lapsed_holds_make_room(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=2, ttl=1)
    database.book(event_id, "a@example.org")
    database.book(event_id, "b@example.org", telegram_id="7")
    database.advance(60)

    got = book_all(database, [(event_id, f"{name}@example.org") for name in ("c", "b", "a")])

    assert got == ["pending", "pending", "EB201"]
    assert database.free_seats(event_id) == 0
    kinds = [row["kind"] for row in database.execute("SELECT kind FROM outbox ORDER BY id")]
    assert kinds == ["hold_made", "hold_lapsed", "hold_made"]
    database.must_keep_the_law()


def test_an_event_that_has_started_is_closed_to_all(database: Database) -> None:
    database.freeze()
    event_id = database.event(date="2030-01-01 12:01+00")
    database.advance(60)

    assert book_all(database, [(event_id, "a@example.org"), (event_id, "b@example.org")]) == ["EB203", "EB203"]
    assert emails_of(database) == []


def test_a_user_who_was_there_before_stays_without_a_seat(database: Database) -> None:
    event_id = database.event(seats=1)
    database.book(event_id, "first@example.org")
    database.execute("SELECT register_user('known@example.org', 'Known', NULL, NULL)")

    assert book_all(database, [(event_id, "known@example.org"), (event_id, "new@example.org")]) == ["EB201", "EB201"]
    assert emails_of(database) == ["first@example.org", "known@example.org"]


@pytest.mark.parametrize("known", [False, True])
def test_without_waiting_a_busy_event_is_left_and_the_others_are_booked(database: Database, known: bool) -> None:
    busy, idle = database.event(), database.event()
    if known:
        database.execute("SELECT register_user('a@example.org', 'A', NULL, NULL)")
    with database.connect() as session, session.transaction():
        session.execute("SELECT FROM events WHERE id = %s FOR UPDATE", (busy,))

        assert book_all(database, [(busy, "a@example.org"), (idle, "b@example.org")], wait=False) == [None, "pending"]
        assert emails_of(database) == (["a@example.org"] if known else []) + ["b@example.org"]
    database.must_keep_the_law()
