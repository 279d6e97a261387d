"""Responses of an operation in the API's document: what it answers when it is done, and its problems."""

from typing import Any, get_args, get_origin

from eventbooker.http.examples import EXAMPLES, example_of_problem
from eventbooker.http.openapi_links import links, members
from eventbooker.http.problems import PROBLEMS
from eventbooker.http.route import Route

Json = dict[str, Any]

SCHEMA_REF = "#/components/schemas/{model}"

HEADERS: dict[str, Json] = {
    "Location": {
        "description": "Where the new thing is, or where to go.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "ETag": {
        "description": "Names this very answer, for If-None-Match. An event's names its version, for If-Match.",
        "schema": {"type": "string", "pattern": '^"[!#-~]+"$'},
        "example": '"1-5d41402abc4b"',
    },
    "Link": {
        "description": "The next page (RFC 8288), while there is one.",
        "schema": {"type": "string", "pattern": '^<[^<>]+>; rel="next"$'},
        "example": '</events?after=50>; rel="next"',
    },
    "Idempotency-Replayed": {
        "description": "The request came before with this key; nothing was changed again.",
        "schema": {"const": "true"},
    },
    "RateLimit-Policy": {
        "description": "How many requests (q) in how many seconds (w) are let through, by quota"
        " (draft-ietf-httpapi-ratelimit-headers-11). Only told to whom a limit holds: never to an admin.",
        "schema": {"type": "string", "pattern": '^"[^"]+";q=[0-9]+;w=[0-9]+(, "[^"]+";q=[0-9]+;w=[0-9]+)*$'},
        "example": '"booking-40/1h";q=40;w=3600',
    },
    "RateLimit": {
        "description": "How many requests are left (r), and seconds until there are more (t), by quota.",
        "schema": {"type": "string", "pattern": '^"[^"]+";r=[0-9]+;t=[0-9]+(, "[^"]+";r=[0-9]+;t=[0-9]+)*$'},
        "example": '"booking-40/1h";r=39;t=3600',
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}, "example": 1},
    "WWW-Authenticate": {"description": "How to show who one is.", "schema": {"type": "string"}, "example": "Bearer"},
    "Cache-Control": {"description": "Personal: not for caches.", "schema": {"const": "private, no-store"}},
}


def responses(route: Route, routes: tuple[Route, ...]) -> Json:
    """All of a route's, by status."""
    done = {status: _success(route, status, answer, routes) for status, answer in route.answers.items()}
    if route.conditional:
        done[304] = {"description": "The answer that the caller has still holds.", **_headers("ETag", *_of_all(route))}
    return {str(status): response for status, response in sorted({**done, **_problems(route)}.items())}


def content(answer: Any) -> Json:
    """A schema and its example, for a model or a list of one."""
    if get_origin(answer) is list:
        (model,) = get_args(answer)
        described: Json = {"schema": {"type": "array", "items": {"$ref": SCHEMA_REF.format(model=model.__name__)}}}
        example: Any = [EXAMPLES[model]] if model in EXAMPLES else None
    else:
        described = {"schema": {"$ref": SCHEMA_REF.format(model=answer.__name__)}}
        example = EXAMPLES.get(answer)
    return described if example is None else {**described, "example": example}


def _success(route: Route, status: int, answer: Any, routes: tuple[Route, ...]) -> Json:
    described: Json = {"description": "Done." if answer is None else "The answer."}
    if answer is dict:
        described["content"] = {"application/json": {"schema": {"type": "object"}}}
    elif isinstance(answer, str):
        described["content"] = {answer: {"schema": {"type": "object" if answer.endswith("+json") else "string"}}}
    elif answer is not None:
        described["content"] = {"application/json": content(answer)}
    described |= _headers(
        "Location" if status == 303 or (status == 201 and "id" in members(answer)) else "",
        "ETag" if route.has_etag else "",
        "Link" if route.paged else "",
        "Idempotency-Replayed" if route.idempotent else "",
        *_of_all(route),
    )
    if found := links(route, answer, routes):
        described["links"] = found
    return described


def _of_all(route: Route) -> list[str]:
    """The headers that every answer of a route may have."""
    return [
        *(("RateLimit-Policy", "RateLimit") if route.limit else ()),
        *(("Cache-Control",) if route.is_personal else ()),
    ]


def _problems(route: Route) -> dict[int, Json]:
    by_status: dict[int, list[str]] = {}
    for code in sorted(set(route.problem_codes), key=list(PROBLEMS).index):
        by_status.setdefault(PROBLEMS[code][0], []).append(code)
    return {status: _problem(route, status, codes) for status, codes in by_status.items()}


def _problem(route: Route, status: int, codes: list[str]) -> Json:
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
        **_headers(
            "Retry-After" if status in (429, 503) else "",
            "WWW-Authenticate" if status == 401 else "",
            *_of_all(route),
        ),
    }


def _headers(*names: str) -> Json:
    found = {name: {"$ref": f"#/components/headers/{name}"} for name in names if name}
    return {"headers": found} if found else {}
