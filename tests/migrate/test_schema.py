"""The schema as a whole: what is committed is what migrating makes, and a landed migration is never edited."""

import hashlib
import os
from pathlib import Path

from eventbooker.config import ROOT
from tests.database import Database

SNAPSHOT = ROOT / "sql" / "schema.txt"

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


def migrations() -> list[str]:
    """A line for each migration, with the SHA-256 of the file."""
    files = sorted((ROOT / "sql" / "migrations").glob("*.sql"))
    return [f"migration {file.stem} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]
