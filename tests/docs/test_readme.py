"""What the README shows is what the commands print.

Every `$ gwsim` line in a console block is run; the lines below it must be the beginning of its
output.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gwsim.cli.main import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def sessions() -> Iterator[tuple[str, list[str]]]:
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            if command.startswith("gwsim"):
                yield command, output.rstrip("\n").split("\n")


SESSIONS = list(sessions())


def run(command: str) -> str:
    printed = ""
    for one in command.split(";"):
        words, _, target = one.partition(">")
        outcome = CliRunner().invoke(app, shlex.split(words)[1:])
        assert outcome.exit_code == 0, outcome.output
        if target:
            Path(target.strip()).write_text(outcome.output)
        else:
            printed += outcome.output
    return printed


@pytest.mark.parametrize("command, shown", SESSIONS, ids=[c for c, _ in SESSIONS])
def test_a_command_prints_what_the_readme_shows(
    command: str, shown: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    assert run(command).split("\n")[: len(shown)] == shown


def test_the_readme_shows_commands() -> None:
    assert len(SESSIONS) >= 4
