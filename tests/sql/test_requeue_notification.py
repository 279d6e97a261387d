from tests.database import Database, raises
from tests.sql.outbox import acknowledge, claim, claim_one, fail, retry, stored, tell


def requeue(database: Database) -> None:
    database.one("SELECT * FROM requeue_notification(%s)", stored(database)["id"])


def test_a_failed_message_is_tried_again_and_its_user_taken_for_reachable(database: Database) -> None:
    database.freeze()
    tell(database)
    fail(database, claim_one(database), "Forbidden: bot was blocked by the user", address_is_gone=True)
    requeue(database)
    assert (stored(database)["attempts"], stored(database)["last_error"]) == (0, None)
    assert database.one("SELECT telegram_broken_at FROM users")["telegram_broken_at"] is None
    database.advance(1)
    claim_one(database)


def test_a_message_that_was_put_off_is_tried_at_once(database: Database) -> None:
    database.freeze()
    tell(database)
    retry(database, claim_one(database))
    database.advance(1)
    assert claim(database) == []

    requeue(database)
    claim_one(database)


def test_a_message_that_is_on_its_way_is_left_alone(database: Database) -> None:
    database.freeze()
    tell(database)
    claim_one(database)
    before = stored(database)
    requeue(database)
    assert stored(database) == before


def test_what_was_sent_or_never_was_cannot_be_tried_again(database: Database) -> None:
    tell(database)
    acknowledge(database, claim_one(database))
    with raises("EB209"):
        requeue(database)
    with raises("EB004"):
        database.execute("SELECT requeue_notification(0)")
