"""The machine's facts, without which a figure means little."""

import os
import platform
import tempfile
import time
from pathlib import Path
from statistics import median

import psycopg


def facts(url: str, place: Path) -> str:
    """One line: cores, what a commit costs on the disk of `place`, versions."""
    with psycopg.connect(url) as connection:
        version = connection.info.parameter_status("server_version")
    return (
        f"{os.cpu_count()} cores, fdatasync {fdatasync(place) * 1e6:.0f} µs,"
        f" PostgreSQL {version}, Python {platform.python_version()}"
    )


def fdatasync(place: Path) -> float:
    """Seconds that 8 kB take to the disk, the median of many."""
    took = []
    with tempfile.TemporaryFile(dir=place, buffering=0) as file:
        for _ in range(200):
            begun = time.perf_counter()
            file.write(bytes(8192))
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - begun)
    return median(took)
