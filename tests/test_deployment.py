"""What operators start from: files for containers and for systemd."""

import re
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml
from psycopg.conninfo import conninfo_to_dict

from eventbooker import config
from eventbooker.config import ROOT
from tests.service import Service

DEPLOYMENT = ROOT / "src/eventbooker/deployment"
OVERLAYS = sorted((DEPLOYMENT / "compose").glob("*.yml"))


def services_of(path: Path) -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(path.read_text())["services"]
    return services


def make_secrets(directory: Path) -> dict[str, str]:
    subprocess.run(["sh", DEPLOYMENT / "compose/make-secrets.sh", directory], check=True)
    return {path.name: path.read_text() for path in directory.iterdir()}


def test_passwords_are_made_once_each_its_own_and_open_every_database(tmp_path: Path) -> None:
    made = make_secrets(tmp_path)

    assert make_secrets(tmp_path) == made
    assert len({made["database_password"], made["admin_password"]}) == 2
    assert len(made["admin_password"]) >= 32
    for host, port in {"database": "5432", "replica": "5432", "pgbouncer": "6432"}.items():
        parts = conninfo_to_dict(made[f"{host}_url"].strip())
        assert parts | {"dbname": "eventbooker", "user": "eventbooker", "host": host, "port": port} == parts
        assert parts["password"] == made["database_password"].strip()


def test_what_the_compose_files_hand_over_as_secrets_is_made_and_known(tmp_path: Path) -> None:
    """No name is misspelt: neither that of a variable nor that of its file."""
    made = make_secrets(tmp_path)
    for path in OVERLAYS:
        for name in ("migrate", "app"):
            variables = services_of(path).get(name, {}).get("environment", {})
            files = {variable: value for variable, value in variables.items() if variable.endswith("_FILE")}
            assert {Path(value).name for value in files.values()} <= set(made)
            assert {variable.removesuffix("_FILE") for variable in files} <= {*config.secrets()}


def test_the_application_s_containers_write_nowhere_and_may_nothing() -> None:
    for name in ("migrate", "app"):
        service = services_of(ROOT / "docker-compose.yml")[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["tmpfs"] == ["/tmp"]  # noqa: S108


@pytest.mark.parametrize("path", [ROOT / "docker-compose.yml", *OVERLAYS], ids=lambda path: path.name)
def test_no_port_is_open_beyond_this_machine(path: Path) -> None:
    for service in services_of(path).values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_health_check_sees_an_answer_and_misses_one(live_service: Service) -> None:
    """It is run as Docker runs it, on a service of ours instead of the one in the container."""
    health = services_of(ROOT / "docker-compose.yml")["app"]["healthcheck"]["test"]

    def healthy(port: str) -> bool:
        asked = [part.replace("$$", "$").replace("/8080", f"/{port}") for part in health[1:]]
        return subprocess.run(asked, stderr=subprocess.DEVNULL, check=False).returncode == 0

    assert healthy(live_service.url.rpartition(":")[2])
    assert not healthy("1")


@pytest.mark.skipif(not which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "eventbooker.service"
    there = (DEPLOYMENT / "systemd/eventbooker.service").read_text()
    unit.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", there, flags=re.MULTILINE))

    said = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)

    assert (said.returncode, said.stderr) == (0, "")
