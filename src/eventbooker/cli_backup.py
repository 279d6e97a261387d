"""The commands `backup` and `restore`."""

import sys
from pathlib import Path

import click

from eventbooker.cli_database import database, load_settings, say
from eventbooker.database import backup as backups
from eventbooker.database import restore as restoring
from eventbooker.database.pool import connect


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over FILE if it exists.")
def backup(file: Path, force: bool) -> None:
    """Write all that is in the database to FILE and check it; the service may go on meanwhile.

    The check restores it into a scratch database on the same server, which takes as much room again, and compares the
    rows of every table and the seat accounting. FILE holds people's data and secret keys; only its owner may read it.
    """
    settings = load_settings()
    with database(settings) as url:
        made = backups.back_up(url, file, force, say)
    rows, size = sum(made.counts.values()), file.stat().st_size / 1e6
    click.echo(f"{file}: {size:,.1f} MB, {rows:,} rows of {len(made.counts)} tables, of PostgreSQL {made.server}")
    if made.unchecked:
        click.echo(f"The file can be read to its end, but was not restored to check rows and seats: {made.unchecked}.")
    else:
        click.echo("Checked: restored into a scratch database, every table has its rows and the seats are the same.")
    if made.broken_law:
        click.echo(
            f"The seats of events {', '.join(map(str, made.broken_law))} do not add up, in the database and so in the "
            "backup; explain_event(…) says why.",
            err=True,
        )
        sys.exit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Delete everything that is in the database first.")
def restore(file: Path, replace: bool) -> None:
    """Read the backup FILE into the configured or private database, and bring it up to date.

    The database must be empty, or be given up with --replace, and no EventBooker may run on it. All of the backup is
    restored or nothing is changed. Sessions and mailed links end; everything else is as it was when FILE was written.
    """
    settings = load_settings()
    with database(settings) as url:
        done = restoring.restore(url, file, replace, settings.timezone, say)
        with connect(url) as connection:
            counts = backups.count_rows(connection)
            broken = connection.execute("SELECT event_id FROM audit_seats()").fetchall()
    click.echo(
        f"Restored the backup of {done.header.created} (database {done.header.database}, PostgreSQL "
        f"{done.header.server}): {sum(counts.values()):,} rows of {len(counts)} tables, among them "
        f"{counts['events']:,} events, {counts['bookings']:,} bookings, {counts['users']:,} users."
    )
    if done.applied:
        click.echo(f"It was of an older version; applied {', '.join(done.applied)}.")
    click.echo(f"Ended {done.sessions} {'session' if done.sessions == 1 else 'sessions'}: people sign in again.")
    if broken:
        click.echo(f"The seats of events {', '.join(str(row[0]) for row in broken)} do not add up.", err=True)
        sys.exit(1)
    click.echo("Seats: every event adds up.")
