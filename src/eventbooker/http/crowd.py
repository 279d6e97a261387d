"""More requests than can be answered soon: what is begun is finished, the rest is asked to come back."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from eventbooker.http.problems import Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 128
"""Threads of a worker process. Those who book together sleep until their call is done, so many cost little."""

CAPACITY = 120
"""Requests that a worker process has in hand at once; the threads above that are there to send the others back."""

ALWAYS_ANSWERED = ("/healthz", "/readyz")


def bounded(answer: "WSGIApplication", capacity: int) -> "WSGIApplication":
    """`answer`, but 503 at once to whoever comes when `capacity` requests are in hand."""
    in_hand = threading.Semaphore(capacity)
    overloaded = Problem("overloaded", "Too many requests at once; try again in a moment.").response()

    def answer_bounded(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] in ALWAYS_ANSWERED:
            return answer(environ, start_response)
        if not in_hand.acquire(blocking=False):
            return overloaded(environ, start_response)
        try:
            return answer(environ, start_response)
        finally:
            in_hand.release()

    return answer_bounded
