"""`eventbooker doctor`: is everything as it should be?"""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from eventbooker.config import Settings
from eventbooker.database import OLDEST_POSTGRESQL
from eventbooker.database.migrate import MigrationError, schema_of
from eventbooker.database.pool import connect, error_line, takes_no_writing


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    told: str


def examine(settings: Settings, url: str) -> Iterator[Finding]:
    """Look at configuration, what stands before the database, the database, schema and seats, in this order; later ones
    of the last three are left out if one before fails."""
    yield Finding("configuration", True, f"auth.mode {settings.auth.mode}, timezone {settings.timezone}")
    token = "on" if settings.telegram_bot_token else "switched off: TELEGRAM_BOT_TOKEN is not set"
    yield Finding("notifications", True, token)
    mail = f"on, from {settings.mail.from_}" if settings.smtp_url else "switched off: SMTP_URL is not set"
    yield Finding("mail", True, mail)
    if settings.database_url_direct and settings.database_url:
        yield _pooler(settings.database_url.get_secret_value())
    if settings.database_url_replica:
        yield _replica(settings.database_url_replica.get_secret_value())
    try:
        with connect(url) as connection:
            version = connection.info.parameter_status("server_version")
            new_enough = connection.info.server_version >= OLDEST_POSTGRESQL * 10000
            place = f"{connection.info.host}:{connection.info.port}"
            told = f"PostgreSQL {version} at {place}; {OLDEST_POSTGRESQL} or newer is taken"
            yield Finding("database", new_enough, told)
            if takes_no_writing(connection):
                yield Finding("database", False, "takes no writing: a replica, or default_transaction_read_only is on")
            schema = schema_of(connection)
            try:
                schema.must_be_complete()
                schema.must_not_be_newer()
            except MigrationError as error:
                yield Finding("schema", False, str(error))
                return
            yield Finding("schema", True, "up to date")
            wrong = connection.execute("SELECT event_id, off_by FROM audit_seats()").fetchall()
            told = "; ".join(f"event {event_id} is off by {off_by}" for event_id, off_by in wrong)
            yield Finding("seats", not wrong, told or "every event adds up")
    except psycopg.Error as error:
        yield Finding("database", False, error_line(error))


def _pooler(url: str) -> Finding:
    """DATABASE_URL, where DATABASE_URL_DIRECT says that it is of a PgBouncer."""
    try:
        with connect(url) as connection:
            return Finding(
                "PgBouncer", True, f"leads to the database, at {connection.info.host}:{connection.info.port}"
            )
    except psycopg.Error as error:
        return Finding("PgBouncer", False, f"DATABASE_URL leads nowhere, so the web answers 503: {error_line(error)}")


def _replica(url: str) -> Finding:
    """Where it is of no use, the primary is read; that is told too, since nobody would notice."""
    try:
        with connect(url, target="standby") as connection:
            return Finding("replica", True, f"follows a primary, at {connection.info.host}:{connection.info.port}")
    except psycopg.Error as error:
        return Finding("replica", False, f"is of no use, and lists are read from the primary: {error_line(error)}")
