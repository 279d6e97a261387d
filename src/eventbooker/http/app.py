"""The Flask application."""

import atexit
import gc
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.routing import IntegerConverter

from eventbooker import child_process, config, log
from eventbooker.config import Settings
from eventbooker.database.pool import open_pool
from eventbooker.http import auth, bookings, events, notifications, pages, problems, sessions, telegram, users
from eventbooker.http.booking_batches import BookingBatches
from eventbooker.http.overload import MAX_IN_FLIGHT, shed_load
from eventbooker.http.response_cache import ResponseCache
from eventbooker.http.schemas import MAX_BODY_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECURITY_HEADERS = [
    ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
]


class Id(IntegerConverter):
    """A bigserial in a path. Numbers past a bigint name nothing, like any id that is not there."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        return min(int(value), 2**63 - 1)


def create_app(settings: Settings) -> Flask:
    """The application, with a pool of connections of its own to settings.database_url."""
    if settings.database_url is None:
        raise ValueError("settings.database_url is not set")
    pool = open_pool(settings.database_url.get_secret_value(), settings.timezone)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.converters["id"] = Id
    app.url_map.merge_slashes = False
    app.extensions |= {
        "pool": pool,
        "settings": settings,
        "booking_batches": BookingBatches(),
        "response_cache": ResponseCache(),
    }

    problems.install(app, pool)
    auth.install(app, settings)
    for module in (events, bookings, users, telegram, notifications, sessions, pages):
        app.register_blueprint(module.routes)

    app.wsgi_app = _add_security_headers(shed_load(app.wsgi_app, MAX_IN_FLIGHT))  # type: ignore[method-assign, assignment]
    return app


def _add_security_headers(app: "WSGIApplication") -> "WSGIApplication":
    """Adds SECURITY_HEADERS to every answer."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return app(environ, lambda status, headers, *error: start_response(status, headers + SECURITY_HEADERS, *error))

    return answer


def serve_app() -> Any:
    """The application of one web worker process: what the WSGI server imports."""
    child_process.die_with_server()
    settings = config.load()
    log.configure(settings.log)
    app = create_app(settings)
    atexit.register(app.extensions["pool"].close)
    gc.freeze()  # what is loaded now stays: scanning it in each collection costs a tenth of the processor's time
    gc.set_threshold(10_000, 10, 10)
    return app
