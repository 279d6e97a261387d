"""Headers that tell browsers what our pages never do, in every answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from eventbooker.http.client_address import Proxies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECURITY_HEADERS = [
    ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
]

OVER_HTTPS = [("Strict-Transport-Security", "max-age=31536000"), *SECURITY_HEADERS]
"""With HSTS, for a year. Other names below this one may be somebody else's, so it speaks for this one alone."""


def add_security_headers(app: "WSGIApplication", proxies: Proxies) -> "WSGIApplication":
    """`app`, with SECURITY_HEADERS in every answer, and HSTS where a trusted proxy says that it speaks HTTPS."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        added = OVER_HTTPS if proxies.is_https(environ) else SECURITY_HEADERS
        return app(environ, lambda status, headers, *error: start_response(status, headers + added, *error))

    return answer
