from collections.abc import Callable

import pytest

from tests.database import Database, Row
from tests.sql.outbox import acknowledge, claim, claim_one, fail, retry, tell


@pytest.fixture(autouse=True)
def _frozen(database: Database) -> None:
    database.freeze("2031-05-04 12:00+00")


def test_a_claim_returns_all_that_the_message_needs(database: Database) -> None:
    booking_id = tell(database)
    message = claim_one(database)
    assert message["kind"] == "booking_confirmed"
    assert message["chat_id"] == "anna's chat"
    assert message["booking_id"] == booking_id
    assert message["event_name"] == "Chess night"
    assert message["event_date"].isoformat() == "2040-01-01T18:00:00+00:00"
    assert message["expires_at"].isoformat() == "2031-05-04T12:10:00+00:00"
    assert message["attempts"] == 1


def test_a_claimed_message_is_nobody_elses_until_its_lease_ends(database: Database) -> None:
    tell(database)
    first = claim_one(database)
    database.advance(29.999999)
    assert claim(database) == []

    database.advance(0.000001)
    second = claim_one(database)
    assert second["id"] == first["id"]
    assert second["claim"] != first["claim"]
    assert second["attempts"] == 2


def test_a_claim_takes_no_more_than_asked_for_and_the_longest_due_first(database: Database) -> None:
    for name in ("anna", "boris", "clara"):
        tell(database, name)
        database.advance(1)
    assert [message["chat_id"] for message in claim(database, limit=2)] == ["anna's chat", "boris's chat"]
    assert [message["chat_id"] for message in claim(database, limit=2)] == ["clara's chat"]


def test_a_message_that_was_put_off_is_claimed_when_it_is_due(database: Database) -> None:
    tell(database)
    retry(database, claim_one(database), "5 s")
    assert claim(database) == []

    database.advance(5)
    claim_one(database)


@pytest.mark.parametrize("settle", [acknowledge, fail])
def test_a_users_next_message_comes_when_the_one_before_is_settled(
    database: Database, settle: Callable[[Database, Row], bool]
) -> None:
    tell(database)
    tell(database)
    first = claim_one(database)
    assert claim(database) == []

    settle(database, first)
    assert claim_one(database)["id"] > first["id"]


def test_a_users_next_message_does_not_overtake_one_that_was_put_off(database: Database) -> None:
    tell(database)
    tell(database)
    retry(database, claim_one(database), "5 s")
    assert claim(database) == []


def test_what_another_session_is_just_claiming_is_passed_over(database: Database) -> None:
    tell(database, "anna")
    tell(database, "anna")
    tell(database, "boris")
    with database.connect() as rival, rival.transaction():
        rival.execute("SELECT * FROM claim_notifications(1, '30 s')")
        assert claim_one(database)["chat_id"] == "boris's chat"
