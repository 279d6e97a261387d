"""Conditional requests (RFC 9110): an answer has an ETag, and a client that has the same one gets 304 instead."""

import hashlib
from typing import NamedTuple

from flask import Response, request

from eventbooker.http.responses import JsonResponse


class Page(NamedTuple):
    """JSON as PostgreSQL wrote it, and the Link to the next page."""

    json: str
    link: str | None = None


class Representation(NamedTuple):
    """A page ready to be sent, with its ETag."""

    body: bytes
    etag: str
    link: str | None

    def response(self) -> Response:
        """200, or 304 to a client that sent this ETag as If-None-Match."""
        headers = {"ETag": self.etag, "Cache-Control": "no-cache"}  # keep it, and ask each time if it still holds
        if self.link:
            headers["Link"] = self.link
        known = request.environ.get("HTTP_IF_NONE_MATCH")
        if known == self.etag or (known and request.if_none_match.contains_weak(self.etag[1:-1])):
            return Response(status=304, headers=headers)
        return JsonResponse(self.body, 200, headers)


def represent(page: Page) -> Representation:
    """The page with an ETag made from its content."""
    body = page.json.encode()
    etag = f'"{hashlib.blake2b(body + str(page.link).encode(), digest_size=12).hexdigest()}"'
    return Representation(body, etag, page.link)
