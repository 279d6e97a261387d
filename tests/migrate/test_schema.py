"""The schema as a whole: what is committed is what migrating makes, and a landed migration is never edited."""

import hashlib
import os
import re
from pathlib import Path

from eventbooker.config import ROOT
from tests.database import Database

SNAPSHOT = ROOT / "sql" / "schema.txt"

MEASURED = [*(f"{number:04}" for number in range(1, 26)), "0027", "0030"]
"""Migrations that were run with ten million bookings, of which none locks a table for a second."""

LARGE = r"ALTER TABLE (ONLY )?(public|archive)\.(bookings|booking_changes|users|outbox|waitlist|client_holds)\b[^;]*"
"""A change of a table that grows with the bookings."""

LONG_OR_SUDDEN = {
    rf"{LARGE}\bADD CONSTRAINT (?![^;]*NOT VALID)": "reads the table under a lock: add it NOT VALID",
    rf"{LARGE}\b(TYPE|SET NOT NULL)\b": "reads or writes the whole table under a lock: add a column, or a constraint",
    rf"{LARGE}\bADD COLUMN [^,;]*DEFAULT [^,;]*\(": "writes the whole table anew: set the default afterwards",
    r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)[^;]* ON (public|archive)\.(bookings|booking_changes|users)\b": (
        "locks out who writes until it is built: build it CONCURRENTLY, outside a transaction"
    ),
    r"\b(DROP|RENAME) COLUMN\b": "the version before still reads it: drop it one version later",
}
"""What does not go beside a service at work, and why. Of `outbox` a week is kept: an index of it takes a moment."""

DESCRIBE = Path(__file__).with_name("describe_schema.sql").read_text()


def test_the_committed_schema_is_what_migrating_makes(database: Database) -> None:
    """UPDATE_SNAPSHOT=1 writes it anew."""
    lines = [row["line"] for row in database.execute(DESCRIBE.replace("%", "%%"))]
    described = "".join(f"{line}\n" for line in [*migrations(), *lines])
    if os.environ.get("UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(described)

    assert described == SNAPSHOT.read_text()


def test_a_landed_migration_is_never_edited() -> None:
    landed = [line for line in SNAPSHOT.read_text().splitlines() if line.startswith("migration ")]

    assert [line for line in landed if line not in migrations()] == []


def test_new_migrations_go_beside_a_service_at_work() -> None:
    """What must take long is done in steps after the migrations, as `_fill_booking_codes` is."""
    found = []
    for file in sorted((ROOT / "sql" / "migrations").glob("*.sql")):
        text = " ".join(re.sub(r"--.*", "", file.read_text()).split())
        if file.stem[:4] not in MEASURED:
            found += [f"{file.name} {why}" for pattern, why in LONG_OR_SUDDEN.items() if re.search(pattern, text)]

    assert found == []


def migrations() -> list[str]:
    """A line for each migration, with the SHA-256 of the file."""
    files = sorted((ROOT / "sql" / "migrations").glob("*.sql"))
    return [f"migration {file.stem} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]
