"""The document of the API (OpenAPI 3.1), made once at start from the table of routes, the schemas and the problems."""

from typing import Any, get_args

from flask import Response, current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from eventbooker.http.openapi_links import module_of, operation_id
from eventbooker.http.openapi_parameters import parameters, path_of
from eventbooker.http.openapi_responses import HEADERS, SCHEMA_REF, content, responses
from eventbooker.http.problems import PROBLEMS
from eventbooker.http.responses import json_response
from eventbooker.http.route import Route
from eventbooker.http.schemas import AnyObject

Json = dict[str, Any]

ABOUT = """\
A booking service. PostgreSQL counts the seats; a hold that is not confirmed lapses at its second.

Times are ISO 8601 with an offset. Errors are `application/problem+json` (RFC 9457) with a `code`; calls answer 503 with
`Retry-After` while the database is away. A caller who is no admin is answered 403 for what is not theirs, whether it
exists or not. Any call may also be answered 405 `method_not_allowed` and, if something broke, 500 `internal_error`."""

SECURITY_SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": "session", "description": "The pages', from POST /session."},
    "api_token": {"type": "http", "scheme": "bearer", "description": "An API token (`token create`, POST /tokens)."},
    "booking_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "From the 201 that made a booking or an entry.",
    },
}


def show() -> Response:
    """The document of the service that answers."""
    return json_response(current_app.extensions["openapi"])


def describe(routes: tuple[Route, ...], open_mode: bool) -> Json:
    """The document. In open mode only what is about oneself takes credentials."""
    paths: Json = {}
    for route in routes:
        paths.setdefault(path_of(route), {})[route.method.lower()] = _operation(route, routes, open_mode)
    return {
        "openapi": "3.1.0",
        "info": {"title": "EventBooker", "version": "1", "description": ABOUT, "license": {"name": "MIT"}},
        "paths": paths,
        "components": {
            "schemas": _schemas(routes, open_mode),
            "securitySchemes": SECURITY_SCHEMES,
            "headers": HEADERS,
        },
    }


def _operation(route: Route, routes: tuple[Route, ...], open_mode: bool) -> Json:
    operation: Json = {
        "operationId": operation_id(route),
        "tags": [module_of(route)],
        "summary": route.summary,
        "description": f"For {route.may_call.who}.",
        "security": [] if open_mode and not route.may_call.takes_user else _security(route),
        "parameters": parameters(route),
        "responses": responses(route, routes),
    }
    if route.files:
        operation["requestBody"] = {
            "required": True,
            "content": {
                media_type: {"schema": {"type": "string"}, "example": example}
                for media_type, example in route.files.items()
            },
        }
    elif route.reads_body:
        body = route.body_in(open_mode) or AnyObject
        operation["requestBody"] = {
            "required": body is not AnyObject and not route.body_optional,
            "content": {"application/json": content(body)},
        }
    return operation


def _security(route: Route) -> list[Json]:
    required: list[Json] = [{scheme: []} for scheme in route.may_call.credentials]
    return [*([{}] if required and route.may_call.without_credentials else []), *required]


def _schemas(routes: tuple[Route, ...], open_mode: bool) -> Json:
    models: list[type[BaseModel]] = [AnyObject]
    for route in routes:
        answered = [part for answer in route.answers.values() for part in get_args(answer) or (answer,)]
        for model in (route.body_in(open_mode), *answered):
            if isinstance(model, type) and issubclass(model, BaseModel) and model not in models:
                models.append(model)
    _, schema = models_json_schema([(model, "validation") for model in models], ref_template=SCHEMA_REF)
    return {**schema["$defs"], "Problem": _problem_schema()}


def _problem_schema() -> Json:
    return {
        "type": "object",
        "description": "What went wrong (RFC 9457). Some codes have more members: `errors` for each field, say.",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"enum": list(PROBLEMS)},
            "detail": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                },
            },
        },
    }
