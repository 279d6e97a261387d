"""Parsing of a request into a schema."""

from typing import TypeVar

from flask import request
from pydantic import BaseModel

from eventbooker.http.problems import Problem
from eventbooker.http.schemas import AnyObject

Schema = TypeVar("Schema", bound=BaseModel)


def parse_body(schema: type[Schema]) -> Schema:
    """The request's JSON body. Raises Problem (415) or pydantic.ValidationError."""
    if not request.is_json:
        raise Problem("unsupported_media_type", "Send the body as Content-Type: application/json.")
    return schema.model_validate_json(request.get_data())


def parse_optional_body(schema: type[Schema]) -> Schema:
    """The request's JSON body, or the schema's defaults where there is none. Raises as `parse_body` does."""
    return parse_body(schema) if request.get_data() else schema()


def ignore_body() -> None:
    """For calls that need no body: an empty one or any JSON object will do.

    Raises Problem (415) or pydantic.ValidationError."""
    parse_optional_body(AnyObject)


def parse_query(schema: type[Schema]) -> Schema:
    """The request's query parameters. Raises pydantic.ValidationError."""
    return schema.model_validate(request.args.to_dict())
