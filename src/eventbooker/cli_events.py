"""The command `events`: what organisers do with many events at once."""

import sys
from dataclasses import asdict
from pathlib import Path

import click
from psycopg.types.json import Jsonb

from eventbooker.cli_database import load_settings, session


@click.group()
def events() -> None:
    """Events, many at once."""


@events.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what is wrong with each line, and create nothing.")
@click.option("--seats", type=click.IntRange(1, 1_000_000), help="Of each event of which the file does not say it.")
def events_import(file: Path, dry_run: bool, seats: int | None) -> None:
    """Create the events of FILE, all or none: iCalendar if its name ends with .ics, else CSV (README.md says how).

    A line that is wrong is told with its number, and then none is created and the exit status is 1.
    """
    from eventbooker.calendar_files import read_ical
    from eventbooker.event_files import read_csv, read_events

    settings = load_settings()
    reader = read_ical if file.suffix.lower() == ".ics" else read_csv
    lines = Jsonb([asdict(line) for line in read_events(file.read_bytes(), reader, seats)])
    with session(settings) as connection, connection.transaction():
        connection.execute("SELECT set_config('TimeZone', %s, true)", (settings.timezone,))
        looked = connection.execute("SELECT import_events(%s, p_dry_run => true)", (lines,)).fetchall()[0][0]
        wrong = [(line["line"], error) for line in looked for error in line["errors"]]
        for number, error in wrong:
            click.echo(f"line {number}: {error['field']}: {error['message']}")
        if wrong:
            sys.exit(1)
        created = [] if dry_run else connection.execute("SELECT import_events(%s)", (lines,)).fetchall()[0][0]
    for line in created or looked:
        event = line["event"]
        click.echo(f"line {line['line']}: {event.get('id', 'fits')}: {event['name']}, {event['date']}")
    click.echo(f"{len(looked)} {'fit' if dry_run else 'created'}")
