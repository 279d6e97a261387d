"""Every word that people read in Telegram and in mails, in Telegram's HTML, in English and Russian."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from eventbooker import wording
from eventbooker.calendars import CalendarEntry
from eventbooker.worker.telegram import Button

WORDS = {
    "en": {
        "hold_made": "Your seat is held until {until}. Confirm it by then.",
        "hold_ending": "Your hold ends at {until}. Confirm it by then, or the seat is free for others.",
        "booking_confirmed": "Your booking is confirmed.",
        "hold_lapsed": "Your hold has lapsed: it was not confirmed by {until}. The seat is free again.",
        "booking_canceled": "Your booking has been canceled.",
        "event_changed": "An event that you booked has changed. This is how it stands now.",
        "event_canceled": "The event has been canceled, and your booking with it.",
        "seat_offered": "A seat is free for you, held until {until}. Confirm it by then, or the next in line gets it.",
        "offer_lapsed": "The seat offered to you was not confirmed by {until}; it went to the next in line.",
        "waitlist_ended": "The waiting list is closed: no seat became free for you.",
        "password_reset": "Set a new password with this link. It works once, for 15 minutes.",
        "email_proof": "Show with this link that the address is yours. It works once, for 15 minutes.",
        "booking_changed": "There is news about your booking. See your bookings page.",
        "because": "Reason: {reason}",
        "no_show": "You were not there in time, and others were waiting for a seat.",
        "confirm": "Confirm",
        "cancel": "Cancel",
        "pressed_confirmed": "Confirmed.",
        "pressed_canceled": "Canceled.",
        "pressed_in": "You are in already: this booking cannot be canceled any more.",
        "pressed_lapsed": "The hold lapsed at {until}. Book again?",
        "lapsed": "The hold lapsed at {until}: it was not confirmed by then. Book again?",
        "not_yours": "This is not your booking.",
        "not_understood": "This button does nothing any more.",
        "linked": "Connected. {name}, you will be told here about your bookings. /stop ends that.",
        "link_invalid": "This link is unknown, was used, or has expired. Get a new one on your bookings page.",
        "start": "To be told here about your bookings, press “Connect Telegram” on your bookings page.",
        "help": "/my lists your bookings, /stop ends the messages.",
        "stopped": "You will be told nothing here any more.",
        "my_none": "You have no bookings.",
        "my_some": "You have {count} {bookings}:",
        "my_more": "and {count} more",
        "pending": "held until {until}",
        "confirmed": "confirmed",
        "waiting": "no. {position} in line",
        "my_waits": "You wait for:",
        "ticket": "Ticket code: {code}",
        "open_ticket": "Your ticket, to show or to print:",
        "open_booking": "See, confirm or cancel your booking:",
        "open_events": "See the events:",
        "open_link": "Open this link:",
        "why_mail": "You get this mail because somebody gave the address {address} at {url}.",
        "unsubscribe": "To get no such mails any more, open",
    },
    "ru": {
        "hold_made": "Место держится за вами до {until}. Подтвердите его до этого времени.",
        "hold_ending": "Бронь заканчивается: {until}. Подтвердите её, иначе место освободится для других.",
        "booking_confirmed": "Ваша бронь подтверждена.",
        "hold_lapsed": "Бронь истекла: до {until} она не была подтверждена. Место снова свободно.",
        "booking_canceled": "Ваша бронь отменена.",
        "event_changed": "Мероприятие, на которое вы записаны, изменилось. Теперь оно такое.",
        "event_canceled": "Мероприятие отменено, а с ним и ваша бронь.",
        "seat_offered": "Для вас есть место. Оно держится до {until}: подтвердите его, иначе его получит следующий.",
        "offer_lapsed": "Предложенное вам место не было подтверждено до {until}, его предложили следующему.",
        "waitlist_ended": "Лист ожидания закрыт: место для вас не освободилось.",
        "password_reset": "Задайте новый пароль по этой ссылке. Она действует один раз, 15 минут.",
        "email_proof": "Подтвердите по этой ссылке, что адрес ваш. Она действует один раз, 15 минут.",
        "booking_changed": "О вашей брони есть новости. Посмотрите страницу ваших броней.",
        "because": "Причина: {reason}",
        "no_show": "Вас не было вовремя, а места ждали другие.",
        "confirm": "Подтвердить",
        "cancel": "Отменить",
        "pressed_confirmed": "Подтверждено.",
        "pressed_canceled": "Отменено.",
        "pressed_in": "Вы уже вошли: эту бронь больше нельзя отменить.",
        "pressed_lapsed": "Бронь истекла: {until}. Забронировать снова?",
        "lapsed": "Бронь истекла: {until}, подтверждения не было. Забронировать снова?",
        "not_yours": "Это не ваша бронь.",
        "not_understood": "Эта кнопка больше ничего не делает.",
        "linked": "Готово. {name}, о ваших бронях мы будем писать сюда. Отключить: /stop",
        "link_invalid": "Ссылка неизвестна, уже использована или устарела. Возьмите новую на странице ваших броней.",
        "start": "Чтобы получать сюда сообщения о бронях, нажмите «Подключить Telegram» на странице ваших броней.",
        "help": "/my покажет ваши брони, /stop отключит сообщения.",
        "stopped": "Больше мы сюда писать не будем.",
        "my_none": "У вас нет броней.",
        "my_some": "У вас {count} {bookings}:",
        "my_more": "и ещё {count}",
        "pending": "держится до {until}",
        "confirmed": "подтверждена",
        "waiting": "номер в очереди: {position}",
        "my_waits": "Вы ждёте:",
        "ticket": "Код билета: {code}",
        "open_ticket": "Ваш билет, чтобы показать или напечатать:",
        "open_booking": "Посмотреть, подтвердить или отменить бронь:",
        "open_events": "Посмотреть мероприятия:",
        "open_link": "Откройте эту ссылку:",
        "why_mail": "Вы получили это письмо, потому что на {url} указали адрес {address}.",
        "unsubscribe": "Чтобы больше не получать таких писем, откройте",
    },
}

LISTED = 8
"""How many bookings /my tells of: with the longest names and places, what one message takes."""


IN_CALENDARS = ("booking_confirmed", "event_changed", "booking_canceled", "event_canceled")
"""Kinds of news that change what a calendar shows of a booking."""

UNSAID = (None, "user", "admin", "event canceled")
"""Reasons of a cancellation that tell people nothing more."""


@dataclass(frozen=True)
class Notification:
    """A row of `claim_notifications`."""

    id: int
    claim: UUID
    attempts: int
    kind: str
    user_id: int
    address: str | None
    language: str | None
    link_nonce: str | None
    booking_id: int | None
    cancel_reason: str | None
    expires_at: datetime | None
    seats: int | None
    event_name: str | None
    event_date: datetime | None
    event_timezone: str | None
    event_place: str | None
    ticket_code: str | None
    is_canceled: bool | None
    booked_at: datetime | None
    sequence: int | None
    wait: timedelta
    """From `ticket_code` to `sequence` it is the booking's ticket; None if it was never confirmed."""

    @property
    def ticket(self) -> str | None:
        """The code of the ticket that comes with the message, if one does."""
        return self.ticket_code if self.kind == "booking_confirmed" and not self.is_canceled else None

    @property
    def calendar_entry(self) -> CalendarEntry | None:
        """What calendars are to show from now on; None if the message changes nothing there."""
        event = self.event
        if self.kind not in IN_CALENDARS or not (event and self.booking_id and self.seats):
            return None
        if self.booked_at is None or self.sequence is None:
            return None
        return CalendarEntry(
            self.booking_id, bool(self.is_canceled), self.seats, self.booked_at, self.sequence,
            event.event_name, event.event_date, event.event_timezone, event.event_place,
        )  # fmt: skip

    @property
    def event(self) -> "Event | None":
        """None for a mail with a link: it is about an account."""
        if self.event_name is None or self.event_date is None or self.event_timezone is None:
            return None
        return Event(self.event_name, self.event_date, self.event_timezone, self.event_place)


