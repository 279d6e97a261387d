"""The WSGI server (granian) in front of the application."""

import gc
import logging
import resource

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from eventbooker import child_process
from eventbooker.config import Settings
from eventbooker.http import app
from eventbooker.http.overload import MAX_IN_FLIGHT
from eventbooker.http.slow_clients import MAX_WAITING
from eventbooker.http.standstill import IDLE_SECONDS
from eventbooker.listening import must_be_free

CONNECTIONS = 4096
"""Connections that a worker process keeps open, most of them idle: each costs a file, and none a thread."""

THREADS = MAX_IN_FLIGHT + MAX_WAITING + 8
"""Of a worker process, at most: the server starts them as they are needed. The last few answer 503."""

MAX_HEADER_BYTES = 32 * 1024
"""Of all headers of a request together; past it the server answers 431."""


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises ConfigError if the address cannot be had."""
    server = settings.server
    must_be_free(server.host, server.port)
    child_process.terminate_with_parent()
    _may_open_files()
    # It warns of many threads; ours sleep while they book together.
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())
    gc.freeze()  # what is loaded is shared by the processes to come, until one's collection of garbage writes to it
    Granian(
        f"{app.__name__}:{app.serve_app.__name__}",  # imported here already, so that its processes start at once
        factory=True,
        address=server.host,
        port=server.port,
        interface=Interfaces.WSGI,
        workers=server.workers,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,  # in HTTP/2 one connection could send 200 slow requests at once
        http1_settings=HTTP1Settings(header_read_timeout=IDLE_SECONDS * 1000, max_buffer_size=MAX_HEADER_BYTES),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
        log_dictconfig={"loggers": {"_granian": {"propagate": True}}},  # to our handler, in our format
    ).serve()


def _may_open_files() -> None:
    """As many as this process may allow itself: the usual 1024 are few for connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
