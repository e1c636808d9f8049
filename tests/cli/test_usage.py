"""What help says is short, in people's words, and its examples can be typed."""

import re
import shlex

import pytest
from typer.main import get_command

from gwsim.cli.examples import EXAMPLES
from gwsim.cli.main import app

PROGRAM = get_command(app)


def named(command, words=()):
    """Every command with the words that call it, those with commands below them left out."""
    below = getattr(command, "commands", {})
    if not below:
        return [(words, command)]
    return [found for name, one in below.items() for found in named(one, (*words, name))]


COMMANDS = dict(named(PROGRAM))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_names_no_types_and_fits_eighty_columns(gwsim, words):
    said = gwsim(*words, "--help").output
    assert not re.search(r"<[a-z]|\[\[|\{|list\[", said)
    head, _, examples = said.partition("Examples:")
    assert max(map(len, head.splitlines())) <= 80
    assert examples.strip().startswith("gwsim " + " ".join(words))


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        (("fault", "add"), "gwsim fault add [OPTIONS] NAME [KEY=VALUE...]"),
        (("run",), "gwsim run [OPTIONS] PATH..."),
        (("down",), "gwsim down [OPTIONS] [NAME]"),
    ],
)
def test_a_line_of_usage_says_what_to_type_and_what_may_be_left_out(gwsim, words, usage):
    said = " ".join(gwsim(*words, "--help").output.split())
    assert f"Usage: {usage}" in said


def test_no_line_of_the_list_of_commands_is_cut(gwsim):
    assert "..." not in gwsim("--help").output.partition("Commands:")[2]


def test_every_command_has_examples_and_nothing_else_has():
    assert list(EXAMPLES) == [" ".join(words) for words in COMMANDS]


@pytest.mark.parametrize("example", [one for told in EXAMPLES.values() for one in told])
def test_an_example_is_understood(example):
    """Options and arguments of every example are those of the command; nothing is run."""
    words = shlex.split(example)
    command = max((one for one in COMMANDS if list(one) == words[: len(one)]), key=len)
    own = words[len(command) : words.index(">") if ">" in words else None]
    context = COMMANDS[command].make_context("gwsim", own)
    assert not context.args
