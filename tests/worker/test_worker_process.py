"""The real `eventbooker worker`: its own process, a real database, HTTP to a fake Bot API."""

import signal

from tests.database import Database
from tests.waiting import until
from tests.worker.bot_api import BLOCKED, TOKEN, BotApi
from tests.worker.conftest import Bookings, StartWorker

SWITCHED_OFF = "notifications are switched off: TELEGRAM_BOT_TOKEN is not set"


def test_the_worker_sweeps_tells_and_stops(
    database: Database, bookings: Bookings, bot_api: BotApi, start_worker: StartWorker
) -> None:
    worker = start_worker()
    bookings.confirm("101")
    bookings.hold("102", minutes=1)
    database.advance(seconds=60)
    until(lambda: bot_api.delivered["101"] and bot_api.delivered["102"])
    assert worker.stop() < 5
    assert "confirmed" in bot_api.delivered["101"][0]
    assert "lapsed" in bot_api.delivered["102"][0]


def test_who_booked_is_told_that_the_event_changed_and_that_it_is_canceled(
    database: Database, bookings: Bookings, bot_api: BotApi, start_worker: StartWorker
) -> None:
    start_worker()
    bookings.confirm("101")
    event_id = database.one("SELECT event_id FROM bookings")["event_id"]
    database.execute("SELECT change_event(%s, p_date => '2040-01-02 19:30+00')", (event_id,))
    database.execute("SELECT cancel_event(%s, 'the hall burned down')", (event_id,))
    booking_id = bookings.confirm("102")
    event_id = database.one("SELECT event_id FROM bookings WHERE id = %s", booking_id)["event_id"]
    database.execute("SELECT change_event(%s, p_name => 'Go at dawn')", (event_id,))

    until(lambda: "Reason: the hall burned down" in "".join(bot_api.delivered["101"]))
    until(lambda: len(bot_api.delivered["102"]) == 2)
    assert "has changed" in bot_api.delivered["102"][1]
    assert "Go at dawn" in bot_api.delivered["102"][1]


def test_the_worker_stops_on_ctrl_c_while_telegram_keeps_it_waiting(
    bookings: Bookings, bot_api: BotApi, start_worker: StartWorker
) -> None:
    bot_api.gate.clear()
    worker = start_worker()
    bookings.confirm("101")
    until(lambda: bot_api.asked("101"))
    assert worker.stop(signal.SIGINT) < 5


def test_the_worker_stops_while_a_sweep_waits_for_somebodys_lock(
    database: Database, bookings: Bookings, start_worker: StartWorker
) -> None:
    bookings.hold("101", minutes=1)
    database.advance(seconds=60)
    with database.connect() as connection, connection.transaction():
        connection.execute("SELECT FROM public.events FOR UPDATE")
        worker = start_worker()
        until(
            lambda: database.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = 'eventbooker sweep' AND wait_event_type = 'Lock'"
            )
        )
        assert worker.stop() < 5


def test_without_a_token_the_worker_says_so_once_and_sweeps_all_the_same(
    database: Database, bookings: Bookings, bot_api: BotApi, start_worker: StartWorker
) -> None:
    bookings.confirm("101")  # in the time of a bot that is no more
    worker = start_worker(TELEGRAM_BOT_TOKEN="")
    until(lambda: not database.execute("SELECT id FROM public.outbox"))
    booking_id = database.book(database.event(ttl=1), "boris@example.org", "102")["id"]
    bookings.confirm("102")
    database.advance(seconds=60)
    until(lambda: database.one("SELECT status FROM public.bookings WHERE id = %s", booking_id)["status"] == "canceled")
    worker.stop()
    assert database.execute("SELECT id FROM public.outbox") == []
    assert worker.log.count(SWITCHED_OFF) == 1
    assert not [line for line in worker.log.splitlines() if "error" in line or "warning" in line]
    assert not bot_api.asked_for


def test_the_token_never_appears_in_the_workers_log(
    bookings: Bookings, bot_api: BotApi, start_worker: StartWorker
) -> None:
    worker = start_worker()
    bot_api.script("101", BLOCKED)
    bookings.confirm("101")
    until(lambda: "cannot be delivered" in worker.log)
    bookings.confirm("102")
    until(lambda: "notification sent" in worker.log)
    worker.stop()
    assert TOKEN not in worker.log


def test_the_token_stays_out_of_the_log_when_nobody_answers(bookings: Bookings, start_worker: StartWorker) -> None:
    worker = start_worker(TELEGRAM_API_URL="http://127.0.0.1:1")
    bookings.confirm("101")
    until(lambda: "notification put off" in worker.log)
    worker.stop()
    assert TOKEN not in worker.log


def test_workers_side_by_side_tell_everybody_once(
    database: Database, bookings: Bookings, bot_api: BotApi, start_worker: StartWorker
) -> None:
    start_worker()
    start_worker()
    chats = [str(1000 + number) for number in range(20)]
    for chat_id in chats:
        bookings.hold(chat_id, minutes=1)
    database.advance(seconds=60)
    until(lambda: len(database.execute("SELECT id FROM public.outbox WHERE state = 'sent'")) == len(chats))
    assert sorted(request["chat_id"] for request in bot_api.requests) == sorted(chats)
