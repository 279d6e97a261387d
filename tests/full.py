"""EVENTBOOKER_FULL_TESTS=1 runs all tests, and those whose length is a matter of choice at full length, as CI does."""

import os

FULL = os.environ.get("EVENTBOOKER_FULL_TESTS") == "1"


def size(variable: str, default: int, full: int) -> int:
    """How many; the environment variable overrides both."""
    return int(os.environ.get(variable, full if FULL else default))
