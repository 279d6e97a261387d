"""The files of the private PostgreSQL: where they are, whose they are, and how they are first made.

An ordinary user's cluster is `postgres/` in the data directory. PostgreSQL refuses to run as root, so for root another
user runs it; if that user cannot reach the directory (a checkout under a 0700 home), the cluster and a copy of the
programs are kept elsewhere, because the permissions of a person's own directories are not ours to change.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from eventbooker.database import OLDEST_POSTGRESQL
from eventbooker.database.binaries import Installation, find_installation

NAME = "eventbooker"
"""The database and its owning role."""

Say = Callable[[str], None]


class EmbeddedError(Exception):
    """The private PostgreSQL cannot be had; the message is one line that says why."""


@dataclass(frozen=True)
class Account:
    """A user of the system."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Cluster:
    """Where the data is, with which programs and as which user PostgreSQL runs; no account means our own."""

    data: Path
    installation: Installation
    account: Account | None

    @property
    def title(self) -> str:
        """PostgreSQL's `cluster_name`: by this the processes of its server are known from those of others."""
        return f"eventbooker-{sha256(str(self.data).encode()).hexdigest()[:16]}"

    def run(self, program: str, *arguments: object) -> None:
        """Raises EmbeddedError with what the program said."""
        done = subprocess.run(
            [self.installation.program(program), *map(str, arguments)],
            **acting_as(self.account), cwd="/", capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise EmbeddedError(f"{program} failed: {' '.join(done.stderr.split())}")


def prepare(data_dir: Path, installation: Installation, say: Say) -> tuple[Cluster, str]:
    """The cluster of this data directory, made if there is none yet, and its password. Raises EmbeddedError."""
    password_file = data_dir / "password"
    first = not password_file.exists()
    cluster = _place(data_dir, installation, first, say)
    version = cluster.data / "PG_VERSION"
    if first and version.exists():
        raise EmbeddedError(f"{password_file} is gone; without it the data in {cluster.data} cannot be used")
    password = _password(password_file)
    if not version.exists():
        say(f"Preparing a private PostgreSQL {cluster.installation.major} in {cluster.data} (first start only) …")
        _initdb(cluster, password)
    made_by = version.read_text().strip()
    if made_by != str(cluster.installation.major):
        raise EmbeddedError(
            f"the data in {cluster.data} is of PostgreSQL {made_by}, and the one here is {cluster.installation.major}; "
            f"dump it with PostgreSQL {made_by}, or set DATABASE_URL to a server of that version"
        )
    return cluster, password


def installed() -> Installation:
    """Raises EmbeddedError if there is no PostgreSQL."""
    if found := find_installation():
        return found
    raise EmbeddedError(
        f"no PostgreSQL {OLDEST_POSTGRESQL} or newer is on this machine; "
        "install one, or set DATABASE_URL to a server's URL"
    )


def place_elsewhere(data_dir: Path) -> Path:
    """Where root keeps the cluster and a copy of the programs if the user that runs them cannot reach `data_dir`."""
    return Path("/var/tmp") / f"eventbooker-{sha256(str(data_dir.resolve()).encode()).hexdigest()[:16]}"  # noqa: S108


def acting_as(account: Account | None) -> dict[str, Any]:
    """Arguments of subprocess that make it run as this user."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def write_private(path: Path, text: str) -> None:
    """For the owner's eyes only, and never seen half written."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600, exist_ok=False)
    partial.write_text(text)
    partial.rename(path)


def _place(data_dir: Path, installation: Installation, first: bool, say: Say) -> Cluster:
    here, elsewhere = data_dir / "postgres", place_elsewhere(data_dir)
    if os.geteuid() != 0:
        return Cluster(here, installation, None)

    if first:
        _set_aside(elsewhere / "postgres", data_dir, say)
    # Data stays where it is and with whom it is, whatever has become reachable or which users there are since.
    if (here / "PG_VERSION").exists():
        data, account = here, _owner(here)
        if not _reaches(account, here):
            raise EmbeddedError(f"the user {account.name}, who runs PostgreSQL, cannot enter {here} any more")
    elif (elsewhere / "postgres" / "PG_VERSION").exists():
        data, account = own_directory(elsewhere) / "postgres", _owner(elsewhere / "postgres")
    else:
        account = _account()
        data = here if _reaches(account, data_dir) else own_directory(elsewhere) / "postgres"

    if not _reaches(account, installation.program("postgres")):
        if not installation.from_wheel:
            raise EmbeddedError(f"the user {account.name} cannot run {installation.program('postgres')}")
        copy = installation.copied_to(own_directory(elsewhere))
        if not copy.bin.exists():
            say(f"Copying PostgreSQL to {elsewhere}, where the user {account.name} can run it (first start only) …")
            installation.copy_files_for(copy)
        installation = copy
    return Cluster(data, installation, account)


def _set_aside(data: Path, data_dir: Path, say: Say) -> None:
    """Who removed `data_dir` expects an empty database; the data that it named is kept, under another name."""
    if data.exists():
        own_directory(data.parent)
        kept = data.with_name(f"{data.name}-until-{time.strftime('%Y%m%dT%H%M%S')}")
        data.rename(kept)
        say(f"{data_dir} is new; the data of the one before it is kept in {kept}")


def _account() -> Account:
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, user.pw_uid, user.pw_gid)
    raise EmbeddedError("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")


def _owner(data: Path) -> Account:
    found = data.stat()
    try:
        name = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        name = str(found.st_uid)
    return Account(name, found.st_uid, found.st_gid)


def _reaches(account: Account, path: Path) -> bool:
    try:
        return subprocess.run(["test", "-x", path], **acting_as(account), cwd="/", check=False).returncode == 0
    except OSError as error:  # a container or sandbox whose root may not become another user
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and running it as {account.name} is not allowed here "
            f"({error.strerror}); start EventBooker as an ordinary user, or set DATABASE_URL"
        ) from None


def own_directory(path: Path) -> Path:
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
        write_private(path, password)
        return password
    except OSError as error:
        raise EmbeddedError(f"{path} cannot be read: {error.strerror}") from None


def _initdb(cluster: Cluster, password: str) -> None:
    """Under another name until it is whole, so that an interrupted one leaves nothing half made.

    The name is new each time: an initdb whose caller was killed may still be writing under the last one."""
    for left in cluster.data.parent.glob("making-*"):
        shutil.rmtree(left, ignore_errors=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=cluster.data.parent))
    partial, password_file = making / "postgres", making / "password"
    try:
        partial.mkdir(mode=0o700)
        write_private(password_file, password)
        if cluster.account:
            for path in (making, partial, password_file):
                os.chown(path, cluster.account.uid, cluster.account.gid)
        unicode = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if cluster.installation.major >= 17 else []
        cluster.run(
            "initdb", "-D", partial, "-U", NAME, f"--pwfile={password_file}",
            "--auth=scram-sha-256", "-E", "UTF8", "--locale=C", *unicode,
        )  # fmt: skip
        partial.rename(cluster.data)
    finally:
        shutil.rmtree(making, ignore_errors=True)
