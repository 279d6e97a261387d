"""What a command works with: the settings, and the configured or private database."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import structlog

from eventbooker import config, log
from eventbooker.config import Settings
from eventbooker.database import embedded
from eventbooker.database.migrate import schema_of
from eventbooker.database.pool import Connection, connect, error_line

logger = structlog.get_logger()

Private = Callable[[Path, Callable[[str], None]], AbstractContextManager[str]]
"""How to use the private PostgreSQL in a directory: start it, or connect to the one that another process runs."""


def load_settings(**flags: Any) -> Settings:
    """As configured, stronger where flags say otherwise; logging follows them. Raises ConfigError."""
    settings = config.load(**flags)
    log.configure(settings.log)
    return settings


@contextmanager
def database(settings: Settings, private: Private = embedded.joined) -> Iterator[str]:
    """The URL for sessions on the configured database, or on the private one, started here or by another process."""
    if settings.session_url:
        yield settings.session_url.get_secret_value()
    else:
        with private(settings.data_dir, say) as url:
            yield url


def for_requests(settings: Settings, url: str) -> str:
    """Where the web is to connect if `url` is for sessions: to the PgBouncer, if there is one."""
    return settings.database_url.get_secret_value() if settings.database_url else url


@contextmanager
def kept_database(settings: Settings) -> Iterator[tuple[str, Callable[[], None]]]:
    """The same URL, the private one started here, and what keeps that running: called again and again, it starts it
    again if it died, and raises EmbeddedError if that is of no use."""
    if settings.session_url:
        yield settings.session_url.get_secret_value(), lambda: None
    else:
        with embedded.owned(settings.data_dir, say) as server:
            yield server.url, server.keep


@contextmanager
def session(settings: Settings) -> Iterator[Connection]:
    """A session on a database that has our tables."""
    with database(settings) as url:
        must_be_migrated(url)
        with connect(url) as connection:
            yield connection


def must_be_migrated(url: str) -> None:
    """A database that is away may come back, and requests are answered 503 until then; one without tables will not.

    One of a newer version is served: during an upgrade both versions are. Raises MigrationError."""
    try:
        with connect(url) as connection:
            schema = schema_of(connection)
    except psycopg.OperationalError as error:
        logger.warning("the database does not answer yet", error=error_line(error))
        return
    schema.must_be_complete()
    if schema.unknown:
        logger.warning("the database is of a newer version; upgrade this one soon", migrations=schema.unknown)


def say(line: str) -> None:
    """To people, not to programs that read the output."""
    print(line, file=sys.stderr, flush=True)
