"""Schemas of request bodies and query parameters (pydantic); what does not fit is refused before it reaches the
database."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from eventbooker.http.timestamps import EventTime, TimestampOrDay
from eventbooker.passwords import MIN_PASSWORD_LENGTH

MAX_BODY_BYTES = 64 * 1024
MAX_ID = 2**63 - 1


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain the NUL character")
    return text


def _integer(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    raise ValueError("must be a whole number")


def _whole(value: object) -> object:
    """JSON has no integers: 2.0 and 2e0 are 2, as JSON Schema has it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _flag(value: object) -> bool:
    if value in ("1", "true", "0", "false"):
        return value in ("1", "true")
    raise ValueError("must be 1 or 0")


Text = Annotated[str, AfterValidator(_without_nul), Field(json_schema_extra={"pattern": r"^[^\x00]*$"})]
Email = Annotated[
    Text,
    StringConstraints(strip_whitespace=True, max_length=254),
    Field(pattern=r"^[^@\s]+@[^@\s]+$", description="such as name@example.org"),
    Field(json_schema_extra={"pattern": r"^[^@\s\x00\x85]+@[^@\s\x00\x85]+$"}),  # \x85: no space in ECMA 262
]
Name = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=200)]
TelegramId = Annotated[
    Text,
    StringConstraints(strip_whitespace=True, max_length=64),
    Field(pattern=r"^([1-9][0-9]{0,15})?$", description="the number of a private chat, such as 123456789"),
    Field(json_schema_extra={"pattern": r"^([1-9][0-9]{0,15})?$"}),
]
TypedPassword = Annotated[Text, StringConstraints(max_length=1000)]
Password = Annotated[Text, StringConstraints(min_length=MIN_PASSWORD_LENGTH, max_length=1000)]
ShortText = Annotated[
    Name, StringConstraints(min_length=1), Field(json_schema_extra={"pattern": r"^[^\x00]*[^\x00\s][^\x00]*$"})
]
PlainText = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=10_000)]
ZoneName = Annotated[
    Text, StringConstraints(min_length=1, max_length=100), Field(description="IANA name such as Europe/Berlin")
]
RowId = Annotated[int, Field(ge=1, le=MAX_ID), BeforeValidator(_whole)]
SeatCount = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(_whole)]
Minutes = Annotated[int, Field(ge=1, le=43_200), BeforeValidator(_whole)]
NoShowMinutes = Annotated[
    int,
    Field(ge=1, le=1440, description="after the start: then confirmed seats of who is not in go to who waits"),
    BeforeValidator(_whole),
]
PageSize = Annotated[int, Field(ge=1, le=200), BeforeValidator(_integer)]
Cursor = Annotated[int, Field(ge=1, le=MAX_ID), BeforeValidator(_integer)]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"enum": ["1", "0", "true", "false"]})]


