"""`gwsim exec` and `gwsim capture`: programs of the machine, run inside a node of a lab."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from gwsim.cli.afar import LIFELINE
from gwsim.cli.labs import LabName, Node, check_node, in_words, the_lab
from gwsim.cli.output import stop
from gwsim.lab.live.outside import RunningLab
from gwsim.lab.live.sniff import copy_packets, open_tap

NOT_FOUND = 127
"""What a shell answers for a program that does not exist."""


def execute(
    node: Node,
    command: Annotated[
        list[str], typer.Argument(metavar="COMMAND...", help="The program and its arguments.")
    ],
    lab: LabName = "",
) -> None:
    """Run a program inside a node: ping, curl, iperf3, ip, a shell.

    It is the machine's own program; only its network is that of the node.
    """
    found, state = the_lab(lab, node)
    _become(found, check_node(state, node), command)


def capture(
    node: Node,
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILTER...", help="A filter, as tcpdump understands it."),
    ] = None,
    interface: Annotated[
        str, typer.Option("--interface", "-i", metavar="NAME", help="Not said: the outside one.")
    ] = "",
    file: Annotated[
        Path | None,
        typer.Option("--write", "-w", metavar="FILE", help="Write them there, - for stdout."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option("--count", "-c", metavar="N", min=1, help="End after so many packets."),
    ] = None,
    lab: LabName = "",
) -> None:
    """Show the packets at a node, until Ctrl-C.

    On the internet these are all packets of one side; name another with -i to-GATEWAY, or any.
    """
    found, state = the_lab(lab, node)
    name = check_node(state, node)
    port = "" if interface == "any" else interface or state.ports[name]
    command = ["tcpdump", "-n", "-r", "-"]
    command += ["-w", str(file), "-U"] if file else ["-l"]
    command += ["-c", str(count)] if count else []
    try:
        # It reads only, as the user who calls, outside of the lab. Ctrl-C is not for it: it would
        # be torn from a packet, and complain; it ends when there are no more.
        reader = subprocess.Popen(
            [*command, *(arguments or ())], stdin=subprocess.PIPE, process_group=0
        )
    except FileNotFoundError:
        stop("capture needs tcpdump, which is not installed; try: apt-get install tcpdump")
    with in_words():
        found.enter(name)
    raise typer.Exit(_feed(reader, port))


def _feed(reader: subprocess.Popen[bytes], port: str) -> int:
    """Give a program the packets of an interface until it or the user has enough."""
    assert reader.stdin is not None
    try:
        with open_tap(port) as tap:
            lifeline = sys.stdin.buffer if LIFELINE in os.environ else None
            copy_packets(tap, reader.stdin, lifeline)
    except OSError as error:
        reader.terminate()
        stop(f"{port or 'any'}: {error.strerror}")
    except KeyboardInterrupt:
        typer.echo("", err=True)
    with suppress(BrokenPipeError):
        reader.stdin.close()
    return reader.wait()


def _become(lab: RunningLab, node: str, command: list[str]) -> NoReturn:
    """Turn this process into another program, inside a node."""
    with in_words():
        lab.enter(node)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        stop(f"{command[0]}: {error.strerror}", NOT_FOUND)
