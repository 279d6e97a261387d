"""`./dev` itself, offline: a copy of it in an empty directory, with stand-ins for uv, pip and the package index."""

import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from eventbooker.config import ROOT
from tests.waiting import until

UV = """#!/bin/sh
[ "$1" = --version ] && { echo "uv 0"; exit; }
mkdir "$PROJECT/busy" || echo "two at once" >> "$PROJECT/calls"
echo "$*|$UV_CACHE_DIR" >> "$PROJECT/calls"
mkdir -p "$PROJECT/.venv/bin"
for program in eventbooker pytest python; do
    printf '#!/bin/sh\\necho "$$|%s|$PWD|$*"\\n' $program > "$PROJECT/.venv/bin/$program"
    chmod +x "$PROJECT/.venv/bin/$program"
done
rmdir "$PROJECT/busy"
"""


class Clone:
    """A project with nothing but `dev` in it; `uv` is what is found on the PATH."""

    def __init__(self, place: Path) -> None:
        self.root = place / "project"
        self.root.mkdir()
        shutil.copy(ROOT / "dev", self.root)
        self.path = place / "path"
        self.path.mkdir()
        self.environment = {
            "PATH": f"{self.path}:/usr/bin:/bin",
            "HOME": str(place),
            "PROJECT": str(self.root),
            "PYTHONPATH": str(self.path),
        }
        (self.path / "pip.py").write_text("raise SystemExit(1)")

    def uv(self, text: str = UV) -> None:
        (self.path / "uv").write_text(text)
        (self.path / "uv").chmod(0o755)

    def start(self, *arguments: str, cwd: str = "/") -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, self.root / "dev", *arguments],
            env=self.environment, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *arguments: str, cwd: str = "/") -> tuple[int, str, str]:
        process = self.start(*arguments, cwd=cwd)
        printed, told = process.communicate(timeout=60)
        return process.returncode, printed, told

    def calls(self) -> list[str]:
        return (self.root / "calls").read_text().splitlines()

    def index(self, server: HTTPServer, wheel: bytes, digest: str) -> None:
        """Let the copy of dev look for this wheel of uv at our server."""
        text = (self.root / "dev").read_text().replace("https://pypi.org/simple/uv/", server.url_for("/simple/uv/"))
        scope: dict[str, object] = {}
        begin, end = text.index('UV = "'), text.index('"""uv for machines')
        exec(text[begin:end], scope)  # noqa: S102
        links = ""
        for name, known in scope["UV_WHEELS"].values():  # type: ignore[attr-defined]
            text = text.replace(known, digest)
            links += f'<a href="../../files/{name}#sha256=0">{name}</a>'
            server.expect_request(f"/files/{name}").respond_with_data(wheel)
        server.expect_request("/simple/uv/").respond_with_data(links)
        (self.root / "dev").write_text(text)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_needs_nothing_and_leaves_nothing(clone: Clone, arguments: list[str]) -> None:
    status, printed, _ = clone.run(*arguments)

    assert (status, [path.name for path in clone.root.iterdir()]) == (0, ["dev"])
    for command in ("serve", "psql", "test", "lint", "python", "migrate", "doctor"):
        assert command in printed


def test_a_python_that_is_too_old_is_told_so(clone: Clone) -> None:
    pretend = f"import runpy, sys; sys.version_info = (3, 7); runpy.run_path({str(clone.root / 'dev')!r})"

    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "3.8 or newer" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_is_handed_to_eventbooker_as_it_is_in_the_same_process(clone: Clone, tmp_path: Path) -> None:
    clone.uv()

    process = clone.start("serve", "--port", "8081", "a b", cwd=str(tmp_path))

    assert process.communicate()[0] == f"{process.pid}|eventbooker|{tmp_path}|serve --port 8081 a b\n"


def test_tests_run_in_the_project_from_wherever_they_are_called(clone: Clone) -> None:
    clone.uv()

    assert clone.run("test", "-k", "seat")[1].endswith(f"|pytest|{clone.root}|-k seat\n")


