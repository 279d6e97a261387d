"""Whoever passes EventBooker on may do so: nothing it needs forbids it."""

import tomllib

import pytest

from eventbooker.config import ROOT
from tests.licences import at_runtime, is_allowed, licence


def test_all_that_runs_has_an_allowed_licence() -> None:
    assert {name: licence(package) for name, package in at_runtime().items() if not is_allowed(licence(package))} == {}


def test_no_package_at_runtime_is_left_out() -> None:
    """uv.lock says what a runtime installation has; each of it that this machine takes is looked at."""
    locked = {package["name"]: package for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    extras = locked["eventbooker"]["optional-dependencies"].values()
    needed, waiting = set[str](), ["eventbooker", *(each["name"] for extra in extras for each in extra)]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [each["name"] for each in locked[name].get("dependencies", []) if "marker" not in each]

    assert needed - set(at_runtime()) == set()


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("Apache-2.0 AND BSD-2-Clause", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("", False),
    ],
)
def test_an_expression_is_allowed_if_one_of_its_choices_is(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed
