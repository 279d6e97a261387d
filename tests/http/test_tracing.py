"""What a collector of traces gets to see of requests."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from eventbooker import tracing
from eventbooker.config import Settings
from tests.conftest import serving
from tests.database import Database
from tests.otlp import Collector, attributes
from tests.service import Service
from tests.waiting import until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"


@pytest.fixture
def traced_service(collector: Collector, settings: Settings, start_tracing: Callable[..., None]) -> Iterator[Service]:
    start_tracing(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    with serving(settings) as service:
        yield service


def test_a_request_leads_to_its_sql_in_the_trace_of_whoever_sent_it(
    traced_service: Service, collector: Collector
) -> None:
    event = traced_service.event()["id"]
    sent = {"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Request-Id": "from-the-proxy"}

    booking = traced_service.post(f"/events/{event}/book", {"email": "user@example.org"}, headers=sent).json()

    (request,) = until(lambda: collector.named("POST /events/{event_id}/book"))
    (sql,) = until(lambda: collector.named("book_seats"))
    assert collector.services == {"eventbooker"}
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (TRACE, CALLER)
    assert (sql.trace_id, sql.parent_span_id) == (request.trace_id, request.span_id)
    assert attributes(request) == {
        "http.request.method": "POST",
        "http.route": "/events/{event_id}/book",
        "http.response.status_code": 201,
        "eventbooker.request_id": "from-the-proxy",
        "eventbooker.event_id": event,
        "eventbooker.booking_id": booking["id"],
    }
    assert "book_seats(%s" in str(attributes(sql)["db.query.text"])
    assert "user@example.org" not in str(collector.spans)


def test_a_refusal_is_told_by_its_code_and_is_no_error(traced_service: Service, collector: Collector) -> None:
    assert traced_service.post("/bookings/1/confirm").status_code == 404
    assert traced_service.get("/events/7").status_code == 404

    (request,) = until(lambda: collector.named("GET /events/{event_id}"))
    sql, *_ = until(lambda: collector.named("get_event"))
    assert attributes(request)["eventbooker.problem"] == "event_not_found"
    assert attributes(sql)["db.response.status_code"] == "EB001"
    assert {request.status.code, sql.status.code} == {0}


def test_a_batch_is_linked_with_every_request_that_it_carried(
    traced_service: Service, collector: Collector, database: Database
) -> None:
    event = traced_service.event(total_seats=100)["id"]
    with ThreadPoolExecutor(20) as threads, database.connect() as other:
        with other.transaction():  # whoever comes first waits, and the others behind it
            other.execute("SELECT id FROM events WHERE id = %s FOR UPDATE", (event,))
            booked = [threads.submit(traced_service.book, event, f"user{number}@example.org") for number in range(20)]
            until(lambda: database.one("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")["count"])
        for each in booked:
            each.result()

    until(lambda: len(collector.named("POST /events/{event_id}/book")) == 20)
    requests = {span.span_id: span for span in collector.named("POST /events/{event_id}/book")}
    batches = until(lambda: collector.named("batch"))
    for batch in batches:
        carried = [requests[batch.parent_span_id], *(requests[link.span_id] for link in batch.links)]
        assert attributes(batch)["eventbooker.batch_size"] == len(carried)
        for request in carried[1:]:
            assert batch.span_id in {link.span_id for link in request.links}
        assert any(span.parent_span_id == batch.span_id for span in collector.named("book_seats"))


def test_what_is_not_sampled_is_not_told(traced_service: Service, collector: Collector) -> None:
    traced_service.get("/events", headers={"traceparent": f"00-{TRACE}-{CALLER}-00"})
    traced_service.get("/healthz")

    until(lambda: collector.named("GET /healthz"))  # spans come in the order in which they end
    assert not collector.named("GET /events")
    assert not collector.named("list_events")


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
    ],
)
def test_without_an_endpoint_that_is_spoken_to_there_are_no_traces(
    variables: dict[str, str], start_tracing: Callable[..., None]
) -> None:
    start_tracing(**variables)

    assert tracing.tracer() is None
