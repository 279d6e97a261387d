"""How long the longest tests run: shorter by default, at full length with EVENTBOOKER_FULL_TESTS=1, as CI runs them."""

import os

FULL = os.environ.get("EVENTBOOKER_FULL_TESTS") == "1"


def size(variable: str, default: int, full: int) -> int:
    """How many; the environment variable overrides both."""
    return int(os.environ.get(variable, full if FULL else default))
