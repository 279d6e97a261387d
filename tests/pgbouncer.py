"""A real PgBouncer in transaction mode, in front of a server of a test's."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.test_serve import free_port
from tests.waiting import until

SETTINGS = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
server_login_retry = 1
"""
"""Fewer sessions of the server than one web process has connections, so that they do change hands."""


class PgBouncer:
    """In front of the server of `url`; `url` then leads there by way of it, also when it is started again."""

    def __init__(self, url: str) -> None:
        server, listen = conninfo_to_dict(url), free_port()
        self.url = url.replace(f"@{server['host']}:{server['port']}", f"@127.0.0.1:{listen}")
        self._folder = Path(tempfile.mkdtemp(prefix="eventbooker-pgbouncer-"))
        text = SETTINGS.format(**server, listen=listen, folder=self._folder)
        (self._folder / "pgbouncer.ini").write_text(text)
        (self._folder / "users").write_text(f'"{server["user"]}" "{server["password"]}"\n')
        self._user = None
        if os.geteuid() == 0:  # as which it does not run
            self._user = "nobody"
            for path in (self._folder, *self._folder.iterdir()):
                os.chown(path, pwd.getpwnam(self._user).pw_uid, -1)

    @staticmethod
    def program() -> str | None:
        return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")

    def start(self) -> None:
        """Returns once it leads to the server."""
        self._running = subprocess.Popen(
            [str(self.program()), "-q", self._folder / "pgbouncer.ini"],
            user=self._user, cwd="/", start_new_session=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(lambda: _answers(self.url), within=20)

    def kill(self) -> None:
        self._running.kill()
        self._running.wait()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self._folder)


@contextmanager
def pgbouncer_before(url: str) -> Iterator[PgBouncer]:
    """Runs while the block does, unless it is killed meanwhile."""
    bouncer = PgBouncer(url)
    try:
        bouncer.start()
        yield bouncer
    finally:
        bouncer.remove()


@contextmanager
def pgbouncer(url: str) -> Iterator[str]:
    """The URL that leads to the database of `url` by way of a PgBouncer, which runs while the block does."""
    if not PgBouncer.program():
        pytest.skip("there is no pgbouncer on this machine; CI installs it (Debian: apt install pgbouncer)")
    with pgbouncer_before(url) as bouncer:
        yield bouncer.url


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
