"""A private PostgreSQL for those who have none: kept in one directory, running only while its owner does.

The owner holds a lock on the directory and the writing end of a pipe. A guard in a session of its own starts the
server, reads the pipe, and stops the server when the pipe closes: at the owner's orderly end, and at its kill -9 too.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from eventbooker.database.binaries import OLDEST, Installation, find_installation

NAME = "eventbooker"
"""The database and its owning role."""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

GUARD = """
"$0" start -D "$1" -l "$2" -o "$3" -w -t 60 >/dev/null && echo started
cat >/dev/null
"$0" stop -D "$1" -m fast -w -t 60 >/dev/null
"""

START_SECONDS = 60
STOP_SECONDS = 10

Say = Callable[[str], None]


class EmbeddedError(Exception):
    """The private PostgreSQL cannot be had; the message is one line that says why."""


class AlreadyRunning(EmbeddedError):
    """Another process owns the data."""


@contextmanager
def running(
    data_dir: Path,
    say: Say,
    settings: Mapping[str, str] | None = None,
    installation: Installation | None = None,
) -> Iterator[str]:
    """Own the PostgreSQL in `data_dir`: start it (made on first use), yield its libpq URL, stop it at the end.

    `say` is told of what takes long; `settings` are PostgreSQL's; `installation` is used instead of the one found.
    Raises AlreadyRunning, EmbeddedError."""
    with _lock(data_dir) as owned:
        if not owned:
            raise AlreadyRunning(f"another EventBooker is running on the data in {data_dir}; stop it first")
        with _server(data_dir, say, {**SETTINGS, **(settings or {})}, installation or _installation()) as url:
            yield url


@contextmanager
def joined(data_dir: Path, say: Say) -> Iterator[str]:
    """The URL of the server in `data_dir` if somebody runs it, else own it for the duration.

    Raises EmbeddedError."""
    with _lock(data_dir) as owned:
        if owned:
            with _server(data_dir, say, SETTINGS, _installation()) as url:
                yield url
        else:
            yield _wait_for_url(data_dir / "url")


def binary(name: str) -> Path:
    """A program of the private PostgreSQL, such as psql. Raises EmbeddedError."""
    return _installation().program(name)


@dataclass(frozen=True)
class _Cluster:
    """Where the data is, and as which user PostgreSQL runs (it refuses to run as root)."""

    data: Path
    installation: Installation
    account: pwd.struct_passwd | None

    def run(self, *command: object) -> None:
        done = subprocess.run(
            [str(part) for part in command], **_as(self.account), cwd="/", capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise EmbeddedError(f"{Path(str(command[0])).name} failed: {' '.join(done.stderr.split())}")


@contextmanager
def _lock(data_dir: Path) -> Iterator[bool]:
    """Whether the lock on the directory is ours; it is let go when the block ends or the process dies."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EmbeddedError(f"{data_dir} cannot be used for the database: {error.strerror}") from None
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(file)


@contextmanager
def _server(data_dir: Path, say: Say, settings: Mapping[str, str], installation: Installation) -> Iterator[str]:
    cluster = _place(data_dir.resolve(), say, installation)
    password = _password(data_dir / "password")
    if not (cluster.data / "PG_VERSION").exists():
        say(f"Making a private PostgreSQL {cluster.installation.major} in {cluster.data} (first start only) …")
        _initdb(cluster, password)
    made_by = (cluster.data / "PG_VERSION").read_text().strip()
    if made_by != str(cluster.installation.major):
        raise EmbeddedError(
            f"the data in {cluster.data} is of PostgreSQL {made_by}, and the one here is {cluster.installation.major}; "
            f"dump it with PostgreSQL {made_by}, or set DATABASE_URL to a server of that version"
        )
    _end_orphan(cluster)

    port = _free_port()
    url = f"postgresql://{NAME}:{password}@127.0.0.1:{port}/{NAME}"
    with _guarded(cluster, {**settings, "port": str(port)}):
        _make_database(url)
        url_file = data_dir / "url"
        _write_private(url_file, url)
        try:
            yield url
        finally:
            url_file.unlink(missing_ok=True)


def _place(data_dir: Path, say: Say, installation: Installation) -> _Cluster:
    if os.geteuid() != 0:
        return _Cluster(data_dir / "postgres", installation, None)

    account = _account()
    data = data_dir / "postgres"
    elsewhere = place_elsewhere(data_dir)
    if not _reaches(account, data_dir):
        data = _own_directory(elsewhere) / "postgres"
    if not _reaches(account, installation.program("postgres")):
        if not installation.from_wheel:
            raise EmbeddedError(f"the user {account.pw_name} cannot run {installation.program('postgres')}")
        copy = installation.copied_to(_own_directory(elsewhere))
        if not copy.bin.exists():
            say(f"Copying PostgreSQL to {elsewhere}, where the user {account.pw_name} can run it …")
            installation.copy_files_for(copy)
        installation = copy
    return _Cluster(data, installation, account)


