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


def test_a_chat_that_is_gone_takes_all_that_waits_with_it_and_nothing_more_is_queued(database: Database) -> None:
    database.freeze("2031-05-04 12:00+00")
    tell(database)
    tell(database)
    tell(database, "boris")
    message = claim(database, 1)[0]
    assert fail(database, message, "Forbidden: bot was blocked by the user", address_is_gone=True)
    assert [row["state"] for row in database.execute("SELECT state FROM outbox ORDER BY id")] == [
        "failed", "failed", "waiting",
    ]  # fmt: skip
    user = database.one("SELECT * FROM users WHERE telegram_id = '101'")
    assert user["telegram_error"] == "Forbidden: bot was blocked by the user"
    assert user["telegram_broken_at"].isoformat() == "2031-05-04T12:00:00+00:00"

    database.book(database.event(), "anna@example.org")
    tell(database)
    assert len(database.execute("SELECT FROM outbox")) == 3


def test_a_message_that_is_wrong_says_nothing_about_the_chat(database: Database) -> None:
    tell(database)
    tell(database)
    assert fail(database, claim_one(database), "Bad Request: can't parse entities")
    assert database.one("SELECT telegram_broken_at FROM users")["telegram_broken_at"] is None
    assert [row["state"] for row in database.execute("SELECT state FROM outbox ORDER BY id")] == ["failed", "waiting"]
