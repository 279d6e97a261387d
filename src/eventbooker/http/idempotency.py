"""`Idempotency-Key`: a request sent twice changes something once, and is answered twice the same.

After draft-ietf-httpapi-idempotency-key-header. The key, the change and what was answered are committed together, so a
crash leaves all of it or nothing. A request that failed leaves its key unused: sent again, it is tried again.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from flask import Response, after_this_request, request
from psycopg.types.json import Json

from eventbooker.database.pool import Connection
from eventbooker.http.auth import caller
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one, transact

LONGEST = 255
SHORTEST_WITHOUT_USER = 16

QUOTED = rf'(?:[ !#-\[\]-~]|\\["\\]){{1,{LONGEST}}}'
BARE = rf"[!#-~][ -~]{{0,{LONGEST - 1}}}"
KEY = re.compile(f'"(?P<quoted>{QUOTED})"|(?P<bare>{BARE})')
"""A String of RFC 8941, as the draft has it, or the same without quotes, as most clients send it."""
KEY_PATTERN = f'^("{QUOTED}"|{BARE})$'
"""The same for the API's document."""


def change(sql: str, *parameters: object, without_key: Callable[[], tuple[Any, ...]] | None = None) -> tuple[Any, ...]:
    """The row of the one statement by which a route changes something, or the row it returned when the request came
    first. `without_key` gets the same row in a better way where there is no key to keep. For routes to call when they
    have seen what the caller may do. Raises Problem (400), psycopg.Error."""
    found = sent_key()
    if found is None:
        return without_key() if without_key else fetch_one(sql, *parameters)
    scope, key = found
    query = request.query_string and b"?" + request.query_string
    path = request.path.encode() + query
    sent = hashlib.sha256(b"\0".join((request.method.encode(), path, request.get_data()))).digest()

    def once(connection: Connection) -> tuple[tuple[Any, ...], bool]:
        with connection.transaction():
            kept = connection.execute("SELECT claim_idempotency_key(%s, %s, %s)", (scope, key, sent)).fetchone()
            if kept and kept[0] is not None:
                return tuple(kept[0]), True
            row = connection.execute(sql, parameters).fetchone()
            if row is None:
                raise LookupError(f"no row from: {sql}")
            connection.execute("SELECT save_idempotency_response(%s, %s, %s, %s)", (scope, key, sent, Json(row)))
            return row, False

    row, replayed = transact(once)
    if replayed:
        after_this_request(_say_replayed)
    return row


def sent_key() -> tuple[str, str] | None:
    """The request's key and before it whose it is; None if it has none. Raises Problem (400)."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return None
    scope = _scope()
    return scope, _key(header, 1 if scope != "anonymous" else SHORTEST_WITHOUT_USER)


def _scope() -> str:
    """Whose keys these are. Callers without a user share one scope, and anybody may book: there the key itself, long
    enough not to be guessed, is what shows that an answer (with the booking's token) is the caller's own."""
    who = caller()
    if who.open_mode:
        return "open"
    return f"user {who.user.id}" if who.user else "anonymous"


def _key(header: str, shortest: int) -> str:
    found = KEY.fullmatch(header)
    key = found and (found["bare"] or re.sub(r"\\(.)", r"\1", found["quoted"]))
    if not key or len(key) < shortest:
        raise Problem(
            "invalid_idempotency_key",
            f"An Idempotency-Key has {shortest} to {LONGEST} printable ASCII characters, such as a random UUID.",
        )
    return key


def _say_replayed(response: Response) -> Response:
    response.headers["Idempotency-Replayed"] = "true"
    return response
