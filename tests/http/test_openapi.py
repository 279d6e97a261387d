"""The document of the API against the service: no route, code or member is in one and not in the other."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from pydantic import BaseModel, TypeAdapter

from eventbooker.config import Settings
from eventbooker.http.app import create_app
from eventbooker.http.examples import EXAMPLES
from eventbooker.http.openapi import describe
from eventbooker.http.openapi_parameters import PARAMETER
from eventbooker.http.problems import PROBLEMS
from eventbooker.http.routes import ROUTES
from tests.service import Service

DOCUMENT = describe(ROUTES, open_mode=False)
OPERATIONS = [
    (path, method, operation) for path, item in DOCUMENT["paths"].items() for method, operation in item.items()
]


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions["pool"].close()


def test_the_document_and_the_application_have_the_same_routes(app: Flask) -> None:
    answered = {
        (PARAMETER.sub(r"{\g<name>}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert answered == {(path, method) for path, method, _ in OPERATIONS}


def test_the_service_gives_its_document(live_service: Service, required_service: Service) -> None:
    assert required_service.get("/openapi.json").json() == DOCUMENT
    assert live_service.get("/openapi.json").json() == describe(ROUTES, open_mode=True)


def test_every_problem_of_the_table_is_one() -> None:
    assert {code for route in ROUTES for code in route.problem_codes} <= PROBLEMS.keys()


def test_every_problem_is_documented_at_some_route() -> None:
    told = {code for route in ROUTES for code in route.problem_codes}

    assert PROBLEMS.keys() - told == {
        "internal_error",
        "method_not_allowed",
        "history_is_kept",
        "telegram_link_invalid",
    }


def test_every_reference_leads_somewhere() -> None:
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            yield from (part["$ref"],) if "$ref" in part else ()
            part = list(part.values())
        for item in part if isinstance(part, list) else ():
            yield from references(item)

    for reference in references(DOCUMENT):
        found: Any = DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]
        assert found


def test_bounds_are_told_in_words_of_json_schema() -> None:
    """Pydantic writes its own, which mean nothing there, where a validator stands before a bound."""
    assert re.findall(r'"(ge|gt|le|lt|(?:min|max)_length)":', json.dumps(DOCUMENT)) == []


def test_every_operation_has_a_name_of_its_own_and_words() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]

    assert len(names) == len(set(names))
    assert all(operation["summary"] and operation["description"] for _, _, operation in OPERATIONS)


def test_headers_of_requests_and_answers_are_told() -> None:
    def headers(path: str, method: str, status: str) -> set[str]:
        return set(DOCUMENT["paths"][path][method]["responses"][status].get("headers", ()))

    change = DOCUMENT["paths"]["/events/{event_id}"]["patch"]
    assert {"If-Match", "Idempotency-Key"} <= {parameter["name"] for parameter in change["parameters"]}
    assert "412" in change["responses"]
    assert {"ETag", "Location"} <= headers("/events", "post", "201")
    assert "ETag" in headers("/events/{event_id}", "patch", "200")
    assert {"ETag", "Link"} <= headers("/events", "get", "200")
    assert {"Retry-After", "RateLimit", "RateLimit-Policy"} <= headers("/events/{event_id}/book", "post", "429")
    assert {"RateLimit", "RateLimit-Policy"} <= headers("/events/{event_id}/book", "post", "201")
    assert "Location" in headers("/users/{user_id}/unsubscribe", "get", "303")


def test_from_a_new_event_links_lead_to_its_booking_and_on() -> None:
    def linked(path: str, method: str, status: str) -> Any:
        return DOCUMENT["paths"][path][method]["responses"][status]["links"]

    assert linked("/events", "post", "201")["events.book"]["parameters"] == {"event_id": "$response.body#/id"}
    assert {"bookings.confirm", "bookings.cancel"} <= linked("/events/{event_id}/book", "post", "201").keys()
    assert linked("/events", "get", "200")["events.show"]["parameters"] == {"event_id": "$response.body#/0/id"}
    assert linked("/users/{user_id}/sessions", "get", "200")["accounts.end_session"]["parameters"] == {
        "user_id": "$request.path.user_id",
        "session_id": "$response.body#/0/id",
    }


def test_links_lead_to_operations_and_fill_in_their_parameters() -> None:
    operations = {operation["operationId"]: operation for _, _, operation in OPERATIONS}
    for _, _, operation in OPERATIONS:
        for response in operation["responses"].values():
            for link in response.get("links", {}).values():
                names = {p["name"] for p in operations[link["operationId"]]["parameters"] if p["in"] == "path"}
                assert link["parameters"].keys() == names


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda model: model.__name__)
def test_an_example_fits_its_schema(model: type[BaseModel]) -> None:
    TypeAdapter(model).validate_json(json.dumps(EXAMPLES[model]))


def test_bodies_and_answers_have_examples() -> None:
    models = {model for route in ROUTES for model in (route.body, route.answer)}

    assert {m for m in models if isinstance(m, type) and issubclass(m, BaseModel)} <= EXAMPLES.keys()


def test_who_may_call_is_told_as_security(live_service: Service) -> None:
    assert DOCUMENT["paths"]["/events"]["post"]["security"] == [{"session": []}, {"api_token": []}]
    assert DOCUMENT["paths"]["/events"]["get"]["security"] == []
    assert {"booking_token": []} in DOCUMENT["paths"]["/bookings/{booking_id}"]["get"]["security"]
    assert {} in DOCUMENT["paths"]["/events/{event_id}/book"]["post"]["security"]
    assert live_service.get("/openapi.json").json()["paths"]["/events"]["post"]["security"] == []
