"""The `eventbooker` command."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click
import psycopg
import structlog
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from eventbooker import config, log, supervisor
from eventbooker.config import ConfigError, Settings
from eventbooker.database import embedded
from eventbooker.database.migrate import MigrationError, migrate, pending
from eventbooker.database.pool import Connection, connect, error_line
from eventbooker.doctor import examine
from eventbooker.metrics_directory import shared_metrics
from eventbooker.notifications import report
from eventbooker.passwords import MIN_PASSWORD_LENGTH, hash_password, is_password, new_token
from eventbooker.tokens import load_tokens

logger = structlog.get_logger()

Private = Callable[[Path, Callable[[str], None]], AbstractContextManager[str]]
"""How to use the private PostgreSQL in a directory: start it, or connect to the one that another process runs."""

OPERATIONAL_ERRORS = (
    ConfigError,
    embedded.EmbeddedError,
    MigrationError,
    supervisor.StartError,
    psycopg.Error,
)
"""What a person can mend: told in one line, without a traceback."""


def main() -> NoReturn:
    """Run the command; errors that a person can mend end it with one line and status 1."""
    try:
        cli(prog_name="eventbooker", standalone_mode=True)
    except OPERATIONAL_ERRORS as error:
        fail(error)
    sys.exit(0)


def fail(error: Exception) -> NoReturn:
    """End with one line that says what is wrong."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    print(f"eventbooker: {' '.join((primary or str(error)).split())}", file=sys.stderr)
    sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """EventBooker: takes bookings for events, with PostgreSQL counting the seats.

    Settings come from config.yaml, the environment (.env is read) and flags, the later ones stronger; README.md lists
    them. Without DATABASE_URL a private PostgreSQL in var/ is used.
    """


def server_options(command: Any) -> Any:
    """--host, --port and --workers."""
    for option in (
        click.option("--workers", type=int, metavar="N", help="Web processes (server.workers, 2)."),
        click.option("--port", type=int, metavar="N", help="Port to listen on (server.port, 8080)."),
        click.option("--host", metavar="ADDRESS", help="Address to listen on (server.host, 127.0.0.1)."),
    ):
        command = option(command)
    return command


@cli.command()
@server_options
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Run everything: database (if none is configured), migrations, web, worker."""
    settings = _settings(server__host=host, server__port=port, server__workers=workers).must_be_safe_to_serve()
    from eventbooker.http import server

    server.must_be_free(settings.server.host, settings.server.port)
    supervisor.stop_on_signals()
    with _database(settings, embedded.running) as url:
        _migrate(settings, url)
        _switch_channels(settings, url)
        with shared_metrics():
            supervisor.serve(settings, url, lambda: _say_ready(settings))


@cli.command()
@server_options
def web(host: str | None, port: int | None, workers: int | None) -> None:
    """Run the pages and the API."""
    settings = _settings(server__host=host, server__port=port, server__workers=workers).must_be_safe_to_serve()
    with _database(settings) as url, shared_metrics():
        from eventbooker.http import server  # the WSGI server is of no use to the other commands

        _must_be_migrated(url)
        if settings.auth.mode == "open":
            logger.warning("open mode: everybody who reaches this address may do everything", host=settings.server.host)
        # What the server's processes read again, each for itself.
        os.environ |= {"DATABASE_URL": url, "EVENTBOOKER_SERVER_HOST": settings.server.host}
        server.run(settings)


@cli.command()
def worker() -> None:
    """Sweep lapsed holds and tell people in Telegram."""
    from eventbooker.worker import process

    settings = _settings()
    with _database(settings) as url:
        _must_be_migrated(url)
        process.run(settings.model_copy(update={"database_url": SecretStr(url)}))


@cli.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date: tables, then views and functions."""
    settings = _settings()
    with _database(settings) as url:
        applied = _migrate(settings, url)
    click.echo(f"applied {', '.join(applied)}" if applied else "nothing to apply; views and functions loaded")


