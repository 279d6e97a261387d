from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.database import Database, Row
from tests.sql.outbox import acknowledge, claim, claim_one, fail, retry, tell
from tests.waiting import until


@pytest.fixture(autouse=True)
def _frozen(database: Database) -> None:
    database.freeze("2031-05-04 12:00+00")


def test_a_claim_returns_all_that_the_message_needs(database: Database) -> None:
    booking_id = tell(database)
    message = claim_one(database)
    assert message["kind"] == "booking_confirmed"
    assert message["address"] == "101"
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
    assert [message["address"] for message in claim(database, limit=2)] == ["101", "102"]
    assert [message["address"] for message in claim(database, limit=2)] == ["103"]


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
    database.advance(1)
    assert claim_one(database)["id"] > first["id"]


def test_a_users_next_message_does_not_overtake_one_that_was_put_off(database: Database) -> None:
    tell(database)
    tell(database)
    retry(database, claim_one(database), "5 s")
    assert claim(database) == []


def test_what_another_session_is_just_claiming_is_waited_for_and_passed_over(database: Database) -> None:
    tell(database, "anna")
    tell(database, "anna")
    tell(database, "boris")
    with ThreadPoolExecutor(1) as pool:
        with database.connect() as rival, rival.transaction():
            rival.execute("SELECT * FROM claim_notifications(1, '30 s')")
            claiming = pool.submit(claim_one, database)
            until(lambda: database.blocked("%claim_notifications%"))
        assert claiming.result()["address"] == "102"


def test_a_message_that_somebody_is_settling_is_passed_over(database: Database) -> None:
    tell(database, "anna")
    tell(database, "boris")
    with database.connect() as rival, rival.transaction():
        rival.execute("SELECT FROM outbox ORDER BY id LIMIT 1 FOR UPDATE")
        assert claim_one(database)["address"] == "102"


def test_a_claim_says_in_which_language_and_what_became_of_the_booking(database: Database) -> None:
    booking_id = tell(database)
    database.execute("UPDATE users SET language = 'ru'; DELETE FROM outbox")
    database.execute("SELECT cancel_booking(%s, 'the hall burned down')", (booking_id,))
    message = claim_one(database)
    assert message["user_id"] == database.one("SELECT id FROM users")["id"]
    assert message["language"] == "ru"
    assert message["cancel_reason"] == "the hall burned down"


def test_a_chat_gets_one_message_a_second_whoever_is_told_there(database: Database) -> None:
    tell(database, "anna")
    tell(database, "boris")
    database.execute("UPDATE users SET telegram_id = '200'")
    acknowledge(database, claim_one(database))
    database.advance(0.999999)
    assert claim(database) == []

    database.advance(0.000001)
    claim_one(database)


def test_all_claims_together_keep_the_pace(database: Database) -> None:
    for number in range(6):
        tell(database, f"user{number}")
    waits = [claim(database, 1)[0]["wait"].total_seconds() for _ in range(3)]
    assert waits == [0, 0.04, 0.08]
    assert [message["wait"].total_seconds() for message in claim(database, 2)] == [0.12, 0.16]

    database.advance(0.2)
    assert claim(database, 1)[0]["wait"].total_seconds() == 0


def test_nobody_is_given_a_turn_more_than_a_second_ahead(database: Database) -> None:
    for number in range(4):
        tell(database, f"user{number}")
    taken = database.execute("SELECT * FROM claim_notifications(10, '30 s', 2)")
    assert [message["wait"].total_seconds() for message in taken] == [0, 0.5]


def test_the_lease_counts_from_the_messages_turn(database: Database) -> None:
    tell(database, "anna")
    tell(database, "boris")
    database.execute("SELECT * FROM claim_notifications(2, '30 s', 2)")
    database.advance(30)
    assert claim_one(database)["address"] == "101"


def test_a_reminder_waits_for_its_time_and_holds_nobody_up(database: Database) -> None:
    database.book(database.event(ttl=10), "anna@example.org", "101")
    assert claim_one(database)["kind"] == "hold_made"
    tell(database, "anna")
    database.execute("DELETE FROM outbox WHERE kind = 'hold_made'")
    database.advance(1)
    assert claim_one(database)["kind"] == "booking_confirmed"
    database.execute("DELETE FROM outbox WHERE kind = 'booking_confirmed'")

    database.advance(298.999999)
    assert claim(database) == []
    database.advance(0.000001)
    assert claim_one(database)["kind"] == "hold_ending"


def test_a_reminder_whose_time_has_come_takes_its_place_behind_older_news(database: Database) -> None:
    database.book(database.event(ttl=10), "anna@example.org", "101")
    database.execute("DELETE FROM outbox WHERE kind = 'hold_made'")
    tell(database, "anna")
    database.advance(300)
    first = claim_one(database)
    assert first["kind"] == "booking_confirmed"
    assert claim(database) == []

    acknowledge(database, first)
    database.advance(1)
    assert claim_one(database)["kind"] == "hold_ending"


@pytest.mark.parametrize("end", ["SELECT confirm_booking(%s)", "SELECT cancel_booking(%s)", None])
def test_what_a_hold_was_told_is_dropped_when_it_lives_no_more(database: Database, end: str | None) -> None:
    booking = database.book(database.event(ttl=10), "anna@example.org", "101")
    if end:
        database.execute(end, (booking["id"],))
        database.execute("DELETE FROM outbox WHERE kind NOT IN ('hold_made', 'hold_ending')")
    database.advance(300 if end else 600)
    tell(database, "boris")
    assert claim_one(database)["address"] == "102"
    assert database.execute("SELECT FROM outbox WHERE kind IN ('hold_made', 'hold_ending')") == []


def test_nothing_is_claimed_while_the_bot_must_be_quiet(database: Database) -> None:
    tell(database)
    database.execute("SELECT pause_telegram('7 s'), pause_telegram('3 s')")
    database.advance(6.999999)
    assert claim(database) == []

    database.advance(0.000001)
    claim_one(database)
