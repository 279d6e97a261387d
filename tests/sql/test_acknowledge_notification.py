from tests.database import Database
from tests.sql.outbox import acknowledge, claim, claim_one, stored, tell


def test_an_acknowledged_message_is_sent_and_done_with(database: Database) -> None:
    database.freeze("2031-05-04 12:00+00")
    tell(database)
    assert acknowledge(database, claim_one(database))
    message = stored(database)
    assert message["state"] == "sent"
    assert message["finished_at"].isoformat() == "2031-05-04T12:00:00+00:00"

    database.advance(86400)
    assert claim(database) == []


def test_a_claim_that_was_taken_over_acknowledges_nothing(database: Database) -> None:
    database.freeze()
    tell(database)
    slow = claim_one(database)
    database.advance(30)
    quick = claim_one(database)
    assert not acknowledge(database, slow)
    assert stored(database)["state"] == "waiting"
    assert acknowledge(database, quick)


def test_a_message_is_acknowledged_once(database: Database) -> None:
    tell(database)
    message = claim_one(database)
    assert acknowledge(database, message)
    assert not acknowledge(database, message)
