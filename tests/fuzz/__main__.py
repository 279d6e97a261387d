"""`./dev fuzz`: call the service from its own document, tens of thousands of times, and say what was wrong."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from eventbooker.database import embedded
from eventbooker.database.migrate import migrate
from tests.fuzz.campaign import Findings, fuzz
from tests.fuzz.parts import PARTS, serving

EXAMPLES = 30
"""For each operation, in each round."""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./dev fuzz",
        description="Call the service from its own document (schemathesis), in both modes and as each kind of caller,"
        " with a private PostgreSQL. Prints how often and how it answered, and what was wrong; fails if anything was.",
    )
    parser.add_argument("--cases", type=int, default=20_000, help="how many calls at least (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the first round (%(default)s); each round has another")
    arguments = parser.parse_args()

    started = time.monotonic()
    total = Findings()
    for name, part in PARTS.items():
        begun = time.monotonic()
        findings = Findings()
        with ExitStack() as stack:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="eventbooker-fuzz-")))
            url = stack.enter_context(embedded.running(place / "data", lambda line: None))
            migrate(url)
            address = stack.enter_context(serving(part, url, place))
            for seed in count(arguments.seed):
                findings += fuzz(part, address, url, seed, EXAMPLES)
                if findings.cases >= arguments.cases / len(PARTS):
                    break
        print(line(name, findings, time.monotonic() - begun), flush=True)
        for what, how in sorted(findings.failures.items() - total.failures.items()):
            print(f"\n{what}\n{how}\n", flush=True)
        total += findings
    print(line("in all", total, time.monotonic() - started))
    for operation in sorted(total.called - total.succeeded):
        print(f"never answered 2xx or 3xx: {operation}")
    sys.exit(bool(total.failures))


def line(name: str, findings: Findings, seconds: float) -> str:
    classes = Counter(f"{status // 100}xx" for status in findings.statuses.elements())
    answered = ", ".join(f"{number:,} {answers}" for answers, number in sorted(classes.items()))
    return f"{name}: {findings.cases:,} cases in {seconds:.0f} s, {answered}; {len(findings.failures)} failures"


main()