class Schema(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class NewEvent(Schema):
    name: ShortText
    date: EventTime
    total_seats: SeatCount
    booking_ttl_minutes: Minutes = 10
    description: PlainText | None = None
    place: Name | None = None
    timezone: ZoneName | None = None
    opens_at: EventTime | None = None
    closes_at: EventTime | None = None
    max_seats_per_booking: SeatCount = 1
    published: bool = True
    no_show_minutes: NoShowMinutes | None = None


class EventChange(Schema):
    """What is not sent stays as it is; what an event can be without, null takes away."""

    name: ShortText | None = None
    date: EventTime | None = None
    total_seats: SeatCount | None = None
    booking_ttl_minutes: Minutes | None = None
    description: PlainText | None = None
    place: Name | None = None
    timezone: ZoneName | None = None
    opens_at: EventTime | None = None
    closes_at: EventTime | None = None
    max_seats_per_booking: SeatCount | None = None
    published: bool | None = None
    no_show_minutes: NoShowMinutes | None = None

    @property
    def cleared(self) -> list[str]:
        """The fields that are taken away."""
        return [
            field
            for field in ("description", "place", "opens_at", "closes_at", "no_show_minutes")
            if field in self.model_fields_set and getattr(self, field) is None
        ]


class EventCopies(Schema):
    dates: Annotated[list[EventTime], Field(min_length=1, max_length=100)]


class EventCancellation(Schema):
    reason: ShortText = "event canceled"


class Reason(Schema):
    model_config = ConfigDict(extra="ignore")  # these calls took any object before they took a reason

    reason: Annotated[ShortText | None, Field(description="Why, for the history; only an admin gives one.")] = None


class NewBooking(Schema):
    email: Email
    name: Name | None = None
    telegram_id: TelegramId | None = None
    seats: SeatCount = 1
    role: Literal["user", "admin"] | None = None


class NewWaitlistEntry(Schema):
    email: Email
    name: Name | None = None
    telegram_id: TelegramId | None = None
    seats: SeatCount = 1


class BookingChange(Schema):
    seats: SeatCount


class CheckIn(Schema):
    """Which booking comes in: by the code of its ticket, or by its id, chosen from the door's list."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"properties": {"code": {"type": "string"}}, "required": ["code"]},
                {"properties": {"booking_id": {"type": "integer"}}, "required": ["booking_id"]},
            ]
        }
    )

    event_id: RowId
    code: Annotated[Text, StringConstraints(min_length=1, max_length=100)] | None = None
    booking_id: RowId | None = None
    door: Annotated[Name, Field(description="where, or by whom: told to whoever scans the ticket again")] | None = None

    @model_validator(mode="after")
    def _names_one_booking(self) -> Self:
        if (self.code is None) == (self.booking_id is None):
            raise ValueError("send code or booking_id, one of the two")
        return self


class NewUser(Schema):
    email: Email
    name: Name | None = None
    telegram_id: TelegramId | None = None
    password: Password | None = None


class NewAccount(NewUser):
    """Without a password nobody could sign in."""

    password: Password


class SignIn(Schema):
    email: Email
    name: Name | None = None
    telegram_id: TelegramId | None = None
    password: TypedPassword | None = None


class PasswordChange(Schema):
    old_password: TypedPassword
    password: Password


class PasswordResetRequest(Schema):
    email: Email


class NewPassword(Schema):
    password: Password


class NewApiToken(Schema):
    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"scope": {"const": "door"}}, "required": ["scope"]},
            "then": {"properties": {"event_id": {"type": "integer"}}, "required": ["event_id"]},
            "else": {"properties": {"event_id": {"type": "null"}}},
        }
    )

    scope: Annotated[
        Literal["admin", "read", "door"],
        Field(description="`admin`: whatever its user may do; `read`: only look at it; `door`: only one event's door."),
    ]
    label: Annotated[ShortText, StringConstraints(max_length=100)] | None = None
    event_id: (
        Annotated[int, Field(ge=1, le=MAX_ID, description="Whose door it is for."), BeforeValidator(_whole)] | None
    ) = Field(default=None, validate_default=True)
    expires_in_days: (
        Annotated[int, Field(ge=1, le=3650, description="null: it never ends"), BeforeValidator(_whole)] | None
    ) = None

    @field_validator("event_id")
    @classmethod
    def _belongs_to_a_door(cls, event_id: int | None, info: ValidationInfo) -> int | None:
        if (info.data.get("scope") == "door") != (event_id is not None):
            raise ValueError("must be given for the scope door, and for no other")
        return event_id

    @property
    def lifetime(self) -> timedelta | None:
        return None if self.expires_in_days is None else timedelta(days=self.expires_in_days)


class NotificationSettings(Schema):
    channel: Literal["auto", "telegram", "mail", "both"]
    language: Literal["en", "ru"] | None = None


class AnyObject(BaseModel):
    """An object whose members do not matter."""


class EventsQuery(Schema):
    from_: TimestampOrDay | None = Field(default=None, alias="from")
    to: TimestampOrDay | None = None
    q: Text | None = Field(default=None, max_length=200)
    past: Annotated[Flag | None, Field(description="1: those that are over, newest first")] = None
    free: Annotated[
        Flag | None,
        Field(description="1: those with free seats whose booking has not closed, dates gone by last; 0: the others"),
    ] = None
    limit: PageSize = 50
    after: Cursor | None = None

    @property
    def before(self) -> datetime | date | None:
        """The first moment that is too late: `to` itself belongs to the range, and a day belongs to it whole."""
        if isinstance(self.to, datetime):
            return self.to + timedelta(microseconds=1)
        return self.to and self.to + timedelta(days=1)


class CalendarQuery(Schema):
    token: Annotated[Text, StringConstraints(max_length=100)]


class LiveEventsQuery(Schema):
    ids: Annotated[
        Text,
        StringConstraints(pattern=r"^[1-9][0-9]{0,18}(,[1-9][0-9]{0,18}){0,199}$"),
        Field(description="Up to 200 of them, with commas between."),
    ]

    @property
    def events(self) -> list[int]:
        """Ids past a bigint name nothing."""
        return [event_id for event_id in dict.fromkeys(map(int, self.ids.split(","))) if event_id <= MAX_ID]


class ImportQuery(Schema):
    dry_run: Flag = False
    """Looks at every line and changes nothing."""
    total_seats: Annotated[SeatCount, BeforeValidator(_integer)] | None = None
    """Of each event of which the file does not say it."""


class ExpectedQuery(Schema):
    q: Text | None = Field(default=None, max_length=200, description="words that the name must have")
    limit: PageSize = 50


class UnsubscribeQuery(Schema):
    token: Annotated[Text, StringConstraints(max_length=100)]


class BookingsQuery(Schema):
    limit: PageSize = 50
    after: Cursor | None = None


class EventBookingsQuery(BookingsQuery):
    status: Literal["pending", "confirmed", "canceled"] | None = None
    q: Text | None = Field(default=None, max_length=200, description="a part of the name or email, or a whole code")


class ManagedEventsQuery(Schema):
    which: Literal["upcoming", "past", "canceled", "all"] = "upcoming"
    q: Text | None = Field(default=None, max_length=200, description="a part of the name")
    sort: Annotated[
        Literal["date", "-date", "name", "-name", "free", "-free", "fullness", "-fullness", "waiting", "-waiting"],
        Field(description="With a minus the other way round."),
    ] = "date"
    limit: PageSize = 50
    page: Annotated[int, Field(ge=1, le=100_000), BeforeValidator(_integer)] = 1
