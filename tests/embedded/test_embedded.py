"""The private PostgreSQL, with real processes that are really killed."""

import os
import signal
import stat
import subprocess
import threading
from pathlib import Path

import psycopg
import pytest

from eventbooker.database import embedded
from eventbooker.database.cluster import Cluster
from tests.embedded.conftest import answers, directory_of, owner_of, processes_with, quiet, started
from tests.waiting import until


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


def test_a_guest_of_an_owner_who_is_leaving_becomes_the_owner(cluster: Path) -> None:
    owner, url = started(cluster)
    # What a guest meets while the owner stops: the lock is held, and the URL is gone.
    (cluster / "url").unlink()
    visits: list[bool] = []

    def visit() -> None:
        with embedded.joined(cluster, quiet) as url:
            visits.append(answers(url))

    guest = threading.Thread(target=visit)
    guest.start()
    owner.send_signal(signal.SIGINT)
    owner.wait()
    guest.join(30)

    assert visits == [True]
    assert not answers(url)


def test_a_guest_is_not_sent_to_the_server_of_an_owner_who_was_killed(cluster: Path) -> None:
    owner, dead = started(cluster)
    owner.kill()
    owner.wait()
    assert (cluster / "url").read_text() == dead

    owner, url = started(cluster)

    with embedded.joined(cluster, quiet) as joined:
        assert joined == url != dead
    owner.kill()
    owner.wait()


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


def test_a_ctrl_c_at_the_terminal_reaches_the_owner_and_not_the_server(cluster: Path) -> None:
    owner, url = started(cluster)
    others = [pid for pid in processes_with(str(directory_of(url))) if pid != owner.pid]

    assert len(others) >= 2  # the guard and the server
    assert os.getpgid(owner.pid) not in map(os.getpgid, others)
    owner.kill()
    owner.wait()


def test_the_next_owner_waits_for_what_a_killed_one_left_behind(cluster: Path) -> None:
    owner, _ = started(cluster)
    with embedded.joined(cluster, quiet) as url:
        data = directory_of(url)
    (guard,) = (pid for pid in processes_with(f"{data}/server.log") if pid != owner.pid)
    os.kill(guard, signal.SIGSTOP)  # a guard that takes its time
    owner.kill()
    owner.wait()

    threading.Timer(0.5, os.kill, [guard, signal.SIGCONT]).start()
    with embedded.running(cluster, quiet) as url:
        assert guard not in processes_with(f"{data}/server.log")
        assert answers(url)


def test_a_server_whose_guard_was_killed_as_well_is_stopped_by_the_next_owner(cluster: Path) -> None:
    owner, orphan = started(cluster)
    with embedded.joined(cluster, quiet) as url:
        data = directory_of(url)
    for guard in processes_with(f"{data}/server.log"):
        os.kill(guard, signal.SIGKILL)
    owner.kill()
    owner.wait()
    assert answers(orphan)

    with embedded.running(cluster, quiet) as url:
        assert answers(url)
        assert not answers(orphan)


@pytest.mark.parametrize("mentions_the_data", [False, True])
def test_a_pid_file_that_names_somebody_else_is_dropped(cluster: Path, mentions_the_data: bool) -> None:
    with embedded.running(cluster, quiet) as url:
        data = directory_of(url)
    command = ["tail", "-f", "/dev/null", str(data / "PG_VERSION")] if mentions_the_data else ["sleep", "600"]
    stranger = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n")
        with embedded.running(cluster, quiet) as url:
            assert answers(url)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_initdb_that_is_interrupted_leaves_nothing_half_made(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Cluster, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            embedded.running(data_dir, quiet).__enter__()

    for place in (data_dir, embedded.place_elsewhere(data_dir)):
        assert not list(place.glob("making-*"))
    with embedded.running(data_dir, quiet) as url:
        assert answers(url)


def test_a_start_follows_at_once_on_one_that_was_killed_in_its_initdb(data_dir: Path) -> None:
    places = (data_dir, embedded.place_elsewhere(data_dir))
    owner = owner_of(data_dir)
    assert owner.stdout is not None
    until(lambda: [made for place in places for made in place.glob("making-*/postgres/global")])
    owner.kill()
    owner.wait()
    owner.stdout.close()

    with embedded.running(data_dir, quiet) as url:
        assert answers(url)


def test_data_of_another_postgresql_is_refused(cluster: Path) -> None:
    with embedded.running(cluster, quiet) as url:
        version = directory_of(url) / "PG_VERSION"
    made_by = version.read_text()
    try:
        version.write_text("14\n")
        with pytest.raises(embedded.EmbeddedError, match=r"is of PostgreSQL 14.*DATABASE_URL"):
            embedded.running(cluster, quiet).__enter__()
    finally:
        version.write_text(made_by)


def test_a_failed_start_is_told_with_the_last_words_of_this_start(cluster: Path) -> None:
    with pytest.raises(embedded.EmbeddedError, match=r"did not start: .*max_connectionz.*server\.log") as error:
        embedded.running(cluster, quiet, {"max_connectionz": "1"}).__enter__()
    assert "\n" not in str(error.value)

    with embedded.running(cluster, quiet) as url:
        assert answers(url)


def test_a_directory_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(embedded.EmbeddedError, match="cannot be used for the database"):
        embedded.running(tmp_path / "file" / "data", quiet).__enter__()
