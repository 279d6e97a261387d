"""The bot and a person: through the real `eventbooker worker`, over HTTP."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from tests.database import Database
from tests.waiting import until
from tests.worker.bot_api import TOKEN, Answer, BotApi, Message, too_many_requests
from tests.worker.conftest import Bookings, StartWorker
from tests.worker.process import Worker

ANNA, BORIS = 4242, 6666


class Chat:
    """A person's chat with the bot, where a worker runs."""

    def __init__(self, database: Database, api: BotApi, who: int, language: str | None = "en") -> None:
        self._database = database
        self._api = api
        self._language = language
        self.who = who

    @property
    def messages(self) -> list[Message]:
        return self._api.messages[str(self.who)]

    def say(self, text: str) -> str:
        """What the bot answers."""
        before = len(self.messages)
        self._api.hear(self.who, text, self._language)
        until(lambda: len(self.messages) > before)
        return self.messages[before].text

    def next_message(self, seen: int) -> Message:
        """The one after those that were seen."""
        until(lambda: len(self.messages) > seen)
        return self.messages[seen]

    def press(self, message: Message, button: str) -> str:
        """What is shown for the press."""
        press = self._api.press(self.who, message, button, self._language)
        until(lambda: self._api.callbacks[press] is not None)
        return str(self._api.callbacks[press])

    def link(self, email: str = "anna@example.org") -> str:
        """Opens the link that the user's page shows; what the bot answers."""
        until(lambda: self._database.one("SELECT username FROM telegram_bot")["username"])
        user_id = self._database.one("SELECT find_or_add_user(%s, 'Anna', NULL) AS id", email)["id"]
        offer = self._database.one("SELECT create_telegram_link(%s, %s) AS link", user_id, f"token-of-{email[:4]}")
        url, _, payload = offer["link"]["url"].partition("?start=")
        assert url == "https://t.me/booker_test_bot"
        return self.say(f"/start {payload}")


@pytest.fixture
def anna(database: Database, bot_api: BotApi) -> Chat:
    return Chat(database, bot_api, ANNA)


@pytest.fixture
def boris(database: Database, bot_api: BotApi) -> Chat:
    return Chat(database, bot_api, BORIS)


def status(database: Database, booking_id: int) -> Any:
    return database.one("SELECT status FROM current_bookings WHERE id = %s", booking_id)["status"]


def time_passes(database: Database, chat: Chat, seen: int) -> bool:
    database.advance(1)
    return len(chat.messages) > seen


def test_the_whole_conversation(
    database: Database, bot_api: BotApi, start_worker: StartWorker, anna: Chat, boris: Chat
) -> None:
    worker = start_worker()
    assert "Connect Telegram" in anna.say("/start")
    assert anna.link().startswith("Connected. Anna, you will be told here")

    # A hold comes with buttons, for its user only.
    booking = database.book(database.event(name="Chess <night>"), "anna@example.org")
    held = anna.next_message(2)
    assert "Your seat is held until" in held.text
    assert "<b>Chess &lt;night&gt;</b>" in held.text
    assert boris.press(held, "Confirm") == "This is not your booking."
    assert boris.press(held, "Cancel") == "This is not your booking."
    assert status(database, booking["id"]) == "pending"
    assert held.buttons.keys() == {"Confirm", "Cancel"}
    assert not boris.messages

    # Confirmed by button: the message says so and has no buttons any more.
    assert anna.press(held, "Confirm") == "Confirmed."
    until(lambda: not held.buttons)
    assert held.text.startswith("Your booking is confirmed.\n\n<b>Chess &lt;night&gt;</b>")
    assert status(database, booking["id"]) == "confirmed"
    assert anna.next_message(3).text.startswith("Your booking is confirmed.")

    # Canceled by button.
    canceled = database.book(database.event(), "anna@example.org")
    held = anna.next_message(4)
    assert anna.press(held, "Cancel") == "Canceled."
    until(lambda: not held.buttons)
    assert held.text.startswith("Your booking has been canceled.")
    assert status(database, canceled["id"]) == "canceled"

    assert "You have 1 booking:" in anna.say("/my")
    assert boris.say("/my") == "You have no bookings."

    # Too late: what really happened is told, and stays so.
    late = database.book(database.event(ttl=1), "anna@example.org")
    held = anna.next_message(6)
    database.freeze(late["expires_at"])
    assert anna.press(held, "Confirm").startswith("The hold lapsed at ")
    until(lambda: not held.buttons)
    assert "Book again?" in held.text
    assert status(database, late["id"]) == "canceled"
    until(partial(time_passes, database, anna, 7))  # the clock stands still, and Telegram may have found us too fast
    assert anna.messages[7].text.startswith("Your hold has lapsed")

    # Left: nothing is queued, nothing is sent.
    assert anna.say("/stop") == "You will be told nothing here any more."
    database.book(database.event(), "anna@example.org")
    assert database.execute("SELECT FROM outbox WHERE state = 'waiting'") == []
    assert anna.say("/my") == "You have no bookings."
    assert worker.stop() < 2
    assert bot_api.conflicts == 0
    assert "Traceback" not in worker.log


