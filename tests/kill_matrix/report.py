"""The table that `./dev matrix` prints."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.kill_matrix.ledger import Ledger, Verdict
from tests.kill_matrix.rows import Row

HEAD = ("what", "clients saw", "slowest", "whole after", "lost", "law")


@dataclass(frozen=True)
class Outcome:
    """How a row went; `seconds` is None if it was never whole again."""

    row: Row
    ledger: Ledger = field(default_factory=Ledger)
    seconds: float | None = None
    verdict: Verdict = Verdict(0, [])  # noqa: RUF009
    not_run: str = ""

    @property
    def is_well(self) -> bool:
        return bool(self.not_run) or (self.seconds is not None and not self.verdict.lost and not self.verdict.broken)

    def cells(self) -> tuple[str, ...]:
        what = f"{self.row.name}: {self.row.what}"
        if self.not_run:
            return what, f"not run: {self.not_run}", "", "", "", ""
        return (
            what,
            ", ".join(f"{count} × {answer}" for answer, count in sorted(self.ledger.answers.items())),
            f"{self.ledger.slowest:.1f} s",
            "never" if self.seconds is None else f"{self.seconds:.1f} s",
            f"{self.verdict.lost} of {self.ledger.acknowledged}",
            "; ".join(self.verdict.broken) or "kept",
        )


def table(outcomes: Iterable[Outcome]) -> str:
    """As Markdown, its columns aligned."""
    rows = [HEAD, tuple("-" for _ in HEAD), *(outcome.cells() for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = []
    for row in rows:
        padded = (cell.ljust(width, cell if cell == "-" else " ") for cell, width in zip(row, widths, strict=True))
        lines.append(f"| {' | '.join(padded)} |")
    return "\n".join(lines)
