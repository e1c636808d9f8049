"""The `gwsim` program."""

from typing import Annotated

import typer

from gwsim import __version__
from gwsim.cli.commands import Program
from gwsim.cli.usage import HELP

app = typer.Typer(
    name="gwsim",
    cls=Program,
    help="A lab of VPN gateways that really negotiate IKEv1 and carry ESP, with faults you choose.",
    epilog="Exit codes: 0 as expected, 1 not as expected, 2 bad usage, a bad file, or a machine"
    " that lacks what it takes, 130 broken off by Ctrl-C. `gwsim COMMAND --help` has examples.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=HELP,
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


if __name__ == "__main__":
    app()
