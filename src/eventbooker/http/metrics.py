"""`GET /metrics`: what all processes of this service counted, and what the database tells of itself."""

from collections.abc import Iterable

import psycopg
import structlog
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from eventbooker.database.pool import error_line
from eventbooker.http.queries import fetch_all
from eventbooker.metrics import exposition

log = structlog.get_logger()

GAUGES = {
    "holds": ("eventbooker_holds", "Holds by state: living, or lapsed and not yet swept.", "state"),
    "sweep_lag": ("eventbooker_sweep_lag_seconds", "Seconds since the oldest hold ended that is not swept yet.", None),
    "outbox_waiting": ("eventbooker_outbox_waiting", "Messages that are due and not sent yet.", "channel"),
    "outbox_oldest": ("eventbooker_outbox_oldest_seconds", "For how long the oldest of them is due.", "channel"),
    "outbox_failed": ("eventbooker_outbox_failed", "Messages that failed for good.", "channel"),
    "waiting_list": ("eventbooker_waiting_list_entries", "Waiting list entries by status.", "status"),
}
"""The names of `get_metrics`, and what Prometheus sees: name, help, label."""


class _Database(Collector):
    """Asked at each reading: what these gauges say is of the whole service, whichever process answers."""

    def collect(self) -> Iterable[Metric]:
        try:
            rows = fetch_all("SELECT name, label, value FROM get_metrics()")
        except psycopg.Error as error:
            log.warning("the database tells no metrics", error=error_line(error))
            rows = []
        yield GaugeMetricFamily("eventbooker_database_up", "Whether the database answers.", value=bool(rows))
        for key, (name, explained, label) in GAUGES.items() if rows else ():
            gauge = GaugeMetricFamily(name, explained, labels=[label] if label else [])
            for _, labeled, value in (row for row in rows if row[0] == key):
                gauge.add_metric([labeled] if label else [], value)
            yield gauge


def show() -> Response:
    return Response(exposition(_Database()), content_type=CONTENT_TYPE_LATEST)
