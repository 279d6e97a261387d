"""The kill matrix finds what is lost; one of its rows, for real."""

import pytest

from tests.database import Database
from tests.full import FULL
from tests.kill_matrix.ledger import Ledger, Told, judge
from tests.kill_matrix.report import table
from tests.kill_matrix.rows import ROWS
from tests.kill_matrix.run import run
from tests.worker.bot_api import BotApi


def test_what_was_acknowledged_and_is_not_there_is_lost(database: Database) -> None:
    event_id = database.event()
    booking_id = database.book(event_id)["id"]
    held = Told(booking_id, event_id, "user@example.org", "pending")
    for told, lost in (
        (held, 0),
        (Told(booking_id, event_id, "user@example.org", "confirmed"), 1),
        (Told(booking_id, event_id, "other@example.org", "pending"), 1),
        (Told(booking_id + 1, event_id, "user@example.org", "pending"), 1),
    ):
        ledger = Ledger()
        ledger.note("201", 0.1, told)
        with BotApi() as bot_api:
            verdict = judge(database.url, ledger, bot_api)
        assert (verdict.lost, verdict.broken) == (lost, [])


def test_a_seat_that_was_lost_and_an_answer_that_nobody_expects_break_the_law(database: Database) -> None:
    event_id = database.event()
    database.execute("UPDATE events SET available_seats = available_seats - 1 WHERE id = %s", (event_id,))
    ledger = Ledger()
    ledger.note("500", 0.1)
    ledger.note("503", 0.1, retry_after=False)

    with BotApi() as bot_api:
        broken = judge(database.url, ledger, bot_api).broken

    assert f"event {event_id} is off by 1" in broken
    assert broken[-2:] == ["1 × 500", "1 × 503 without Retry-After"]


@pytest.mark.skipif(not FULL, reason="starts two servers, two webs and two workers; `./dev matrix` runs all rows")
def test_the_notifiers_connection_may_be_cut_at_any_time() -> None:
    outcome = run(next(row for row in ROWS if row.name == "notifier"))

    print(table([outcome]))
    assert outcome.is_well
