"""Owners of the private PostgreSQL in processes of their own, which tests may kill."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from eventbooker.database import embedded
from tests.waiting import until

OWNER = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started us with it ignored
from pathlib import Path
from eventbooker.database import embedded
with embedded.running(Path(sys.argv[1]), lambda line: None) as url:
    print(url, flush=True)
    signal.pause()
"""


def quiet(_line: str) -> None:
    pass


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def directory_of(url: str) -> Path:
    """Where the running server keeps its data."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    return Path(row[0])


def owner_of(data: Path, **options: Any) -> "subprocess.Popen[str]":
    """A process that owns the server and prints its URL."""
    return subprocess.Popen([sys.executable, "-c", OWNER, data], stdout=subprocess.PIPE, text=True, **options)


def started(data: Path, **options: Any) -> tuple["subprocess.Popen[str]", str]:
    """Such a process and the URL, once it answers."""
    owner = owner_of(data, **options)
    assert owner.stdout is not None
    url = owner.stdout.readline().strip()
    owner.stdout.close()
    assert answers(url)
    return owner, url


def processes_with(text: str) -> list[int]:
    """Whoever has this in the command line, but for ourselves."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if text.encode() in place.read_bytes() and int(place.parent.name) != os.getpid():
                found.append(int(place.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory whose server was started once; under a directory that only its owner may enter."""
    data = tmp_path_factory.mktemp("private") / "data"
    with embedded.running(data, quiet):
        pass
    yield data
    shutil.rmtree(embedded.place_elsewhere(data), ignore_errors=True)


@pytest.fixture
def nobody() -> pwd.struct_passwd:
    if os.geteuid() != 0:
        pytest.skip("takes root, who can become another user")
    return pwd.getpwnam("nobody")


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that every user can enter."""
    place = Path(tempfile.mkdtemp(prefix="eventbooker-open-"))
    place.chmod(0o755)
    yield place
    until(lambda: not processes_with(str(place)))  # a guard may be stopping its server yet
    shutil.rmtree(place)
