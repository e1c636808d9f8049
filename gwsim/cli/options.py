"""Options that several commands share, and words that must be one of a few."""

from collections.abc import Collection
from typing import Annotated

import typer

from gwsim.cli.output import stop
from gwsim.lab.nearest import hint

Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", metavar="N", min=0, max=2**63 - 1, help="Use this seed, not the scenario's own."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON, for a program to read.")]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", metavar="N", min=1, max=256, help="How many run at the same time."
    ),
]
Speed = Annotated[
    float | None,
    typer.Option(
        "--speed",
        metavar="X",
        min=0.01,
        max=1000,
        help="Seconds of the scenario that pass in a real one. A run has at most 8, and fewer"
        " where the machine is too busy.",
    ),
]


def require(word: str, known: Collection[str], what: str, where: str = "") -> None:
    """End the program with what there is instead, unless a word is one of those known."""
    if word not in known:
        listed = ", ".join(known)
        stop(f"there is no {what} {word!r}{where}, only {listed}{hint(word, known)}")


def meant_node(name: str, known: Collection[str], what: str, where: str) -> str:
    """Give the node that is meant; ends the program for another word.

    A host may be called by its own name alone (`pc` for `branch.pc`) where no other has it.
    """
    if name in known:
        return name
    meant = [node for node in known if name == node.rpartition(".")[2]]
    if len(meant) != 1:
        require(name, known, what, where)
    return meant[0]
