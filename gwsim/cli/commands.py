"""The commands there are: where each stands, and what the list of them says of it.

A command's module is imported when the command is called, or its own help asked for: whoever looks
at a screen of a running lab does not wait for the library of scenarios to be read in. So a module
here imports what its command needs, and nothing for the sake of another one.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from gwsim.cli.usage import Command

# What stands behind the node belongs to the program that runs there, options and all.
_FOREIGN = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its function, or its `typer.Typer` with commands below, as MODULE:NAME.

    `summary` is the first sentence of its help; `settings` are those of its context.
    """

    where: str
    summary: str
    settings: Mapping[str, Any] = field(default_factory=dict)


COMMANDS: dict[str, Entry] = {
    "run": Entry("gwsim.cli.run:run", "Run scenarios and judge them by their own expectations."),
    "validate": Entry("gwsim.cli.validate:validate", "Check scenario files without running them."),
    "show": Entry(
        "gwsim.cli.show:show", "Print what a gateway shows, now or at a moment of a scenario."
    ),
    "trace": Entry("gwsim.cli.trace:trace", "Draw the messages of a scenario as a ladder."),
    "ladder": Entry(
        "gwsim.cli.ladder:ladder", "Draw the ladder of a capture, and say where it stops and why."
    ),
    "explain": Entry(
        "gwsim.cli.explain:explain", "Explain a state, message, fault, notify or log line."
    ),
    "faults": Entry("gwsim.cli.faults:faults", "List the faults there are, or tell one in full."),
    "matrix": Entry(
        "gwsim.cli.matrix:matrix", "Compute what every fault looks like between every two vendors."
    ),
    "diagnose": Entry(
        "gwsim.cli.diagnose:diagnose",
        "Rank the causes of what you see, and say what to look at next.",
    ),
    "new": Entry("gwsim.cli.new:new", "Write a commented scenario to start from."),
    "schema": Entry("gwsim.cli.schema:schema", "Print the JSON Schema of scenarios, for editors."),
    "demo": Entry("gwsim.cli.demo:demo", "Tell a healthy tunnel and four classic faults."),
    "exam": Entry(
        "gwsim.cli.exam:exam", "Find the hidden faults of a lab, repair them, and get a mark."
    ),
    "bundle": Entry(
        "gwsim.cli.bundle:bundle", "Run a scenario and pack all that came of it into one file."
    ),
    "open": Entry(
        "gwsim.cli.bundle:open_bundle",
        "Check a bundle and take it apart, or run it again and compare.",
    ),
    "up": Entry("gwsim.cli.up:up", "Start a lab of real processes and leave it running."),
    "down": Entry("gwsim.cli.down:down", "End a lab; nothing of it is left."),
    "status": Entry(
        "gwsim.cli.status:status", "Say which labs are running and how their nodes fare."
    ),
    "logs": Entry("gwsim.cli.logs:logs", "Print the log of a gateway, in its vendor's words."),
    "node": Entry(
        "gwsim.cli.node:node", "Be one node of a scenario in this network, until Ctrl-C."
    ),
    "gateway": Entry(
        "gwsim.cli.gateway:gateway", "Be one gateway on this machine's network, until Ctrl-C."
    ),
    "exec": Entry(
        "gwsim.cli.inside:execute",
        "Run a program inside a node: ping, curl, iperf3, ip, a shell.",
        _FOREIGN,
    ),
    "capture": Entry(
        "gwsim.cli.inside:capture",
        "Show the packets at a node, until Ctrl-C.",
        {"ignore_unknown_options": True},
    ),
    "fault": Entry("gwsim.cli.fault:fault", "Break a running lab, and repair it."),
}
"""Every command by its name, in the order in which help lists them."""


class _Imported(Mapping[str, Any]):
    """The commands as what typer makes of them, each made when it is looked up."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _made(name, COMMANDS[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Program(TyperGroup):
    """The program with all its commands; it imports the one that is called."""

    def __init__(self, *, commands: Any = None, **told: Any) -> None:
        super().__init__(commands=commands, **told)
        self.commands: Any = _Imported()

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands, from what the table says of each."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


def _made(name: str, entry: Entry) -> Any:
    """Import a command; a function becomes a command of this name."""
    module, _, attribute = entry.where.partition(":")
    found: Callable[..., Any] | typer.Typer = getattr(_imported(module), attribute)
    if isinstance(found, typer.Typer):
        return get_command(found)
    alone = typer.Typer(rich_markup_mode=None, add_completion=False)
    alone.command(name, cls=Command, context_settings=dict(entry.settings))(found)
    return get_command(alone)


def _imported(module: str) -> ModuleType:
    """Import a module; no garbage is looked for in what that makes, then or later: it all stays.

    To look again and again takes a tenth of the time that importing takes.
    """
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()
