"""Whether the worker does its work in time."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic, time

JUMP_SECONDS = 1.0
LATE_INTERVALS = 3
NEVER_LATE_SECONDS = 60.0
"""The sweep is late when it was not done for so many intervals, and never before a minute."""


class Clock:
    """Notices when the clock on the wall was set. The jobs' times are of that clock: set back by an hour, it would have
    them wait for an hour."""

    def __init__(self, wall: Callable[[], float] = time, steady: Callable[[], float] = monotonic) -> None:
        self._wall, self._steady = wall, steady
        self._offset = wall() - steady()

    def jumped(self) -> bool:
        """Whether it was set since the last question; a clock that is slewed does not jump."""
        before, self._offset = self._offset, self._wall() - self._steady()
        return abs(self._offset - before) > JUMP_SECONDS


class LastSweep:
    """When all lapsed holds were swept last; at the start as if just now."""

    def __init__(self, interval: timedelta, steady: Callable[[], float] = monotonic) -> None:
        self._steady = steady
        self._bound = max(LATE_INTERVALS * interval.total_seconds(), NEVER_LATE_SECONDS)
        self._at = self._steady()

    def note(self) -> None:
        self._at = self._steady()

    def why_late(self) -> str | None:
        """In words, or None if it is not."""
        age = self._steady() - self._at
        return f"The last sweep was done {age:.0f} s ago, and that is too long." if age > self._bound else None
