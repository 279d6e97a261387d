"""Limits, kinds and versions that several places must know: the database, the API, the worker, the pages, the docs."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from eventbooker.config import ROOT
from eventbooker.database import OLDEST_POSTGRESQL
from eventbooker.http.schemas import EventCancellation, EventChange, NewBooking, NewEvent, NewUser, SignIn
from eventbooker.passwords import MIN_PASSWORD_LENGTH
from eventbooker.worker.messages import WORDS
from tests.database import Database


@dataclass(frozen=True)
class Limit:
    """A constraint, and the other places that refuse the same values."""

    constraint: str
    validator: str
    field: str
    schemas: tuple[type[BaseModel], ...]
    inputs: tuple[str, ...] = ()


EVENT = (
    '{"name": "x", "date": "2030-01-01", "total_seats": 1, "booking_ttl": 1, "timezone": "UTC",'
    ' "max_seats_per_booking": 1, "published": true}'
)


def event(field: str, value: str) -> str:
    """A call of validate_event with an event that is right but for this field."""
    row = f"jsonb_populate_record(NULL::events, '{EVENT}' || jsonb_build_object('{field}', {value}))"
    return f"validate_event({row})"


LIMITS = [
    Limit(
        "events_name_length",
        event("name", "repeat('x', %s)"),
        "name",
        (NewEvent, EventChange),
        ("event-name",),
    ),
    Limit(
        "events_total_seats_range",
        event("total_seats", "%s::integer"),
        "total_seats",
        (NewEvent, EventChange),
        ("event-seats",),
    ),
    Limit(
        "events_booking_ttl_range",
        event("booking_ttl", "%s::integer"),
        "booking_ttl_minutes",
        (NewEvent, EventChange),
        ("event-hold",),
    ),
    Limit(
        "bookings_cancel_reason_length",
        "validate_reason(repeat('x', %s), '{}')",
        "reason",
        (EventCancellation,),
        ("cancel-reason",),
    ),
    Limit(
        "users_email_is_an_address",
        "validate_user(repeat('x', %s - 4) || '@b.c', NULL, NULL)",
        "email",
        (NewUser, NewBooking, SignIn),
        ("who-email", "sign-in-email", "register-email", "forgot-email"),
    ),
    Limit(
        "users_name_length",
        "validate_user('a@b.c', repeat('x', %s), NULL)",
        "name",
        (NewUser, NewBooking, SignIn),
        ("who-name", "register-name"),
    ),
    Limit(
        "events_description_length",
        event("description", "repeat('x', %s)"),
        "description",
        (NewEvent, EventChange),
        ("event-description",),
    ),
    Limit(
        "events_place_length",
        event("place", "repeat('x', %s)"),
        "place",
        (NewEvent, EventChange),
        ("event-place",),
    ),
    Limit(
        "events_max_seats_per_booking_range",
        event("max_seats_per_booking", "%s::integer"),
        "max_seats_per_booking",
        (NewEvent, EventChange),
        ("event-most",),
    ),
]


def definition(database: Database, constraint: str) -> str:
    row = database.one("SELECT pg_get_constraintdef(oid) AS it FROM pg_constraint WHERE conname = %s", constraint)
    return str(row["it"])


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.constraint)
def test_a_limit_is_the_same_in_constraint_function_schema_and_form(database: Database, limit: Limit) -> None:
    (most,) = map(int, re.findall(r"<= (\d+)", definition(database, limit.constraint)))

    def refused(value: int) -> str | None:
        state: str | None = database.one(f"SELECT ({limit.validator}).sqlstate AS state", value)["state"]
        return state

    assert refused(most) is None
    assert refused(most + 1) in ("EB101", "EB102", "EB103")
    for schema in limit.schemas:
        assert greatest(schema.model_json_schema()["properties"][limit.field]) == most, schema
    for name in limit.inputs:
        assert greatest_typed(name) == most, name


@pytest.mark.parametrize("limit", LIMITS[:4], ids=lambda limit: limit.constraint)
def test_the_least_value_is_the_same_too(database: Database, limit: Limit) -> None:
    (least,) = map(int, re.findall(r">= (\d+)", definition(database, limit.constraint)))

    assert database.one(f"SELECT ({limit.validator}).sqlstate AS state", least)["state"] is None
    assert database.one(f"SELECT ({limit.validator}).sqlstate AS state", least - 1)["state"] is not None


def greatest(schema: dict[str, Any]) -> int:
    """maxLength or maximum of a field, which may also be null."""
    found = [
        part[key] for part in (schema, *schema.get("anyOf", ())) for key in ("maxLength", "maximum") if key in part
    ]
    (most,) = found
    return int(most)


def greatest_typed(name: str) -> int:
    """maxlength or max of the input with this id."""
    pages = "".join(path.read_text() for path in sorted((ROOT / "web").rglob("*.html")))
    (tag,) = re.findall(rf'<(?:input|textarea) id="{name}" [^>]*>', pages)
    (most,) = re.findall(r'\bmax(?:length)?="(\d+)"', tag)
    return int(most)


def test_the_least_password_is_the_same_in_schema_and_words() -> None:
    (password, _) = NewUser.model_json_schema()["properties"]["password"]["anyOf"]
    assert password["minLength"] == MIN_PASSWORD_LENGTH
    for language in WORDS:
        words = (ROOT / "web" / "js" / f"messages.{language}.js").read_text()
        for key in ("field.password.hint", "invalid.password"):
            (text,) = re.findall(rf'"{key}": "(.*)",', words)
            assert re.findall(r"\d+", text) == [str(MIN_PASSWORD_LENGTH)]


def test_every_kind_of_notification_has_words_in_the_worker_and_on_the_pages(database: Database) -> None:
    kinds = set(re.findall(r"'(\w+)'", definition(database, "outbox_kind_is_known")))

    for language, words in WORDS.items():
        assert kinds <= words.keys()
        page = (ROOT / "web" / "js" / f"messages.{language}.js").read_text()
        assert set(re.findall(r'"notifications\.kind\.(\w+)"', page)) == kinds


def test_the_oldest_postgresql_is_the_one_that_is_promised_and_tested() -> None:
    assert f"PostgreSQL {OLDEST_POSTGRESQL} or newer" in (ROOT / "README.md").read_text()
    assert f"/usr/lib/postgresql/{OLDEST_POSTGRESQL}/bin" in (ROOT / ".ci" / "run").read_text()
