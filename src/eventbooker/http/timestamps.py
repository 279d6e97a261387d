"""Dates and times as the API takes them: ISO 8601, as RFC 3339 narrows it down, with or without an offset."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

YEAR = r"(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9][0-9]|99[0-8][0-9]|999[0-8])"
LEAP_YEAR = r"(19(7[26]|8[048]|9[26])|[2-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[3579][26])00)"
DAY_OF_YEAR = r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
DAY = rf"({YEAR}-{DAY_OF_YEAR}|{LEAP_YEAR}-02-29)"
"""A day from 1970 to 9998, so exactly that the API's document promises no day that is refused."""
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
OFFSET = r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
TIME_OF_DAY = rf"[Tt ]{TIME}{OFFSET}?"


def _timestamp(value: object) -> datetime:
    """Without an offset it stays naive, and PostgreSQL reads it in the event's or the configured zone."""
    if isinstance(value, str) and re.fullmatch(DAY + TIME_OF_DAY, value.strip()):
        moment = datetime.fromisoformat(value.strip().upper())
        return moment.astimezone(UTC) if moment.tzinfo else moment
    raise ValueError(
        "must be a date and a time such as 2030-03-01T18:00 or 2030-03-01T18:00:00+03:00,"
        " and lie between the years 1970 and 9998"
    )


def _timestamp_or_day(value: object) -> datetime | date:
    if isinstance(value, str) and re.fullmatch(DAY, value.strip()):
        return date.fromisoformat(value.strip())
    return _timestamp(value)


EventTime = Annotated[
    str,
    BeforeValidator(lambda value: _timestamp(value).isoformat()),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{DAY}{TIME_OF_DAY}$",
            "description": "Such as 2030-03-01T18:00, read in the event's zone, or with an offset.",
        }
    ),
]
TimestampOrDay = Annotated[
    datetime | date,
    BeforeValidator(_timestamp_or_day),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{DAY}({TIME_OF_DAY})?$",
            "description": "A day such as 2030-03-01, or a date and a time.",
        }
    ),
]
