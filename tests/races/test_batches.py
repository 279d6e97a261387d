"""Batches that meet single calls and each other."""

from collections.abc import Sequence

import pytest

from tests.database import Database
from tests.races.meeting import meet


def book_all(event_ids: Sequence[int], emails: Sequence[str]) -> str:
    """What each got: pending, or the SQLSTATE it was refused with."""
    nobody = ", ".join(["NULL"] * len(emails))
    return (
        "SELECT array_agg(coalesce((booking).status, (refusal).sqlstate) ORDER BY ordinal) AS got FROM"
        f" book_seats(ARRAY{[*event_ids]}, ARRAY{[*emails]}, ARRAY[{nobody}], ARRAY[{nobody}])"
    )


def book(event_id: int, email: str) -> str:
    return f"SELECT * FROM book_seat({event_id}, '{email}')"


@pytest.fixture
def events(database: Database) -> list[int]:
    """Two events of two seats."""
    return [database.event(seats=2), database.event(seats=2)]


def test_batches_that_name_events_and_users_the_other_way_round_do_not_deadlock(
    database: Database, events: list[int]
) -> None:
    emails = ["a@example.org", "b@example.org"]

    outcome = meet(database, book_all(events, emails), book_all(events[::-1], emails[::-1]))

    assert outcome == {"got": ["EB202", "EB202"]}


@pytest.mark.parametrize(("commit", "wanted"), [(True, ["pending", "EB201"]), (False, ["pending", "pending"])])
def test_a_batch_waits_for_who_books_the_event(
    database: Database, events: list[int], commit: bool, wanted: list[str]
) -> None:
    single, batch = book(events[0], "a@example.org"), book_all([events[0]] * 2, ["b@example.org", "c@example.org"])

    assert meet(database, single, batch, commit=commit) == {"got": wanted}


@pytest.mark.parametrize(("commit", "wanted"), [(True, "EB201"), (False, "pending")])
def test_a_booker_waits_for_the_batch(database: Database, events: list[int], commit: bool, wanted: str) -> None:
    batch, single = book_all([events[0]] * 2, ["b@example.org", "c@example.org"]), book(events[0], "a@example.org")

    outcome = meet(database, batch, single, commit=commit)

    assert outcome == wanted or (isinstance(outcome, dict) and outcome["status"] == wanted)


def test_a_batch_that_waits_for_an_event_holds_no_later_one(database: Database, events: list[int]) -> None:
    def later_one_is_free() -> None:
        database.execute("SELECT FROM events WHERE id = %s FOR UPDATE NOWAIT", (events[1],))

    batch = book_all(events[::-1], ["b@example.org", "c@example.org"])

    outcome = meet(database, book(events[0], "a@example.org"), batch, meanwhile=later_one_is_free)

    assert outcome == {"got": ["pending", "pending"]}