@dataclass(frozen=True)
class ChatBooking:
    """A row of `list_chat_bookings`."""

    booking_id: int
    status: str
    expires_at: datetime
    seats: int
    event_name: str
    event_date: datetime
    event_timezone: str
    event_place: str | None


@dataclass(frozen=True)
class ChatWait:
    """A row of `list_chat_waitlist`."""

    position: int
    seats: int
    event_name: str
    event_date: datetime
    event_timezone: str
    event_place: str | None


class EventDetails(Protocol):
    """What is said of an event, whichever row it came with."""

    @property
    def event_name(self) -> str: ...
    @property
    def event_date(self) -> datetime: ...
    @property
    def event_timezone(self) -> str: ...
    @property
    def event_place(self) -> str | None: ...


@dataclass(frozen=True)
class Event:
    """The event of a notification."""

    event_name: str
    event_date: datetime
    event_timezone: str
    event_place: str | None


class Words:
    """What is said in one language and one time zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self._words = WORDS[language]
        self._zone = zone

    def in_zone(self, timezone: str) -> "Words":
        """The same words with the times of an event's own zone; ours, if this machine does not know that zone."""
        zone = wording.zone_named(timezone)
        return Words(self.language, zone) if zone else self

    def say(self, key: str, **values: object) -> str:
        """`values` are plain text, or moments."""
        told = {
            name: self._when(value) if isinstance(value, datetime) else escape_line(str(value))
            for name, value in values.items()
        }
        return self._words[key].format(**told)

    def notification(self, notification: Notification) -> str:
        """At most a few hundred characters of the 4096 that Telegram takes; a mail has the same."""
        # A worker that is older than the database may meet a kind that it has no words for: that is still news.
        kind = notification.kind if notification.kind in self._words else "booking_changed"
        words = self.in_zone(notification.event.event_timezone) if notification.event else self
        news = words.say(kind, until=notification.expires_at)
        if notification.kind in ("booking_canceled", "event_canceled") and notification.cancel_reason not in UNSAID:
            key = "no_show" if notification.cancel_reason == "no_show" else "because"
            news += "\n" + self.say(key, reason=notification.cancel_reason)
        event = notification.event
        told = self.about(news, notification.booking_id, event, notification.seats) if event else news
        return f"{told}\n{self.say('ticket', code=notification.ticket)}" if notification.ticket else told

    def about(self, news: str, booking_id: int | None, event: EventDetails, seats: int | None) -> str:
        """News of an event or of a booking for it, and which one it is, by the clock of the place where it happens."""
        told = f"{news}\n\n<b>{escape_line(event.event_name)}</b>"
        told += f"\n{self.in_zone(event.event_timezone)._when(event.event_date)}"
        if event.event_place:
            told += f"\n{escape_line(event.event_place)}"
        which = wording.BOOKING[self.language].format(id=booking_id) if booking_id else ""
        how_many = wording.count(self.language, wording.SEATS, seats) if seats and seats > 1 else ""
        last = ", ".join(filter(None, (which, how_many)))
        return f"{told}\n{last}" if last else told

    def buttons(self, notification: Notification) -> list[Button]:
        """What can be done about a hold."""
        if notification.kind not in ("hold_made", "hold_ending", "seat_offered"):
            return []
        return [Button(self._words[action], f"{action}:{notification.booking_id}") for action in ("confirm", "cancel")]

    def list(self, bookings: Sequence[ChatBooking], waits: Sequence[ChatWait]) -> str:
        """The answer to /my: LISTED of all, bookings first."""
        shown = bookings[:LISTED]
        entries = [self._booked(booking) for booking in shown]
        if waits and len(shown) < LISTED:
            entries.append(self.say("my_waits"))
            entries += [self._waiting(wait) for wait in waits[: LISTED - len(shown)]]
        if len(bookings) + len(waits) > LISTED:
            entries.append(self.say("my_more", count=len(bookings) + len(waits) - LISTED))
        count = len(bookings)
        bookings_told = wording.plural(self.language, wording.BOOKINGS, count)
        heading = self.say("my_some", count=count, bookings=bookings_told) if count else self.say("my_none")
        return "\n\n".join([heading, *entries])

    def _booked(self, booking: ChatBooking) -> str:
        news = self.in_zone(booking.event_timezone).say(booking.status, until=booking.expires_at)
        return self.about(news, booking.booking_id, booking, booking.seats)

    def _waiting(self, wait: ChatWait) -> str:
        return self.about(self.say("waiting", position=wait.position), None, wait, wait.seats)

    def _when(self, moment: datetime) -> str:
        return wording.moment(self.language, moment, self._zone)


def language_of(code: object) -> str | None:
    """Ours, of Telegram's `language_code` ("en-GB"); None if we do not speak it."""
    language = str(code).lower().partition("-")[0]
    return language if language in WORDS else None


def escape_line(name: str) -> str:
    """A name of at most 200 characters, on one line; escaping makes five of one at worst."""
    return escape(" ".join(name.split())[:200], quote=False)
