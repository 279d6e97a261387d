"""The parts of a fuzzing run: how the service is set up and who calls it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
import yaml
from schemathesis.schemas import BaseSchema

from eventbooker.config import Limits
from tests.bench.services import eventbooker
from tests.fuzz import callers


@dataclass(frozen=True)
class Part:
    mode: Literal["open", "required"]
    call: Callable[[BaseSchema, str], None]
    mail: bool = False
    """Whether links can be mailed, which makes registering answer otherwise."""
    limit: str | None = None
    """Of each kind of request. Without one all are let through: limits would leave little to try."""


PARTS = {
    "open mode": Part("open", callers.call_as_user),
    "an admin": Part("required", callers.call_as_admin),
    "a user": Part("required", callers.call_as_user),
    "a guest": Part("required", callers.call_as_guest, mail=True),
    "nobody, limited": Part("required", callers.call_as_nobody, limit="5/1m"),
}
"""By who calls; all but the first are in required mode."""

SEED = (
    "SELECT enable_telegram(), register_telegram_bot(1, 'SomeBot')",
    "SELECT create_event('Concert', '2029-01-01 18:00+00', 1000000, p_max_seats_per_booking => 5)",
    "SELECT create_event('Chess', '2030-01-01 18:00+00', 1)",
    "SELECT book_seat(1, 'member@example.org', 'Member', '1', 5)",
    "SELECT book_seat(2, 'neighbour@example.org', 'Neighbour')",
    "SELECT join_waitlist(2, 'member@example.org')",
)
"""What is there from the first call on: an event that is never full and one that is, bookings, somebody who waits."""


@contextmanager
def serving(part: Part, database_url: str, place: Path) -> Iterator[str]:
    """The address of the service on this database, as real processes; `place` is for its configuration."""
    with psycopg.connect(database_url) as connection:
        for statement in (*SEED, *(["SELECT enable_mail()"] if part.mail else [])):
            connection.execute(statement)
    config = place / "config.yaml"
    limits = {name: part.limit or "off" for name in Limits.model_fields if name != "holds_per_address"}
    config.write_text(
        yaml.safe_dump(
            {
                "auth": {"mode": part.mode},
                "limits": {**limits, "holds_per_address": 3 if part.limit else 0},
                "server": {} if part.limit else {"trusted_proxies": ["127.0.0.0/8"]},
            }
        )
    )
    with eventbooker(database_url, "web", EVENTBOOKER_CONFIG=str(config)) as (address, _):
        yield address
