"""What nobody sends by mistake, in every field, parameter and header that the table of routes knows: refused with a
problem body, or kept and given back as it was sent."""

import itertools
import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from httpx import Response

from eventbooker.http.answers import MailedLink
from eventbooker.http.examples import EXAMPLES
from eventbooker.http.openapi_parameters import PARAMETER, parameters
from eventbooker.http.route import Route
from eventbooker.http.routes import ROUTES
from tests.service import Service

TEXTS = {
    "sql": "'; DROP TABLE users; --",
    "html": "<script>document.title='run'</script><img src=x onerror=alert(1)>",
    "template": "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> %s %(x)s {0}",
    "formula": "=1+1",
    "function": "@SUM(A1:A9)",
    "command": "-2+3+cmd|' /C calc'!A0",
    "path": "../../../../etc/passwd",
    "quotes": "\"'`\\\"\\'",
    "bidi": "\u202egnp.exe\u2066\u2069\u200f",
    "invisible": "a\u200bb\ufeffc\u2028d\u00ade",
    "controls": "a\x01\x08\x1b[31m\x7f\x85b",
    "astral": "\U0001f9d1\u200d\U0001f680\U000e0041\U0010ffff\uffff",
    "combining": "Z\u0351\u036b\u0343\u036a\u0302a\u0334\u0335l",
    "header": "a\r\nSet-Cookie: session=x",
    "nul": "a\0b",
    "lone surrogate": "a\ud800b",
    "long": "x" * 60_000,
}
"""None begins or ends with white space, which names and the like lose."""

NEVER_KEPT = ("nul", "lone surrogate", "long")

OTHERS: list[Any] = [
    *(True, 0, -1, 1.5, 1e308, float("inf"), 2**31, 2**63, -(2**63) - 1, 10**400, -(10**400)),
    *([], {}, [None], [[]], {"a": {"b": 1}}, {"$ne": None}, ["x"] * 1000),
]
"""In the place of a text or a number."""

RAW = ("NaN", "Infinity", "-Infinity", "[" * 20_000, '{"a":' * 9_000, '"\\x"', "'a'", "0x1", "01", "1.", "")
"""In the place of a value: what is no JSON, or stands for no number of it."""

SECRET = ("password", "old_password")
"""What nobody is shown again."""


Call = tuple[str, dict[str, bytes]]


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def fields(route: Route) -> list[str]:
    return sorted(route.body.model_fields) if route.body else []


WITH_FIELDS = [route for route in ROUTES if route.body]
WITH_BODY = [route for route in ROUTES if route.reads_body]
FIRST_OF_RULES = [next(route for route in ROUTES if route.may_call is rule) for rule in {r.may_call for r in ROUTES}]
"""For each rule who may call one route: all who share it look at credentials in the same way."""
WITH_PARAMETERS = [route for route in ROUTES if not route.is_endless and (parameters(route) or route in FIRST_OF_RULES)]
READING = [route for route in ROUTES if route.method == "GET" and not isinstance(route.answer, str)]


