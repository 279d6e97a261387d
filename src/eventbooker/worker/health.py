"""The worker's own port: what it counts, for Prometheus, and whether its work gets done."""

import json
import threading
from collections.abc import Iterable
from http import HTTPStatus
from socket import AF_INET, AF_INET6
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import psycopg
from prometheus_client import make_wsgi_app

from eventbooker.database.migrate import schema_of
from eventbooker.database.pool import connect, error_line, takes_no_writing
from eventbooker.metrics import registry_of_all
from eventbooker.worker.punctuality import LastSweep

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LOOK_SECONDS = 3
"""How long a statement may take by which we see whether the database is well."""


def start(host: str, port: int, database_url: str, last_sweep: LastSweep) -> None:
    """Answer /metrics, /healthz and /readyz. Raises OSError if the address cannot be had."""
    metrics = make_wsgi_app(registry_of_all())

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/healthz":
                return _tell(start_response, 200, {"status": "ok"})
            case "/readyz":
                if found := _why_not(database_url, last_sweep):
                    code, detail = found
                    return _tell(
                        start_response,
                        503,
                        {"type": f"urn:eventbooker:{code}", "status": 503, "code": code, "detail": detail},
                    )
                return _tell(start_response, 200, {"status": "ready"})
        counted: Iterable[bytes] = metrics(environ, start_response)
        return counted

    server = make_server(host, port, answer, _server_for(host), _QuietHandler)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()


def _server_for(host: str) -> type[WSGIServer]:
    class Server(ThreadingMixIn, WSGIServer):
        """A thread for each who asks, so that nobody waits for one who reads slowly."""

        daemon_threads = True
        address_family = AF_INET6 if ":" in host else AF_INET

    return Server


class _QuietHandler(WSGIRequestHandler):
    timeout = 10

    def log_message(self, *_: object) -> None:
        """Whoever watches asks every few seconds."""


def _tell(start_response: "StartResponse", status: int, body: dict[str, object]) -> Iterable[bytes]:
    content_type = "application/json" if status == 200 else "application/problem+json"
    start_response(f"{status} {HTTPStatus(status).phrase}", [("Content-Type", content_type)])
    return [json.dumps(body).encode()]


def _why_not(database_url: str, last_sweep: LastSweep) -> tuple[str, str] | None:
    """The code, the same as the web's, and what a person is told. A database of a newer version will do, as there."""
    try:
        with connect(database_url, "health", LOOK_SECONDS) as connection:
            schema, is_read_only = schema_of(connection), takes_no_writing(connection)
    except psycopg.Error as error:
        return "database_away", f"The database does not answer: {error_line(error)}"
    if schema.lacks:
        return "schema_outdated", f"The database lacks {', '.join(schema.lacks)}; run `eventbooker migrate`."
    if is_read_only:
        return "database_read_only", "The database takes no writing: it is a replica, or was set so."
    if late := last_sweep.why_late():
        return "sweep_late", late
    return None
