from datetime import timedelta

import pytest

from tests.database import Database
from tests.sql.outbox import claim, claim_one, retry, stored, tell


@pytest.fixture(autouse=True)
def _frozen(database: Database) -> None:
    database.freeze("2031-05-04 12:00+00")


def test_the_first_retry_comes_in_about_five_seconds(database: Database) -> None:
    tell(database)
    message = retry(database, claim_one(database))
    assert message["state"] == "waiting"
    assert message["last_error"] == "Bad Gateway"
    assert timedelta(seconds=3.75) <= message["wait"] <= timedelta(seconds=6.25)


def test_each_retry_waits_about_twice_as_long_up_to_an_hour_and_the_last_comes_after_a_day(
    database: Database,
) -> None:
    tell(database)
    waits = []
    while (message := retry(database, claim_one(database)))["state"] == "waiting":
        waits.append(message["wait"])
        database.advance(message["wait"].total_seconds())
    for tries, wait in enumerate(waits):
        wanted = min(timedelta(seconds=5 * 2**tries), timedelta(hours=1))
        assert 0.75 * wanted <= wait <= 1.25 * wanted
    assert timedelta(hours=18) < sum(waits, timedelta()) < timedelta(hours=30)
    assert message["state"] == "failed"
    assert message["last_error"] == "Bad Gateway"
    assert message["finished_at"] is not None
    assert claim(database) == []


def test_messages_that_failed_together_do_not_all_come_back_together(database: Database) -> None:
    for name in ("anna", "boris", "clara", "daria"):
        tell(database, name)
    waits = {retry(database, message)["wait"] for message in claim(database)}
    assert len(waits) > 1


def test_a_pause_that_was_asked_for_is_kept_and_is_no_attempt(database: Database) -> None:
    tell(database)
    message = retry(database, claim_one(database), "17 s")
    assert message["wait"] == timedelta(seconds=17)
    assert message["attempts"] == 0


def test_a_pause_never_gives_a_message_up(database: Database) -> None:
    tell(database)
    database.execute("UPDATE outbox SET attempts = 1000")
    assert retry(database, claim_one(database), "17 s")["state"] == "waiting"


def test_a_claim_that_was_taken_over_puts_nothing_off(database: Database) -> None:
    tell(database)
    slow = claim_one(database)
    database.advance(30)
    quick = claim_one(database)
    assert retry(database, slow)["id"] is None
    assert stored(database)["claim"] == quick["claim"]
