"""The document of the API (OpenAPI 3.1), made once at start from the table of routes, the schemas and the problems."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any, get_args, get_origin

from flask import Response, current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from eventbooker.http.examples import EXAMPLES, example_of_problem
from eventbooker.http.problems import PROBLEMS
from eventbooker.http.responses import json_response
from eventbooker.http.route import Route
from eventbooker.http.schemas import AnyObject

Json = dict[str, Any]

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
SCHEMA_REF = "#/components/schemas/{model}"

ABOUT = """\
A booking service. PostgreSQL counts the seats; a hold that is not confirmed lapses at its second.

Times are ISO 8601 with an offset. Errors are `application/problem+json` (RFC 9457) with a `code`; calls answer 503 with
`Retry-After` while the database is away. A caller who is no admin is answered 403 for what is not theirs, whether it
exists or not. Any call may also be answered 405 `method_not_allowed` and, if something broke, 500 `internal_error`."""

SECURITY_SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": "session", "description": "The pages', from POST /session."},
    "api_token": {"type": "http", "scheme": "bearer", "description": "An API token (`token create`)."},
    "booking_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "From the 201 that made a booking or an entry.",
    },
}

HEADERS: dict[str, Json] = {
    "Location": {"description": "Where the new thing is.", "schema": {"type": "string", "format": "uri-reference"}},
    "ETag": {"description": "Names this very answer.", "schema": {"type": "string"}, "example": '"5d41402abc4b"'},
    "Link": {
        "description": "The next page, while there is one.",
        "schema": {"type": "string"},
        "example": '</events?after=50>; rel="next"',
    },
    "Idempotency-Replayed": {
        "description": "The request came before with this key; nothing was changed again.",
        "schema": {"const": "true"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "example": 1},
    "WWW-Authenticate": {"description": "How to show who one is.", "schema": {"type": "string"}, "example": "Bearer"},
    "Cache-Control": {"description": "Personal: not for caches.", "schema": {"const": "private, no-store"}},
}

IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Sent again within 24 hours with this key, the request changes nothing and is answered the same. In"
    " required mode a caller without an account needs a key of 16 characters at least.",
    "schema": {"type": "string", "minLength": 16, "maxLength": 255, "pattern": "^[!#-~][ -~]*[!-~]$"},
    "example": "4f5e0c0a-8c1f-4b55-9d3c-3f1f6a3d2b10",
}
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of the answer that one has: 304 if it still holds.",
    "schema": {"type": "string"},
    "example": '"5d41402abc4b"',
}


def show() -> Response:
    """The document of the service that answers."""
    return json_response(current_app.extensions["openapi"])


def describe(routes: tuple[Route, ...], open_mode: bool) -> Json:
    """The document. In open mode no call takes credentials."""
    paths: Json = {}
    for route in routes:
        paths.setdefault(path_of(route), {})[route.method.lower()] = _operation(route, routes, open_mode)
    return {
        "openapi": "3.1.0",
        "info": {"title": "EventBooker", "version": "1", "description": ABOUT, "license": {"name": "MIT"}},
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": SECURITY_SCHEMES,
            "headers": HEADERS,
        },
    }


def path_of(route: Route) -> str:
    """The path as OpenAPI writes it: `/events/{event_id}`."""
    return PARAMETER.sub(r"{\g<name>}", route.path)


def _operation(route: Route, routes: tuple[Route, ...], open_mode: bool) -> Json:
    operation: Json = {
        "operationId": operation_id(route),
        "tags": [_module(route)],
        "summary": route.summary,
        "description": f"For {route.may_call.who}.",
        "security": [] if open_mode else _security(route),
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)],
        "responses": {str(route.status): _success(route, routes), **_problems(route)},
    }
    if route.conditional:
        operation["responses"]["304"] = {
            "description": "The answer that the caller has still holds.",
            **_headers("ETag"),
        }
    if route.reads_body:
        body = route.body or AnyObject
        operation["requestBody"] = {
            "required": bool(route.body) and not route.body_optional,
            "content": {"application/json": _content(body)},
        }
    return operation


def operation_id(route: Route) -> str:
    """The view's name, `events.create`; for one of several routes that share a view the path, `pages.js`."""
    if isinstance(route.view, partial):
        return ".".join([_module(route), *(re.findall(r"\w+", PARAMETER.sub("", route.path)) or ["index"])])
    return f"{_module(route)}.{route.view.__name__}"


def _module(route: Route) -> str:
    view: Any = route.view
    module: str = (view.func if isinstance(view, partial) else view).__module__
    return module.rpartition(".")[2]


def _security(route: Route) -> list[Json]:
    required: list[Json] = [{scheme: []} for scheme in route.may_call.credentials]
    return [*([{}] if required and route.may_call.without_credentials else []), *required]


