"""A command imports what it needs: whoever asks a running lab does not wait for all the others."""

import subprocess
import sys

import pytest
from typer.main import get_command

from gwsim.cli.commands import COMMANDS
from gwsim.cli.main import app
from gwsim.vendors.registry import WHERE

PROGRAM = get_command(app)

LANGUAGE = ("yaml", "gwsim.lab.scenario", "gwsim.lab.faults.catalogue")
ENGINE = ("gwsim.ike.endpoint", "gwsim.gateway.gateway", "gwsim.esp", "gwsim.path.middlebox")
LIBRARIES = ("cryptography", "gmpy2", "pyroute2", "docker", "jinja2", "rich")
SCREENS = ("gwsim.vendors",)
LIGHT = ("show", "status", "logs", "exec", "capture", "down")
"""What people type while a lab runs."""


def modules_of(name: str) -> set[str]:
    """Import a command in an interpreter of its own and list what that brought along."""
    module = COMMANDS[name].where.partition(":")[0]
    code = f"import sys, gwsim.cli.main, {module}; print(*sys.modules)"
    done = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("name", LIGHT)
def test_what_is_asked_of_a_running_lab_needs_no_engine(name: str) -> None:
    loaded = modules_of(name)
    assert f"gwsim.cli.{'inside' if name in ('exec', 'capture') else name}" in loaded
    assert loaded.isdisjoint((*LANGUAGE, *ENGINE, *LIBRARIES, *SCREENS, "pydantic"))


def test_a_lab_in_namespaces_needs_no_engine_of_containers_and_no_pages() -> None:
    loaded = modules_of("up")
    assert "gwsim.lab.faults.catalogue" in loaded
    assert loaded.isdisjoint(("docker", "jinja2", "rich", "gwsim.lab.html", "gwsim.lab.matrix"))


def test_a_run_needs_no_pages_before_somebody_wants_a_report() -> None:
    loaded = modules_of("run")
    assert "gwsim.lab.runner" in loaded
    assert loaded.isdisjoint(("docker", "pyroute2", "jinja2", "rich", "gwsim.lab.html"))


@pytest.mark.parametrize("name", ["validate", "fault"])
def test_what_only_reads_scenarios_needs_no_engine(name: str) -> None:
    loaded = modules_of(name)
    assert "gwsim.lab.faults.catalogue" in loaded
    assert loaded.isdisjoint(("gwsim.lab.runner", *ENGINE[:2], ENGINE[3]))


@pytest.mark.parametrize("name", ["up", "run", "validate"])
def test_no_vendor_is_imported_before_a_scenario_asks_for_it(name: str) -> None:
    folders = {where.partition(":")[0] for where in WHERE.values()}
    assert {"gwsim.vendors.asa", "gwsim.vendors.screenos"} <= folders
    assert modules_of(name).isdisjoint(folders)


def test_the_list_of_commands_needs_none_of_them() -> None:
    code = (
        "import sys; from gwsim.cli.main import app; app(['--help'], standalone_mode=False);"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, check=True, timeout=120
    )
    assert "Commands:" in done.stdout
    modules = {f"gwsim.cli.{name}" for name in COMMANDS} & set(done.stderr.split())
    assert not modules


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    command = PROGRAM.commands[name]
    assert command.name == name
    assert COMMANDS[name].summary == command.get_short_help_str(200)


def test_a_command_is_made_once() -> None:
    assert PROGRAM.commands["status"] is PROGRAM.commands["status"]
    assert list(PROGRAM.commands) == list(COMMANDS)
    assert len(PROGRAM.commands) == len(COMMANDS)
