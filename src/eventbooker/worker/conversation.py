"""What people say to the bot: commands, and presses of the buttons below its messages.

One worker at a time asks Telegram for updates, the one that holds a lock in the database; the others wait for it to
die. An update is done and answered before it is ticked off, so a crash may have one done twice, and none is lost: each
thing done here can be done twice without harm.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg
import structlog
from psycopg.rows import class_row

from eventbooker.config import Telegram
from eventbooker.database.pool import Connection, connect, one_line
from eventbooker.worker.messages import ChatBooking, Words, language_of
from eventbooker.worker.telegram import Bot, DeadEnd, Outcome, RetryAfter, Sent, Unreachable

POLLER_LOCK = 0x65766E74626C  # "evntbl": names our lock among the database's advisory locks
TAKE_OVER = 2.0
"""Seconds between two looks whether the poller has died."""

LONG_POLL = 25.0
TRIES = 3
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

SAME_SERIES = 1000
"""Telegram numbers updates one by one, but after a week without any it goes on anywhere, below too."""

ACTIONS: dict[str, LiteralString] = {
    "confirm": "SELECT status, cancel_reason FROM public.confirm_booking(%s)",
    "cancel": "SELECT status, cancel_reason FROM public.cancel_booking(%s)",
}
LAPSED, CANCELED, NO_SUCH_LINK = "EB204", "EB205", "EB305"

log = structlog.get_logger()


class Trouble(Exception):
    """Telegram cannot be talked to just now; the message says why."""

    def __init__(self, reason: str, pause: float = 0) -> None:
        super().__init__(reason)
        self.pause = pause


@dataclass(frozen=True)
class Booking:
    """A row of `find_chat_booking`."""

    booking_id: int
    status: str
    cancel_reason: str | None
    expires_at: datetime
    event_name: str
    event_date: datetime


class Conversation:
    """Any number may run at once; one of them talks."""

    def __init__(self, database_url: str, bot: Bot, settings: Telegram, zone: ZoneInfo, stop: threading.Event) -> None:
        self._database_url = database_url
        self._bot = bot
        self._settings = settings
        self._zone = zone
        self._stop = stop
        self._pause = FIRST_PAUSE
        self._told = ""

    def run(self) -> None:
        """Talk until `stop` is set, whatever goes away meanwhile. What is away is said once, not at each try."""
        while not self._stop.is_set():
            pause = 0.0
            try:
                self._converse()
            except psycopg.Error as error:
                self._complain("the bot cannot listen: the database is away", one_line(error))
            except Trouble as trouble:
                self._complain("the bot cannot listen: Telegram is away", str(trouble))
                pause = trouble.pause
            except Exception:
                log.exception("the bot stumbled", retry_in=self._pause)
            self._stop.wait(max(self._pause, pause))
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _complain(self, event: str, reason: str) -> None:
        if self._told != event:
            log.warning(event, reason=reason)
        self._told = event

    def _converse(self) -> None:
        with connect(self._database_url, "conversation") as connection:
            # The server must let go of the lock of a machine that fell silent.
            for setting, value in (("idle", 10), ("interval", 5), ("count", 3)):
                connection.execute("SELECT set_config(%s, %s, false)", (f"tcp_keepalives_{setting}", str(value)))
            while not self._is_the_poller(connection):
                self._pause = FIRST_PAUSE
                if self._stop.wait(TAKE_OVER):
                    return
            bot_id, username = self._identity()
            done = self._introduce(connection, bot_id, username)
            log.info("the bot listens", bot=username)
            self._poll(connection, bot_id, done)

    def _is_the_poller(self, connection: Connection) -> bool:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (POLLER_LOCK,)).fetchone()
        return row is not None and row[0]

    def _identity(self) -> tuple[int, str]:
        match self._result(self._bot.get_me()):
            case {"id": int(bot_id), "username": str(username)}:
                return bot_id, username
        raise Trouble("getMe was answered without a bot")

    def _introduce(self, connection: Connection, bot_id: int, username: str) -> int:
        row = connection.execute("SELECT public.introduce_bot(%s, %s)", (bot_id, username)).fetchone()
        return int(row[0]) if row else 0

    def _poll(self, connection: Connection, bot_id: int, next_id: int) -> None:
        """Telegram forgets an update when a later one is asked for, so what it still has is not done, or just now."""
        asked = 0
        while not self._stop.is_set():
            begun = monotonic()
            updates = self._updates(asked)
            connection.execute("SELECT 1")  # without our connection, and so our lock, somebody else may be at it
            self._pause, self._told = FIRST_PAUSE, ""
            asked = 0
            if not updates:  # an answer that comes sooner than it should must not make us ask in a whirl
                self._stop.wait(begun + FIRST_PAUSE - monotonic())
            for update in updates:
                if self._stop.is_set():
                    return
                update_id: int = update["update_id"]
                if not next_id - SAME_SERIES <= update_id < next_id:
                    self._attend(connection, update)
                    next_id = update_id + 1
                    connection.execute("SELECT public.advance_updates(%s, %s)", (bot_id, next_id))
                asked = update_id + 1

    def _updates(self, offset: int) -> list[dict[str, Any]]:
        updates = self._result(self._bot.get_updates(offset, LONG_POLL))
        if not isinstance(updates, list) or not all(
            isinstance(update, dict) and isinstance(update.get("update_id"), int) for update in updates
        ):
            raise Trouble("getUpdates was answered without updates")
        return updates

    def _attend(self, connection: Connection, update: dict[str, Any]) -> None:
        """Do it and answer it. One that cannot be answered is passed over, lest it stop all others for ever."""
        for attempt in range(1, TRIES + 1):
            try:
                self._heed(connection, update)
                return
            except Trouble as trouble:
                log.warning(
                    "the bot could not answer", update=update["update_id"], reason=str(trouble), attempt=attempt
                )
                if attempt == TRIES or trouble.pause > LONGEST_PAUSE:
                    return
                if self._stop.wait(max(trouble.pause, FIRST_PAUSE)):
                    raise
            except psycopg.OperationalError:
                raise
            except Exception:
                log.exception("the bot passes over an update", update=update["update_id"])
                return

    def _heed(self, connection: Connection, update: dict[str, Any]) -> None:
        match update:
            case {"message": {"chat": {"type": "private", "id": int(chat)}, "text": str(text), **message}}:
                self._hear(connection, str(chat), text, _language(message))
            case {"callback_query": {"id": str(callback_id), "from": {"id": int(who)}} as query}:
                self._press(connection, callback_id, str(who), query, _language(query))

    def _hear(self, connection: Connection, chat_id: str, text: str, language: str | None) -> None:
        words = self._words(language)
        command, _, argument = text.strip().partition(" ")
        match command.partition("@")[0], argument.strip():
            case "/start", "":
                answer = f"{words.say('start')}\n{words.say('help')}"
            case "/start", token:
                answer = self._link(connection, chat_id, token, language)
            case "/stop", _:
                connection.execute("SELECT public.unlink_telegram_chat(%s)", (chat_id,))
                answer = words.say("stopped")
            case "/my", _:
                answer = words.list(self._bookings(connection, chat_id))
            case _:
                answer = f"{words.say('start')}\n{words.say('help')}"
        self._answer(self._bot.send(chat_id, answer))

    def _link(self, connection: Connection, chat_id: str, token: str, language: str | None) -> str:
        words = self._words(language)
        try:
            row = connection.execute(
                "SELECT name FROM public.link_telegram(%s, %s, %s)", (token.replace("\0", ""), chat_id, language)
            ).fetchone()
        except psycopg.Error as error:
            if error.sqlstate != NO_SUCH_LINK:
                raise
            return words.say("link_invalid")
        return words.say("linked", name=row[0] if row else "")

    def _bookings(self, connection: Connection, chat_id: str) -> list[ChatBooking]:
        cursor = connection.cursor(row_factory=class_row(ChatBooking))
        return cursor.execute("SELECT * FROM public.list_chat_bookings(%s)", (chat_id,)).fetchall()

    def _press(
        self, connection: Connection, callback_id: str, chat_id: str, query: Mapping[Any, Any], language: str | None
    ) -> None:
        """Whoever presses must be the one who is told of the booking: in a private chat, the chat has the user's id."""
        words = self._words(language)
        action, _, number = str(query.get("data")).partition(":")
        if action not in ACTIONS or not (number.isascii() and number.isdigit() and len(number) < 19):
            self._answer(self._bot.answer_callback(callback_id, words.say("not_understood")))
            return
        booking = self._find(connection, int(number), chat_id)
        if booking is None:
            self._answer(self._bot.answer_callback(callback_id, words.say("not_yours")))
            return

        happened = _act(connection, action, booking.booking_id)
        until = booking.expires_at
        self._answer(self._bot.answer_callback(callback_id, words.say(f"pressed_{happened}", until=until)))
        match query:
            case {"message": {"message_id": int(message_id), "chat": {"id": int(chat)}}} if str(chat) == chat_id:
                news = words.say(NEWS[happened], until=until)
                text = words.about(news, booking.booking_id, booking.event_name, booking.event_date)
                self._answer(self._bot.edit_text(chat_id, message_id, text))

    def _find(self, connection: Connection, booking_id: int, chat_id: str) -> Booking | None:
        cursor = connection.cursor(row_factory=class_row(Booking))
        return cursor.execute("SELECT * FROM public.find_chat_booking(%s, %s)", (booking_id, chat_id)).fetchone()

    def _words(self, language: str | None) -> Words:
        return Words(language or self._settings.language, self._zone)

    def _answer(self, outcome: Outcome) -> None:
        """A refusal for good is nothing to try again: the person has left, or has pressed long ago, or twice."""
        if isinstance(outcome, DeadEnd):
            log.debug("the bot's answer was refused", reason=outcome.reason)
        else:
            self._result(outcome)

    def _result(self, outcome: Outcome) -> Any:
        match outcome:
            case Sent(result):
                return result
            case RetryAfter(seconds, reason):
                raise Trouble(reason, seconds)
            case Unreachable(reason) | DeadEnd(reason):
                raise Trouble(reason)


NEWS = {"confirmed": "booking_confirmed", "canceled": "booking_canceled", "lapsed": "lapsed"}
"""What became of a booking whose button was pressed, and what the message says then."""


def _act(connection: Connection, action: str, booking_id: int) -> str:
    """What has really become of the booking: a key of NEWS."""
    try:
        row = connection.execute(ACTIONS[action], (booking_id,)).fetchone()
    except psycopg.Error as error:
        if error.sqlstate not in (LAPSED, CANCELED):
            raise
        return "lapsed" if error.sqlstate == LAPSED else "canceled"
    status, reason = row or ("canceled", None)
    return "lapsed" if reason == "expired" else str(status)


def _language(said: Mapping[Any, Any]) -> str | None:
    match said:
        case {"from": {"language_code": code}}:
            return language_of(code)
    return None
