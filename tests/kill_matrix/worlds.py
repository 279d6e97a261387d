"""What breaks: two webs, two workers and a Telegram in front of two PostgreSQL, by way of what a row is about."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from eventbooker.database.embedded import place_elsewhere
from eventbooker.database.migrate import migrate
from tests.kill_matrix.programs import Web, Worker, all_ready, environment
from tests.pgbouncer import PgBouncer, pgbouncer_before
from tests.replication import Pair, Server, replicating
from tests.swallowing_proxy import SwallowingProxy, swallowing_proxy
from tests.worker.bot_api import BotApi

SEATS = (1_000_000, 1_000_000, 60, 60)
"""Of the events that are booked: two that are never full, two that soon are."""

DISK_BYTES = 400_000_000


class NotHere(Exception):
    """This machine cannot do it; the message says why."""


@dataclass
class World:
    """Running parts; each row uses those that it is about."""

    bot_api: BotApi
    url: str
    """Where the truth is, for whoever judges; not by way of anything that breaks."""
    webs: list[Web]
    workers: list[Worker] = field(default_factory=list)
    pair: Pair | None = None
    proxies: list[SwallowingProxy] = field(default_factory=list)
    bouncer: PgBouncer | None = None
    disk: Path | None = None

    def events(self) -> list[int]:
        """New ones."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            new = "SELECT id FROM create_event('Rush', '2040-01-01', %s)"
            return [int(connection.execute(new, (seats,)).fetchall()[0][0]) for seats in SEATS]


@contextmanager
def two_servers() -> Iterator[World]:
    """A primary and its synchronous standby, each behind a network that can hang."""
    with ExitStack() as stack:
        pair = stack.enter_context(replicating())
        proxies = [stack.enter_context(swallowing_proxy(server.address)) for server in (pair.primary, pair.standby)]
        url = pair.url
        for server, proxy in zip((pair.primary, pair.standby), proxies, strict=True):
            url = url.replace(server.address, proxy.address)
        replica = pair.standby.url.replace(pair.standby.address, proxies[1].address)
        world = stack.enter_context(_around(pair, {"DATABASE_URL": url, "DATABASE_URL_REPLICA": replica}))
        world.proxies = proxies
        yield world


@contextmanager
def behind_pgbouncer() -> Iterator[World]:
    if not PgBouncer.program():
        raise NotHere("takes pgbouncer (Debian: apt-get install pgbouncer)")
    with replicating() as pair, pgbouncer_before(pair.primary.url) as bouncer:
        urls = {"DATABASE_URL": bouncer.url, "DATABASE_URL_DIRECT": pair.primary.url}
        with _around(pair, urls) as world:
            world.bouncer = bouncer
            yield world


@contextmanager
def on_a_small_disk() -> Iterator[World]:
    """The primary's data on a file system of its own; its standby has all the space it wants."""
    with _small_disk() as disk, replicating({"wal_keep_size": "32MB", "max_wal_size": "64MB"}) as pair:
        pair.primary.stop("fast")
        _move(pair.primary, disk)
        pair.primary.start()
        pair.wait_for_standby()
        with _around(pair, {"DATABASE_URL": pair.primary.url}) as world:
            world.disk = disk
            yield world


@contextmanager
def served() -> Iterator[World]:
    """`eventbooker serve` with its private PostgreSQL: one web, one worker, one server."""
    with tempfile.TemporaryDirectory(prefix="eventbooker-matrix-") as place, BotApi(a_second=1000) as bot_api:
        data = Path(place) / "var"
        web = Web("serve", environment(bot_api, EVENTBOOKER_DATA_DIR=str(data)), Path(place) / "serve.log")
        web.start()
        try:
            all_ready([web])
            yield World(bot_api, (data / "url").read_text(), [web])
        finally:
            web.end()
            shutil.rmtree(place_elsewhere(data), ignore_errors=True)


@contextmanager
def _around(pair: Pair, urls: Mapping[str, str]) -> Iterator[World]:
    """Two webs and two workers that use these URLs."""
    migrate(pair.primary.url)
    with tempfile.TemporaryDirectory(prefix="eventbooker-matrix-") as place, BotApi(a_second=1000) as bot_api:
        variables = environment(bot_api, **urls)
        webs = [Web("web", variables, Path(place) / f"web{number}.log") for number in (1, 2)]
        workers = [Worker(variables, Path(place) / f"worker{number}.log") for number in (1, 2)]
        try:
            for program in (*webs, *workers):
                program.start()
            all_ready(webs)
            yield World(bot_api, pair.primary.url, webs, workers, pair)
        finally:
            for program in (*webs, *workers):
                program.end()


@contextmanager
def _small_disk() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="eventbooker-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0755", "none", str(place)]
    try:
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
        if mounted.returncode:
            raise NotHere(f"takes root, who can mount ({mounted.stderr.strip()})")
        try:
            yield place
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)
    finally:
        place.rmdir()


def _move(server: Server, disk: Path) -> None:
    """Its data, which leaves a link in its place."""
    subprocess.run(["cp", "-a", server.files.data, disk / "data"], check=True)
    shutil.rmtree(server.files.data)
    server.files.data.symlink_to(disk / "data")
