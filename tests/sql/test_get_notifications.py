from typing import Any

from tests.database import Database
from tests.sql.outbox import acknowledge, claim_one, fail, retry, tell


def told(database: Database, limit: int = 20) -> dict[str, Any]:
    answer: dict[str, Any] = database.one("SELECT get_notifications(%s) AS told", limit)["told"]
    return answer


def test_without_any_it_says_so(database: Database) -> None:
    assert told(database) == {
        "enabled": True, "bot": None, "mail": False, "waiting": 0, "sent": 0, "failed": 0, "oldest_waiting_at": None,
        "problems": [],
    }  # fmt: skip


def test_it_counts_and_tells_of_those_in_trouble_the_newest_first(database: Database) -> None:
    database.freeze("2031-05-04 12:00+00")
    database.execute("SELECT register_telegram_bot(7, 'seven_bot')")
    tell(database, "anna")
    acknowledge(database, claim_one(database))
    booking_id = tell(database, "boris")
    fail(database, claim_one(database), "Bad Request: no")
    tell(database, "clara")
    retry(database, claim_one(database), "1 hour")
    database.advance(1)
    tell(database, "dora")

    answer = told(database)
    problems = answer.pop("problems")
    assert answer == {
        "enabled": True, "bot": "seven_bot", "mail": False, "waiting": 2, "sent": 1, "failed": 1,
        "oldest_waiting_at": "2031-05-04T12:00:00+00:00",
    }  # fmt: skip
    assert [(problem["state"], problem["last_error"]) for problem in problems] == [
        ("waiting", "Bad Gateway"),
        ("failed", "Bad Request: no"),
    ]
    assert problems[1].keys() == {
        "event_id", "channel",
        "id", "user_id", "booking_id", "kind", "state", "attempts", "last_error", "created_at", "due_at",
    }  # fmt: skip
    assert problems[1]["booking_id"] == booking_id
    assert told(database, 1)["problems"] == problems[:1]


def test_a_reminder_does_not_wait_before_its_time(database: Database) -> None:
    database.freeze()
    database.book(database.event(ttl=10), "anna@example.org", "101")
    acknowledge(database, claim_one(database))
    assert told(database)["oldest_waiting_at"] is None
    database.advance(300)
    assert told(database)["waiting"] == 1
