"""`./dev bench NAME`: measure on a private PostgreSQL of its own, with its durability on."""

import argparse
import os
import platform
import tempfile
from pathlib import Path

import psycopg

from eventbooker.database import embedded
from eventbooker.database.migrate import migrate
from tests.bench import sweep

BENCHMARKS = {"sweep": sweep.run}


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure, and print figures.")
    parser.add_argument("name", choices=BENCHMARKS, help="sweep: a million lapsed holds swept while 16 clients book")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="eventbooker-bench-") as place,
        embedded.running(Path(place), lambda line: None) as url,
    ):
        migrate(url)
        with psycopg.connect(url) as connection:
            version = connection.info.parameter_status("server_version")
        print(f"{os.cpu_count()} cores, PostgreSQL {version}, Python {platform.python_version()}")
        BENCHMARKS[arguments.name](url, arguments.quick)


main()
