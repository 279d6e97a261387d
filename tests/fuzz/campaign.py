"""One pass of schemathesis over the service, from the service's own document: all phases, all checks."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.generation.case import Case

from eventbooker.http.openapi_parameters import PARAMETER
from eventbooker.http.pages import WEB
from eventbooker.http.route import EVENT_STREAM
from eventbooker.http.routes import ROUTES
from tests.fuzz.callers import USERS
from tests.fuzz.exceptions import is_failure
from tests.fuzz.parts import Part

IDS = {match["name"] for route in ROUTES for match in PARAMETER.finditer(route.path) if match["converter"] == "id"}

KNOWN = {
    "emails": ["body.email"],
    "files": ["path.name"],
    "ids": [f"path.{name}" for name in sorted(IDS)],
}
"""Which parameters take a value of these lists now and then: at random they would hit nothing that is there."""

_addresses = count(1)


@schemathesis.hook
def before_call(context: Any, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Each call from an address of its own, where the service believes it: else most sign-ins would be one too many."""
    number = next(_addresses)
    case.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass
class Findings:
    """What was called and what was wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    called: set[str] = field(default_factory=set)
    succeeded: set[str] = field(default_factory=set)
    """Operations that were answered 2xx or 3xx at least once."""
    failures: dict[str, str] = field(default_factory=dict)
    """How to see each again, by what it is."""

    @property
    def cases(self) -> int:
        return self.statuses.total()

    def add(self, recorder: ScenarioRecorder) -> None:
        for case_id, interaction in recorder.interactions.items():
            operation = recorder.cases[case_id].value.operation.label
            self.called.add(operation)
            if interaction.response is None:
                self.failures[f"{operation}: no answer"] = str(interaction.request)
                continue
            self.statuses[interaction.response.status_code] += 1
            if interaction.response.status_code < 400:
                self.succeeded.add(operation)
        for checks in recorder.checks.values():
            for check in checks:
                if check.status is Status.FAILURE and check.failure_info:
                    failure, call = check.failure_info.failure, check.failure_info.code_sample
                    self.failures.setdefault(f"{failure.operation}: {failure.title}", f"{failure.message}\n{call}")

    def __iadd__(self, other: "Findings") -> "Findings":
        self.statuses += other.statuses
        self.called |= other.called
        self.succeeded |= other.succeeded
        self.failures |= other.failures
        return self


def fuzz(part: Part, address: str, database_url: str, seed: int, examples: int) -> Findings:
    """Call the service as the part says. `examples` are tried for each operation, besides those of the document and
    those at the limits of each schema. Raises what breaks schemathesis itself."""
    files = sorted(path.name for folder in ("css", "js") for path in (WEB / folder).iterdir())
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "continue-on-failure": True,
            "request-timeout": 30,
            "generation": {"max-examples": examples, "database": "none"},
            "phases": {"stateful": {"max-steps": 8}},
            "dictionaries": {
                "emails": {"values": list(USERS)},
                "files": {"values": files},
                "ids": {"values": [1, 2, 3]},
            },
            "parameters": {
                parameter: {"dictionary": name, "probability": 0.3}
                for name, parameters in KNOWN.items()
                for parameter in parameters
            },
            "output": {"sanitization": {"enabled": False}},
        }
    )
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json", config=config).exclude(_is_endless)
    schema.hook("filter_failure")(is_failure)
    part.call(schema, database_url)
    findings = Findings()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            findings.add(event.recorder)
        elif isinstance(event, events.NonFatalError):
            findings.failures[f"{event.label}: could not be tried"] = event.info.format()
        elif isinstance(event, events.FatalError):
            raise event.exception
    return findings


def _is_endless(context: Any) -> bool:
    """A stream of events goes on until the caller hangs up."""
    responses = context.operation.definition.raw["responses"].values()
    return any(EVENT_STREAM in response.get("content", {}) for response in responses)
