"""A rush beside a thousand open pages: what following costs those who book, and the service.

Those who read the streams take their part of the processor too, as wrk does: each of the thousand is told once a second
of a rush, by the same two cores that book, and reads it there; that may take up to a fifth of the rate."""

import asyncio
import itertools
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import psycopg

from tests.bench.load import wrk
from tests.bench.memory import descendants, megabytes
from tests.bench.report import Row
from tests.bench.rush import FILL, SEATS
from tests.bench.services import eventbooker

STREAMS = 1_000
AT_ONCE = 20


class Readers:
    """So many open streams about one event, read as they come."""

    def __init__(self, base: str, streams: int) -> None:
        self.events = 0
        self._address = urlsplit(base)
        self._streams = streams
        self._open = 0
        self._all_open = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()

    @contextmanager
    def reading(self) -> Iterator[None]:
        thread = threading.Thread(target=self._loop.run_until_complete, args=[self._read_all()])
        thread.start()
        try:
            if not self._all_open.wait(60):
                raise RuntimeError(f"only {self._open} of {self._streams} streams opened")
            yield
        finally:
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join()

    async def _read_all(self) -> None:
        few = asyncio.Semaphore(AT_ONCE)
        readers = [asyncio.create_task(self._read(few)) for _ in range(self._streams)]
        await self._stop.wait()
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)

    async def _read(self, few: asyncio.Semaphore) -> None:
        counted = False
        while True:
            async with few:
                stream, writer = await asyncio.open_connection(self._address.hostname, self._address.port)
                writer.write(b"GET /events/1/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                piece = await stream.read(4096)
            if not counted and piece.startswith(b"HTTP/1.1 200"):
                counted, self._open = True, self._open + 1
                if self._open == self._streams:
                    self._all_open.set()
            while piece:
                self.events += piece.count(b"event: seats")
                piece = await stream.read(4096)
            writer.close()


def run(url: str, quick: bool) -> list[Row]:
    """With and without, in turns; the median of the rounds."""
    seconds, rounds = (2.0, 2) if quick else (5.0, 5)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL, (SEATS, SEATS, 1))
    names = itertools.count(1)
    alone, beside, idle_cpu, events = [], [], [], []
    with eventbooker(url, "web") as (base, process_id):
        wrk(base, "book", next(names), 1, 1, 0, seconds=seconds)
        light = megabytes(process_id)
        for _ in range(rounds):
            alone.append(wrk(base, "book", next(names), 1, 1, 0, seconds=seconds).rate)
            readers = Readers(base, STREAMS)
            with readers.reading():
                before, spent = readers.events, _cpu_seconds(process_id)
                threading.Event().wait(seconds)
                idle_cpu.append((_cpu_seconds(process_id) - spent) / seconds)
                beside.append(wrk(base, "book", next(names), 1, 1, 0, seconds=seconds).rate)
                events.append((readers.events - before) / seconds)
                heavy = megabytes(process_id)
    return [
        Row(f"bookings/s beside {STREAMS:,} open pages ÷ without", median(beside), median(alone), 0.8),
        Row("MB of the web with them ÷ without", heavy, light),
        Row("processor while nothing changes", said=f"{median(idle_cpu):.1%} of a core", wanted="under 5 %"),
        Row("told to them in the rush", said=f"{median(events):,.0f} events/s"),
    ]


def _cpu_seconds(process_id: int) -> float:
    """Of a process and all below it, until now."""
    ticks = 0
    for each in [process_id, *descendants(process_id)]:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
