"""Where the processes of one service count together for Prometheus."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""What prometheus_client reads when it is imported: each process then counts in files of its own in there."""


@contextmanager
def shared_metrics() -> Iterator[None]:
    """Let this process and its children count together: in the directory of whoever started us, else in a new one,
    which goes when we end. To be entered before `eventbooker.metrics` is imported."""
    if os.environ.get(VARIABLE):
        yield
        return
    with TemporaryDirectory(prefix="eventbooker-metrics-") as directory:
        os.environ[VARIABLE] = directory
        try:
            yield
        finally:
            del os.environ[VARIABLE]
