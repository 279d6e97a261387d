"""Traces for OpenTelemetry, from a request to its SQL and to the messages that come of it, where its own variables ask
for them.

They come with the extra `tracing`. Without an endpoint nothing of it is imported, and no request, statement or message
passes through anything here.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Any, Self

import psycopg
import structlog

from eventbooker import config

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

log = structlog.get_logger()

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
SPOKEN = "http/protobuf"

OUR_REFUSALS = "EB"
"""How the SQLSTATEs of what is refused begin: an answer like others, and no error."""

FUNCTION = re.compile(r"\b(?:FROM|SELECT|LATERAL)\s+(?:public\.)?(?!unnest\b)(\w+)\(")

_provider: "TracerProvider | None" = None
_tracer: "Tracer | None" = None


def start() -> None:
    """Trace this process from now on, if the environment (or `.env`) says where to; to be called once, at its start."""
    global _provider, _tracer
    _take_over_variables()
    if not _is_wanted():
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("there are no traces: OpenTelemetry is not installed; install eventbooker[tracing]")
        return
    os.environ.setdefault("OTEL_SERVICE_NAME", "eventbooker")
    # At the end it sends what is left; a collector that does not answer may hold us up for so long.
    os.environ.setdefault("OTEL_EXPORTER_OTLP_TIMEOUT", "3")
    resource = Resource.create({"service.version": version("eventbooker")})
    _provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("eventbooker")
    Finalize(None, stop, exitpriority=0)  # unlike atexit it is heard in the web server's processes too


def stop() -> None:
    """Send what is left."""
    global _provider, _tracer
    if _provider:
        _provider.shutdown()
    _provider = _tracer = None


def tracer() -> "Tracer | None":
    """None where there are no traces."""
    return _tracer


@contextmanager
def message_span(channel: str, kind: str, booking_id: int | None) -> "Iterator[Span | None]":
    """The sending of one message. It finds the requests that led to it by the booking's id, which they have too."""
    if _tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind

    about = {} if booking_id is None else {"eventbooker.booking_id": booking_id}
    attributes: dict[str, Any] = {"messaging.system": channel, "eventbooker.kind": kind, **about}
    with _tracer.start_as_current_span(f"send {kind}", kind=SpanKind.PRODUCER, attributes=attributes) as span:
        yield span


def traced(cursor: type[psycopg.Cursor[Any]]) -> type[psycopg.Cursor[Any]]:
    """`cursor`; where there are traces, one whose statements are spans of the request that they are made for."""
    if _tracer is None:
        return cursor
    from opentelemetry.trace import SpanKind, Status, StatusCode, get_current_span

    tracer = _tracer

    class Cursor(cursor):  # type: ignore[valid-type, misc]
        def execute(self, query: Any, *arguments: Any, **options: Any) -> Self:
            if not get_current_span().is_recording():  # for no request, or for one that is not sampled
                return super().execute(query, *arguments, **options)  # type: ignore[no-any-return]
            text = str(query)
            span = tracer.start_span(
                _function(text),
                kind=SpanKind.CLIENT,
                attributes={"db.system.name": "postgresql", "db.query.text": text},  # without parameters: people's
            )
            try:
                return super().execute(query, *arguments, **options)  # type: ignore[no-any-return]
            except psycopg.Error as error:  # its text may have people's data in it
                span.set_attribute("db.response.status_code", error.sqlstate or "")
                if not (error.sqlstate or "").startswith(OUR_REFUSALS):
                    span.set_attribute("error.type", type(error).__name__)
                    span.set_status(Status(StatusCode.ERROR))
                raise
            finally:
                span.end()

    return Cursor


@lru_cache(maxsize=512)
def _function(sql: str) -> str:
    """The name of the function that the statement calls."""
    found = FUNCTION.search(sql)
    return found[1] if found else "SQL"


def _take_over_variables() -> None:
    """From `.env` too. One that is empty counts as unset, which OpenTelemetry does not see so everywhere."""
    for name, value in config.variables("OTEL_").items():
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


def _is_wanted() -> bool:
    given = os.environ
    if not any(given.get(name) for name in ENDPOINTS):
        return False
    if given.get("OTEL_SDK_DISABLED", "").lower() == "true" or given.get("OTEL_TRACES_EXPORTER", "otlp") == "none":
        return False
    protocol = next((given[name] for name in PROTOCOLS if name in given), SPOKEN)
    if protocol != SPOKEN:
        log.warning("there are no traces: only http/protobuf is spoken here", OTEL_EXPORTER_OTLP_PROTOCOL=protocol)
        return False
    return True
