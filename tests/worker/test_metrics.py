"""A worker on its own answers Prometheus."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.bench.services import free_port
from tests.database import Database
from tests.waiting import until
from tests.worker.bot_api import BotApi
from tests.worker.conftest import Bookings, StartWorker


def test_a_worker_counts_what_it_swept_and_sent(
    database: Database, bookings: Bookings, bot_api: BotApi, start_worker: StartWorker
) -> None:
    port = free_port()
    start_worker(EVENTBOOKER_METRICS_WORKER_PORT=str(port))
    bookings.confirm("101")
    bookings.hold("102", minutes=1)
    database.advance(seconds=60)
    until(lambda: bot_api.delivered["101"] and bot_api.delivered["102"])

    def counted(name: str, **labels: str) -> float:
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return sum(each.value for each in samples if each.name == name and labels.items() <= each.labels.items())

    until(lambda: counted("eventbooker_swept_holds_total") == 1)
    until(lambda: counted("eventbooker_notifications_total", channel="telegram", outcome="sent") == 2)
    assert counted("eventbooker_sweep_seconds_count", outcome="done") >= 1
