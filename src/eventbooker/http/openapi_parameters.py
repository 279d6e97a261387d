"""Parameters of an operation in the API's document: of the path, the query, the headers."""

import re
from typing import Any

from eventbooker.http.idempotency import KEY_PATTERN, LONGEST, SHORTEST_WITHOUT_USER
from eventbooker.http.route import Route
from eventbooker.http.schemas import MAX_ID

Json = dict[str, Any]

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
"""A parameter in a route's path."""

IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Sent again within 24 hours with this key, the request changes nothing and is answered the same."
    f" 1 to {LONGEST} characters; in required mode a caller without an account needs {SHORTEST_WITHOUT_USER} at least.",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
    "example": "4f5e0c0a-8c1f-4b55-9d3c-3f1f6a3d2b10",
}
IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of what the caller saw: 412 if somebody has edited it since. `*` is any.",
    "schema": {"type": "string"},
    "example": '"1-5d41402abc4b"',
}
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of the answer that one has: 304 if it still holds.",
    "schema": {"type": "string"},
    "example": '"5d41402abc4b"',
}


def path_of(route: Route) -> str:
    """The path as OpenAPI writes it: `/events/{event_id}`."""
    return PARAMETER.sub(r"{\g<name>}", route.path)


def parameters(route: Route) -> list[Json]:
    """All of a route's."""
    return [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)]


def _path_parameters(route: Route) -> list[Json]:
    schemas: dict[str | None, Json] = {"id": {"type": "integer", "minimum": 1, "maximum": MAX_ID}}
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
    taken = {"idempotent": IDEMPOTENCY_KEY, "takes_if_match": IF_MATCH, "conditional": IF_NONE_MATCH}
    return [parameter for field, parameter in taken.items() if getattr(route, field)]
