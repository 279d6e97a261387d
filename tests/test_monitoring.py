"""The dashboard and the alert rules ask for metrics that exist."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import Counter, Histogram

from eventbooker import metrics
from eventbooker.config import ROOT
from eventbooker.http.metrics import GAUGES

MONITORING = ROOT / "src/eventbooker/monitoring"
SUFFIXES: dict[type, tuple[str, ...]] = {Counter: ("_total",), Histogram: ("_bucket", "_count", "_sum")}
EXISTING = {
    "eventbooker_database_up",
    *(name for name, *_ in GAUGES.values()),
    *(each.describe()[0].name + suffix for each in vars(metrics).values() for suffix in SUFFIXES.get(type(each), ())),
}


def _expressions_of_dashboard(path: Path) -> list[str]:
    panels = json.loads(path.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def _expressions_of_alerts(path: Path) -> list[str]:
    groups = yaml.safe_load(path.read_text())["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


@pytest.mark.parametrize(
    "expressions",
    [_expressions_of_dashboard(MONITORING / "dashboard.json"), _expressions_of_alerts(MONITORING / "alerts.yml")],
    ids=["dashboard", "alerts"],
)
def test_every_metric_that_is_asked_for_exists(expressions: list[str]) -> None:
    asked = {name for expression in expressions for name in re.findall(r"eventbooker_\w+", expression)}
    assert asked
    assert asked <= EXISTING


def test_the_readme_explains_every_metric() -> None:
    explained = (ROOT / "README.md").read_text()
    families = {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in EXISTING}
    outbox = {f"eventbooker_outbox{rest}" for rest in re.findall(r"`(_\w+)`", explained)}
    assert families <= outbox | set(re.findall(r"eventbooker_\w+", explained.replace("_total", "")))
