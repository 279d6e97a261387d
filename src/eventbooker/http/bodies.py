"""What the API takes, checked before any of it reaches the database."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, TypeVar

from flask import request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from eventbooker.http.problems import Problem

MAX_BODY_BYTES = 64 * 1024

Body = TypeVar("Body", bound=BaseModel)


def _plain(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain the NUL character")
    return text


def _moment(value: object) -> datetime:
    """A time as in ISO 8601; without an offset it stays naive, and PostgreSQL reads it in the configured zone."""
    if isinstance(value, str) and len(value.strip()) > len("2030-03-01"):
        try:
            moment = datetime.fromisoformat(value.strip().upper())
        except ValueError:
            pass
        else:
            _is_plausible(moment)
            return moment.astimezone(UTC) if moment.tzinfo else moment
    raise ValueError("must be a date and a time such as 2030-03-01T18:00 or 2030-03-01T18:00:00+03:00")


def _moment_or_day(value: object) -> datetime | date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return _moment(value)
    _is_plausible(day)
    return day


def _is_plausible(day: date) -> None:
    if not 1970 <= day.year <= 9998:
        raise ValueError("must lie between the years 1970 and 9998")


def _digits(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    raise ValueError("must be a whole number")


Text = Annotated[str, AfterValidator(_plain)]
Email = Annotated[
    Text,
    StringConstraints(strip_whitespace=True, max_length=254),
    Field(pattern=r"^[^@\s]+@[^@\s]+$", description="such as name@example.org"),
]
Name = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=200)]
TelegramId = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=64)]
Password = Annotated[Text, StringConstraints(min_length=8, max_length=1000)]
Line = Annotated[Name, StringConstraints(min_length=1)]
Seats = Annotated[int, Field(ge=1, le=1_000_000)]
Minutes = Annotated[int, Field(ge=1, le=43_200)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
MomentOrDay = Annotated[datetime | date, BeforeValidator(_moment_or_day)]
Whole = Annotated[int, BeforeValidator(_digits)]


class Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class NewEvent(Form):
    name: Line
    date: Moment
    total_seats: Seats
    booking_ttl_minutes: Minutes = 10


class EventChange(Form):
    """What is None stays as it is."""

    name: Line | None = None
    date: Moment | None = None
    total_seats: Seats | None = None
    booking_ttl_minutes: Minutes | None = None


class EventCancellation(Form):
    reason: Line = "event canceled"


class NewBooking(Form):
    email: Email
    name: Name | None = None
    telegram_id: TelegramId | None = None
    role: Literal["user", "admin"] | None = None


class NewUser(Form):
    email: Email
    name: Name | None = None
    telegram_id: TelegramId | None = None
    password: Password | None = None


class SignIn(Form):
    email: Email
    name: Name | None = None
    telegram_id: TelegramId | None = None
    password: Annotated[Text, StringConstraints(max_length=1000)] | None = None


class Nothing(BaseModel):
    """An object whose members do not matter."""


class EventsQuery(Form):
    from_: MomentOrDay | None = Field(default=None, alias="from")
    to: MomentOrDay | None = None
    q: Text | None = Field(default=None, max_length=200)
    limit: Annotated[Whole, Field(ge=1, le=200)] = 50
    after: Annotated[Whole, Field(ge=1, le=2**63 - 1)] | None = None

    @property
    def before(self) -> datetime | date | None:
        """The first moment that is too late: `to` itself belongs to the range, and a day belongs to it whole."""
        if isinstance(self.to, datetime):
            return self.to + timedelta(microseconds=1)
        return self.to and self.to + timedelta(days=1)


class BookingsQuery(Form):
    limit: Annotated[Whole, Field(ge=1, le=200)] = 50
    after: Annotated[Whole, Field(ge=1, le=2**63 - 1)] | None = None


def body(form: type[Body]) -> Body:
    """The request's JSON body. Raises Problem (415) or pydantic.ValidationError."""
    if not request.is_json:
        raise Problem("unsupported_media_type", "Send the body as Content-Type: application/json.")
    return form.model_validate_json(request.get_data())


def no_body() -> None:
    """For calls that need no body: an empty one or any JSON object will do.

    Raises Problem (415) or pydantic.ValidationError."""
    optional_body(Nothing)


def optional_body(form: type[Body]) -> Body:
    """The request's JSON body, or the form's defaults where there is none. Raises as `body` does."""
    return body(form) if request.get_data() else form()


def query(form: type[Body]) -> Body:
    """The request's query parameters. Raises pydantic.ValidationError."""
    return form.model_validate(request.args.to_dict())
