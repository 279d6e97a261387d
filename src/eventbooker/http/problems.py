"""Errors as the API tells them: `application/problem+json` (RFC 9457), one table for all of them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
import structlog
from flask import Flask, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from eventbooker.database.pool import error_line
from eventbooker.http.html import as_error_page, prefers_html
from eventbooker.http.observation import CODE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

PROBLEMS = {
    "event_not_found": (404, "No such event"),
    "booking_not_found": (404, "No such booking"),
    "user_not_found": (404, "No such user"),
    "notification_not_found": (404, "No such notification"),
    "session_not_found": (404, "No such session"),
    "token_not_found": (404, "No such API token"),
    "account_link_invalid": (404, "The link is not valid"),
    "waitlist_entry_not_found": (404, "No such waiting list entry"),
    "unknown_code": (404, "No such ticket"),
    "telegram_link_invalid": (404, "The link is not valid"),
    "unsubscribe_link_invalid": (404, "The link is not valid"),
    "calendar_link_invalid": (404, "The link is not valid"),
    "not_found": (404, "No such page"),
    "invalid_event": (422, "Not an event"),
    "invalid_user": (422, "Not a user"),
    "invalid_reason": (422, "Not a reason"),
    "invalid_setting": (422, "Not a setting"),
    "invalid_import": (422, "Not imported"),
    "too_many_seats": (422, "Not that many seats"),
    "invalid_request": (422, "The request does not fit"),
    "invalid_json": (400, "Not JSON"),
    "bad_request": (400, "Not a request"),
    "invalid_idempotency_key": (400, "Not an Idempotency-Key"),
    "unsupported_media_type": (415, "Not a media type that is taken here"),
    "too_large": (413, "Too large"),
    "request_timeout": (408, "Too slow"),
    "method_not_allowed": (405, "Not that method"),
    "sold_out": (409, "Sold out"),
    "already_booked": (409, "Already booked"),
    "booking_closed": (409, "Booking is closed"),
    "already_waiting": (409, "Already waiting"),
    "seats_available": (409, "Seats are free"),
    "too_many_bookings": (409, "Too many bookings at once"),
    "booking_expired": (409, "The hold has lapsed"),
    "booking_canceled": (409, "The booking was canceled"),
    "not_confirmed": (409, "The booking is not confirmed"),
    "already_checked_in": (409, "Already in"),
    "wrong_event": (409, "For another event"),
    "unreachable": (409, "Nobody can be told"),
    "oversold": (409, "More bookings than seats"),
    "history_is_kept": (409, "The history is kept"),
    "event_canceled": (409, "The event was canceled"),
    "precondition_failed": (412, "Changed meanwhile"),
    "notification_sent": (409, "The notification was sent"),
    "telegram_off": (409, "There is no Telegram bot"),
    "email_taken": (409, "The email is taken"),
    "credentials_required": (401, "Sign in first"),
    "wrong_credentials": (401, "Wrong email or password"),
    "forbidden": (403, "Not yours to do"),
    "wrong_password": (403, "Wrong password"),
    "email_unproven": (403, "The email is not proven"),
    "foreign_origin": (403, "Called from a foreign page"),
    "foreign_host": (403, "Called under a foreign name"),
    "idempotency_key_reused": (422, "The key was used for another request"),
    "idempotency_key_in_flight": (409, "The same request is being answered"),
    "too_many_attempts": (429, "Too many attempts"),
    "too_many_holds": (429, "Too many holds at once"),
    "rate_limited": (429, "Too many requests"),
    "overloaded": (503, "Too many requests at once"),
    "database_away": (503, "The database does not answer"),
    "database_full": (503, "The database has no space"),
    "database_read_only": (503, "The database takes no writing"),
    "schema_outdated": (503, "The database is not up to date"),
    "internal_error": (500, "Something broke"),
}
"""Each problem's code, its HTTP status and its title."""

SQLSTATES = {
    "EB001": "event_not_found",
    "EB002": "booking_not_found",
    "EB003": "user_not_found",
    "EB004": "notification_not_found",
    "EB005": "waitlist_entry_not_found",
    "EB006": "session_not_found",
    "EB007": "token_not_found",
    "EB008": "unknown_code",
    "EB101": "invalid_event",
    "EB102": "invalid_user",
    "EB103": "invalid_reason",
    "EB104": "too_many_seats",
    "EB105": "invalid_setting",
    "EB106": "invalid_import",
    "EB201": "sold_out",
    "EB202": "already_booked",
    "EB203": "booking_closed",
    "EB204": "booking_expired",
    "EB205": "booking_canceled",
    "EB206": "email_taken",
    "EB207": "oversold",
    "EB208": "history_is_kept",
    "EB209": "notification_sent",
    "EB210": "event_canceled",
    "EB211": "precondition_failed",
    "EB212": "already_waiting",
    "EB213": "seats_available",
    "EB214": "too_many_bookings",
    "EB215": "not_confirmed",
    "EB216": "already_checked_in",
    "EB217": "wrong_event",
    "EB220": "unreachable",
    "EB301": "too_many_attempts",
    "EB302": "idempotency_key_reused",
    "EB303": "idempotency_key_in_flight",
    "EB304": "telegram_off",
    "EB305": "telegram_link_invalid",
    "EB307": "account_link_invalid",
    "EB308": "wrong_password",
    "EB311": "too_many_holds",
}
"""What the functions raise, as codes. sql/README.md tells operators the same."""

