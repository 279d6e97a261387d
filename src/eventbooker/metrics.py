"""What the processes count, in Prometheus' terms; README.md explains each to operators.

Every process counts for itself, and whoever is asked (`exposition`) adds up those that share a directory.
"""

import os
from collections.abc import Iterable
from importlib.metadata import version

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from eventbooker.metrics_directory import VARIABLE

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Histogram(
    "eventbooker_http_request_seconds",
    "Requests and how long they took; code is that of the problem, empty without one.",
    ("method", "route", "status", "code"),
    buckets=SECONDS,
)
POOL_WAIT = Histogram(
    "eventbooker_pool_wait_seconds", "How long requests waited for a connection to PostgreSQL.", buckets=SECONDS
)
TRANSACTIONS = Histogram(
    "eventbooker_transaction_seconds", "How long requests used a connection to PostgreSQL.", buckets=SECONDS
)
LIST_READS = Counter(
    "eventbooker_list_reads",
    "Lists that may be read from the replica, and where they were; none without one.",
    ("server",),
)
BATCHES = Histogram(
    "eventbooker_batch_size",
    "Requests that shared one call and one commit.",
    ("call",),
    buckets=(1, 2, 4, 8, 16, 32, 64),
)
SWEPT_HOLDS = Counter("eventbooker_swept_holds", "Lapsed holds that the sweep has canceled.")
SWEEPS = Histogram("eventbooker_sweep_seconds", "Sweeps and how long they took.", ("outcome",), buckets=SECONDS)
NOTIFICATIONS = Counter(
    "eventbooker_notifications", "What became of messages that were handed on.", ("channel", "outcome")
)


class _Build(Collector):
    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily("eventbooker_build", "The version that runs.", {"version": version("eventbooker")})


def exposition(*more: Collector) -> bytes:
    """Prometheus' text of what all processes counted, and of what `more` collects now."""
    return generate_latest(registry_of_all(*more))


def registry_of_all(*more: Collector) -> CollectorRegistry:
    """What all processes that share our directory count, added up at each reading."""
    registry = CollectorRegistry()
    if os.environ.get(VARIABLE):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    for collector in (_Build(), *more):
        registry.register(collector)
    return registry
