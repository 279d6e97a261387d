"""Answers of the API, for its document. PostgreSQL writes the JSON; tests hold the two together."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from eventbooker.http.schemas import MAX_ID

Id = Annotated[int, Field(ge=1, le=MAX_ID)]


class Answer(BaseModel):
    """No member comes that is not named here. One with a default may be left out."""

    model_config = ConfigDict(extra="forbid")


class Event(Answer):
    id: Id
    name: str
    date: datetime
    total_seats: int
    available_seats: Annotated[int, Field(description="Free at this moment: lapsed holds count as free.")]
    booking_ttl_minutes: int
    created_at: datetime
    canceled_at: datetime | None
    description: str | None
    place: str | None
    timezone: Annotated[str, Field(description="IANA name: date, opens_at and closes_at have its offset.")]
    opens_at: Annotated[datetime | None, Field(description="null: since it was created")]
    closes_at: Annotated[datetime | None, Field(description="null: until it starts")]
    max_seats_per_booking: int
    published: Annotated[bool, Field(description="false: for admins only")]
    version: Annotated[int, Field(description="Counts edits; the ETag starts with it.")]
    no_show_minutes: Annotated[
        int | None,
        Field(description="So long after the start, confirmed seats of who is not in go to who waits; null: never."),
    ]


class ManagedEvent(Event):
    held_seats: int
    confirmed_seats: Annotated[int, Field(description="What is left is free, or is for who waits.")]
    waiting: Annotated[int, Field(description="How many are on the waiting list.")]


class ManagedEvents(Answer):
    total: Annotated[int, Field(description="On all pages.")]
    events: list[ManagedEvent]


class WatchedEvent(ManagedEvent):
    newest_booking_id: Annotated[Id | None, Field(description="Of whatever status.")]
    problems: Annotated[int, Field(description="How many messages about it are in trouble, up to 100.")]


class FieldError(Answer):
    field: str
    message: str


class ImportedLine(Answer):
    line: Annotated[int, Field(description="Of the file, from 1: where what it says of the event begins.")]
    errors: Annotated[list[FieldError], Field(description="What is wrong with it.")]
    event: Annotated[
        dict[str, Any] | None,
        Field(description="The event; in a dry run without `id` and what else it would get when it is created."),
    ]


class Import(Answer):
    lines: list[ImportedLine]


class Counts(Answer):
    booked: Annotated[int, Field(description="Seats; with those that a booking took besides.")]
    confirmed: int
    lapsed: int
    canceled: Annotated[int, Field(description="With those that a booking gave back.")]
    waited: Annotated[int, Field(description="Asked for on the waiting list; 0 for an archived event.")]


class Bucket(Counts):
    starts_at: datetime


class Figures(Answer):
    event_id: Id
    timezone: str
    bucket: Annotated[Literal["hour", "day"], Field(description="`hour` for a span of at most three days.")]
    totals: Annotated[Counts, Field(description="booked - lapsed - canceled is what is taken now.")]
    buckets: Annotated[list[Bucket], Field(description="Those in which something happened.")]


class Booking(Answer):
    id: Id
    event_id: Id
    user_id: Id
    status: Literal["pending", "confirmed", "canceled"]
    created_at: datetime
    expires_at: Annotated[datetime, Field(description="When the hold lapses, unless it is confirmed before.")]
    confirmed_at: datetime | None
    canceled_at: datetime | None
    cancel_reason: Annotated[str | None, Field(description="`expired` for a hold that lapsed.")]
    seats: int
    code: Annotated[str, Field(description="What its ticket carries: whoever shows it may enter once it is confirmed.")]
    checked_in_at: Annotated[datetime | None, Field(description="When its people came in.")]
    checked_in_by: Annotated[str | None, Field(description="At which door, or by whom.")]


class NewlyMadeBooking(Booking):
    token: Annotated[str, Field(description="Opens this booking, as `Authorization: Bearer`. It is told this once.")]


class UserBooking(Booking):
    event_name: str
    event_date: datetime
    event_timezone: str
    event_place: str | None


class EventBooking(Booking):
    user_email: str
    user_name: str


class BookingHistoryEntry(Answer):
    id: Id
    booking_id: Id
    changed_at: datetime
    from_status: Annotated[Literal["pending", "confirmed", "canceled"] | None, Field(description="null: it was made.")]
    to_status: Literal["pending", "confirmed", "canceled"]
    reason: Annotated[str | None, Field(description="Why it was canceled, or confirmed for somebody.")]
    changed_by: Annotated[str, Field(description="The role of the database.")]
    seats: Annotated[int, Field(description="From then on.")]


class BookingAtDoor(Booking):
    user_name: str


class ExpectedBooking(Answer):
    id: Id
    seats: int
    checked_in_at: datetime | None
    checked_in_by: str | None
    user_name: str


class Attendance(Answer):
    in_: Annotated[int, Field(alias="in", description="Seats of confirmed bookings whose people have come in.")]
    expected: Annotated[int, Field(description="Seats of all confirmed bookings.")]
    missing: int
    event_name: str
    event_date: datetime
    event_timezone: str
    event_place: str | None


class WaitlistEntry(Answer):
    id: Id
    event_id: Id
    user_id: Id
    seats: int
    status: Literal["waiting", "offered", "left", "expired", "booked"]
    position: Annotated[int | None, Field(description="From 1; null unless it is waiting.")]
    booking_id: Annotated[Id | None, Field(description="The hold that was offered.")]
    created_at: datetime


class WaitlistEntryWithOffer(WaitlistEntry):
    booking_token: Annotated[str | None, Field(description="Opens the booking that was offered.")]


class NewlyMadeEntry(WaitlistEntryWithOffer):
    token: Annotated[str, Field(description="Opens this entry, as `Authorization: Bearer`. It is told this once.")]


class UserWaitlistEntry(WaitlistEntry):
    event_name: str
    event_date: datetime
    event_timezone: str
    event_place: str | None


class EventWaitlistEntry(WaitlistEntry):
    user_email: str
    user_name: str


class User(Answer):
    id: Id
    email: str
    name: str
    telegram_id: str | None
    role: Literal["user", "admin"]
    created_at: datetime


class Session(Answer):
    auth_mode: Literal["open", "required"]
    user: Annotated[User | None, Field(description="Who is signed in.")]
    email_proven: Annotated[bool, Field(description="Only for a user with an account.")] = None  # type: ignore[assignment]


class UserSession(Answer):
    id: Id
    device: Annotated[str | None, Field(description="Browser and system, as the User-Agent said.")]
    created_at: datetime
    last_seen_at: Annotated[datetime, Field(description="To a quarter of an hour.")]
    expires_at: datetime
    current: Annotated[bool, Field(description="It is the one that asks.")]


class MailedLink(Answer):
    mail: Annotated[bool, Field(description="Mail is sent from here; else an admin makes links.")]
    message: Annotated[str, Field(description="What happens now. The same for every email.")]


class ResetLink(Answer):
    url: Annotated[str, Field(description="Sets a new password, once.")]
    expires_at: datetime


class ApiToken(Answer):
    id: Id
    label: str | None
    scope: Literal["admin", "read", "door"]
    event_id: Annotated[Id | None, Field(description="Whose door it is for.")]
    event_name: str | None
    user_id: Annotated[Id | None, Field(description="Whom it acts for; null for a door that is nobody's.")]
    user_email: str | None
    created_at: datetime
    last_used_at: Annotated[datetime | None, Field(description="To a quarter of an hour; null: never.")]
    expires_at: Annotated[datetime | None, Field(description="null: never")]


class NewlyMadeApiToken(ApiToken):
    token: Annotated[str, Field(description="For `Authorization: Bearer`. It is told this once.")]


class CalendarAddress(Answer):
    url: Annotated[str, Field(description="For calendar programs. Who knows it sees bookings, no tickets.")]


class TelegramStatus(Answer):
    available: Annotated[bool, Field(description="There is a bot.")]
    linked: Annotated[bool, Field(description="A chat is connected.")]
    error: Annotated[str | None, Field(description="Why the chat cannot be reached.")]


class TelegramLink(Answer):
    url: Annotated[str, Field(description="Connects the chat it is opened in, once.")]
    expires_at: datetime


class CurrentNotificationSettings(Answer):
    channel: Annotated[
        Literal["auto", "telegram", "mail", "both"],
        Field(description="`auto`: Telegram where a chat is connected and works, else mail."),
    ]
    language: Annotated[Literal["en", "ru"] | None, Field(description="null: not known; the configured one is used.")]
    mail_available: Annotated[bool, Field(description="There is a mail server.")]
    mail_error: Annotated[str | None, Field(description="Why the address takes no mail.")]


class Notification(Answer):
    id: Id
    user_id: Id
    booking_id: Annotated[Id | None, Field(description="null: it is not about a booking.")]
    event_id: Annotated[Id | None, Field(description="The event it is about, where the user has no booking for it.")]
    channel: Literal["telegram", "mail"]
    kind: str
    state: Literal["waiting", "sent", "failed"]
    attempts: int
    last_error: str | None
    created_at: datetime
    due_at: datetime


class EventNotification(Notification):
    user_name: str
    user_email: str


class Notifications(Answer):
    enabled: Annotated[bool, Field(description="There is a bot.")]
    bot: Annotated[str | None, Field(description="The bot's name.")]
    mail: Annotated[bool, Field(description="There is a mail server.")]
    waiting: int
    sent: int
    failed: int
    oldest_waiting_at: datetime | None
    problems: Annotated[list[Notification], Field(description="The newest that failed or are in trouble.")]


class Health(Answer):
    status: Literal["ok", "ready"]
