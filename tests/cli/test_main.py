"""The program as a whole: help, version, bad usage, bad files, no traceback ever."""

import subprocess
import sys

import pytest

from gwsim import __version__

COMMANDS = (
    *("run", "validate", "show", "trace", "explain", "faults", "new", "demo"),
    *("up", "down", "status", "exec", "logs", "capture", "fault"),
)


def test_help_names_every_command(gwsim):
    result = gwsim("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"  {command} " in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(gwsim, command):
    result = gwsim(command, "-h")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: gwsim {command}")


def test_version(gwsim):
    assert gwsim("--version").output == f"gwsim {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("run",),
        ("run", "--jobs", "0", "x"),
        ("run", "--seed", "-1", "x"),
        ("run", "--seed", "many", "x"),
        ("show", "hq"),
        ("show", "hq", "show logging"),
        ("trace",),
        ("explain",),
        ("trace", "one", "two"),
        ("validate", "--unheard-of"),
    ],
)
def test_bad_usage_is_2(gwsim, arguments):
    assert gwsim(*arguments).exit_code == 2


BAD_FILES = {
    "empty": b"",
    "binary": bytes(range(256)),
    "utf16": "name: x".encode("utf-16"),
    "tabs": b"name: x\n\tgateways: {}\n",
    "list": b"- a\n- b\n",
    "number": b"7\n",
    "half": b"name: x\ngateways: {hq: {vendor: asa\n",
    "nulls": b"\0\0\0",
    "bomb": b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c,*c]\n",
    "tags": b"!!python/object/apply:os.system ['true']\n",
    "deep": b"[" * 5000,
}


@pytest.mark.parametrize("kind", BAD_FILES)
@pytest.mark.parametrize(
    "command", [("run",), ("validate",), ("trace",), ("show", "hq", "show logging", "-s")]
)
def test_a_bad_file_is_2_and_says_why(gwsim, tmp_path, kind, command):
    file = tmp_path / f"{kind}.yaml"
    file.write_bytes(BAD_FILES[kind])
    result = gwsim(*command, file)
    assert result.exit_code == 2
    assert f"{kind}.yaml" in result.output


@pytest.mark.parametrize(
    "command", [("run",), ("validate",), ("trace",), ("show", "hq", "show logging", "-s")]
)
def test_a_file_that_is_not_there_is_2(gwsim, tmp_path, command):
    result = gwsim(*command, tmp_path / "nowhere.yaml")
    assert result.exit_code == 2
    assert "there is no such file" in result.output


@pytest.mark.parametrize("command", [("run",), ("validate",)])
def test_a_folder_without_scenarios_is_2(gwsim, tmp_path, command):
    result = gwsim(*command, tmp_path)
    assert result.exit_code == 2
    assert "there is no scenario file" in result.output


@pytest.mark.parametrize("command", [("trace",), ("show", "hq", "show logging", "-s")])
def test_a_folder_is_no_scenario_file(gwsim, tmp_path, command):
    assert gwsim(*command, tmp_path).exit_code == 2


def test_the_program_runs_as_a_process_and_writes_plain_text(scenario):
    command = [sys.executable, "-m", "gwsim.cli.main", "run", str(scenario)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "passed" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
