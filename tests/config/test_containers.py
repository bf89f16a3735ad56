"""No container engine runs here: the texts are read, and held equal to what `make run` runs."""

from __future__ import annotations

import re

import pytest
import yaml

from config import children, queues
from config.environment import ROOT, Environment

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
INSTRUCTIONS = dict(
    line.split(" ", 1) for line in (ROOT / "Dockerfile").read_text().splitlines() if re.match("[A-Z]+ ", line)
)
COMMANDS = {
    "web": children.web(host="0.0.0.0", port=8000),  # noqa: S104
    "engine": children.engine(),
    "sender": children.sender(),
    "beat": children.beat(),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_container_runs_the_command_of_the_supervisor(name: str) -> None:
    assert SERVICES[name]["command"] == ["python", "-m", *COMMANDS[name]]


def test_every_child_of_the_supervisor_has_a_container() -> None:
    assert {command.name for command in children.commands(port=8000)} <= SERVICES.keys()


def test_the_sink_is_for_this_machine_alone() -> None:
    here = {command.name for command in children.commands(port=8000, sink_port=2525)}
    assert here - SERVICES.keys() == {"sink"}


def test_the_supervisor_listens_on_loopback_alone() -> None:
    web = next(command for command in children.commands(port=8123) if command.name == "web")
    assert web.module == children.web(host="127.0.0.1", port=8123)


def test_every_queue_is_served_by_one_worker() -> None:
    lines = [children.engine(), children.sender()]
    served = [name for line in lines for name in line[line.index("-Q") + 1].split(",")]
    assert sorted(served) == sorted(queues.ALL)


def test_containers_are_given_only_variables_that_exist() -> None:
    names = {name.lower() for name in SERVICES["web"]["environment"]}
    assert names <= set(Environment.model_fields)
    required = {name for name, field in Environment.model_fields.items() if field.is_required()}
    assert required <= names


def test_the_real_servers_match_the_embedded_ones() -> None:
    assert SERVICES["postgresql"]["image"] == "postgres:18"
    assert "--builtin-locale=C.UTF-8" in SERVICES["postgresql"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert "--appendonly yes" in " ".join(SERVICES["broker"]["command"])


def test_the_image_installs_the_pins_and_does_not_run_as_root() -> None:
    assert INSTRUCTIONS["USER"] == "tutti"
    assert "requirements.txt" in (ROOT / "Dockerfile").read_text()
    assert INSTRUCTIONS["FROM"].startswith("python:3.11")


def test_no_port_is_published_beyond_loopback() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]
