"""`./dev bench`: measure on private PostgreSQL servers of its own, with their durability on, and print a table."""

import argparse
import tempfile
from datetime import date
from pathlib import Path

from eventbooker.database import embedded
from eventbooker.database.migrate import migrate
from tests.bench import growth, live, memory, oracles, pages, papers, rush, slow, sweep, year
from tests.bench.machine import facts
from tests.bench.report import Row, table

BENCHMARKS = {
    "rush": rush.run,
    "slow": slow.run,
    "sweep": sweep.run,
    "growth": growth.run,
    "year": year.run,
    "memory": memory.run,
    "papers": papers.run,
    "live": live.run,
    "pages": pages.run,
    "oracles": oracles.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description="Measure side by side, in turns, and print a table. Needs wrk (Debian: apt-get install wrk).",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="rush: the API beside pgbench and a bare route; slow: the same beside 200 slow clients; sweep: a million"
        " lapsed holds swept while 16 clients book; growth: ten thousand bookings and ten million; year: five million"
        " holds in a year that is lived through in half an hour; memory: the service"
        " after a million requests; papers: table and list of 50,000 attendees; live: a rush beside a thousand open"
        " pages; pages: first views in a slowed Chromium; oracles: whether the time of an answer tells"
        " who is known; all if none",
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - BENCHMARKS.keys():
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")

    rows: list[Row] = []
    for name in arguments.names or BENCHMARKS:
        with (
            tempfile.TemporaryDirectory(prefix="eventbooker-bench-") as place,
            embedded.running(Path(place), lambda line: None) as url,
        ):
            migrate(url)
            if not rows:
                print(f"{date.today()}, {facts(url, Path(place))}\n")
            rows += BENCHMARKS[name](url, arguments.quick)
    print(table(rows))


main()
