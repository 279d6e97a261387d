"""The commands `admin` and `token`: who has access, given and taken away by whoever runs the service."""

import re
import secrets
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from eventbooker.cli_database import load_settings, session
from eventbooker.columns import aligned
from eventbooker.config import ConfigError
from eventbooker.database.pool import Connection
from eventbooker.passwords import MIN_PASSWORD_LENGTH, hash_password, is_password, new_token
from eventbooker.tokens import load_tokens

HEADINGS = ("ID", "LABEL", "SCOPE", "WHOSE", "MADE", "LAST USED", "ENDS")


@click.group()
def admin() -> None:
    """Administrators."""


@admin.command("create")
@click.argument("email")
def admin_create(email: str) -> None:
    """Make EMAIL an admin who can sign in; asks for the password (or EVENTBOOKER_ADMIN_PASSWORD holds it).

    If EMAIL was no admin or had another password, all its sessions and API tokens end.
    """
    settings = load_settings()
    password = settings.admin_password and settings.admin_password.get_secret_value()
    password = password or click.prompt("Password", hide_input=True, confirmation_prompt=sys.stdin.isatty())
    check_password(password)
    with session(settings) as connection:
        make_admin(connection, email, password)
    click.echo(f"{email} is an admin.")


@admin.command("reset-link")
@click.argument("email")
def admin_reset_link(email: str) -> None:
    """Print a link with which the user of EMAIL sets a password, once and within 15 minutes."""
    settings = load_settings()
    nonce = secrets.token_urlsafe(16)
    with session(settings) as connection:
        stored = connection.execute("SELECT get_secret_key()").fetchone()
        token = load_tokens(settings, lambda: str(stored and stored[0])).link(nonce)
        connection.execute("SELECT create_reset_link(find_user_id(%s), %s, %s)", (email, nonce, token))
    click.echo(f"{settings.public_url}/#reset={token}")


@click.group()
def token() -> None:
    """API tokens, for `Authorization: Bearer`."""


@token.command("create")
@click.option("--email", help="The user whom the token acts for; the admin, if there is only one. A door needs none.")
@click.option("--label", help="What the token is for.")
@click.option(
    "--scope",
    type=click.Choice(["admin", "read", "door"]),
    default="admin",
    show_default=True,
    help="Whatever its user may do, only reading of it, or only the door of one event.",
)
@click.option(
    "--event", "event_id", type=click.IntRange(1, 2**63 - 1), metavar="ID", help="Whose door, for --scope door."
)
@click.option("--expires", metavar="30d|YYYY-MM-DD", help="After how many days, or with which day, it ends.")
def token_create(email: str | None, label: str | None, scope: str, event_id: int | None, expires: str | None) -> None:
    """Make an API token and print it, this once."""
    if (scope == "door") != (event_id is not None):
        raise click.UsageError("--event must be given for --scope door, and for no other")
    settings = load_settings()
    lifetime, ends_at = _end(expires, ZoneInfo(settings.timezone)) if expires else (None, None)
    made = new_token()
    with session(settings) as connection:
        connection.execute(
            "SELECT create_api_token(CASE WHEN %s::text IS NOT NULL THEN find_user_id(%s) END,"
            " %s, %s, %s, coalesce(%s::timestamptz, clock() + %s::interval), %s)",
            (email, email, made, scope, event_id, ends_at, lifetime, label),
        )
    click.echo(made)


@token.command("list")
def token_list() -> None:
    """List the API tokens that have not ended; what opens something is never shown again."""
    settings = load_settings()
    with session(settings) as connection:
        row = connection.execute("SELECT list_api_tokens()").fetchone()
    for line in _report(row[0] if row else [], ZoneInfo(settings.timezone)):
        click.echo(line)


@token.command("revoke")
@click.argument("id_", metavar="ID", type=click.IntRange(1, 2**63 - 1))
def token_revoke(id_: int) -> None:
    """Revoke API token ID, as `token list` calls it."""
    with session(load_settings()) as connection:
        connection.execute("SELECT revoke_api_token(%s)", (id_,))
    click.echo(f"Token {id_} is revoked.")


def _end(expires: str, zone: ZoneInfo) -> tuple[timedelta | None, datetime | None]:
    """How long a token lives, or when its last day is over."""
    if days := re.fullmatch(r"([1-9][0-9]{0,3})d", expires):
        return timedelta(days=int(days[1])), None
    try:
        ends_at = datetime.strptime(expires, "%Y-%m-%d").replace(tzinfo=zone) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise click.BadParameter("takes days, such as 30d, or a day, 2030-12-31", param_hint="--expires") from None
    if ends_at <= datetime.now(zone):
        raise click.BadParameter("is over already", param_hint="--expires")
    return None, ends_at


def _report(tokens: list[dict[str, Any]], zone: ZoneInfo) -> Iterator[str]:
    """The lines that tell of what `list_api_tokens` answered; times are in `zone`."""

    def moment(told: str | None) -> str:
        return f"{datetime.fromisoformat(told).astimezone(zone):%Y-%m-%d %H:%M %Z}" if told else "never"

    if not tokens:
        yield "There are no API tokens."
        return
    yield from aligned(
        [
            HEADINGS,
            *(
                (
                    str(one["id"]), _printable(one["label"] or "-"),
                    f"door of event {one['event_id']}" if one["event_id"] else one["scope"],
                    _printable(one["user_email"] or "-"),
                    moment(one["created_at"]), moment(one["last_used_at"]), moment(one["expires_at"]),
                )
                for one in tokens
            ),
        ]
    )  # fmt: skip


def _printable(text: str) -> str:
    """A label could else move the cursor of the terminal it is shown on."""
    return "".join(character if character.isprintable() else "?" for character in text)


def check_password(password: str) -> None:
    """Raises ConfigError."""
    if len(password) < MIN_PASSWORD_LENGTH:
        raise ConfigError(f"the admin's password: takes at least {MIN_PASSWORD_LENGTH} characters")


def make_admin(connection: Connection, email: str, password: str) -> None:
    """Nothing changes, and no session ends, where this is an admin with this password already."""
    row = connection.execute("SELECT find_admin_password_hash(%s)", (email,)).fetchone()
    kept = row and row[0]
    password_hash = kept if kept and is_password(password, kept) else hash_password(password)
    connection.execute("SELECT create_admin(%s, %s)", (email, password_hash))
