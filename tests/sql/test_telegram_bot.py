"""What all workers know together: whether there is a bot, who it is, and how far its updates were done."""

from tests.database import Database
from tests.sql.outbox import tell


def bot(database: Database) -> dict[str, object]:
    return database.one("SELECT *, xmin::text AS version FROM telegram_bot")


def test_without_a_bot_nothing_waits_and_nothing_is_queued(database: Database) -> None:
    tell(database)
    database.execute("SELECT disable_telegram()")
    tell(database, "boris")
    assert database.execute("SELECT FROM outbox") == []

    database.execute("SELECT enable_telegram()")
    tell(database, "clara")
    assert len(database.execute("SELECT FROM outbox")) == 1


def test_what_is_as_it_should_be_is_not_written(database: Database) -> None:
    for call in (
        "SELECT enable_telegram(0.3)",
        "SELECT disable_telegram()",
        "SELECT register_telegram_bot(7, 'seven_bot')",
    ):
        database.execute(call)
        before = bot(database)
        database.execute(call)
        assert bot(database) == before


def test_a_bot_goes_on_where_its_updates_were_done(database: Database) -> None:
    assert database.one("SELECT register_telegram_bot(7, 'seven_bot') AS next")["next"] == 0
    database.execute("SELECT save_update_offset(7, 101)")
    assert database.one("SELECT register_telegram_bot(7, 'renamed_bot') AS next")["next"] == 101
    assert bot(database)["username"] == "renamed_bot"


def test_another_bot_starts_anew(database: Database) -> None:
    database.execute("SELECT register_telegram_bot(7, 'seven_bot'), save_update_offset(7, 101)")
    assert database.one("SELECT register_telegram_bot(8, 'eight_bot') AS next")["next"] == 0
    database.execute("SELECT save_update_offset(7, 102)")
    assert bot(database)["next_update_id"] == 0


def test_a_slow_worker_does_not_turn_updates_back(database: Database) -> None:
    database.execute("SELECT register_telegram_bot(7, 'seven_bot')")
    database.execute("SELECT save_update_offset(7, 101)")
    database.execute("SELECT save_update_offset(7, 100)")
    assert bot(database)["next_update_id"] == 101


def test_after_a_silent_week_telegram_may_number_updates_from_below(database: Database) -> None:
    database.execute("SELECT register_telegram_bot(7, 'seven_bot')")
    database.execute("SELECT save_update_offset(7, 900000101)")
    database.execute("SELECT save_update_offset(7, 101)")
    assert bot(database)["next_update_id"] == 101