class World:
    """A service in open mode, and something new for each call to be about."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._numbers = itertools.count(1)

    def path(self, route: Route) -> str:
        made = {match["name"]: self._make(match["name"]) for match in PARAMETER.finditer(route.path)}
        return PARAMETER.sub(lambda match: str(made[match["name"]]), route.path)

    def body(self, route: Route) -> dict[str, Any]:
        """One that fits."""
        assert route.body
        body = dict(EXAMPLES[route.body])
        return body | {"email": self._email()} if "email" in body else body

    def send(self, route: Route, path: str, content: str) -> Response:
        """Nothing breaks, and a refusal is a problem body, at which `call` looks."""
        headers = {"content-type": "application/json"}
        response = self.service.call(route.method, path, content=content.encode(), headers=headers)
        assert response.status_code < 500, (content[:200], response.text)
        return response

    def shown(self, path: str, answer: Response) -> set[str]:
        """All texts in an answer and in what is read of the same thing afterwards: `/events/1`, `/events/1/…`."""
        found = set(texts(answer.json() if answer.content else None))
        about = {"/".join(path.split("/")[:3]), answer.headers.get("location", path)}
        for place, reading in itertools.product(about, READING):
            prefix = re.match(PARAMETER.sub(r"\\d+", reading.path).split("\\d+")[0] + r"\d+", place)
            rest = PARAMETER.sub("*", reading.path).split("*")
            if prefix and len(rest) == 2 and place == prefix[0]:
                found |= set(texts(self.service.get(place + rest[1]).json()))
        return found

    def _make(self, parameter: str) -> object:
        if parameter == "event_id":
            event_id = self.service.event()["id"]
            self.service.book(event_id, self._email())
            return event_id
        if parameter == "booking_id":
            return self.service.book(self.service.event()["id"], self._email())["id"]
        if parameter == "user_id":
            return self.service.post("/users", {"email": self._email()}).json()["id"]
        return 1 if parameter.endswith("_id") else "x"

    def _email(self) -> str:
        return f"user{next(self._numbers)}@example.org"


@pytest.fixture
def world(live_service: Service) -> World:
    return World(live_service)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(part)


def fitted(field: str, text: str) -> str:
    """The text as a field of its form would have it: an email has one @ and no white space."""
    return re.sub(r"[@\s\x85\u2028]", "", text) + "@example.org" if field == "email" else text


@pytest.mark.parametrize("route", WITH_FIELDS, ids=name_of)
def test_texts_are_refused_or_given_back_as_they_were_sent(world: World, route: Route) -> None:
    for field, (kind, text) in itertools.product(fields(route), TEXTS.items()):
        path, sent = world.path(route), fitted(field, text)
        answer = world.send(route, path, json.dumps({**world.body(route), field: sent}))
        if answer.status_code < 400:
            assert kind not in NEVER_KEPT, (field, kind)
            if field not in SECRET and route.answer is not MailedLink:  # which tells nothing of any email
                assert sent in world.shown(path, answer), (field, kind, answer.text)


@pytest.mark.parametrize("route", WITH_FIELDS, ids=name_of)
def test_other_values_are_refused_or_given_back_as_they_were_sent(world: World, route: Route) -> None:
    path = world.path(route)
    for field, value in itertools.product(fields(route), OTHERS):
        answer = world.send(route, path, json.dumps({**world.body(route), field: value}).replace("Infinity", "1e999"))
        if answer.status_code < 400 and answer.content and field in (shown := answer.json()):
            assert shown[field] == value, (field, value)


@pytest.mark.parametrize("route", WITH_BODY, ids=name_of)
def test_what_is_no_json_is_refused_wherever_it_stands(world: World, route: Route) -> None:
    path = world.path(route)
    for field, raw in itertools.product([*fields(route), "unknown"], RAW):
        content = json.dumps({field: 0}).replace("0", raw)
        assert 400 <= world.send(route, path, content).status_code < 500, (field, raw[:20])
    for content in (
        '{"a":1,"a":2}',
        '{"a":{"b":1,"b":1}}',
        '{"\\u0061":1,"a":2}',
        "\ufeff{}",
        "{}" * 2,
        '{"a":"' + "x" * 1_000_000,
    ):
        assert 400 <= world.send(route, path, content).status_code < 500, content[:20]


@pytest.mark.parametrize("route", WITH_PARAMETERS, ids=name_of)
def test_no_parameter_and_no_header_breaks_anything(world: World, route: Route) -> None:
    """Sent byte by byte: no client library would."""
    address = urlsplit(world.service.url).netloc
    values = [text.encode(errors="surrogatepass") for kind, text in TEXTS.items() if kind not in ("header", "long")]
    named = {place: [p["name"] for p in parameters(route) if p["in"] == place] for place in ("path", "query", "header")}
    for value in [*values, b"x" * 8000, b"9" * 400, b"-1", b"1e999", b"NaN", b"\xff\xfe", b"%00", b"%", b""]:
        calls: list[Call] = [(path_with(route, name, value), {}) for name in named["path"]]
        calls += [(f"{path_with(route)}?{name}={quote(value)}&{name}={quote(value)}", {}) for name in named["query"]]
        calls += [(path_with(route), {name: value}) for name in named["header"]]
        if route in FIRST_OF_RULES:
            calls += [(path_with(route), {"Cookie": b"session=" + value})]
            calls += [(path_with(route), {"Authorization": b"Bearer " + value})]
        for path, headers in calls:
            connection = HTTPConnection(address, timeout=30)
            connection.putrequest(route.method, path)
            for name, content in headers.items():
                connection.putheader(name, content)
            connection.endheaders()
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            assert answer.status < 500, (path[:200], headers)
            if answer.status >= 400 and answer.getheader("content-type") == "application/problem+json":
                assert json.loads(body)["status"] == answer.status


def path_with(route: Route, name: str = "", value: bytes = b"") -> str:
    """With this value for one of its parameters and 1 for the others."""
    return PARAMETER.sub(lambda match: quote(value, safe="") if match["name"] == name else "1", route.path)
