"""The `eventbooker` command."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from typing import Any, LiteralString, NoReturn
from zoneinfo import ZoneInfo

import click
import psycopg
import structlog
from psycopg.pq import Conninfo
from pydantic import SecretStr

from eventbooker import config, supervisor
from eventbooker.cli_access import admin, check_password, make_admin, token
from eventbooker.cli_backup import backup, restore
from eventbooker.cli_database import (
    database,
    for_requests,
    kept_database,
    load_settings,
    must_be_migrated,
    say,
    session,
)
from eventbooker.cli_events import events
from eventbooker.cli_people import users
from eventbooker.config import ConfigError, Settings
from eventbooker.database import embedded
from eventbooker.database.backup import BackupError
from eventbooker.database.client_programs import ProgramError
from eventbooker.database.migrate import MigrationError, migrate
from eventbooker.database.pool import connect
from eventbooker.database.restore import RestoreError
from eventbooker.doctor import examine
from eventbooker.listening import must_be_free
from eventbooker.metrics_directory import shared_metrics
from eventbooker.notifications import report

logger = structlog.get_logger()

OPERATIONAL_ERRORS = (
    ConfigError,
    embedded.EmbeddedError,
    MigrationError,
    BackupError,
    RestoreError,
    ProgramError,
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
    said = [error.diag.message_primary, error.diag.message_hint] if isinstance(error, psycopg.Error) else []
    print(f"eventbooker: {' '.join((' '.join(filter(None, said)) or str(error)).split())}", file=sys.stderr)
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
    settings = load_settings(server__host=host, server__port=port, server__workers=workers).must_be_safe_to_serve()
    must_be_free(settings.server.host, settings.server.port)
    supervisor.stop_on_signals()
    with kept_database(settings) as (url, keep_database):
        _migrate(settings, url)
        _switch_channels(settings, url)
        with shared_metrics():
            supervisor.serve(settings, for_requests(settings, url), lambda: _say_ready(settings), keep_database)


@cli.command()
@server_options
def web(host: str | None, port: int | None, workers: int | None) -> None:
    """Run the pages and the API."""
    settings = load_settings(server__host=host, server__port=port, server__workers=workers).must_be_safe_to_serve()
    with database(settings) as url, shared_metrics():
        from eventbooker.http import server  # the WSGI server is of no use to the other commands

        must_be_migrated(url)
        if settings.auth.mode == "open":
            logger.warning("open mode: everybody who reaches this address may do everything", host=settings.server.host)
        # What the server's processes read again, each for itself.
        os.environ |= {
            **config.for_processes(for_requests(settings, url)),
            "EVENTBOOKER_SERVER_HOST": settings.server.host,
            "EVENTBOOKER_SERVER_PORT": str(settings.server.port),
        }
        server.run(settings)


@cli.command()
def worker() -> None:
    """Sweep lapsed holds and tell people in Telegram."""
    from eventbooker.worker import process

    settings = load_settings()
    with database(settings) as url:
        must_be_migrated(url)
        process.run(settings.model_copy(update={"database_url": SecretStr(url)}))


@cli.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date: tables, then views and functions."""
    settings = load_settings()
    with database(settings) as url:
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
    with database(settings) as url:
        findings = list(examine(settings, url))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.told}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the configured or private database; ARGUMENTS go to psql."""
    settings = load_settings()
    with database(settings) as url:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for psql's query, not for us
        program = "psql" if settings.database_url else str(embedded.binary("psql"))
        # The password must not stand on the command line, where everybody could read it.
        libpq = {
            option.envvar.decode(): option.val.decode()
            for option in Conninfo.parse(url.encode())
            if option.envvar and option.val is not None
        }
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
    settings = load_settings()
    with session(settings) as connection:
        row = connection.execute("SELECT get_notifications()").fetchone()
    if row:
        for line in report(row[0], ZoneInfo(settings.timezone)):
            click.echo(line)


@notifications.command("retry")
@click.argument("id_", metavar="ID", type=click.IntRange(1, 2**63 - 1))
def notifications_retry(id_: int) -> None:
    """Try message ID again, now; its user counts as reachable again."""
    with session(load_settings()) as connection:
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
@click.option("--delete", is_flag=True, help="Delete for good those that are in the archive already, instead.")
def archive(before: datetime, delete: bool) -> None:
    """Move events that are over, with bookings and history, to the schema archive, as the worker does in time."""
    settings = load_settings()
    day = before.replace(tzinfo=ZoneInfo(settings.timezone))
    call: LiteralString = "SELECT delete_archived_events(%s)" if delete else "SELECT archive_events(%s)"
    events = 0
    with session(settings) as connection:
        while (row := connection.execute(call, (day,)).fetchone()) and row[0]:
            events += row[0]
    click.echo(f"{'deleted' if delete else 'archived'} {events} {'event' if events == 1 else 'events'}")


cli.add_command(admin)
cli.add_command(token)
cli.add_command(users)
cli.add_command(events)
cli.add_command(backup)
cli.add_command(restore)


def _migrate(settings: Settings, url: str) -> list[str]:
    applied = migrate(url, say, settings.timezone)
    with connect(url) as connection:
        connection.execute(
            "SELECT public.set_max_bookings_per_user(%s::integer)", (settings.booking.max_per_user or None,)
        )
    if settings.admin_email and settings.admin_password:
        password = settings.admin_password.get_secret_value()
        check_password(password)
        with connect(url) as connection:
            make_admin(connection, settings.admin_email, password)
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


def _say_ready(settings: Settings) -> None:
    host = settings.server.host
    shown = "localhost" if settings.server.on_loopback or host in ("0.0.0.0", "::") else host  # noqa: S104
    base = f"http://{shown}:{settings.server.port}"
    print(
        f"EventBooker is ready: {base}  (pages: / /user /admin, API: /events; stop with Ctrl-C)",
        flush=True,
    )
