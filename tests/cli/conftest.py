"""A scenario file and a way to call the program as a shell would."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from gwsim.cli.main import app

SCENARIO = """\
name: toy
title: A tunnel
story: Somebody pings.
gateways:
  hq:     {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: asa, outside: 203.0.113.1, inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
tunnels:
  - between: [hq, branch]
    psk: secret
timeline:
  - {at: 1s, ping: {from: hq.server, to: branch.pc, count: 3}}
expect:
  - at: 8s
    hq: {state: MM_ACTIVE}
    traffic: both
"""


@pytest.fixture(autouse=True)
def no_labs(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labs that happen to run on this machine are none of these tests' business."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A file that passes."""
    file = tmp_path / "toy.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    """A file whose expectation is not met."""
    file = tmp_path / "failing.yaml"
    file.write_text(SCENARIO.replace("MM_ACTIVE", "MM_WAIT_MSG2"), encoding="utf-8")
    return file


@pytest.fixture
def gwsim() -> Callable[..., Result]:
    """Call the program; nothing but an ordinary end is allowed."""

    def call(*arguments: object) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        assert "Traceback" not in result.output
        assert "\x1b" not in result.output
        return result

    return call
