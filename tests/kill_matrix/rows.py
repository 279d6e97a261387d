"""What is broken, one function a row. Each returns the moment from which EventBooker has all that it needs: that of the
kill, or of the repair where somebody else must make one (a promotion, space, the network)."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from tests.kill_matrix.load import Load
from tests.kill_matrix.programs import Web
from tests.kill_matrix.worlds import World, behind_pgbouncer, on_a_small_disk, served, two_servers
from tests.replication import Server
from tests.waiting import until

RESTART_SECONDS = 1.0
"""What systemd, or whoever keeps a process running, lets pass before it starts it again."""

HUNG_SECONDS = 13.0
"""Longer than a request waits for a server, or a commit, that is silent."""


@dataclass(frozen=True)
class Row:
    name: str
    what: str
    world: Callable[[], AbstractContextManager[World]]
    breaks: Callable[[World, Load], float]


def kill_web(world: World, _: Load) -> float:
    killed = time.monotonic()
    world.webs[0].kill()
    time.sleep(RESTART_SECONDS)
    world.webs[0].start()
    return killed


def kill_worker(world: World, _: Load) -> float:
    killed = time.monotonic()
    world.workers[0].kill()
    time.sleep(RESTART_SECONDS)
    world.workers[0].start()
    return killed


def cut_notifiers(world: World, _: Load) -> float:
    with psycopg.connect(world.url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE '%notifier'"
        ).fetchall()
    assert ended[0][0] >= len(world.workers), "no notifier was connected"
    return time.monotonic()


def kill_pgbouncer(world: World, _: Load) -> float:
    assert world.bouncer
    world.bouncer.kill()
    time.sleep(RESTART_SECONDS)
    world.bouncer.start()
    return time.monotonic()


def kill_replica(world: World, _: Load) -> float:
    """Commits wait for it, as synchronous replication must."""
    assert world.pair
    world.pair.standby.stop("kill")
    time.sleep(HUNG_SECONDS)
    world.pair.standby.start()
    return time.monotonic()


def kill_primary(world: World, _: Load) -> float:
    assert world.pair
    world.pair.primary.stop("kill")
    world.pair.standby.promote()
    world.url = world.pair.standby.url
    return time.monotonic()


def fill_disk(world: World, load: Load) -> float:
    """First a table cannot grow, which is an error; then the write-ahead log cannot, which ends the server."""
    assert world.disk
    assert world.pair
    primary, ballast = world.pair.primary, world.disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"\0" * 65536):
            pass
    refused = load.ledger.answers["503"] + 20
    until(lambda: load.ledger.answers["503"] >= refused, within=20)
    until(lambda: any(map(_says_full, world.webs)), within=10)
    until(lambda: _panics(primary), within=20)
    ballast.unlink()
    mended = time.monotonic()
    if not primary.answers():
        primary.stop("kill")
        primary.start()
    return mended


def _panics(server: Server) -> bool:
    """One more segment of the write-ahead log is filled; those that were made beforehand come to an end."""
    with suppress(psycopg.OperationalError):
        server.execute("SELECT pg_switch_wal() FROM pg_logical_emit_message(true, '', '')")
    return "PANIC" in server.log.read_text()


def _says_full(web: Web) -> bool:
    with suppress(httpx.TransportError):
        answer = httpx.get(f"{web.base}/readyz", timeout=15)
        return answer.status_code == 503 and answer.json()["code"] == "database_full"
    return False


def hang_network(world: World, _: Load) -> float:
    for proxy in world.proxies:
        proxy.swallow()
    time.sleep(HUNG_SECONDS)
    for proxy in world.proxies:
        proxy.pass_on()
    return time.monotonic()


def kill_embedded(world: World, _: Load) -> float:
    with psycopg.connect(world.url) as connection:
        (data,) = connection.execute("SHOW data_directory").fetchall()[0]
    pid_file = Path(data) / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    return time.monotonic()


ROWS = (
    Row("web", "one of two killed, started again after 1 s", two_servers, kill_web),
    Row("worker", "one of two killed, started again after 1 s", two_servers, kill_worker),
    Row("notifier", "the connections of both terminated", two_servers, cut_notifiers),
    Row("pgbouncer", "killed, started again after 1 s", behind_pgbouncer, kill_pgbouncer),
    Row("replica", f"killed, started again after {HUNG_SECONDS:.0f} s; from then", two_servers, kill_replica),
    Row("primary", "killed, the standby promoted; from then", two_servers, kill_primary),
    Row("disk", "primary's full, then its WAL; from space back", on_a_small_disk, fill_disk),
    Row("network", f"swallows all for {HUNG_SECONDS:.0f} s; from its end", two_servers, hang_network),
    Row("embedded", "PostgreSQL of `serve` killed", served, kill_embedded),
)
