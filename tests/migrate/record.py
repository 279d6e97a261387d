"""Record what this version asks of the database and what its API answers, for the version after it to be tested with.

    ./dev python -m tests.migrate.record

Run it when a version is released, and commit `recorded/`: test_upgrade.py then holds the next version to it.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Json
from pydantic import SecretStr

from eventbooker.config import ROOT, Auth, Settings
from eventbooker.database import embedded
from eventbooker.database.migrate import migrate
from eventbooker.http.examples import CSV_FILE
from tests.conftest import WITHOUT_LIMITS, serving
from tests.migrate.calls import HTTP, SQL, Call, Statement

PASSWORD = "long enough"
ADMIN = {"Authorization": "Bearer {admin}"}
PERSON = {"Cookie": "session={session}"}
ADMIN_TOKEN = "t_admin"

SETUP = (
    ("SELECT create_admin(%s, %s)", ("boss@example.org", "$argon2id$none")),
    ("SELECT create_api_token(find_user_id(%s), %s, 'admin')", ("boss@example.org", ADMIN_TOKEN)),
    ("SELECT set_max_bookings_per_user(%s::integer)", (None,)),
    ("SELECT enable_telegram(%s)", (0.5,)),
    ("SELECT enable_mail(%s)", (0.5,)),
    ("SELECT public.register_telegram_bot(%s, %s)", (7, "SomeBot")),
)
"""What `serve` and commands call before the web answers."""

EVENT = {"name": "Go Conference", "date": "2040-03-01T18:00", "total_seats": 10, "booking_ttl_minutes": 10}

CALLS: tuple[Call, ...] = (
    Call("POST /events", ADMIN, {**EVENT, "max_seats_per_booking": 3, "place": "Town hall", "no_show_minutes": 10}),
    Call("POST /events", ADMIN, {"name": "Full", "date": "2040-03-01T18:00", "total_seats": 1}),
    Call("POST /events", ADMIN | {"Idempotency-Key": "one"}, {**EVENT, "published": False}),
    Call("POST /events", ADMIN, {"name": ""}),
    Call("POST /events/import?dry_run=true", ADMIN | {"Content-Type": "text/csv"}, CSV_FILE),
    Call("POST /events/import", ADMIN | {"Content-Type": "text/csv"}, CSV_FILE),
    Call("GET /events"),
    Call("GET /events?free=1&limit=1&q=Go"),
    Call("GET /events", ADMIN),
    Call("GET /events/1"),
    Call("GET /events/3"),
    Call("GET /events/3", ADMIN),
    Call("GET /events/1", {"Accept": "text/html"}),
    Call("PATCH /events/1", ADMIN, {"place": "Castle"}),
    Call("POST /events/1/copies", ADMIN, {"dates": ["2041-01-01T10:00"]}),
    Call("POST /users", {}, {"email": "ann@example.org", "name": "Ann", "password": PASSWORD}),
    Call("POST /users", {}, {"email": "ben@example.org", "name": "Ben"}),
    Call("POST /session", {}, {"email": "ann@example.org", "password": "wrong wrong"}),
    Call("POST /session", {}, {"email": "ann@example.org", "password": PASSWORD}),
    Call("GET /session", PERSON),
    Call("POST /events/1/book", PERSON, {"email": "ann@example.org"}, {"id": "booking", "token": "booking_token"}),
    Call("POST /events/1/book", PERSON, {"email": "ann@example.org"}),
    Call(
        "POST /events/1/book", {}, {"email": "guest@example.org", "seats": 2}, {"id": "second", "token": "second_token"}
    ),
    Call(
        "POST /events/1/book",
        {"Idempotency-Key": "5f1c0f3e-8a52-4a0e-9a53-6b0f4c6f2f10"},
        {"email": "third@example.org"},
    ),
    Call("POST /events/1/book", ADMIN, {"email": "ben@example.org", "role": "admin"}),
    Call("POST /events/2/book", {}, {"email": "guest@example.org"}, {"id": "full", "token": "full_token"}),
    Call("POST /events/2/book", {}, {"email": "late@example.org"}),
    Call("POST /events/99/book", {}, {"email": "late@example.org"}),
    Call("POST /events/2/waitlist", PERSON, {"email": "ann@example.org"}, {"id": "entry", "token": "entry_token"}),
    Call("POST /events/2/waitlist", {}, {"email": "late@example.org"}, {"id": "left", "token": "left_token"}),
    Call("GET /waitlist/{entry}", {"Authorization": "Bearer {entry_token}"}),
    Call("GET /waitlist/{entry}", PERSON),
    Call("DELETE /waitlist/{left}", {"Authorization": "Bearer {left_token}"}),
    Call("GET /events/2/waitlist", ADMIN),
    Call("GET /users/2/waitlist", PERSON),
    Call("GET /bookings/{booking}", PERSON),
    Call("GET /bookings/{second}", {"Authorization": "Bearer {second_token}"}),
    Call("GET /bookings/{second}"),
    Call("PATCH /bookings/{second}", {"Authorization": "Bearer {second_token}"}, {"seats": 1}),
    Call("GET /bookings/{booking}/ticket", PERSON),
    Call("POST /bookings/{booking}/confirm", PERSON),
    Call("POST /bookings/{booking}/confirm", PERSON | {"Idempotency-Key": "three"}),
    Call("GET /bookings/{booking}/ticket", PERSON),
    Call("GET /bookings/{booking}/ticket.svg", PERSON),
    Call("GET /bookings/{booking}/ticket.ics", PERSON),
    Call("POST /bookings/{second}/cancel", {"Authorization": "Bearer {second_token}"}),
    Call("POST /bookings/{full}/cancel", {"Authorization": "Bearer {full_token}"}),
    Call("POST /bookings/{second}/revive", ADMIN),
    Call("POST /bookings/3/revive", ADMIN),
    Call("GET /events/1/bookings", ADMIN),
    Call("GET /events/1/bookings.csv", ADMIN),
    Call("GET /events/1/attendees", ADMIN),
    Call("GET /events/1/figures", ADMIN),
    Call("POST /check-in", ADMIN, {"code": "1-000000-0000000", "event_id": 1}),
    Call("POST /check-in", ADMIN, {"booking_id": 1, "event_id": 1, "door": "Main door"}),
    Call("POST /check-in", ADMIN, {"booking_id": 1, "event_id": 1}),
    Call("GET /events/1/door?q=an", ADMIN),
    Call("GET /events/1/attendance", ADMIN),
    Call("DELETE /bookings/{booking}/check-in", ADMIN),
    Call("GET /users/2/bookings", PERSON),
    Call("GET /users/2/calendar", PERSON, None, {"url": "calendar_url"}),
    Call("POST /users/2/calendar", PERSON),
    Call("GET /users/2/bookings.ics?token=no"),
    Call("GET /users/2/telegram", PERSON),
    Call("POST /users/2/telegram-link", PERSON),
    Call("DELETE /users/2/telegram", PERSON),
    Call("GET /users/2/notifications", PERSON),
    Call("PUT /users/2/notifications", PERSON, {"channel": "mail", "language": "ru"}),
    Call("POST /users/2/unsubscribe?token=no"),
    Call("GET /users/2/unsubscribe?token=no"),
    Call("GET /users/2/sessions", PERSON),
    Call("DELETE /users/2/sessions/99", PERSON),
    Call("PUT /session/password", PERSON, {"old_password": "wrong wrong", "password": "even longer"}),
    Call("POST /password-reset", {}, {"email": "ann@example.org"}),
    Call("PUT /password-reset/none", {}, {"password": "even longer"}),
    Call("POST /users/2/reset-link", ADMIN),
    Call("POST /users/2/email-proof", PERSON),
    Call("PUT /email-proof/none", PERSON),
    Call("POST /tokens", ADMIN, {"scope": "door", "event_id": 1, "label": "Door"}, {"id": "token", "token": "door"}),
    Call("GET /events/1/door", {"Authorization": "Bearer {door}"}),
    Call("GET /tokens", ADMIN),
    Call("DELETE /tokens/{token}", ADMIN),
    Call("GET /notifications", ADMIN),
    Call("POST /notifications/1/retry", ADMIN),
    Call("POST /events/2/cancel", ADMIN, {"reason": "the speaker is ill"}),
    Call("GET /users/2/export", PERSON),
    Call("DELETE /users/2/sessions", PERSON),
    Call("POST /session", {}, {"email": "ann@example.org", "password": PASSWORD}),
    Call("DELETE /session", PERSON),
    Call("DELETE /users/2", ADMIN),
    Call("GET /healthz"),
    Call("GET /readyz"),
    Call("GET /metrics", ADMIN),
    *(Call(f"GET {page}") for page in ("/", "/user", "/ticket", "/admin", "/door", "/docs", "/manifest.webmanifest")),
)
"""Every route, refusals too; who asks for something of the kind `{name}` gets what an earlier call answered."""

OF_STREAMS = (
    ("SELECT id, available_seats, total_seats, published FROM watch_events(%s::bigint[])", ([1, 2],)),
    ("SELECT id, booking::text FROM watch_bookings(%s::bigint[])", ([1, 2],)),
    ("SELECT id, bookings::text FROM watch_users(%s::bigint[], false)", ([1, 2],)),
    ("SELECT id, bookings::text FROM watch_users(%s::bigint[], true)", ([1, 2],)),
)

OF_BATCHES = (
    (
        "SELECT (booking).id, to_json(booking)::text, (refusal).* FROM book_seats(%s::bigint[], %s::text[], %s::text[],"
        " %s::text[], %s, %s::integer[], %s::boolean[], %s::bytea[], %s) ORDER BY ordinal",
        ([1, 1, 99], ["x@example.org", "y@example.org", "z@example.org"], [None] * 3, [None] * 3, False, [1, 1, 1],
         [True] * 3, None, None),
    ),
    ("SELECT (booking).id, to_json(booking)::text, (refusal).*"
     " FROM confirm_bookings(%s, p_wait => false) ORDER BY ordinal", ([3, 99],)),
    ("SELECT current, previous FROM count_requests(%s, %s, %s, %s) ORDER BY ordinal", ([b"key"], [60], [1], [1])),
)  # fmt: skip

OF_THE_WORKER = (
    ("SELECT public.expire_bookings(%(limit)s)", {"limit": 1000}),
    ("SELECT public.free_no_shows()", ()),
    ("SELECT * FROM public.claim_notifications(1, %s, %s, %s)", (timedelta(seconds=60), 25, "telegram")),
    ("SELECT * FROM public.claim_notifications(1, %s, %s, %s)", (timedelta(seconds=60), 25, "mail")),
    ("SELECT public.acknowledge_notification(%s, %s)", (1, "00000000-0000-0000-0000-000000000000")),
    ("SELECT public.fail_notification(%s, %s, %s, %s)", (1, "00000000-0000-0000-0000-000000000000", "no", False)),
    ("SELECT state FROM public.retry_notification(%s, %s, %s, %s)",
     (1, "00000000-0000-0000-0000-000000000000", "no", timedelta(0))),
    ("SELECT public.pause_telegram(%s)", (timedelta(seconds=1),)),
    ("SELECT public.prune_outbox(%(keep)s)", {"keep": timedelta(hours=168)}),
    ("SELECT public.prune_idempotency_keys()", ()),
    ("SELECT public.prune_request_counts()", ()),
    ("SELECT public.prune_client_holds()", ()),
    ("SELECT anonymised, next_after FROM public.anonymise_people(%s, %s, %s, %s)",
     (timedelta(days=30), timedelta(days=30), 0, 100)),
    ("SELECT public.get_secret_key() IS NOT NULL AS has_key", ()),
    ("SELECT public.save_update_offset(%s, %s)", (7, 1)),
    ("SELECT name FROM public.link_telegram(%s, %s, %s)", ("none", "42", "en")),
    ("SELECT public.unlink_telegram_chat(%s)", ("42",)),
    ("SELECT * FROM public.list_chat_bookings(%s)", ("42",)),
    ("SELECT * FROM public.list_chat_waitlist(%s)", ("42",)),
    ("SELECT * FROM public.find_chat_booking(%s, %s)", (1, "42")),
    ("SELECT status, cancel_reason FROM public.confirm_booking(%s)", (3,)),
    ("SELECT status, cancel_reason FROM public.cancel_booking(%s)", (3,)),
)  # fmt: skip

OF_OTHER_WAYS = (
    ("SELECT user_json(u) FROM create_session(find_or_add_user(%s, %s, %s), %s, %s, %s, %s) AS u",
     ("open@example.org", "Open", None, "s_open", timedelta(days=1), "Firefox", None)),
    ("SELECT change_password(%s, %s, %s, %s, %s)", (2, "old", "new", "s_open", "192.0.2.1")),
    ("SELECT * FROM list_calendar_entries(%s)", (2,)),
    ("SELECT unsubscribe_from_mail(%s)", (2,)),
)  # fmt: skip
"""Of open mode, and behind links that a mail brings."""

OF_COMMANDS = (
    ("SELECT get_notifications()", ()),
    ("SELECT requeue_notification(%s)", (1,)),
    ("SELECT export_user(find_user_id(%s))", ("boss@example.org",)),
    ("SELECT erase_user(%s, 'admin')", (None,)),
    ("SELECT import_events(%s, p_dry_run => true)", (Json([]),)),
    ("SELECT event_id, off_by FROM audit_seats()", ()),
    ("SELECT create_reset_link(find_user_id(%s), %s, %s)", ("boss@example.org", "nonce", "l_token")),
    ("SELECT create_api_token(CASE WHEN %s::text IS NOT NULL THEN find_user_id(%s) END, %s, %s, %s,"
     " coalesce(%s::timestamptz, clock() + %s::interval), %s)",
     ("boss@example.org", "boss@example.org", "t_other", "read", None, None, timedelta(days=30), "cron")),
    ("SELECT list_api_tokens()", ()),
    ("SELECT revoke_api_token(%s)", (99,)),
    ("SELECT find_admin_password_hash(%s)", ("boss@example.org",)),
    ("SELECT disable_telegram()", ()),
    ("SELECT disable_mail()", ()),
    ("SELECT archive_events(%s)", ("2020-01-01",)),
)  # fmt: skip

OF_PYTHON = (*OF_STREAMS, *OF_BATCHES, *OF_THE_WORKER, *OF_OTHER_WAYS, *OF_COMMANDS)
"""Statements as they stand in the Python of this version; the calls make the others."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="eventbooker-record-") as there:
        data = Path(there) / "var"
        try:
            with embedded.running(data, lambda line: None) as url:
                calls, statements = _record(url)
        finally:
            shutil.rmtree(embedded.place_elsewhere(data), ignore_errors=True)
    must_call_all_functions(statements)
    HTTP.parent.mkdir(exist_ok=True)
    HTTP.write_text("".join(f"{json.dumps(asdict(one))}\n" for one in calls))
    SQL.write_text("".join(f"{json.dumps(asdict(one))}\n" for one in statements))
    print(f"{len(calls)} calls, {len(statements)} statements")


