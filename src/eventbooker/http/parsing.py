"""Parsing of a request into a schema."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from flask import request
from pydantic import BaseModel

from eventbooker.http.problems import Problem
from eventbooker.http.schemas import AnyObject

Schema = TypeVar("Schema", bound=BaseModel)


@dataclass(frozen=True)
class UploadedFile:
    """A body that is no JSON."""

    media_type: str
    content: bytes


def parse_body(schema: type[Schema]) -> Schema:
    """The request's JSON body. Raises Problem (415) or pydantic.ValidationError."""
    if not request.is_json:
        raise Problem("unsupported_media_type", "Send the body as Content-Type: application/json.")
    sent = request.get_data()
    body = schema.model_validate_json(sent)
    if sent.count(b":") > len(body.model_fields_set):  # no more colons than members: none of them comes twice
        _must_be_unambiguous(sent)
    return body


def _must_be_unambiguous(sent: bytes) -> None:
    """What each parser reads otherwise is refused: a member that comes twice, numbers that JSON does not have. Raises
    Problem (400)."""
    try:
        json.loads(sent, object_pairs_hook=_distinct, parse_constant=_refuse_constant)
    except ValueError as error:
        raise Problem("invalid_json", f"The body is not JSON: {error}.") from None


def _distinct(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:50]!r} is there twice")
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


def parse_optional_body(schema: type[Schema]) -> Schema:
    """The request's JSON body, or the schema's defaults where there is none. Raises as `parse_body` does."""
    return parse_body(schema) if request.get_data() else schema()


def ignore_body() -> None:
    """For calls that need no body: an empty one or any JSON object will do.

    Raises Problem (415) or pydantic.ValidationError."""
    parse_optional_body(AnyObject)


def read_file(media_types: Collection[str], max_bytes: int) -> UploadedFile:
    """The request's body as it is. Raises Problem (415) or RequestEntityTooLarge."""
    if request.mimetype not in media_types:
        raise Problem("unsupported_media_type", f"Send the file as Content-Type: {' or '.join(media_types)}.")
    request.max_content_length = max_bytes
    return UploadedFile(request.mimetype, request.get_data())


def parse_query(schema: type[Schema]) -> Schema:
    """The request's query parameters. Raises pydantic.ValidationError."""
    return schema.model_validate(request.args.to_dict())
