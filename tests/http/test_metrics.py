"""What operators see: the metrics of all processes, the id of a request, and what was slow."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from structlog.testing import capture_logs

from eventbooker.config import Settings
from tests.bench.services import eventbooker
from tests.conftest import serving
from tests.database import Database
from tests.service import Service

WITHOUT_DATABASE = Settings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/nothing"))
BOOK = {"method": "POST", "route": "/events/{event_id}/book"}


def _samples(text: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    samples: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            samples.setdefault(sample.name, []).append((sample.labels, sample.value))
    return samples


def _value(text: str, name: str, **labels: str) -> float:
    """The sum over what has these labels."""
    return sum(value for had, value in _samples(text)[name] if labels.items() <= had.items())


def test_two_processes_are_counted_together_and_right_to_the_request(database: Database) -> None:
    with eventbooker(database.url, "web") as (base, _):
        event_id = httpx.post(
            f"{base}/events", json={"name": "A", "date": "2040-01-01T10:00", "total_seats": 25}
        ).json()["id"]
        for number in range(40):  # each on a connection of its own, so that both processes get some
            httpx.post(f"{base}/events/{event_id}/book", json={"email": f"user{number}@example.org"})
        httpx.get(f"{base}/nothing")
        httpx.request("INVENTED", f"{base}/events/1")

        answers = [httpx.get(f"{base}/metrics") for _ in range(8)]
    for told in answers:
        assert told.headers["content-type"].startswith("text/plain; version=")
        count = "eventbooker_http_request_seconds_count"
        assert _value(told.text, count, **BOOK) == 40
        assert _value(told.text, count, **BOOK, status="201", code="") == 25
        assert _value(told.text, count, **BOOK, status="409", code="sold_out") == 15
        assert _value(told.text, count, route="unknown", method="") == 2
        assert _value(told.text, "eventbooker_batch_size_sum", call="book_seats") == 40
        assert _value(told.text, "eventbooker_holds", state="living") == 25
        assert _value(told.text, "eventbooker_database_up") == 1


def test_a_service_without_its_database_still_tells_what_it_counted() -> None:
    with serving(WITHOUT_DATABASE) as service:
        service.get("/healthz")
        told = service.get("/metrics")
    assert _value(told.text, "eventbooker_http_request_seconds_count", route="/healthz") >= 1
    assert _value(told.text, "eventbooker_database_up") == 0
    assert "eventbooker_holds" not in _samples(told.text)


def test_in_required_mode_an_admin_reads_the_metrics_and_nobody_else(required_service: Service) -> None:
    assert required_service.get("/metrics").status_code == 401


def test_each_answer_has_an_id_and_a_well_formed_one_of_the_caller_is_kept(live_service: Service) -> None:
    def answered(sent: str) -> str:
        return live_service.get("/healthz", headers={"X-Request-Id": sent}).headers["x-request-id"]

    assert answered("trace-1.a_B") == "trace-1.a_B"
    for malformed in ("", "two words", "a" * 65, 'quo"te'):
        assert answered(malformed) not in ("", malformed)
    assert live_service.get("/nothing").headers["x-request-id"] != live_service.get("/nothing").headers["x-request-id"]


def test_slow_requests_and_slow_statements_are_logged_without_parameters(settings: Settings) -> None:
    slow = settings.model_copy(update={"log": settings.log.model_copy(update={"slow": settings.log.slow * 1e-6})})
    with serving(slow) as service, capture_logs() as lines:
        event_id = service.event()["id"]
        service.book(event_id, "somebody@example.org")
    requests = [line for line in lines if line["event"] == "slow request"]
    assert [line["route"] for line in requests] == ["/events", "/events/{event_id}/book"]
    assert any("book_seats" in line["sql"] for line in lines if line["event"] == "slow SQL")
    assert "somebody" not in str(lines)


def test_lines_that_are_logged_during_a_request_name_it(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(WITHOUT_DATABASE) as service:
        assert service.get("/events", headers={"X-Request-Id": "here-i-am"}).status_code == 503
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "the database does not answer" in line]
    assert "request_id=here-i-am" in line
