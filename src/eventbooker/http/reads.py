"""Answers to those who look: told from the browser's own copy by an ETag, and made once where many ask.

What hundreds a second ask for is answered from a copy that is at most LIFETIME old. What fewer ask for is read anew
each time.
"""

import hashlib
import threading
from collections.abc import Callable, Hashable
from time import monotonic
from typing import NamedTuple

from flask import Response, current_app, request

from eventbooker.http.answers import Ready
from eventbooker.http.combining import Combiner

LIFETIME = 0.5
"""Seconds that a copy may be given out."""

MANY = 200
"""Requests a second for one answer that make a copy worth its age."""

WINDOW = 0.1
"""Seconds over which they are counted."""

MOST_COPIES = 200


class Answer(NamedTuple):
    """JSON as PostgreSQL wrote it, and the Link to its next page."""

    json: str
    link: str | None = None


class Made(NamedTuple):
    """An answer ready to be sent."""

    body: bytes
    etag: str
    link: str | None
    good_until: float

    def response(self) -> Response:
        """200, or 304 to who has it already."""
        headers = {"ETag": self.etag, "Cache-Control": "no-cache"}  # keep it, and ask each time if it still holds
        if self.link:
            headers["Link"] = self.link
        known = request.environ.get("HTTP_IF_NONE_MATCH")
        if known == self.etag or (known and request.if_none_match.contains_weak(self.etag[1:-1])):
            return Response(status=304, headers=headers)
        return Ready(self.body, 200, headers)


class Copies:
    """The answers of one process that many ask for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._copies: dict[Hashable, _Copy] = {}

    def answer(self, key: Hashable, read: Callable[[], Answer]) -> Response:
        """The answer to a GET that is the same for all who ask for `key`. Raises what `read` raises."""
        copy = self._copies.get(key) or self._new(key)
        made = copy.get(read) if copy.many_ask() else make(read)
        return made.response()

    def _new(self, key: Hashable) -> "_Copy":
        with self._lock:
            while len(self._copies) >= MOST_COPIES:
                del self._copies[next(iter(self._copies))]
            return self._copies.setdefault(key, _Copy())


class _Copy:
    def __init__(self) -> None:
        self._asked = 0
        self._since = monotonic()
        self._many = False
        self._made: Made | None = None
        self._maker: Combiner[Callable[[], Answer], Made] = Combiner(self._make_for_all, make)

    def many_ask(self) -> bool:
        """Counts one who asks. Threads may count over each other: it is an estimate."""
        elapsed = monotonic() - self._since
        if elapsed > WINDOW:
            self._many = self._asked / elapsed >= MANY
            self._asked, self._since = 0, monotonic()
        self._asked += 1
        return self._many

    def get(self, read: Callable[[], Answer]) -> Made:
        return self._good() or self._maker(read)

    def _good(self) -> Made | None:
        return self._made if self._made and monotonic() < self._made.good_until else None

    def _make_for_all(self, reads: list[Callable[[], Answer]]) -> list[Made]:
        self._made = made = self._good() or make(reads[0])
        return [made] * len(reads)


def make(read: Callable[[], Answer]) -> Made:
    """Read now. The answer is good from before it was read, so that it is never taken for younger than it is."""
    begun = monotonic()
    answer = read()
    body = answer.json.encode()
    etag = f'"{hashlib.blake2b(body + str(answer.link).encode(), digest_size=12).hexdigest()}"'
    return Made(body, etag, answer.link, begun + LIFETIME)


def copies() -> Copies:
    """Those of the process that answers the request."""
    found: Copies = current_app.extensions["copies"]
    return found
