"""The private PostgreSQL, with real processes that are really killed."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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


def started(data: Path, **options: object) -> tuple["subprocess.Popen[str]", str]:
    """A process of its own that owns the server, and the server's URL."""
    owner: subprocess.Popen[str] = subprocess.Popen(  # type: ignore[call-overload]
        [sys.executable, "-c", OWNER, str(data)], stdout=subprocess.PIPE, text=True, **options
    )
    assert owner.stdout is not None
    url = owner.stdout.readline().strip()
    owner.stdout.close()
    assert answers(url)
    return owner, url


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory whose server was started once; under a directory that only its owner may enter."""
    data = tmp_path_factory.mktemp("private") / "data"
    with embedded.running(data, quiet):
        pass
    yield data
    shutil.rmtree(embedded.place_elsewhere(data), ignore_errors=True)


def test_a_cluster_is_made_once_and_keeps_its_data(data_dir: Path) -> None:
    said: list[str] = []
    with embedded.running(data_dir, said.append) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert any("first start only" in line for line in said)

    said.clear()
    with embedded.running(data_dir, said.append) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    assert said == []
    assert not answers(url)


def test_passwords_are_taken_and_kept_private(cluster: Path) -> None:
    with embedded.running(cluster, quiet) as url:
        wrong = url.replace(url.split(":")[2].split("@")[0], "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        for name in ("password", "url"):
            assert stat.S_IMODE((cluster / name).stat().st_mode) == 0o600


def test_a_second_owner_is_refused_in_one_line_and_a_guest_joins(cluster: Path) -> None:
    with embedded.running(cluster, quiet) as url:
        with pytest.raises(embedded.AlreadyRunning, match="another EventBooker is running") as error:
            embedded.running(cluster, quiet).__enter__()
        assert "\n" not in str(error.value)
        with embedded.joined(cluster, quiet) as joined:
            assert joined == url
        assert answers(url)


def test_a_guest_with_nobody_home_owns_the_server_for_a_while(cluster: Path) -> None:
    with embedded.joined(cluster, quiet) as url:
        assert answers(url)
    assert not answers(url)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_server_ends_with_its_owner_however_that_ends(cluster: Path, number: signal.Signals) -> None:
    owner, url = started(cluster)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS written (number int)")
        connection.execute("INSERT INTO written VALUES (1)")

    owner.send_signal(number)
    owner.wait()

    until(lambda: not answers(url))
    with embedded.running(cluster, quiet) as again, psycopg.connect(again) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM written").fetchone() == (True,)


def test_the_next_owner_waits_for_what_a_killed_one_left_behind(cluster: Path) -> None:
    owner, _ = started(cluster)

    owner.kill()
    owner.wait()

    with embedded.running(cluster, quiet) as url:
        assert answers(url)


def test_a_pid_file_that_names_somebody_else_is_dropped(cluster: Path) -> None:
    with embedded.running(cluster, quiet) as url, psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        (Path(row[0]) / "postmaster.pid").write_text(f"{stranger.pid}\n{row[0]}\n")
        with embedded.running(cluster, quiet) as url:
            assert answers(url)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_interrupted_initdb_leaves_nothing_half_made(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(embedded._Cluster, "run", killed)
        with pytest.raises(KeyboardInterrupt):
            embedded.running(data_dir, quiet).__enter__()

    with embedded.running(data_dir, quiet) as url:
        assert answers(url)


def test_data_of_another_postgresql_is_refused(cluster: Path) -> None:
    with embedded.running(cluster, quiet) as url, psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    version = Path(row[0]) / "PG_VERSION"
    made_by = version.read_text()
    try:
        version.write_text("14\n")
        with pytest.raises(embedded.EmbeddedError, match=r"is of PostgreSQL 14.*DATABASE_URL"):
            embedded.running(cluster, quiet).__enter__()
    finally:
        version.write_text(made_by)


def test_a_directory_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(embedded.EmbeddedError, match="cannot be used for the database"):
        embedded.running(tmp_path / "file" / "data", quiet).__enter__()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's place in /var/tmp cannot be taken by another user")
def test_a_place_that_somebody_else_took_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "taken"
    place.mkdir()
    os.chown(place, pwd.getpwnam("nobody").pw_uid, -1)

    with pytest.raises(embedded.EmbeddedError, match="belongs to somebody else"):
        embedded._own_directory(place)
