"""Whose PostgreSQL it is: an ordinary user's, or that of root, who may not run it."""

import os
import pwd
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eventbooker.database import cluster as clusters
from eventbooker.database import embedded
from tests.embedded.conftest import answers, directory_of, quiet, started

pytestmark = pytest.mark.usefixtures("nobody")


@pytest.fixture
def opened(open_directory: Path) -> Iterator[Path]:
    """A data directory that every user could reach, so far."""
    yield open_directory / "data"
    shutil.rmtree(embedded.place_elsewhere(open_directory / "data"), ignore_errors=True)


def owner(path: Path) -> int:
    return path.stat().st_uid


def test_an_ordinary_user_has_all_of_it_in_the_data_directory(open_directory: Path, nobody: pwd.struct_passwd) -> None:
    if not clusters._reaches(clusters.Account("nobody", nobody.pw_uid, nobody.pw_gid), Path(sys.executable)):
        pytest.skip(f"nobody cannot run {sys.executable}")
    home = open_directory / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)

    process, url = started(home / "data", user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd="/")

    assert directory_of(url) == home / "data" / "postgres"
    assert not embedded.place_elsewhere(home / "data").exists()
    process.kill()
    process.wait()
    # root carries on with it, as that user.
    with embedded.running(home / "data", quiet) as url:
        assert directory_of(url) == home / "data" / "postgres"
    process, url = started(home / "data", user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd="/")
    process.terminate()
    process.wait()


def test_roots_data_stays_in_the_data_directory_if_the_other_user_can_reach_it(opened: Path) -> None:
    with embedded.running(opened, quiet) as url:
        assert directory_of(url) == opened / "postgres"
        assert owner(opened / "postgres") != 0
    assert owner(opened) == 0


def test_roots_data_under_a_closed_directory_is_elsewhere_and_no_permission_changes(cluster: Path) -> None:
    before = stat.S_IMODE(cluster.parent.stat().st_mode)
    elsewhere = embedded.place_elsewhere(cluster)

    with embedded.running(cluster, quiet) as url:
        assert directory_of(url) == elsewhere / "postgres"

    assert (before, stat.S_IMODE(cluster.parent.stat().st_mode)) == (0o700, 0o700)
    assert (owner(elsewhere), stat.S_IMODE(elsewhere.stat().st_mode)) == (0, 0o755)


def test_data_that_can_no_longer_be_reached_is_not_replaced_by_an_empty_database(opened: Path) -> None:
    with embedded.running(opened, quiet):
        pass
    opened.parent.chmod(0o700)

    with pytest.raises(embedded.EmbeddedError, match="cannot enter"):
        embedded.running(opened, quiet).__enter__()

    assert not (embedded.place_elsewhere(opened) / "postgres").exists()  # a copy of the programs may be there


def test_data_that_is_elsewhere_is_found_after_the_directory_was_opened(opened: Path) -> None:
    opened.parent.chmod(0o700)
    with embedded.running(opened, quiet) as url:
        data = directory_of(url)
    opened.parent.chmod(0o755)

    with embedded.running(opened, quiet) as url:
        assert directory_of(url) == data


def test_a_new_data_directory_is_empty_even_if_one_of_that_name_left_data_elsewhere(tmp_path: Path) -> None:
    data, said = tmp_path / "var", list[str]()
    elsewhere = embedded.place_elsewhere(data)
    try:
        with embedded.running(data, quiet):
            pass
        shutil.rmtree(data)

        with embedded.running(data, said.append) as url:
            assert answers(url)

        (kept,) = elsewhere.glob("postgres-until-*")
        assert (kept / "PG_VERSION").exists()
        assert any(str(kept) in line for line in said)
    finally:
        shutil.rmtree(elsewhere, ignore_errors=True)


def test_data_without_its_password_is_refused_in_one_line(opened: Path) -> None:
    with embedded.running(opened, quiet):
        pass
    (opened / "password").unlink()

    with pytest.raises(embedded.EmbeddedError, match="password is gone"):
        embedded.running(opened, quiet).__enter__()


def test_a_copy_of_the_programs_runs_and_is_another_one_for_another_version(open_directory: Path) -> None:
    installation = clusters.installed()
    if not installation.from_wheel:
        pytest.skip("only the wheel is copied")
    copy = installation.copied_to(open_directory)

    installation.copy_files_for(copy)

    clusters.Cluster(open_directory, copy, clusters._account()).run("initdb", "--version")
    assert replace(installation, version="99.1").copied_to(open_directory).bin != copy.bin


def test_a_place_that_somebody_else_took_is_refused(tmp_path: Path, nobody: pwd.struct_passwd) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    os.chown(taken, nobody.pw_uid, -1)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    writable = tmp_path / "writable"
    writable.mkdir()
    writable.chmod(0o777)

    for place in (taken, link, writable):
        with pytest.raises(embedded.EmbeddedError, match="belongs to somebody else"):
            clusters.own_directory(place)
