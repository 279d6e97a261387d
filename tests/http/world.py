"""Somebody with something of their own, and somebody who calls: for tests of who may do what."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from eventbooker.passwords import hash_password
from eventbooker.tokens import Tokens
from tests.database import Database

PASSWORD = "long enough"
"""Of everybody."""

CALLERS = (
    "nobody", "garbage", "token of another booking", "token of this one", "another user", "owner by session",
    "owner by API token", "admin by session", "admin by API token", "revoked token", "expired token",
    "owner's read token", "admin's read token", "door token", "token of another door",
)  # fmt: skip
"""The token of this one is that of the booking or entry that is asked for. Revoked and expired: an admin's."""


@dataclass(frozen=True)
class World:
    """An owner with a booking and a place in a waiting list, and somebody who calls."""

    owner: str
    things: dict[str, Any]
    headers: dict[str, str]
    """Of the caller; `{this}` in them is the token of the booking or the entry that is asked for."""
    tokens: Tokens


@contextmanager
def worlds(database: Database) -> Iterator[Callable[[str], World]]:
    """Makes a world with a caller of a kind that CALLERS names."""
    numbers = itertools.count(1)
    password_hash = hash_password(PASSWORD)
    tokens = Tokens(database.one("SELECT get_secret_key() AS it")["it"])
    with database.connect() as connection:

        def one(statement: str, *parameters: object) -> Any:
            row = connection.execute(statement, parameters).fetchone()
            return row and next(iter(row.values()))

        def make(who: str) -> World:
            n = next(numbers)
            owner = f"owner{n}@example.org"
            user_ids = [
                one("SELECT id FROM register_user(%s, 'U', %s, %s)", email, chat, password_hash)
                for email, chat in ((owner, str(n)), (f"other{n}@example.org", None), (f"admin{n}@example.org", None))
            ]
            owner_id, other_id, admin_id = user_ids
            one("UPDATE accounts SET email_proven_at = clock() WHERE user_id = ANY (%s) RETURNING true", user_ids)
            one("SELECT make_admin(%s)", admin_id)

            events = [
                one("SELECT id FROM create_event('A', '2040-01-01', %s, 10, p_max_seats_per_booking => 2)", seats)
                for seats in (10, 10, 10, 1, 1)
            ]
            event_id, confirmed_event_id, free_event_id, full_event_id, owners_full_event_id = events
            booking_id = one("SELECT id FROM book_seat(%s, %s)", event_id, owner)
            confirmed_booking_id = one("SELECT id FROM book_seat(%s, %s)", confirmed_event_id, owner)
            one("SELECT id FROM confirm_booking(%s)", confirmed_booking_id)
            others = [one("SELECT id FROM book_seat(%s, %s)", full, f"other{n}@example.org") for full in events[3:]]
            entry_id = one("SELECT id FROM join_waitlist(%s, %s)", owners_full_event_id, owner)
            one("SELECT create_session(%s, %s, '1 day', 'another device')", owner_id, f"device {n}")
            one("SELECT create_reset_link(%s, %s, %s)", owner_id, f"reset {n}", f"reset{n}")
            one("SELECT create_account_link(%s, 'email_proof', %s, %s)", owner_id, f"proof {n}", f"proof{n}")
            things = {
                "event_id": event_id,
                "confirmed_event_id": confirmed_event_id,
                "free_event_id": free_event_id,
                "full_event_id": full_event_id,
                "booking_id": booking_id,
                "confirmed_booking_id": confirmed_booking_id,
                "entry_id": entry_id,
                "user_id": owner_id,
                "session_id": one("SELECT id FROM access_tokens WHERE user_id = %s AND kind = 'session'", owner_id),
                "token_id": one("SELECT id FROM create_api_token(%s, %s)", owner_id, f"another {n}"),
                "notification_id": one("SELECT id FROM outbox WHERE user_id = %s LIMIT 1", owner_id),
                "reset_token": f"reset{n}",
                "proof_token": f"proof{n}",
                "css": "main.css",
                "js": "api.js",
                "qr_js": "index.js",
                "viewer_css": "swagger-ui.css",
                "viewer_js": "swagger-ui-bundle.js",
                "unsubscribe_token": tokens.unsubscribing(owner_id),
                "calendar_token": tokens.calendar(owner_id, one("SELECT version FROM get_calendar(%s)", owner_id)),
            }
            return World(owner, things, headers(who, n, things, other_id, admin_id, others[0]), tokens)

        def headers(
            who: str, n: int, things: dict[str, Any], other_id: int, admin_id: int, others_booking_id: int
        ) -> dict[str, str]:
            token, owner_id = f"{n}", things["user_id"]
            match who:
                case "nobody":
                    return {}
                case "token of this one":
                    token = "{this}"
                case "token of another booking":
                    token = tokens.booking(others_booking_id)
                case "another user" | "owner by session" | "admin by session":
                    user_id = {"another user": other_id, "owner by session": owner_id}.get(who, admin_id)
                    one("SELECT create_session(%s, %s, '1 day')", user_id, token)
                    return {"Cookie": f"session={token}"}
                case "owner by API token" | "admin by API token":
                    one("SELECT create_api_token(%s, %s)", owner_id if "owner" in who else admin_id, token)
                case "revoked token":
                    one("SELECT revoke_api_token(id) FROM create_api_token(%s, %s)", admin_id, token)
                case "expired token":
                    one("SELECT create_api_token(%s, %s, p_expires_at => clock())", admin_id, token)
                case "owner's read token" | "admin's read token":
                    one("SELECT create_api_token(%s, %s, 'read')", owner_id if "owner" in who else admin_id, token)
                case "door token" | "token of another door":
                    door = "event_id" if "another" in who else "confirmed_event_id"
                    one("SELECT create_api_token(NULL, %s, 'door', %s)", token, things[door])
            return {"Authorization": f"Bearer {token}"}

        yield make
