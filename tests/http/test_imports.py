"""Events from a file, over HTTP."""

import httpx
import pytest

from eventbooker.event_files import MAX_FILE_BYTES
from eventbooker.http.examples import CSV_FILE, ICAL_FILE
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.http.test_auth import refusal, register, sign_in
from tests.service import Service

WRONG = "name,date,total_seats\nA,2030-03-01T18:00,5\nB,soon,0\nC,2030-03-01T18:00,5\n"


def send(
    service: Service, content: str, query: str = "", media_type: str = "text/csv", **headers: str
) -> httpx.Response:
    return service.post(
        f"/events/import{query}", content=content.encode(), headers={"Content-Type": media_type, **headers}
    )


@pytest.mark.parametrize(
    ("content", "media_type"), [(CSV_FILE, "text/csv; charset=utf-8"), (ICAL_FILE, "text/calendar")]
)
def test_the_events_of_a_file_are_created(live_service: Service, content: str, media_type: str) -> None:
    told = send(live_service, content, "?dry_run=true", media_type)
    assert told.status_code == 200
    (line,) = told.json()["lines"]
    assert (line["errors"], line["event"]["name"], line["event"]["date"]) == (
        [], "Go Conference", "2030-03-01T18:00:00+01:00",
    )  # fmt: skip
    assert live_service.get("/events").json() == []

    created = send(live_service, content, "", media_type)
    assert created.status_code == 201
    (line,) = created.json()["lines"]
    assert live_service.get("/events").json() == [line["event"]]


def test_what_is_wrong_is_told_line_by_line_and_nothing_is_created(live_service: Service) -> None:
    dry = send(live_service, WRONG, "?dry_run=true")
    assert [[error["field"] for error in line["errors"]] for line in dry.json()["lines"]] == [
        [],
        ["date", "total_seats"],
        [],
    ]

    refused = send(live_service, WRONG)

    assert refusal(refused) == (422, "invalid_import")
    assert [(error["line"], error["field"]) for error in refused.json()["errors"]] == [(3, "date"), (3, "total_seats")]
    assert live_service.get("/events").json() == []


def test_the_seats_may_be_said_beside_the_file(live_service: Service) -> None:
    (line,) = send(live_service, "name,date\nA,2030-03-01T18:00\n", "?total_seats=7").json()["lines"]

    assert line["event"]["total_seats"] == 7
    for wrong in ("?total_seats=0", "?total_seats=x", "?dry_run=maybe", "?colour=red"):
        assert refusal(send(live_service, CSV_FILE, wrong)) == (422, "invalid_request")


def test_a_file_that_is_sent_twice_is_imported_once(live_service: Service) -> None:
    key = {"Idempotency-Key": "4f5e0c0a-8c1f-4b55"}
    first, second = send(live_service, CSV_FILE, **key), send(live_service, CSV_FILE, **key)

    assert first.json() == second.json()
    assert len(live_service.get("/events").json()) == 1


def test_only_tables_and_calendars_are_taken(live_service: Service) -> None:
    for media_type in ("application/json", "text/plain", ""):
        assert refusal(send(live_service, CSV_FILE, "", media_type)) == (415, "unsupported_media_type")
    assert refusal(send(live_service, "x" * (MAX_FILE_BYTES + 1))) == (413, "too_large")
    assert refusal(send(live_service, "")) == (422, "invalid_import")
    assert send(live_service, "\0", "?dry_run=true").json()["lines"][0]["errors"]


def test_a_file_of_a_thousand_events_is_taken(live_service: Service) -> None:
    row = f"A,2030-03-01T18:00,5,Europe/Berlin,{'x' * 1000}\n"

    created = send(live_service, "name,date,total_seats,timezone,description\n" + row * 1000)

    assert created.status_code == 201, created.text[:1000]
    assert len(created.json()["lines"]) == 1000


def test_files_are_for_admins(required_service: Service) -> None:
    assert refusal(send(required_service, CSV_FILE)) == (401, "credentials_required")
    assert refusal(send(register(required_service, "u@example.org"), CSV_FILE)) == (403, "forbidden")
    assert send(sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD), CSV_FILE).status_code == 201
