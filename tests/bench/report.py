"""The table that `./dev bench` prints."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Something measured beside its baseline, and the least ratio that we want; or either said in words."""

    what: str
    measured: float | None = None
    baseline: float | None = None
    at_least: float | None = None
    said: str = ""
    wanted: str = ""

    def cells(self) -> tuple[str, str, str, str]:
        if self.measured is None or self.baseline is None:
            return self.what, self.said, "", self.wanted
        return (
            self.what,
            f"{self.measured:,.0f} ÷ {self.baseline:,.0f}",
            f"{self.measured / self.baseline:.2f}",
            self.wanted or (f"at least {self.at_least}" if self.at_least else ""),
        )


def table(rows: Iterable[Row]) -> str:
    """As Markdown, its columns aligned."""
    cells = [("what", "measured", "ratio", "wanted"), ("-", "-", "-", "-"), *(row.cells() for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = []
    for row in cells:
        padded = (cell.ljust(width, cell if cell == "-" else " ") for cell, width in zip(row, widths, strict=True))
        lines.append(f"| {' | '.join(padded)} |")
    return "\n".join(lines)
