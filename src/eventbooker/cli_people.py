"""The command `users`: what is kept of a person, for whoever runs the service and is asked for it."""

import json

import click

from eventbooker.cli_database import load_settings, session


@click.group()
def users() -> None:
    """What is kept of a person: export it, erase it."""


@users.command("export")
@click.argument("email")
def users_export(email: str) -> None:
    """Print everything that is kept of the person with EMAIL, as JSON."""
    with session(load_settings()) as connection:
        row = connection.execute("SELECT export_user(find_user_id(%s))", (email,)).fetchone()
    click.echo(json.dumps(row and row[0], ensure_ascii=False, indent=2))


@users.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def users_erase(email: str, yes: bool) -> None:
    """Delete what is kept of the person with EMAIL; living bookings are canceled, and nobody is told.

    Nothing brings it back. Bookings stay for the counts and name nobody.
    """
    with session(load_settings()) as connection:
        row = connection.execute("SELECT find_user_id(%s)", (email,)).fetchone()
        if not yes:
            click.confirm(f"Delete what is kept of {email} for ever?", abort=True, err=True)
        connection.execute("SELECT erase_user(%s, 'admin')", (row and row[0],))
    click.echo(f"{email} is erased.")