def test_a_russian_is_answered_in_russian_and_told_so_from_then_on(
    database: Database, bot_api: BotApi, start_worker: StartWorker
) -> None:
    start_worker()
    anna = Chat(database, bot_api, ANNA, "ru")
    assert anna.link().startswith("Готово. Anna, о ваших бронях мы будем писать сюда.")
    database.book(database.event(), "anna@example.org")
    held = anna.next_message(1)
    assert held.text.startswith("Место держится за вами до ")
    assert anna.press(held, "Подтвердить") == "Подтверждено."


def test_who_speaks_neither_language_gets_the_configured_one(
    database: Database, bot_api: BotApi, start_worker: StartWorker, tmp_path: Path
) -> None:
    settings = tmp_path / "config.yaml"
    settings.write_text("telegram: {language: ru}")
    start_worker(EVENTBOOKER_CONFIG=str(settings))
    anna = Chat(database, bot_api, ANNA, "de")
    assert anna.link().startswith("Готово.")
    assert database.one("SELECT language FROM users")["language"] is None
    database.book(database.event(), "anna@example.org")
    assert anna.next_message(1).text.startswith("Место держится")


def test_a_link_works_for_one_chat_and_once(start_worker: StartWorker, anna: Chat, boris: Chat) -> None:
    start_worker()
    anna.link()
    assert "was used" in boris.say("/start token-of-anna")
    assert "was used" in boris.say("/start nonsense \0")


def test_strange_updates_are_passed_over(
    database: Database, bot_api: BotApi, start_worker: StartWorker, anna: Chat
) -> None:
    start_worker()
    anna.link()
    booking = database.book(database.event(), "anna@example.org")
    held = anna.next_message(1)
    for data in ("", "confirm", "confirm:", "confirm:x", "confirm:-1", f"confirm:{'9' * 60}", "drop:1", "confirm:²"):
        held.buttons["Strange"] = data
        assert anna.press(held, "Strange") == "This button does nothing any more."
    held.buttons["Strange"] = "confirm:999999999999999999"
    assert anna.press(held, "Strange") == "This is not your booking."
    for kind, content in (
        ("message", {"chat": {"id": ANNA, "type": "private"}, "sticker": {}}),
        ("message", {"chat": {"id": -5, "type": "group"}, "text": "/my"}),
        ("message", {"text": "/my"}),
        ("callback_query", {"id": "1", "data": "confirm:1"}),
        ("poll", {}),
    ):
        bot_api.update(kind, content)
    assert "Connect Telegram" in anna.say("What?")
    assert not bot_api.messages["-5"]
    assert status(database, booking["id"]) == "pending"


def test_an_answer_that_telegram_puts_off_comes_later(bot_api: BotApi, start_worker: StartWorker, anna: Chat) -> None:
    start_worker()
    bot_api.script(str(ANNA), Answer(502), too_many_requests(1))
    assert anna.say("/my") == "You have no bookings."


