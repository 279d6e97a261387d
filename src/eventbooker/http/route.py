"""A row of the table of routes, and what is done for every request because of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, after_this_request
from pydantic import BaseModel

from eventbooker.event_files import MAX_FILE_BYTES
from eventbooker.http.access import ANYONE, SAFE_METHODS, Rule, check_scope
from eventbooker.http.auth import caller
from eventbooker.http.parsing import ignore_body, parse_body, parse_optional_body, parse_query, read_file
from eventbooker.http.rate_limits import limit_requests

EVENT_STREAM = "text/event-stream"
METHODS_WITH_BODY = ("POST", "PUT", "PATCH")
IDEMPOTENCY_PROBLEMS = ("invalid_idempotency_key", "idempotency_key_reused", "idempotency_key_in_flight")
PROBLEMS_OF_ALL = ("bad_request", "foreign_origin", "foreign_host", "overloaded", "database_away", "database_full")


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    """As Flask has it; `<id:event_id>` becomes the view's argument `event_id`."""
    view: Callable[..., Response]
    may_call: Rule
    summary: str
    body: type[BaseModel] | None = None
    """Reaches the view as `body`. Without it, any JSON object or nothing will do for methods that could have one."""
    body_in_required_mode: type[BaseModel] | None = None
    """Instead of `body`."""
    body_optional: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    """The media types of a file that is sent instead of JSON and reaches the view as `file`, each with an example."""
    takes_anything: bool = False
    """Whatever is sent does not matter, also if it is no JSON."""
    query: type[BaseModel] | None = None
    """Reaches the view as `query`."""
    status: int = 200
    answer: Any = None
    """A model of `answers.py`, a list of one, `dict` for any object, or a media type; None: the answer is empty."""
    other_answers: Mapping[int, Any] = field(default_factory=dict)
    """What else it may answer when all is well, by status."""
    problems: tuple[str, ...] = ()
    """The codes that are this route's own."""
    idempotent: bool = False
    """Takes an Idempotency-Key."""
    conditional: bool = False
    """Has an ETag, and answers 304 to whoever has the same."""
    takes_if_match: bool = False
    """Answers 412 to whoever names in If-Match another version than there is now."""
    names_version: bool = False
    """Answers with the ETag for a later If-Match."""
    paged: bool = False
    """Names the next page in Link."""
    limit: str | None = None
    """Which setting of `limits` bounds how often one address and one account may call it."""
    personal: bool = False
    """Differs from caller to caller, so that no cache may keep it. So is all that not anyone may call."""

    def body_in(self, open_mode: bool) -> type[BaseModel] | None:
        return self.body if open_mode else self.body_in_required_mode or self.body

    @property
    def answers(self) -> dict[int, Any]:
        """What it answers when all is well, by status."""
        return {self.status: self.answer, **self.other_answers}

    @property
    def has_etag(self) -> bool:
        return self.conditional or self.names_version

    @property
    def is_endless(self) -> bool:
        """Whether its answer goes on until the caller hangs up."""
        return bool(self.answer == EVENT_STREAM)

    @property
    def is_personal(self) -> bool:
        return self.personal or self.may_call is not ANYONE

    @property
    def reads_body(self) -> bool:
        return self.method in METHODS_WITH_BODY and not self.takes_anything

    @property
    def problem_codes(self) -> tuple[str, ...]:
        """All codes that the route may answer with, except that of a defect (internal_error)."""
        return (
            *self.problems,
            *(("request_timeout",) if self.method in METHODS_WITH_BODY else ()),
            *(("credentials_required",) if self.may_call is not ANYONE else ()),
            *(("forbidden",) if self.may_call is not ANYONE or self.method not in SAFE_METHODS else ()),
            *(("unsupported_media_type", "too_large") if self.reads_body else ()),
            *(("invalid_json", "invalid_request") if self.reads_body and not self.files else ()),
            *(("invalid_request",) if self.query else ()),
            *(IDEMPOTENCY_PROBLEMS if self.idempotent else ()),
            *(("precondition_failed",) if self.takes_if_match else ()),
            *(("rate_limited",) if self.limit else ()),
            *(("not_found",) if "<" in self.path else ()),
            *PROBLEMS_OF_ALL,
        )


def add_route(app: Flask, route: Route) -> None:
    """Let the app answer the route."""
    open_mode = app.extensions["settings"].auth.mode == "open"
    view = _checked(route, open_mode)
    app.add_url_rule(route.path, f"{route.method} {route.path}", view, methods=[route.method])


def _checked(route: Route, open_mode: bool) -> Callable[..., Response]:
    """The view behind what its row asks for: a token's scope, how often, who calls, then what was sent. Caches keep
    nothing personal."""
    rule, view, query, limit, is_personal = route.may_call, route.view, route.query, route.limit, route.is_personal
    read_body = _body_reader(route, open_mode)

    def answer(**arguments: Any) -> Response:
        if is_personal:
            after_this_request(_forbid_caching)  # also of a refusal, which tells something of the caller
        check_scope(caller(), rule, route.method)
        if limit:
            limit_requests(limit)
        if not rule.reads_body:
            rule.check(caller(), **arguments)
        if read_body:
            arguments |= read_body()
        if rule.reads_body:
            rule.check(caller(), **arguments)
        if query:
            arguments["query"] = parse_query(query)
        return view(**arguments)

    return answer


def _forbid_caching(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _body_reader(route: Route, open_mode: bool) -> Callable[[], dict[str, Any]] | None:
    """What reads the request's body for the view. It raises Problem (415) or pydantic.ValidationError."""
    body = route.body_in(open_mode)
    if route.files:
        return lambda: {"file": read_file(route.files, MAX_FILE_BYTES)}
    if body:
        parse = parse_optional_body if route.body_optional else parse_body
        return lambda: {"body": parse(body)}
    return _ignore_body if route.reads_body else None


def _ignore_body() -> dict[str, Any]:
    ignore_body()
    return {}
