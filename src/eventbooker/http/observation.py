"""What operators see of each request: an id, a measurement, and a line in the log if it was slow.

The id is answered as `X-Request-Id` and stands in every line that is logged while the request is answered. Who sends
one, such as a proxy, finds it again.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, request
from prometheus_client import Histogram

from eventbooker.metrics import REQUESTS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

ROUTE = "eventbooker.route"
CODE = "eventbooker.code"
"""Where the WSGI environment holds the route's path and the code of the problem that is answered."""

UNKNOWN = ("", "unknown")
"""Method and route of what is none of ours: both are free for callers to invent, and each would be kept."""

IS_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}").fullmatch


def observe(app: "WSGIApplication", slow_seconds: float) -> "WSGIApplication":
    """`app`, measured. Requests that take at least `slow_seconds` are logged; with 0 none is."""
    measured: dict[tuple[str, str, str, str], Histogram] = {}  # finding a child by its labels costs as much as using it

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started = perf_counter()
        sent = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = sent if IS_REQUEST_ID(sent) else secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request_id=request_id)  # until the thread's next request
        status = "500"

        def start(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal status
            status = line[:3]
            return start_response(line, [*headers, ("X-Request-Id", request_id)], *error)

        try:
            return app(environ, start)
        finally:
            seconds = perf_counter() - started
            what = (environ["REQUEST_METHOD"], environ[ROUTE]) if ROUTE in environ else UNKNOWN
            labels = (*what, status, environ.get(CODE, ""))
            if labels not in measured:
                measured[labels] = REQUESTS.labels(*labels)
            measured[labels].observe(seconds)
            if 0 < slow_seconds <= seconds:
                method, route = what
                log.warning("slow request", method=method, route=route, status=status, seconds=round(seconds, 3))

    return answer


def install(app: Flask, names: Mapping[str, str]) -> None:
    """Note the route of each request by the name that `names` gives to its rule; before whatever may refuse it."""

    @app.before_request
    def note_route() -> None:
        if request.url_rule:
            request.environ[ROUTE] = names[request.url_rule.rule]
