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


@contextmanager
def pgbouncer(url: str) -> Iterator[str]:
    """The URL that leads to the database of `url` by way of a PgBouncer, which runs while the block does."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        pytest.skip("there is no pgbouncer on this machine; CI installs it (Debian: apt install pgbouncer)")
    server = conninfo_to_dict(url)
    folder, listen = Path(tempfile.mkdtemp(prefix="eventbooker-pgbouncer-")), free_port()
    (folder / "pgbouncer.ini").write_text(SETTINGS.format(**server, listen=listen, folder=folder))
    (folder / "users").write_text(f'"{server["user"]}" "{server["password"]}"\n')
    user = None
    if os.geteuid() == 0:  # as which it does not run
        user = "nobody"
        for path in (folder, *folder.iterdir()):
            os.chown(path, pwd.getpwnam(user).pw_uid, -1)
    running = subprocess.Popen(
        [program, "-q", folder / "pgbouncer.ini"], user=user, cwd="/", start_new_session=True, stderr=subprocess.DEVNULL
    )
    through = url.replace(f"@{server['host']}:{server['port']}", f"@127.0.0.1:{listen}")
    try:
        until(lambda: _answers(through), within=20)
        yield through
    finally:
        running.kill()
        running.wait()
        shutil.rmtree(folder)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