def test_only_developers_get_what_developers_need_and_nobody_loses_it(clone: Clone) -> None:
    clone.uv()
    for command in ("serve", "test", "python"):
        clone.run(command)

    assert ["--no-dev" in call for call in clone.calls()] == [True, False, False]
    assert all("--frozen" in call and "--inexact" in call for call in clone.calls())


def test_a_home_that_cannot_be_written_moves_uvs_cache_into_the_project(clone: Clone) -> None:
    clone.uv()
    clone.run("serve")
    clone.environment["XDG_CACHE_HOME"] = "neither/absolute/nor/there"
    clone.run("serve")

    assert [call.rpartition("|")[2] for call in clone.calls()] == ["", str(clone.root / ".tools" / "cache")]


def test_two_calls_on_a_fresh_clone_install_one_after_the_other(clone: Clone) -> None:
    clone.uv()
    processes = [clone.start("serve") for _ in range(4)]

    assert [process.communicate() and process.returncode for process in processes] == [0] * 4
    assert len(clone.calls()) == 4
    assert "two at once" not in clone.calls()


def test_what_uv_says_is_shown_when_it_fails(clone: Clone) -> None:
    clone.uv('#!/bin/sh\n[ "$1" = --version ] || { echo "no route to host" >&2; exit 2; }\n')

    status, _, told = clone.run("serve")

    assert status == 1
    assert "no route to host" in told
    assert told.splitlines()[-1].startswith("dev: could not install")


def test_a_signal_while_installing_ends_the_installer_too(clone: Clone) -> None:
    clone.uv('#!/bin/sh\n[ "$1" = --version ] || { echo $$ > "$PROJECT/pid"; exec sleep 600; }\n')
    process = clone.start("serve")
    pid = int(until(lambda: (clone.root / "pid").exists() and (clone.root / "pid").read_text()))

    process.send_signal(signal.SIGTERM)
    told = process.communicate()[1]

    assert process.returncode == 143
    assert "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_project_that_is_not_ours_to_write_runs_if_it_is_ready(clone: Clone) -> None:
    clone.uv()
    (clone.root / ".tools").touch()  # nobody can make a directory of it, not even root

    status, _, told = clone.run("serve")
    assert (status, told.count("\n")) == (1, 1)
    assert "not yours to write" in told

    (clone.root / ".tools").unlink()
    clone.run("serve")
    shutil.rmtree(clone.root / ".tools")
    (clone.root / ".tools").touch()
    assert clone.run("doctor")[1].endswith("|doctor\n")


def test_without_uv_and_pip_the_wheel_of_uv_is_fetched_once(clone: Clone, httpserver: HTTPServer) -> None:
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        version = (clone.root / "dev").read_text().split('UV = "')[1].split('"')[0]
        archive.writestr(f"uv-{version}.data/scripts/uv", UV)
    clone.index(httpserver, wheel.getvalue(), hashlib.sha256(wheel.getvalue()).hexdigest())

    status, printed, told = clone.run("serve")
    assert (status, printed.endswith("|serve\n")) == (0, True), told
    assert [line.split()[0] for line in told.splitlines()] == ["Fetching", "Installing"]

    assert clone.run("serve")[2] == ""
    assert len(httpserver.log) == 2


def test_another_wheel_than_the_expected_one_is_refused(clone: Clone, httpserver: HTTPServer) -> None:
    clone.index(httpserver, b"something else", "0" * 64)

    status, _, told = clone.run("serve")

    assert (status, "is not the expected one" in told) == (1, True)
    assert not (clone.root / ".tools" / "bin").exists()


def test_without_a_network_it_says_what_to_do(clone: Clone, httpserver: HTTPServer) -> None:
    clone.index(httpserver, b"", "0" * 64)
    httpserver.clear()
    httpserver.expect_request("/simple/uv/").respond_with_data("gone", status=404)

    status, _, told = clone.run("serve")

    assert (status, "could not fetch uv from PyPI" in told, "Traceback" in told) == (1, True, False)
