"""Load shedding: past its capacity, a process answers 503 instead of letting requests queue up.

The requests in flight are finished. This is the service's backpressure: clients are told by `Retry-After` to come back.
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from eventbooker.http.problems import Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_IN_FLIGHT = 120
"""Requests that a worker process works on at once. One that waits in a batch sleeps meanwhile and costs little."""

PATIENCE_SECONDS = 0.2
"""How long a further request waits for a place before it is answered 503. A process that sent people back as fast as
they come again would soon do nothing else."""

OVERLOADED = Problem("overloaded", "Too many requests at once; try again in a moment.")

NEVER_SHED = ("/healthz", "/readyz", "/metrics")


def shed_load(app: "WSGIApplication", max_in_flight: int) -> "WSGIApplication":
    """`app`, but with 503 for each request that comes while `max_in_flight` requests are being answered."""
    slots = threading.Semaphore(max_in_flight)
    overloaded = OVERLOADED.application()

    def answer_or_shed(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] in NEVER_SHED:
            return app(environ, start_response)
        if not slots.acquire(timeout=PATIENCE_SECONDS):
            return overloaded(environ, start_response)
        try:
            return app(environ, start_response)
        finally:
            slots.release()

    return answer_or_shed
