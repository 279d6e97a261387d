from tests.database import Database
from tests.sql.outbox import acknowledge, claim_one, fail, tell

WEEK = 7 * 86400


def prune(database: Database) -> int:
    return int(database.one("SELECT prune_outbox() AS pruned")["pruned"])


def test_what_was_finished_a_week_ago_is_deleted(database: Database) -> None:
    database.freeze()
    tell(database)
    acknowledge(database, claim_one(database))
    tell(database, "boris")
    fail(database, claim_one(database))
    database.advance(WEEK)
    assert prune(database) == 0

    database.advance(0.000001)
    assert prune(database) == 2


def test_what_has_waited_for_a_week_is_deleted_too(database: Database) -> None:
    database.freeze()
    tell(database)
    database.advance(WEEK + 1)
    tell(database)
    assert prune(database) == 1
    assert database.one("SELECT count(*) AS waiting FROM outbox WHERE state = 'waiting'")["waiting"] == 1


def test_the_week_counts_from_the_end_not_from_the_beginning(database: Database) -> None:
    database.freeze()
    tell(database)
    database.advance(WEEK - 1)
    acknowledge(database, claim_one(database))
    database.advance(2)
    assert prune(database) == 0


def test_how_long_to_keep_can_be_said(database: Database) -> None:
    database.freeze()
    tell(database)
    database.advance(61)
    assert database.one("SELECT prune_outbox('1 minute') AS pruned")["pruned"] == 1


def test_a_reminder_of_a_hold_that_lives_for_weeks_is_not_news_before_its_time(database: Database) -> None:
    database.freeze()
    database.book(database.event(ttl=30 * 1440), "anna@example.org", "101")
    database.advance(WEEK + 1)
    assert prune(database) == 1
    assert database.one("SELECT kind FROM outbox")["kind"] == "hold_ending"


def test_links_and_chats_that_are_over_go_as_well(database: Database) -> None:
    database.freeze()
    tell(database)
    claim_one(database)
    database.execute("SELECT register_telegram_bot(1, 'bot'), create_telegram_link(id, 'token') FROM users")
    database.advance(WEEK + 2)
    prune(database)
    assert database.execute("SELECT FROM telegram_links") == []
    assert database.execute("SELECT FROM telegram_chats") == []
