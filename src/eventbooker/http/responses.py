"""HTTP responses with JSON that PostgreSQL wrote."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import Response
from werkzeug.datastructures import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class JsonResponse(Response):
    """Sent with exactly the headers that it was given: werkzeug's look through them costs a tenth of a short answer."""

    def __init__(self, json: bytes, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(
            json, status, {**headers, "Content-Type": "application/json", "Content-Length": str(len(json))}
        )

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        return self.headers


def json_response(json: str, status: int = 200, **headers: str) -> Response:
    """The JSON as it is; `Location="/events/1"` adds a header."""
    return JsonResponse(json.encode(), status, headers)
