"""Waiting for what another thread or process does, instead of sleeping and hoping."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], within: float = 60) -> T:
    """Ask `condition` again and again; returns its first true answer."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"waited {within} s in vain"
        time.sleep(0.02)
    return answer