def _path_parameters(route: Route) -> list[Json]:
    schemas: dict[str | None, Json] = {"id": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}}
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": schemas.get(found["converter"], {"type": "string", "minLength": 1}),
        }
        for found in PARAMETER.finditer(route.path)
    ]


def _query_parameters(route: Route) -> list[Json]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema()
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            **({"description": described["description"]} if "description" in described else {}),
            "schema": _not_null(described),
        }
        for name, described in schema["properties"].items()
    ]


def _not_null(schema: Json) -> Json:
    """A query has no null: what may be None may be left out."""
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "title", "default", "description")}
    if "default" in schema and schema["default"] is not None:
        kept["default"] = schema["default"]
    for part in schema.get("anyOf", ()):
        if part != {"type": "null"}:
            kept |= part
    return kept


def _header_parameters(route: Route) -> list[Json]:
    return [*([IDEMPOTENCY_KEY] if route.idempotent else []), *([IF_NONE_MATCH] if route.conditional else [])]


def _success(route: Route, routes: tuple[Route, ...]) -> Json:
    described: Json = {"description": "Done." if route.answer is None else "The answer."}
    if route.answer is dict:
        described["content"] = {"application/json": {"schema": {"type": "object"}}}
    elif isinstance(route.answer, str):
        described["content"] = {route.answer: {"schema": {"type": "string"}}}
    elif route.answer is not None:
        described["content"] = {"application/json": _content(route.answer)}
    described |= _headers(
        "Location" if _names_new_thing(route) else "",
        "ETag" if route.conditional else "",
        "Link" if route.paged else "",
        "Idempotency-Replayed" if route.idempotent else "",
        "Cache-Control" if route.is_personal else "",
    )
    if links := _links(route, routes):
        described["links"] = links
    return described


def _names_new_thing(route: Route) -> bool:
    return route.status == 201 and "id" in _members(route)


def _members(route: Route) -> Iterable[str]:
    answer = route.answer
    return answer.model_fields if isinstance(answer, type) and issubclass(answer, BaseModel) else ()


def _links(route: Route, routes: tuple[Route, ...]) -> Json:
    """From an answer to the calls about the same thing: an event's `id` is their `event_id`, as is a booking's
    `event_id`."""
    members = _members(route)
    links: Json = {}
    for other in routes:
        names = [found["name"] for found in PARAMETER.finditer(other.path)]
        if len(names) != 1 or not names[0].endswith("_id") or other is route:
            continue
        (name,) = names
        own = "id" if "id" in members and f"_{_id_name(route.answer)}".endswith(f"_{name}") else name
        if own in members:
            links[operation_id(other)] = {
                "operationId": operation_id(other),
                "parameters": {name: f"$response.body#/{own}"},
            }
    return links


def _id_name(answer: type[BaseModel]) -> str:
    """How paths call the id of what is answered: a NewlyMadeBooking is a booking."""
    named = next(base for base in reversed(answer.__mro__) if "id" in getattr(base, "model_fields", {}))
    return re.sub(r"(?<!^)(?=[A-Z])", "_", named.__name__).lower() + "_id"


def _problems(route: Route) -> Json:
    by_status: dict[int, list[str]] = {}
    for code in sorted(set(route.problem_codes), key=list(PROBLEMS).index):
        by_status.setdefault(PROBLEMS[code][0], []).append(code)
    return {str(status): _problem(status, codes) for status, codes in sorted(by_status.items())}


def _problem(status: int, codes: list[str]) -> Json:
    return {
        "description": "; ".join(f"`{code}`: {PROBLEMS[code][1]}" for code in codes),
        "content": {
            "application/problem+json": {
                "schema": {
                    "allOf": [{"$ref": SCHEMA_REF.format(model="Problem")}],
                    "properties": {"status": {"const": status}, "code": {"enum": codes}},
                },
                "examples": {code: {"value": example_of_problem(code)} for code in codes},
            }
        },
        **_headers("Retry-After" if status in (429, 503) else "", "WWW-Authenticate" if status == 401 else ""),
    }


def _headers(*names: str) -> Json:
    found = {name: {"$ref": f"#/components/headers/{name}"} for name in names if name}
    return {"headers": found} if found else {}


def _content(answer: Any) -> Json:
    if get_origin(answer) is list:
        (model,) = get_args(answer)
        content: Json = {"schema": {"type": "array", "items": {"$ref": SCHEMA_REF.format(model=model.__name__)}}}
        example: Any = [EXAMPLES[model]] if model in EXAMPLES else None
    else:
        content = {"schema": {"$ref": SCHEMA_REF.format(model=answer.__name__)}}
        example = EXAMPLES.get(answer)
    return content if example is None else {**content, "example": example}


def _schemas(routes: tuple[Route, ...]) -> Json:
    models: list[type[BaseModel]] = [AnyObject]
    for route in routes:
        for model in (route.body, *(get_args(route.answer) or (route.answer,))):
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
