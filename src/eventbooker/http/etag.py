"""Conditional requests (RFC 9110): an answer has an ETag, and a client that has the same one gets 304 instead."""

import hashlib
import re
from typing import NamedTuple

from flask import Response, request

from eventbooker.http.responses import JsonResponse

VERSION = re.compile(r'(?:W/)?"(\d{1,9})-[0-9a-f]*"')
"""An ETag of something that counts its changes: its version, then the hash of the answer."""


class Page(NamedTuple):
    """JSON as PostgreSQL wrote it, the Link to the next page, and the version of what the JSON shows."""

    json: str
    link: str | None = None
    version: int | None = None


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
    """The page with an ETag made from its version, if it has one, and its content."""
    body = page.json.encode()
    content = hashlib.blake2b(body + str(page.link).encode(), digest_size=12).hexdigest()
    etag = f'"{content}"' if page.version is None else f'"{page.version}-{content}"'
    return Representation(body, etag, page.link)


def wanted_versions() -> list[int] | None:
    """The versions of the ETags that the request's If-Match names; None if any version will do.

    Only the version is compared: what else an answer shows (free seats, say) changes without being edited."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    return [int(version) for version in VERSION.findall(header)]
