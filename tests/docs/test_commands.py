"""What the documents tell people to type can be typed, and what can be run here is run.

Command lines stand in `sh` and `console` blocks. All of them are held against the commands and
options there are; those that need no network, no device and no minutes are run, document by
document in their order.
"""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from gwsim.cli.main import app
from tests.lab.standalone.texts import ASA, SCREENOS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
PROGRAM = get_command(app)
RUN_HERE = ("bundle", "open", "new", "trace", "validate", "schema", "faults")


def lines_of(document):
    """Give the `gwsim` command lines of a document as words."""
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", document.read_text(), re.DOTALL):
        for line in block.splitlines():
            for part in line.removeprefix("$ ").split(";"):
                words = shlex.split(part, comments=True) if "gwsim " in part else []
                if words[:1] == ["gwsim"]:
                    yield words[1 : words.index(">") if ">" in words else None]


LINES = [(document.name, words) for document in DOCUMENTS for words in lines_of(document)]


@pytest.mark.parametrize(("name", "words"), LINES, ids=lambda one: " ".join(one)[:60])
def test_a_command_line_is_understood(name, words):
    command, rest = PROGRAM, list(words)
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    assert not command.make_context("gwsim", rest).args


def can_be_run(words):
    single = words[0] == "run" and words[1].endswith(".yaml") and "--runtime" not in words
    return words[0] in RUN_HERE or single


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_what_can_be_run_here_runs(document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    Path("hq-asa.txt").write_text(ASA)
    Path("branch-netscreen.txt").write_text(SCREENOS)
    Path("my.yaml").write_text(CliRunner().invoke(app, ["new"]).output)
    for words in filter(can_be_run, lines_of(document)):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, f"{' '.join(words)}: {done.output}"


def test_the_documents_tell_people_to_type_something():
    assert len(LINES) > 25
    assert {"README.md", "captures.md", "reports.md", "matrix.md"} <= {name for name, _ in LINES}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_commands_in_the_text_are_commands(document):
    named = set(re.findall(r"`gwsim ([a-z]+)", document.read_text()))
    assert named <= set(PROGRAM.commands)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_links_lead_to_something(document):
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text()):
        assert "://" in link or (document.parent / link).exists(), link
