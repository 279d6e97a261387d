"""The Flask application."""

import atexit
import gc
import json
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.routing import IntegerConverter

from eventbooker import child_process, config, log, tracing
from eventbooker.config import Settings
from eventbooker.database.pool import Pool, open_pool
from eventbooker.database.replica import Replica
from eventbooker.http import auth, live, observation, openapi, pages, problems
from eventbooker.http import tracing as request_tracing
from eventbooker.http.assets import Assets
from eventbooker.http.booking_batches import BookingBatches
from eventbooker.http.client_address import Proxies
from eventbooker.http.lookups import Lookups
from eventbooker.http.observation import observe
from eventbooker.http.openapi_parameters import path_of
from eventbooker.http.overload import MAX_IN_FLIGHT, shed_load
from eventbooker.http.rate_limits import RateLimits, tell_database
from eventbooker.http.response_cache import ResponseCache
from eventbooker.http.route import add_route
from eventbooker.http.routes import ROUTES
from eventbooker.http.schemas import MAX_BODY_BYTES, MAX_ID
from eventbooker.http.security_headers import add_security_headers
from eventbooker.http.slow_clients import wait_aside
from eventbooker.http.standstill import Standstill
from eventbooker.http.streams import serve_streams
from eventbooker.http.tracing import trace_requests

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Id(IntegerConverter):
    """A bigserial in a path. Numbers past a bigint name nothing, like 0."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        return number if number <= MAX_ID else 0


def create_app(settings: Settings) -> Flask:
    """The application, with a pool of connections of its own to settings.database_url."""
    if settings.database_url is None:
        raise ValueError("settings.database_url is not set")
    proxies = Proxies(settings.server.trusted_proxies)
    pool = open_pool(
        settings.database_url.get_secret_value(),
        settings.timezone,
        settings.log.slow,
        by_transaction=settings.database_url_direct is not None,
    )
    app = Flask(__name__, static_folder=None, template_folder=pages.WEB)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.converters["id"] = Id
    app.url_map.merge_slashes = False
    app.extensions |= {
        "pool": pool,
        "replica": _replica(settings, pool),
        "settings": settings,
        "proxies": proxies,
        "booking_batches": BookingBatches(),
        "lookups": Lookups(),
        "response_cache": ResponseCache(),
        "assets": Assets(pages.WEB),
        "feed": live.new_feed(pool),
        "rate_limits": RateLimits(tell_database),
        "openapi": json.dumps(openapi.describe(ROUTES, settings.auth.mode == "open"), ensure_ascii=False),
    }

    observation.install(app, {route.path: path_of(route) for route in ROUTES})
    request_tracing.install(app)
    problems.install(app)
    auth.install(app, settings)
    for route in ROUTES:
        add_route(app, route)

    def measured(answers: "WSGIApplication") -> "WSGIApplication":
        return observe(trace_requests(answers), settings.log.slow.total_seconds())

    working = shed_load(app.wsgi_app, MAX_IN_FLIGHT)
    app.wsgi_app = add_security_headers(  # type: ignore[method-assign, assignment]
        wait_aside(working, measured, MAX_BODY_BYTES), proxies
    )
    return app


def _replica(settings: Settings, primary: Pool) -> Replica | None:
    if settings.database_url_replica is None:
        return None
    url = settings.database_url_replica.get_secret_value()
    pool = open_pool(url, settings.timezone, settings.log.slow, of_replica=True)
    return Replica(pool, primary, settings.replica.staleness)


def serve_app() -> Any:
    """The application of one web worker process: what the WSGI server imports."""
    child_process.die_with_server()
    settings = config.load()
    log.configure(settings.log)
    tracing.start()
    config.forget_environment()
    app = create_app(settings)
    Standstill(settings.server.port, settings.server.request_timeout.total_seconds()).watch()
    serve_streams()
    app.extensions["feed"].end_on_signals()
    if replica := app.extensions["replica"]:
        atexit.register(replica.close)
    atexit.register(app.extensions["pool"].close)
    gc.freeze()  # what is loaded now stays: scanning it in each collection costs a tenth of the processor's time
    gc.set_threshold(10_000, 10, 10)
    return app
