"""Answers to what people send to the bot: commands, and presses of the buttons below its messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg
import structlog
from psycopg.rows import class_row

from eventbooker.database.pool import Connection
from eventbooker.worker.messages import ChatBooking, ChatWait, Words, language_of
from eventbooker.worker.outcomes import Outcome, PermanentFailure
from eventbooker.worker.telegram import Bot, result_of

ACTIONS: dict[str, LiteralString] = {
    "confirm": "SELECT status, cancel_reason FROM public.confirm_booking(%s)",
    "cancel": "SELECT status, cancel_reason FROM public.cancel_booking(%s)",
}
"""What a button does, by the first part of its data."""

NEWS = {"confirmed": "booking_confirmed", "canceled": "booking_canceled", "lapsed": "lapsed", "in": "booking_confirmed"}
"""The state of a booking after a button was pressed, and the words that then stand in the message."""

BOOKING_EXPIRED, BOOKING_CANCELED, CHECKED_IN, TELEGRAM_LINK_INVALID = "EB204", "EB205", "EB216", "EB305"

log = structlog.get_logger()


@dataclass(frozen=True)
class Booking:
    """A row of `find_chat_booking`."""

    booking_id: int
    status: str
    cancel_reason: str | None
    expires_at: datetime
    seats: int
    event_name: str
    event_date: datetime
    event_timezone: str
    event_place: str | None


class UpdateHandler:
    """Handles one update at a time; doing it twice does no harm."""

    def __init__(self, bot: Bot, default_language: str, zone: ZoneInfo) -> None:
        self._bot = bot
        self._default_language = default_language
        self._zone = zone

    def handle(self, connection: Connection, update: dict[str, Any]) -> None:
        """Do what the update asks for and answer it. Raises TelegramUnavailable, psycopg.Error."""
        match update:
            case {"message": {"chat": {"type": "private", "id": int(chat)}, "text": str(text), **message}}:
                self._handle_message(connection, str(chat), text, _language(message))
            case {"callback_query": {"id": str(callback_id), "from": {"id": int(who)}} as query}:
                self._handle_button(connection, callback_id, str(who), query, _language(query))

    def _handle_message(self, connection: Connection, chat_id: str, text: str, language: str | None) -> None:
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
                answer = words.list(self._bookings(connection, chat_id), self._waits(connection, chat_id))
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
            if error.sqlstate != TELEGRAM_LINK_INVALID:
                raise
            return words.say("link_invalid")
        return words.say("linked", name=row[0] if row else "")

    def _bookings(self, connection: Connection, chat_id: str) -> list[ChatBooking]:
        cursor = connection.cursor(row_factory=class_row(ChatBooking))
        return cursor.execute("SELECT * FROM public.list_chat_bookings(%s)", (chat_id,)).fetchall()

    def _waits(self, connection: Connection, chat_id: str) -> list[ChatWait]:
        cursor = connection.cursor(row_factory=class_row(ChatWait))
        return cursor.execute("SELECT * FROM public.list_chat_waitlist(%s)", (chat_id,)).fetchall()

    def _handle_button(
        self, connection: Connection, callback_id: str, chat_id: str, query: Mapping[Any, Any], language: str | None
    ) -> None:
        """Only the booking's own user may press: in a private chat, the id of the chat is the id of the person."""
        words = self._words(language)
        action, _, number = str(query.get("data")).partition(":")
        if action not in ACTIONS or not (number.isascii() and number.isdigit() and len(number) < 19):
            self._answer(self._bot.answer_callback(callback_id, words.say("not_understood")))
            return
        booking = self._find_booking(connection, int(number), chat_id)
        if booking is None:
            self._answer(self._bot.answer_callback(callback_id, words.say("not_yours")))
            return

        state = _run_action(connection, action, booking.booking_id)
        until = booking.expires_at
        words = words.in_zone(booking.event_timezone)
        self._answer(self._bot.answer_callback(callback_id, words.say(f"pressed_{state}", until=until)))
        match query:
            case {"message": {"message_id": int(message_id), "chat": {"id": int(chat)}}} if str(chat) == chat_id:
                news = words.say(NEWS[state], until=until)
                text = words.about(news, booking.booking_id, booking, booking.seats)
                self._answer(self._bot.edit_text(chat_id, message_id, text))

    def _find_booking(self, connection: Connection, booking_id: int, chat_id: str) -> Booking | None:
        cursor = connection.cursor(row_factory=class_row(Booking))
        return cursor.execute("SELECT * FROM public.find_chat_booking(%s, %s)", (booking_id, chat_id)).fetchone()

    def _words(self, language: str | None) -> Words:
        return Words(language or self._default_language, self._zone)

    def _answer(self, outcome: Outcome) -> None:
        """A permanent failure needs no retry: the person has left, or has pressed the button long ago, or twice."""
        if isinstance(outcome, PermanentFailure):
            log.debug("the bot's answer was refused", reason=outcome.reason)
        else:
            result_of(outcome)


def _run_action(connection: Connection, action: str, booking_id: int) -> str:
    """The state of the booking afterwards: a key of NEWS."""
    try:
        row = connection.execute(ACTIONS[action], (booking_id,)).fetchone()
    except psycopg.Error as error:
        states = {BOOKING_EXPIRED: "lapsed", BOOKING_CANCELED: "canceled", CHECKED_IN: "in"}
        if error.sqlstate not in states:
            raise
        return states[error.sqlstate]
    status, reason = row or ("canceled", None)
    return "lapsed" if reason == "expired" else str(status)


def _language(message: Mapping[Any, Any]) -> str | None:
    match message:
        case {"from": {"language_code": code}}:
            return language_of(code)
    return None