def _record(url: str) -> tuple[list[Call], list[Statement]]:
    migrate(url)
    with psycopg.connect(url, autocommit=True) as connection, statements_of_python() as statements:
        send(connection, SETUP)
        kept = {"admin": ADMIN_TOKEN}
        with serving(as_recorded(url)) as service:
            calls = [call.made(service, kept) for call in CALLS]
        send(connection, OF_PYTHON)
    return calls, statements


def as_recorded(url: str) -> Settings:
    """How the service is set up that is recorded, and that is compared with it."""
    return Settings(
        database_url=SecretStr(url),
        auth=Auth(mode="required"),
        limits=WITHOUT_LIMITS,
        secret_key=SecretStr("s" * 32),
    )


@contextmanager
def statements_of_python() -> Iterator[list[Statement]]:
    """Fills with what the service sends, each statement with its parameters in it."""
    sent: list[Statement] = []
    execute = psycopg.Cursor.execute

    def recording(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        text = psycopg.ClientCursor(self.connection).mogrify(query, params)
        try:
            cursor = execute(self, query, params, **options)
        except psycopg.Error as error:
            sent.append(Statement(text, None, error.sqlstate))
            raise
        sent.append(Statement(text, [column.name for column in self.description or ()], None))
        return cursor

    psycopg.Cursor.execute = recording  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


def send(connection: psycopg.Connection[Any], statements: Iterable[tuple[Any, Any]]) -> None:
    """A refusal is an answer like any other."""
    for query, parameters in statements:
        with suppress(psycopg.Error):
            connection.execute(query, parameters)


def must_call_all_functions(statements: list[Statement]) -> None:
    """A function that Python calls and no statement here does would not be looked at."""
    functions = {path.stem for path in (ROOT / "sql" / "functions").glob("*/*.sql")}
    # What database/ calls is for migrating and restoring, which no version does with another's functions.
    files = [path for path in (ROOT / "src").rglob("*.py") if path.parent.name != "database"]
    python = " ".join(path.read_text() for path in files)
    called = {name for name in functions if re.search(rf"\b(SELECT|FROM|public\.|\() ?(public\.)?{name}\(", python)}
    recorded = " ".join(statement.sql for statement in statements)
    if missing := [name for name in sorted(called) if not re.search(rf"\b{name}\(", recorded)]:
        raise SystemExit(f"no call of {', '.join(missing)} is recorded")


if __name__ == "__main__":
    main()
