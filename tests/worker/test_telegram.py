import json
import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer

from eventbooker.worker.outcomes import Outcome, PermanentFailure, RateLimited, Sent, TemporaryFailure
from eventbooker.worker.telegram import Bot, Button
from tests.worker.bot_api import TOKEN, Answer, BotApi


@pytest.fixture
def bot(httpserver: HTTPServer) -> Iterator[Bot]:
    bot = Bot(httpserver.url_for(""), SecretStr(TOKEN), timeout=5)
    yield bot
    bot.close()


def outcome(httpserver: HTTPServer, bot: Bot, status: int, body: str, **headers: str) -> Outcome:
    httpserver.expect_request(f"/bot{TOKEN}/sendMessage").respond_with_data(body, status, headers)
    return bot.send("42", "Hello")


def test_a_message_goes_out_as_html_without_a_preview(bot_api: BotApi) -> None:
    bot = Bot(bot_api.url + "/", SecretStr(TOKEN), timeout=5)
    assert bot.send("42", "<b>Hello</b>") == Sent()
    bot.close()
    (request,) = bot_api.requests
    assert request["chat_id"] == "42"
    assert request["text"] == "<b>Hello</b>"
    assert request["parse_mode"] == "HTML"
    assert request["link_preview_options"] == {"is_disabled": True}


def test_buttons_stand_side_by_side_and_bring_their_data(bot_api: BotApi) -> None:
    bot = Bot(bot_api.url, SecretStr(TOKEN), timeout=5)
    assert bot.send("42", "Hello", [Button("Yes", "yes:1"), Button("No", "no:1")]) == Sent()
    bot.close()
    assert bot_api.messages["42"][0].buttons == {"Yes": "yes:1", "No": "no:1"}
    (row,) = bot_api.requests[0]["reply_markup"]["inline_keyboard"]
    assert len(row) == 2


def test_a_message_can_be_changed_and_loses_its_buttons(bot_api: BotApi) -> None:
    bot = Bot(bot_api.url, SecretStr(TOKEN), timeout=5)
    sent = bot.send("42", "Hello", [Button("Yes", "yes:1")])
    assert isinstance(sent, Sent)
    assert bot.edit_text("42", sent.result["message_id"], "Done") == Sent()
    assert isinstance(bot.edit_text("42", sent.result["message_id"], "Done"), PermanentFailure)
    bot.close()
    assert (bot_api.messages["42"][0].text, bot_api.messages["42"][0].buttons) == ("Done", {})


@pytest.mark.parametrize(
    ("refusal", "gone"),
    [
        ("Forbidden: bot was blocked by the user", True),
        ("Forbidden: user is deactivated", True),
        ("Forbidden: bot can't initiate conversation with a user", True),
        ("Bad Request: chat not found", True),
        ("Bad Request: can't parse entities: unexpected end tag", False),
        ("Bad Request: message is too long", False),
    ],
)
def test_a_chat_that_is_gone_is_told_from_a_message_that_is_wrong(
    httpserver: HTTPServer, bot: Bot, refusal: str, gone: bool
) -> None:
    body = json.dumps({"ok": False, "description": refusal})
    assert outcome(httpserver, bot, 403, body) == PermanentFailure(refusal, gone)


def test_updates_are_waited_for_longer_than_an_answer(bot_api: BotApi) -> None:
    bot = Bot(bot_api.url, SecretStr(TOKEN), timeout=0.3)
    assert bot.get_updates(0, 1) == Sent()
    bot_api.hear(42, "Hello")
    answer = bot.get_updates(0, 60)
    bot.close()
    assert isinstance(answer, Sent)
    assert [update["message"]["text"] for update in answer.result] == ["Hello"]


@pytest.mark.parametrize("seconds", [1, 35])
def test_telegram_says_how_long_to_wait(httpserver: HTTPServer, bot: Bot, seconds: int) -> None:
    body = json.dumps({"ok": False, "error_code": 429, "parameters": {"retry_after": seconds}})
    answer = outcome(httpserver, bot, 429, body)
    assert isinstance(answer, RateLimited)
    assert answer.seconds == seconds


def test_a_429_that_does_not_say_how_long_is_ordinary_trouble(httpserver: HTTPServer, bot: Bot) -> None:
    assert isinstance(outcome(httpserver, bot, 429, "slow down"), TemporaryFailure)


@pytest.mark.parametrize("status", [400, 403])
def test_only_telegram_itself_can_give_a_message_up(httpserver: HTTPServer, bot: Bot, status: int) -> None:
    assert isinstance(outcome(httpserver, bot, status, "<h1>The proxy says no</h1>"), TemporaryFailure)
    httpserver.clear()
    body = '{"ok": false, "description": "Forbidden: user is deactivated"}'
    assert outcome(httpserver, bot, status, body) == PermanentFailure("Forbidden: user is deactivated", True)


@pytest.mark.parametrize("body", ["", "<h1>Sign in to this hotel</h1>", "[]", '{"ok": 1}'])
def test_a_200_that_is_not_telegrams_is_not_taken_for_sent(httpserver: HTTPServer, bot: Bot, body: str) -> None:
    assert isinstance(outcome(httpserver, bot, 200, body), TemporaryFailure)


def test_a_reason_is_fit_for_the_database(httpserver: HTTPServer, bot: Bot) -> None:
    body = json.dumps({"ok": False, "description": "Bad \0 \ud800" + "x" * 1000})
    answer = outcome(httpserver, bot, 400, body)
    assert isinstance(answer, PermanentFailure)
    assert answer.reason.startswith("Bad  ?x")
    assert len(answer.reason) == 300


@pytest.mark.parametrize(
    "api_url", ["http://127.0.0.1:1", "http://nowhere.invalid", "ftp://127.0.0.1", "http://127.0.0.1:0x"]
)
def test_a_server_that_cannot_be_reached_is_trouble_on_the_way(api_url: str) -> None:
    bot = Bot(api_url, SecretStr(TOKEN), timeout=5)
    assert isinstance(bot.send("42", "Hello"), TemporaryFailure)
    bot.close()


@pytest.mark.parametrize(("status", "description"), [(401, "Unauthorized"), (404, "Not Found")])
def test_a_wrong_token_is_named_as_the_likely_cause(
    httpserver: HTTPServer, bot: Bot, status: int, description: str
) -> None:
    answer = outcome(httpserver, bot, status, json.dumps({"ok": False, "description": description}))
    assert answer == TemporaryFailure(f"{description} (is TELEGRAM_BOT_TOKEN right?)")


def test_the_token_stays_out_of_log_and_reasons(bot_api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bot_api.script("42", Answer(502, {"ok": False, "description": f"Bad Gateway: /bot{TOKEN}/sendMessage"}))
    bot = Bot(bot_api.url, SecretStr(TOKEN), timeout=5)
    assert bot.send("42", "Hello") == TemporaryFailure("Bad Gateway: /bot***/sendMessage")
    assert bot.send("42", "Hello") == Sent()
    bot.close()
    assert TOKEN not in caplog.text + repr(bot)


def test_the_token_stays_out_of_what_httpx_says(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bot = Bot("http://127.0.0.1:1\n", SecretStr(TOKEN), timeout=5)
    answer = bot.send("42", "Hello")
    bot.close()
    assert isinstance(answer, TemporaryFailure)
    assert TOKEN not in caplog.text + answer.reason
