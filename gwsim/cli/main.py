"""The `gwsim` program."""

from typing import Annotated

import typer

from gwsim import __version__
from gwsim.cli.bundle import bundle, open_bundle
from gwsim.cli.demo import demo
from gwsim.cli.diagnose import diagnose
from gwsim.cli.exam import exam
from gwsim.cli.explain import explain
from gwsim.cli.fault import fault
from gwsim.cli.faults import faults
from gwsim.cli.gateway import gateway
from gwsim.cli.inside import capture, execute
from gwsim.cli.ladder import ladder
from gwsim.cli.logs import logs
from gwsim.cli.matrix import matrix
from gwsim.cli.new import new
from gwsim.cli.node import node
from gwsim.cli.run import run
from gwsim.cli.schema import schema
from gwsim.cli.show import show
from gwsim.cli.status import status
from gwsim.cli.trace import trace
from gwsim.cli.up import down, up
from gwsim.cli.usage import Command
from gwsim.cli.validate import validate

app = typer.Typer(
    name="gwsim",
    help="A lab of VPN gateways that really negotiate IKEv1 and carry ESP, with faults you choose.",
    epilog="Exit codes: 0 as expected, 1 not as expected, 2 bad usage, a bad file, or a machine"
    " that lacks what it takes, 130 broken off by Ctrl-C. `gwsim COMMAND --help` has examples.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gwsim {__version__}")
        raise typer.Exit


@app.callback()
def gwsim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A lab of VPN gateways that really negotiate IKEv1 and carry ESP, with faults you choose."""


COMMANDS = (
    run,
    validate,
    show,
    trace,
    ladder,
    explain,
    faults,
    matrix,
    diagnose,
    new,
    schema,
    demo,
    exam,
    bundle,
)
"""What needs no running lab."""

for command in COMMANDS:
    app.command(cls=Command)(command)
app.command("open", cls=Command)(open_bundle)

# What stands behind the node belongs to the program that runs there, options and all.
FOREIGN = {"ignore_unknown_options": True, "allow_interspersed_args": False}

for about_labs in (up, down, status, logs, node, gateway):
    app.command(cls=Command)(about_labs)
app.command("exec", cls=Command, context_settings=FOREIGN)(execute)
app.command(cls=Command, context_settings={"ignore_unknown_options": True})(capture)
app.add_typer(fault)


if __name__ == "__main__":
    app()