@cli.command()
def doctor() -> None:
    """Check configuration, database, schema version and seat accounting."""
    try:
        settings = config.load()
    except ConfigError as error:
        click.echo(f"FAIL  configuration: {error}")
        sys.exit(1)
    with _database(settings) as url:
        findings = list(examine(settings, url))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.told}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the configured or private database; ARGUMENTS go to psql."""
    settings = _settings()
    with _database(settings) as url:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for psql's query, not for us
        program = "psql" if settings.database_url else str(embedded.binary("psql"))
        # The password must not stand on the command line, where everybody could read it.
        names = {"dbname": "PGDATABASE"}
        libpq = {names.get(key, f"PG{key.upper()}"): str(value) for key, value in conninfo_to_dict(url).items()}
        try:
            status = subprocess.call([program, *arguments], env={**os.environ, "PGTZ": settings.timezone, **libpq})
        except FileNotFoundError:
            raise ConfigError("psql: is not installed; with DATABASE_URL set, the psql on PATH is used") from None
    sys.exit(status)


@cli.group(invoke_without_command=True)
@click.pass_context
def notifications(context: click.Context) -> None:
    """Tell how the messages to people are doing: how many wait, were sent or failed, and the last errors."""
    if context.invoked_subcommand:
        return
    settings = _settings()
    with _session(settings) as connection:
        row = connection.execute("SELECT get_notifications()").fetchone()
    if row:
        for line in report(row[0], ZoneInfo(settings.timezone)):
            click.echo(line)


@notifications.command("retry")
@click.argument("id_", metavar="ID", type=click.IntRange(1, 2**63 - 1))
def notifications_retry(id_: int) -> None:
    """Try message ID again, now; its user counts as reachable again."""
    with _session(_settings()) as connection:
        connection.execute("SELECT requeue_notification(%s)", (id_,))
    click.echo(f"Notification {id_} is waiting to be sent.")


@cli.command()
@click.option(
    "--before",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Events that started before this day, in the configured time zone.",
)
def archive(before: datetime) -> None:
    """Move events that are over, with bookings and history, to the schema archive."""
    settings = _settings()
    day = before.replace(tzinfo=ZoneInfo(settings.timezone))
    archived = 0
    with _session(settings) as connection:
        while (row := connection.execute("SELECT archive_events(%s)", (day,)).fetchone()) and row[0]:
            archived += row[0]
    click.echo(f"archived {archived} {'event' if archived == 1 else 'events'}")


@cli.group()
def admin() -> None:
    """Administrators."""


@admin.command("create")
@click.argument("email")
def admin_create(email: str) -> None:
    """Make EMAIL an admin who can sign in; asks for the password (or EVENTBOOKER_ADMIN_PASSWORD holds it).

    If EMAIL was no admin or had another password, all its sessions and API tokens end.
    """
    settings = _settings()
    password = settings.admin_password and settings.admin_password.get_secret_value()
    password = password or click.prompt("Password", hide_input=True, confirmation_prompt=sys.stdin.isatty())
    _check_password(password)
    with _session(settings) as connection:
        _create_admin(connection, email, password)
    click.echo(f"{email} is an admin.")


@admin.command("reset-link")
@click.argument("email")
def admin_reset_link(email: str) -> None:
    """Print a link with which the user of EMAIL sets a password, once and within 15 minutes."""
    settings = _settings()
    nonce = secrets.token_urlsafe(16)
    with _session(settings) as connection:
        stored = connection.execute("SELECT get_secret_key()").fetchone()
        token = load_tokens(settings, lambda: str(stored and stored[0])).link(nonce)
        connection.execute("SELECT create_reset_link(find_user_id(%s), %s, %s)", (email, nonce, token))
    click.echo(f"{settings.public_url}/#reset={token}")


@cli.group()
def token() -> None:
    """API tokens, for `Authorization: Bearer`."""


@token.command("create")
@click.option("--email", required=True, help="The user whom the token acts for.")
@click.option("--label", help="What the token is for.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it lives; for ever if not given.")
def token_create(email: str, label: str | None, days: int | None) -> None:
    """Make an API token and print it, this once."""
    made = new_token()
    with _session(_settings()) as connection:
        connection.execute(
            "SELECT create_api_token(%s, %s, %s, %s)", (email, made, days and timedelta(days=days), label)
        )
    click.echo(made)


def _settings(**flags: Any) -> Settings:
    settings = config.load(**flags)
    log.configure(settings.log)
    return settings


@contextmanager
def _database(settings: Settings, private: Private = embedded.joined) -> Iterator[str]:
    """The URL of the configured database, or of the private one, started here or by another process."""
    if settings.database_url:
        yield settings.database_url.get_secret_value()
    else:
        with private(settings.data_dir, _say) as url:
            yield url


@contextmanager
def _session(settings: Settings) -> Iterator[Connection]:
    """A session on a database that has our tables."""
    with _database(settings) as url:
        _must_be_migrated(url)
        with connect(url) as connection:
            yield connection


def _migrate(settings: Settings, url: str) -> list[str]:
    applied = migrate(url, _say, settings.timezone)
    with connect(url) as connection:
        connection.execute(
            "SELECT public.set_max_bookings_per_user(%s::integer)", (settings.booking.max_per_user or None,)
        )
    if settings.admin_email and settings.admin_password:
        password = settings.admin_password.get_secret_value()
        _check_password(password)
        with connect(url) as connection:
            _create_admin(connection, settings.admin_email, password)
    return applied


def _switch_channels(settings: Settings, url: str) -> None:
    """Without a bot or a mail server, nothing may be queued for it from the first booking on."""
    with connect(url) as connection:
        if settings.telegram_bot_token:
            connection.execute("SELECT enable_telegram(%s)", (settings.telegram.reminder,))
        else:
            connection.execute("SELECT disable_telegram()")
        if settings.smtp_url:
            connection.execute("SELECT enable_mail(%s)", (settings.mail.reminder,))
        else:
            connection.execute("SELECT disable_mail()")


def _must_be_migrated(url: str) -> None:
    """A database that is away may come back, and requests are answered 503 until then; one without tables will not."""
    try:
        missing = pending(url)
    except psycopg.OperationalError as error:
        logger.warning("the database does not answer yet", error=error_line(error))
        return
    if missing:
        raise MigrationError(f"the database lacks {', '.join(missing)}; run `eventbooker migrate`")


def _check_password(password: str) -> None:
    if len(password) < MIN_PASSWORD_LENGTH:
        raise ConfigError(f"the admin's password: takes at least {MIN_PASSWORD_LENGTH} characters")


def _create_admin(connection: Connection, email: str, password: str) -> None:
    """Nothing changes, and no session ends, where this is an admin with this password already."""
    row = connection.execute("SELECT find_admin_password_hash(%s)", (email,)).fetchone()
    kept = row and row[0]
    password_hash = kept if kept and is_password(password, kept) else hash_password(password)
    connection.execute("SELECT create_admin(%s, %s)", (email, password_hash))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say_ready(settings: Settings) -> None:
    host = settings.server.host
    shown = "localhost" if settings.server.on_loopback or host in ("0.0.0.0", "::") else host  # noqa: S104
    base = f"http://{shown}:{settings.server.port}"
    print(
        f"EventBooker is ready: {base}  (pages: / /user /admin, API: /events; stop with Ctrl-C)",
        flush=True,
    )
