"""What a version asked of the database and what its API answered, as lines of JSON in recorded/."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psycopg

from tests.service import Service

HERE = Path(__file__).parent / "recorded"
HTTP, SQL = HERE / "http.jsonl", HERE / "sql.jsonl"

Shape = Any
"""Of JSON: an object's shapes by member, one item's shape for an array, or the name of a type."""


NOTHING = "NoneType"
"""Says nothing about what else a member may be."""


@dataclass(frozen=True)
class Call:
    """A request; `{name}` in it is what an earlier answer had in the member that its `keep` names."""

    line: str
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    keep: dict[str, str] = field(default_factory=dict)
    status: int = 0
    answer: Shape = None
    """Of JSON, its shape; of anything else, its media type."""

    def made(self, service: Service, kept: dict[str, str]) -> Self:
        """The same call, as `service` answers it; what is to be kept goes into `kept`."""
        method, path = self.line.format_map(kept).split(" ", 1)
        headers = {name: value.format_map(kept) for name, value in self.headers.items()}
        body = {"content": self.body} if isinstance(self.body, str) else {"json": self.body} if self.body else {}
        response = service.client.request(method, path, headers=headers, **body)
        media_type = response.headers.get("content-type", "").partition(";")[0]
        answer = response.json() if media_type.endswith("json") else None
        if isinstance(answer, dict):
            kept |= {name: str(answer[member]) for member, name in self.keep.items() if member in answer}
        if cookie := response.cookies.get("session"):
            kept["session"] = cookie
        service.client.cookies.clear()
        shape = media_type if answer is None else shape_of(answer)
        return type(self)(self.line, self.headers, self.body, self.keep, response.status_code, shape)


@dataclass(frozen=True)
class Statement:
    """A statement with its parameters in it, and the columns that came back or the SQLSTATE of the refusal."""

    sql: str
    columns: list[str] | None
    error: str | None

    @classmethod
    def run(cls, connection: psycopg.Connection[Any], sql: str) -> Self:
        try:
            cursor = connection.execute(sql.encode())
        except psycopg.Error as error:
            return cls(sql, None, error.sqlstate)
        return cls(sql, [column.name for column in cursor.description or ()], None)


def shape_of(value: Any) -> Shape:
    match value:
        case dict():
            return {member: shape_of(inner) for member, inner in value.items()}
        case list():
            return [shape_of(value[0])] if value else []
        case _:
            return type(value).__name__


def lacks(now: Shape, then: Shape, where: str = "") -> Iterator[str]:
    """What was answered then and is no more; further members are welcome."""
    if isinstance(then, dict) and isinstance(now, dict):
        for member, shape in then.items():
            if member in now:
                yield from lacks(now[member], shape, f"{where}.{member}")
            else:
                yield f"{where}.{member} is gone"
    elif isinstance(then, list) and isinstance(now, list):
        if then and now:
            yield from lacks(now[0], then[0], f"{where}[]")
        elif then:
            yield f"{where} is empty"
    elif then not in (now, NOTHING):
        yield f"{where} is {now} and was {then}"


def read_calls() -> list[Call]:
    return [Call(**json.loads(line)) for line in HTTP.read_text().splitlines()]


def read_statements() -> list[Statement]:
    return [Statement(**json.loads(line)) for line in SQL.read_text().splitlines()]
