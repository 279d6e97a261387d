"""The notifier, on a real database and against a Bot API that answers as it is told."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from eventbooker.worker import notifier
from eventbooker.worker.messages import Notification, Words
from tests.database import Database
from tests.otlp import Collector, attributes
from tests.waiting import until
from tests.worker.bot_api import (
    BLOCKED,
    BROKEN,
    CHAT_NOT_FOUND,
    HANG_UP,
    UNAUTHORIZED,
    Answer,
    BotApi,
    too_many_requests,
)
from tests.worker.conftest import Bookings

NOON = "2031-05-04 12:00:00+00"

StartNotifier = Callable[[], None]


@pytest.fixture
def outbox(database: Database) -> Callable[[str], list[dict[str, Any]]]:
    """The messages to a chat as they are stored, with `wait`: how long until the next try."""
    return lambda chat_id: database.execute(
        "SELECT o.state, o.attempts, o.last_error, o.due_at - public.clock() AS wait"
        " FROM public.outbox AS o JOIN public.users AS u ON u.id = o.user_id"
        " WHERE u.telegram_id = %s ORDER BY o.id",
        (chat_id,),
    )


Outbox = Callable[[str], list[dict[str, Any]]]


def test_a_confirmation_is_told_once(
    bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier, outbox: Outbox
) -> None:
    start_notifier()
    booking_id = bookings.confirm("101", "Jazz in the park")
    until(lambda: [row["state"] for row in outbox("101")] == ["sent"])
    (text,) = bot_api.delivered["101"]
    assert "confirmed" in text
    assert "Jazz in the park" in text
    assert str(booking_id) in text


def test_a_lapsed_hold_is_told_once(
    bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier, outbox: Outbox
) -> None:
    start_notifier()
    bookings.lapse("101")
    until(lambda: [row["state"] for row in outbox("101")] == ["sent"])
    (text,) = bot_api.delivered["101"]
    assert "lapsed" in text


def test_what_happened_without_a_notifier_is_told_when_one_starts(
    bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    bookings.confirm("101")
    bookings.lapse("102")
    start_notifier()
    until(lambda: bot_api.delivered["101"] and bot_api.delivered["102"])


def test_two_notifiers_send_no_message_twice(
    database: Database, bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    chats = [str(1000 + number) for number in range(25)]
    for chat_id in chats:
        bookings.confirm(chat_id)
    start_notifier()
    start_notifier()
    until(lambda: not database.execute("SELECT id FROM public.outbox WHERE state = 'waiting'"))
    assert sorted(request["chat_id"] for request in bot_api.requests) == sorted(chats)


def test_what_a_dead_notifier_had_claimed_is_sent_when_its_lease_ends(
    database: Database, bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    database.freeze(NOON)
    bookings.confirm("101")
    database.execute("SELECT public.claim_notifications(1, '30 s')")
    bookings.confirm("102")
    start_notifier()
    until(lambda: bot_api.delivered["102"])
    assert not bot_api.asked("101")

    database.advance(seconds=30)
    until(lambda: bot_api.delivered["101"])


def test_no_transaction_is_open_while_a_message_is_on_its_way(
    database: Database, bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    bot_api.gate.clear()
    bookings.confirm("101")
    start_notifier()
    until(lambda: bot_api.asked("101"))
    (session,) = _notifiers(database)
    assert session["state"] == "idle"
    bot_api.gate.set()


def test_retry_after_puts_the_message_off_by_that_long(
    database: Database, bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier, outbox: Outbox
) -> None:
    database.freeze(NOON)
    bot_api.script("101", too_many_requests(17))
    bookings.confirm("101")
    start_notifier()
    until(lambda: outbox("101")[0]["last_error"])
    (message,) = outbox("101")
    assert message["state"] == "waiting"
    assert message["wait"] == timedelta(seconds=17)

    database.advance(seconds=17)
    until(lambda: bot_api.delivered["101"])


def test_a_chat_that_gets_too_much_does_not_hold_up_the_others(
    database: Database, bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    bot_api.script("101", too_many_requests(3600))
    bookings.confirm("101")
    bookings.confirm("102")
    start_notifier()
    until(lambda: bot_api.delivered["102"])


def test_two_refused_chats_in_a_row_silence_the_bot_for_that_long(
    database: Database, bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    bot_api.script("101", too_many_requests(1))
    bot_api.script("102", too_many_requests(1))
    for chat_id in ("101", "102", "103"):
        bookings.confirm(chat_id)
    start_notifier()
    until(lambda: bot_api.delivered["103"])
    assert bot_api.asked_at("103") - bot_api.asked_at("102") >= 1


@pytest.mark.parametrize("refusal", [BLOCKED, CHAT_NOT_FOUND])
def test_a_dead_end_is_recorded_and_not_tried_again(
    refusal: Answer,
    database: Database,
    bookings: Bookings,
    bot_api: BotApi,
    start_notifier: StartNotifier,
    outbox: Outbox,
) -> None:
    database.freeze(NOON)
    bot_api.script("101", refusal)
    bookings.confirm("101")
    start_notifier()
    until(lambda: outbox("101")[0]["state"] == "failed")
    assert outbox("101")[0]["last_error"] == refusal.body["description"]
    bookings.confirm("101")
    assert len(outbox("101")) == 1  # nothing more is queued for a chat that is gone

    database.advance(seconds=86400)
    bookings.confirm("102")
    until(lambda: bot_api.delivered["102"])
    assert bot_api.asked("101") == 1


@pytest.mark.parametrize("trouble", [BROKEN, HANG_UP, UNAUTHORIZED])
def test_after_trouble_on_the_way_the_message_is_tried_again(
    trouble: Answer,
    database: Database,
    bookings: Bookings,
    bot_api: BotApi,
    start_notifier: StartNotifier,
    outbox: Outbox,
) -> None:
    database.freeze(NOON)
    bot_api.script("101", *([trouble] if trouble is HANG_UP else [trouble, trouble]))  # picture, then text alone
    bookings.confirm("101")
    start_notifier()
    until(lambda: outbox("101")[0]["last_error"])
    assert outbox("101")[0]["wait"] > timedelta(0)

    database.advance(seconds=10)
    until(lambda: outbox("101")[0]["state"] == "sent")
    assert outbox("101")[0]["attempts"] == 2
    assert len(bot_api.delivered["101"]) == 1


def test_a_users_messages_keep_their_order_when_the_first_is_delayed(
    database: Database, bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier, outbox: Outbox
) -> None:
    database.freeze(NOON)
    bot_api.script("101", BROKEN, BROKEN)
    bookings.confirm("101", "First")
    bookings.confirm("101", "Second")
    start_notifier()
    until(lambda: outbox("101")[0]["last_error"])
    bookings.confirm("102")
    until(lambda: bot_api.delivered["102"])
    assert not bot_api.delivered["101"]

    database.advance(seconds=10)
    until(lambda: len(bot_api.delivered["101"]) == 1)
    database.advance(seconds=1)
    until(lambda: len(bot_api.delivered["101"]) == 2)
    first, second = bot_api.delivered["101"]
    assert "First" in first
    assert "Second" in second


def test_a_user_who_left_telegram_meanwhile_is_a_dead_end(
    database: Database, bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    bookings.confirm("101")
    database.execute("UPDATE public.users SET telegram_id = NULL")
    start_notifier()
    until(lambda: database.execute("SELECT id FROM public.outbox WHERE state = 'failed'"))
    assert not bot_api.requests


def test_a_sweep_wakes_the_notifier_before_its_next_look(
    database: Database,
    bookings: Bookings,
    bot_api: BotApi,
    start_notifier: StartNotifier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notifier, "POLL_SECONDS", 3600)
    start_notifier()
    until(lambda: [session for session in _notifiers(database) if "claim_notifications" in session["query"]])
    bookings.lapse("101")
    until(lambda: bot_api.delivered["101"])


def test_a_message_that_trips_the_notifier_up_does_not_silence_the_others(
    bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def notification(_: Words, told: Notification) -> str:
        if told.address == "101":
            raise ValueError("no words")
        return "Hello"

    monkeypatch.setattr(Words, "notification", notification)
    bookings.confirm("101")
    bookings.confirm("102")
    start_notifier()
    until(lambda: bot_api.delivered["102"])


def test_a_notifier_that_lost_its_connection_sends_what_came_meanwhile(
    database: Database, bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    start_notifier()
    (listener,) = until(lambda: _notifiers(database))
    database.execute("SELECT pg_terminate_backend(%s, 5000)", (listener["pid"],))
    bookings.confirm("101")
    until(lambda: bot_api.delivered["101"])
    assert len(bot_api.delivered["101"]) == 1


def test_a_hold_comes_with_buttons_in_the_users_language(
    database: Database, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    booking = database.book(database.event(name="Шахматы"), "anna@example.org", "42")
    database.execute("UPDATE public.users SET language = 'ru'")
    start_notifier()
    (message,) = until(lambda: bot_api.messages["42"])
    assert message.text.startswith("Место держится за вами до ")
    assert message.buttons == {"Подтвердить": f"confirm:{booking['id']}", "Отменить": f"cancel:{booking['id']}"}


def test_a_person_is_reminded_at_half_of_the_hold(
    database: Database, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    database.freeze(NOON)
    database.book(database.event(ttl=10), "anna@example.org", "42")
    start_notifier()
    until(lambda: bot_api.delivered["42"])
    database.advance(seconds=300)
    until(lambda: len(bot_api.delivered["42"]) == 2)
    assert "Your hold ends at 4 May 2031, 12:10 UTC." in bot_api.messages["42"][1].text
    assert bot_api.messages["42"][1].buttons.keys() == {"Confirm", "Cancel"}


def test_a_message_that_telegram_cannot_read_leaves_the_chat_as_it_is(
    bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier, outbox: Outbox
) -> None:
    refusal = Answer(400, {"ok": False, "error_code": 400, "description": "Bad Request: can't parse"})
    bot_api.script("101", refusal, refusal)  # of the ticket's picture, then of the text alone
    bookings.confirm("101", "First")
    bookings.confirm("101", "Second")
    start_notifier()
    until(lambda: [row["state"] for row in outbox("101")] == ["failed", "sent"])
    assert "Second" in bot_api.delivered["101"][0]


def test_notifiers_together_keep_the_configured_pace(
    bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    chats = [str(1000 + number) for number in range(15)]
    for chat_id in chats:
        bookings.confirm(chat_id)
    start_notifier()
    start_notifier()
    until(lambda: len(bot_api.delivered) == len(chats))
    times = sorted(request["at"] for request in bot_api.requests)
    assert times[-1] - times[0] >= 14 / 25 - 0.05
    assert len(bot_api.requests) == len(chats)


def test_a_chat_is_written_to_once_a_second(bookings: Bookings, bot_api: BotApi, start_notifier: StartNotifier) -> None:
    for name in ("First", "Second", "Third"):
        bookings.confirm("101", name)
    start_notifier()
    start_notifier()
    until(lambda: len(bot_api.delivered["101"]) == 3)
    times = [request["at"] for request in bot_api.requests]
    assert min(later - sooner for sooner, later in pairwise(times)) >= 0.95
    assert [text.split("<b>")[1].split("<")[0] for text in bot_api.delivered["101"]] == ["First", "Second", "Third"]


def _notifiers(database: Database) -> list[dict[str, Any]]:
    return database.execute(
        "SELECT pid, state, query FROM pg_stat_activity"
        " WHERE application_name = 'eventbooker notifier' AND datname = current_database()"
    )


def test_a_message_is_a_span_that_is_found_by_its_booking(
    bookings: Bookings, collector: Collector, start_tracing: Callable[..., None], start_notifier: StartNotifier
) -> None:
    start_tracing(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    start_notifier()
    booking_id = bookings.confirm("101")

    (message,) = until(lambda: collector.named("send booking_confirmed"))

    assert attributes(message) == {
        "messaging.system": "telegram",
        "eventbooker.kind": "booking_confirmed",
        "eventbooker.booking_id": booking_id,
        "eventbooker.outcome": "sent",
    }
