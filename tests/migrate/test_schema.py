"""The schema as a whole: what is committed is what migrating makes, and a landed migration is never edited."""

import hashlib
import os
from pathlib import Path

from eventbooker.config import ROOT
from tests.database import Database

SNAPSHOT = ROOT / "sql" / "schema.txt"
SUMS = ROOT / "sql" / "migrations" / "SHA256SUMS"

DESCRIBE = Path(__file__).with_name("describe_schema.sql").read_text()


def test_the_committed_schema_is_what_migrating_makes(database: Database) -> None:
    """UPDATE_SNAPSHOT=1 writes it anew."""
    described = "".join(f"{row['line']}\n" for row in database.execute(DESCRIBE.replace("%", "%%")))
    if os.environ.get("UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(described)

    assert described == SNAPSHOT.read_text()


def test_a_landed_migration_is_never_edited() -> None:
    """A new one adds its line: `cd sql/migrations && sha256sum *.sql > SHA256SUMS`."""
    files = sorted(SUMS.parent.glob("*.sql"))
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)

    assert sums == SUMS.read_text()
