"""`./dev matrix`: break each part under load, and print what clients saw and whether anything was lost."""

import argparse
import sys
import time

from tests.kill_matrix.ledger import Verdict
from tests.kill_matrix.report import Outcome, table
from tests.kill_matrix.rows import ROWS
from tests.kill_matrix.run import run
from tests.kill_matrix.worlds import NotHere


def main() -> None:
    rows = {row.name: row for row in ROWS}
    parser = argparse.ArgumentParser(
        prog="./dev matrix",
        description="Kill each part of a running service under load, and print a table. Takes PgBouncer (Debian:"
        " apt-get install pgbouncer) and, for the full disk, root. Fails if a row breaks the law or loses a write.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(rows)}; all if none")
    names = parser.parse_args().names or list(rows)
    if unknown := set(names) - rows.keys():
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(rows)}")

    outcomes: list[Outcome] = []
    for name in names:
        begun = time.monotonic()
        try:
            outcomes.append(run(rows[name]))
        except NotHere as error:
            outcomes.append(Outcome(rows[name], not_run=str(error)))
        except AssertionError as error:  # a wait in vain, before or while something breaks
            outcomes.append(Outcome(rows[name], verdict=Verdict(0, [f"broke off: {error}"])))
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    print(table(outcomes))
    sys.exit(0 if all(outcome.is_well for outcome in outcomes) else 1)


main()
