"""Quotas of requests, as the settings of `limits` write them."""

from typing import Annotated, Any, NamedTuple

import durationpy
from pydantic import BeforeValidator


class Quota(NamedTuple):
    """So many requests in so many seconds, written `40/1h`."""

    requests: int
    seconds: int
    written: str

    def __str__(self) -> str:
        """How long the window is, as it was written: `1h`."""
        return self.written


def read_quotas(value: Any) -> Any:
    """Reads `40/1h, 120/24h`, or `off`."""
    if isinstance(value, tuple):
        return value
    if value in ("off", False):  # without quotes it is false in YAML
        return ()
    return tuple(_quota(part.strip()) for part in str(value).split(","))


def _quota(text: str) -> Quota:
    requests, _, window = text.partition("/")
    try:
        seconds = durationpy.from_str(window).total_seconds()
    except (durationpy.DurationError, OverflowError):
        seconds = 0
    if not (requests.isascii() and requests.isdigit() and 1 <= len(requests) <= 9 and int(requests)):
        seconds = 0
    if not (1 <= seconds <= 7 * 86_400 and seconds == int(seconds)):
        raise ValueError("takes requests in a window of 1s to 168h such as 40/1h, or several: 40/1h, 120/24h; or off")
    return Quota(int(requests), int(seconds), window)


Quotas = Annotated[tuple[Quota, ...], BeforeValidator(read_quotas)]