AWAY = ("08", "25006", "53", "55P03", "57")
"""SQLSTATEs (or classes of them) of a database that cannot serve now: connection, read-only (as a primary that became a
replica), resources, lock wait, shutdown."""

RETRY_AFTER_SECONDS = {503: 1, 429: 900}

FULL_RETRY_SECONDS = 10
"""Space does not come back in a second."""


@dataclass
class Problem(Exception):
    """An answer that is not the wanted one; `code` is a key of PROBLEMS, `members` go into the body as they are."""

    code: str
    detail: str
    members: dict[str, Any] = field(default_factory=dict)
    retry_after: int | None = None
    """Seconds; None: what is usual for the status."""

    def response(self) -> Response:
        status, title = PROBLEMS[self.code]
        body = {"type": f"urn:eventbooker:{self.code}", "title": title, "status": status, "code": self.code}
        response = Response(
            json.dumps({**body, "detail": self.detail, **self.members}, ensure_ascii=False),
            status,
            content_type="application/problem+json",
        )
        if status in RETRY_AFTER_SECONDS:
            response.headers["Retry-After"] = str(self.retry_after or RETRY_AFTER_SECONDS[status])
        if status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def answer(self) -> Response:
        """The response, as a page for who asks for one; its code is noted for whoever observes the request."""
        request.environ[CODE] = self.code
        response = self.response()
        return as_error_page(response, self.detail) if prefers_html() else response

    def application(self) -> "WSGIApplication":
        """What answers every request with this, where Flask has not come to it."""
        response = self.response()

        def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            environ[CODE] = self.code
            return response(environ, start_response)

        return answer


def from_validation(error: ValidationError) -> Problem:
    """What is wrong with a body or a query, one entry a field."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return Problem("invalid_json", f"The body is not JSON: {found[0]['msg'].removeprefix('Invalid JSON: ')}.")
    errors = field_errors(error)
    first = errors[0]
    return Problem("invalid_request", f"{first['field'] or 'The body'}: {first['message']}.", {"errors": errors})


def field_errors(error: ValidationError) -> list[dict[str, str]]:
    """What does not fit, one entry a field."""
    return [
        {
            "field": ".".join(str(part) for part in item["loc"]),
            "message": item["msg"].removeprefix("Value error, "),
        }
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def from_refusal(sqlstate: str, message: str | None, detail: str | None, hint: str | None) -> Problem:
    """What a function raised or, as the type `refusal`, returned; `sqlstate` is a key of SQLSTATES."""
    return Problem(SQLSTATES[sqlstate], " ".join(filter(None, (message, hint))), json.loads(detail or "{}"))


def database_full() -> Problem:
    detail = "The disk of the database is full; nothing can be saved until there is space again."
    return Problem("database_full", detail, retry_after=FULL_RETRY_SECONDS)


def from_database(error: psycopg.Error) -> Problem:
    """What a function raised, or what befell the database."""
    state = error.sqlstate or ""
    if state in SQLSTATES:
        said = error.diag
        return from_refusal(state, said.message_primary, said.message_detail, said.message_hint)
    if isinstance(error, psycopg.errors.DiskFull):
        log.error("the disk of the database is full", error=error_line(error))
        return database_full()
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) or state.startswith(AWAY):
        log.warning("the database does not answer", error=error_line(error))
        return Problem("database_away", "The database does not answer just now; try again.")
    log.error("unexpected database error", exc_info=error)
    return Problem("internal_error", "Something broke; it was logged.")


def install(app: Flask) -> None:
    """Answer every error of the app as a problem."""

    @app.errorhandler(Problem)
    def on_problem(error: Problem) -> Response:
        return error.answer()

    @app.errorhandler(ValidationError)
    def on_validation(error: ValidationError) -> Response:
        return from_validation(error).answer()

    @app.errorhandler(psycopg.Error)
    def on_database(error: psycopg.Error) -> Response:
        return from_database(error).answer()

    @app.errorhandler(HTTPException)
    def on_http(error: HTTPException) -> ResponseReturnValue:
        code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(error.code or 500, "bad_request")
        if code == "not_found" and (bare := _without_slash()):
            return redirect(bare, 308)
        response = Problem(code, error.description or "").answer()
        response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
        return response

    @app.errorhandler(Exception)
    def on_bug(error: Exception) -> Response:
        log.error("unexpected error", exc_info=error)
        return Problem("internal_error", "Something broke; it was logged.").answer()


def _without_slash() -> str | None:
    """The address of the page that is meant by `/user/`, if there is one."""
    bare = request.path.rstrip("/")
    if bare == request.path or not prefers_html() or not current_app.url_map.bind("").test(bare, "GET"):
        return None
    query = request.query_string.decode(errors="replace")
    return f"{bare}?{query}" if query else bare
