from tests.database import Database
from tests.sql.outbox import claim, claim_one, fail, stored, tell


def test_a_failed_message_is_kept_with_its_reason_and_not_tried_again(database: Database) -> None:
    database.freeze("2031-05-04 12:00+00")
    tell(database)
    assert fail(database, claim_one(database), "Bad Request: chat not found")
    message = stored(database)
    assert message["state"] == "failed"
    assert message["last_error"] == "Bad Request: chat not found"
    assert message["finished_at"].isoformat() == "2031-05-04T12:00:00+00:00"

    database.advance(86400)
    assert claim(database) == []


def test_a_claim_that_was_taken_over_fails_nothing(database: Database) -> None:
    database.freeze()
    tell(database)
    slow = claim_one(database)
    database.advance(30)
    claim_one(database)
    assert not fail(database, slow)
    assert stored(database)["state"] == "waiting"
