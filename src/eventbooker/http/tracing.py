"""Traces of requests and of the batches that carry several of them (`eventbooker.tracing` has the rest)."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from flask import Flask, request

from eventbooker import tracing
from eventbooker.http.batching import Batcher
from eventbooker.http.observation import CODE, ROUTE
from eventbooker.http.queries import may_be_tried_again

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from opentelemetry.trace import Span, Tracer

Request = TypeVar("Request")
Result = TypeVar("Result")

IDS = ("event_id", "booking_id", "user_id")
"""What of a path is told: other parts of some paths are secret."""

MADE_BOOKING = re.compile(r"/bookings/(\d+)").fullmatch


def trace_requests(app: "WSGIApplication") -> "WSGIApplication":
    """`app`; where there are traces, each request is a span, in the trace of whoever sent it with a `traceparent`."""
    tracer = tracing.tracer()
    return app if tracer is None else _traced(app, tracer)


def install(flask: Flask) -> None:
    """Tell what a request is about, where there are traces."""
    if tracing.tracer() is None:
        return
    from opentelemetry.trace import get_current_span

    @flask.before_request
    def tell_ids() -> None:
        for name in IDS:
            if name in (request.view_args or {}):
                get_current_span().set_attribute(f"eventbooker.{name}", request.view_args[name])  # type: ignore[index]


def _traced(app: "WSGIApplication", tracer: "Tracer") -> "WSGIApplication":
    from opentelemetry.propagate import extract
    from opentelemetry.propagators.textmap import Getter
    from opentelemetry.trace import SpanKind, Status, StatusCode, use_span

    class Headers(Getter["WSGIEnvironment"]):
        def get(self, carrier: "WSGIEnvironment", key: str) -> list[str] | None:
            value = carrier.get(f"HTTP_{key.upper().replace('-', '_')}")
            return None if value is None else [value]

        def keys(self, carrier: "WSGIEnvironment") -> list[str]:
            return [name for name in carrier if name.startswith("HTTP_")]

    headers = Headers()

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        bound = structlog.contextvars.get_contextvars()
        span = tracer.start_span(
            "request",
            extract(environ, getter=headers),
            SpanKind.SERVER,
            {"http.request.method": method, "eventbooker.request_id": bound.get("request_id", "")},
        )
        structlog.contextvars.bind_contextvars(trace_id=f"{span.get_span_context().trace_id:032x}")

        def start(line: str, head: list[tuple[str, str]], *error: Any) -> Any:
            span.set_attribute("http.response.status_code", int(line[:3]))
            if line.startswith("5"):
                span.set_status(Status(StatusCode.ERROR))
            for name, value in head:
                if name == "Location" and (made := MADE_BOOKING(value)):
                    span.set_attribute("eventbooker.booking_id", int(made[1]))
            return start_response(line, head, *error)

        # An exception's text may have people's data in it.
        with use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            try:
                return app(environ, start)
            finally:
                if ROUTE in environ:
                    span.update_name(f"{method} {environ[ROUTE]}")
                    span.set_attribute("http.route", environ[ROUTE])
                if CODE in environ:
                    span.set_attribute("eventbooker.problem", environ[CODE])

    return answer


def batcher(
    run_batch: Callable[[list[Request]], Sequence[Result | None]],
    run_one: Callable[[Request], Result],
) -> Callable[[Request], Result]:
    """A Batcher of statements. Where there are traces, a batch is a span of one of its requests, linked with all."""
    tracer = tracing.tracer()
    if tracer is None:
        return Batcher(run_batch, run_one, may_be_tried_again)
    from opentelemetry.trace import Link, get_current_span, set_span_in_context

    def run(carried: "list[tuple[Request, Span]]") -> Sequence[Result | None]:
        requests = [request for request, _ in carried]
        spans = [span for _, span in carried if span.is_recording()]
        if len(requests) == 1 or not spans:
            return run_batch(requests)
        first, *others = spans  # those that are not sampled have no place where the batch could be seen
        with tracer.start_as_current_span(
            "batch",
            set_span_in_context(first),
            attributes={"eventbooker.batch_size": len(requests)},
            links=[Link(span.get_span_context()) for span in others],
            record_exception=False,
        ) as batch:
            for span in others:
                span.add_link(batch.get_span_context())
            return run_batch(requests)

    traced: Batcher[tuple[Request, Span], Result] = Batcher(
        run, lambda carried: run_one(carried[0]), may_be_tried_again
    )
    return lambda request: traced((request, get_current_span()))