def place_elsewhere(data_dir: Path) -> Path:
    """Where root keeps the cluster and a copy of the programs if the user that runs them cannot reach `data_dir`."""
    return Path("/var/tmp") / f"eventbooker-{sha256(str(data_dir.resolve()).encode()).hexdigest()[:16]}"  # noqa: S108


def _installation() -> Installation:
    if found := find_installation():
        return found
    raise EmbeddedError(
        f"no PostgreSQL {OLDEST} or newer is on this machine; install one, or set DATABASE_URL to a server's URL"
    )


def _account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")


def _reaches(account: pwd.struct_passwd, path: Path) -> bool:
    return subprocess.run(["test", "-x", str(path)], **_as(account), cwd="/", check=False).returncode == 0


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of subprocess that make it run as this user."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _own_directory(path: Path) -> Path:
    """A directory under a name that others know as well, so it must be ours and nobody else's to write."""
    try:
        path.mkdir(mode=0o755)
        path.chmod(0o755)
    except FileExistsError:
        found = path.lstat()
        if path.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise EmbeddedError(f"{path} belongs to somebody else; remove it, or set EVENTBOOKER_DATA_DIR") from None
    return path


def _password(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        password = secrets.token_hex(16)
        _write_private(path, password)
        return password
    except OSError as error:
        raise EmbeddedError(f"{path} cannot be read: {error.strerror}") from None


def _write_private(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600, exist_ok=False)
    partial.write_text(text)
    partial.rename(path)


def _initdb(cluster: _Cluster, password: str) -> None:
    """Under another name until it is whole, so that an interrupted one leaves nothing half made."""
    partial = cluster.data.with_name(cluster.data.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    password_file = partial.with_name("initdb-password")
    _write_private(password_file, password)
    if cluster.account:
        for path in (partial, password_file):
            os.chown(path, cluster.account.pw_uid, cluster.account.pw_gid)
    unicode = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if cluster.installation.major >= 17 else []
    try:
        cluster.run(
            cluster.installation.program("initdb"), "-D", partial, "-U", NAME, f"--pwfile={password_file}",
            "--auth=scram-sha-256", "-E", "UTF8", "--locale=C", *unicode,
        )  # fmt: skip
    finally:
        password_file.unlink(missing_ok=True)
    partial.rename(cluster.data)


def _end_orphan(cluster: _Cluster) -> None:
    """Stop the server that a killed owner's guard may still be stopping; drop a pid file that names somebody else."""
    pid_file = cluster.data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        pid = 0
    if pid and str(cluster.data) in _command_of(pid):
        # Between our look and this call it may have stopped by itself, which is as good.
        subprocess.run(
            [cluster.installation.program("pg_ctl"), "stop", "-D", cluster.data, "-m", "fast", "-w", "-t", "60"],
            **_as(cluster.account), cwd="/", capture_output=True, check=False,
        )  # fmt: skip
        deadline = time.monotonic() + STOP_SECONDS
        while str(cluster.data) in _command_of(pid):
            if time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL (process {pid}) is still running on {cluster.data} and does not stop")
            time.sleep(0.02)
    pid_file.unlink(missing_ok=True)


def _command_of(pid: int) -> str:
    """The command line of a process; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _guarded(cluster: _Cluster, settings: Mapping[str, str]) -> Iterator[None]:
    log = cluster.data / "server.log"
    options = " ".join(f"-c {key}={value}" for key, value in settings.items())
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, str(cluster.installation.program("pg_ctl")), str(cluster.data), str(log), options],
        **_as(cluster.account), cwd="/", start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert guard.stdin is not None  # noqa: S101
    assert guard.stdout is not None  # noqa: S101
    try:
        if not guard.stdout.readline():
            told = log.read_text(errors="replace").splitlines() if log.exists() else []
            reason = next((line for line in reversed(told) if "FATAL" in line), "see that file")
            raise EmbeddedError(f"PostgreSQL did not start ({log}): {reason}")
        yield
    finally:
        guard.stdin.close()
        guard.wait()
        guard.stdout.close()


def _make_database(url: str) -> None:
    server, _, _ = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,)).fetchone():
            connection.execute(f"CREATE DATABASE {NAME}")


def _wait_for_url(path: Path) -> str:
    """The URL that the owner writes when its server is ready."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            return path.read_text()
        except FileNotFoundError:
            time.sleep(0.05)
        except OSError as error:
            raise EmbeddedError(f"{path} cannot be read: {error.strerror}") from None
    raise EmbeddedError(f"another EventBooker owns {path.parent} and has not started its database in {START_SECONDS} s")