def test_an_answer_that_never_gets_through_does_not_stop_the_others(
    bot_api: BotApi, start_worker: StartWorker, anna: Chat, boris: Chat
) -> None:
    worker = start_worker()
    bot_api.script(str(ANNA), *[Answer(500)] * 3)
    bot_api.hear(ANNA, "/my")
    assert boris.say("/my") == "You have no bookings."
    assert worker.log.count("the bot could not answer") == 3
    assert anna.say("/my") == "You have no bookings."


def test_what_was_being_done_when_the_worker_was_killed_is_done_by_the_next(
    database: Database, bot_api: BotApi, start_worker: StartWorker, anna: Chat
) -> None:
    worker = start_worker()
    until(lambda: database.one("SELECT username FROM telegram_bot")["username"])
    database.execute("SELECT create_telegram_link(find_or_add_user('anna@example.org', 'Anna', NULL), 'token')")
    bot_api.gate.clear()
    bot_api.hear(ANNA, "/start token")
    until(lambda: bot_api.asked(str(ANNA)))
    worker.kill()
    assert database.one("SELECT telegram_id FROM users")["telegram_id"] == str(ANNA)

    start_worker()
    until(lambda: bot_api.asked(str(ANNA)) == 2)
    bot_api.gate.set()
    until(lambda: len(anna.messages) == 2)
    assert {message.text.split(".")[0] for message in anna.messages} == {"Connected"}


def test_what_was_done_is_not_done_again_by_the_next_worker(
    database: Database, bot_api: BotApi, start_worker: StartWorker, anna: Chat
) -> None:
    worker = start_worker()
    anna.say("/my")
    until(lambda: is_recorded(database))
    worker.kill()
    bot_api.forget_confirmations()
    start_worker()
    anna.say("/my")
    assert len(anna.messages) == 2


def test_one_worker_asks_for_updates_and_another_takes_over_when_it_is_killed(
    database: Database, bot_api: BotApi, start_worker: StartWorker, anna: Chat
) -> None:
    first = start_worker()
    until(lambda: bot_api.polling)
    second = start_worker()
    third = start_worker()
    until(lambda: len(tries_to_poll(database)) == 3)
    assert anna.say("/my") == "You have no bookings."
    assert [worker for worker in (first, second, third) if listens(worker)] == [first]
    until(lambda: is_recorded(database))

    first.kill()
    assert anna.say("/my") == "You have no bookings."
    assert sum(map(listens, (second, third))) == 1
    assert bot_api.conflicts <= 1  # the dead worker's request, that the fake did not see end
    assert len(anna.messages) == 2


def is_recorded(database: Database) -> bool:
    """Whether an update is known as done: killed before that, a worker leaves it to be done again."""
    return bool(database.one("SELECT next_update_id FROM telegram_bot")["next_update_id"])


def listens(worker: Worker) -> bool:
    return "the bot listens" in worker.log


def tries_to_poll(database: Database) -> list[Any]:
    return database.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = 'eventbooker update poller'"
    )


@pytest.fixture
def only_sends(httpserver: HTTPServer) -> HTTPServer:
    """A Bot API that knows no other method than sendMessage."""
    httpserver.expect_request(f"/bot{TOKEN}/sendMessage").respond_with_json({"ok": True, "result": {"message_id": 1}})
    httpserver.expect_request(f"/bot{TOKEN}/getMe").respond_with_data(
        json.dumps({"ok": False, "error_code": 404, "description": "Not Found"}), 404
    )
    return httpserver


def test_a_bot_api_that_only_sends_disturbs_nothing_and_is_complained_of_once(
    database: Database, bookings: Bookings, only_sends: HTTPServer, start_worker: StartWorker
) -> None:
    worker = start_worker(TELEGRAM_API_URL=only_sends.url_for(""))
    until(lambda: sum(request.path.endswith("/getMe") for request, _ in only_sends.log) == 3)
    bookings.confirm("101")
    until(lambda: database.execute("SELECT FROM outbox WHERE state = 'sent'"))
    assert worker.log.count("the bot cannot poll") == 1
    assert "error" not in worker.log.replace("error_code", "")
