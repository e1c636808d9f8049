"""Labs of containers, seen from the machine on which their user types.

What people ask of such a lab is answered inside of it: the same command is run in a container of
the lab, where the doors of all nodes are.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

import typer

from gwsim.cli.afar import converse, fetch
from gwsim.cli.output import stop, write
from gwsim.lab.live.knock import knock
from gwsim.lab.live.places import base
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.runtimes.failure import RuntimeFailure

_IN_NODE = ("exec", "capture")


@cache
def _engine() -> Any:
    """Give what finds labs on engines, None without the package docker; slow, so on demand."""
    try:
        return import_module("gwsim.lab.live.contained")
    except ImportError:
        return None


def labs() -> list[str]:
    """List this user's labs of containers, those that crashed included; none without an engine."""
    if "GWSIM_NODE" in os.environ:
        return []
    try:
        knock()  # where no engine is nobody waits for the library that speaks to one
        if _engine() is None:
            return []
        client = _client()
    except (OSError, RuntimeFailure):
        return []
    with client:
        found: list[str] = _engine().names(client.it, str(base()))
    return found


def answer_there(name: str) -> None:
    """If a lab of containers is meant, let it answer this command, and end the program.

    Without a name the only one there is is meant.
    """
    there = labs()
    meant = [lab for lab in there if lab == name] if name else there
    if len(meant) != 1:
        return
    words = sys.argv[1:]
    if words[:1] == ["down"]:
        end(meant[0])
        raise typer.Exit
    raise typer.Exit(_run(meant[0], words))


def entries(lab: str) -> list[dict[str, Any]]:
    """Ask a lab of containers how it fares; nothing from one that is just coming or going.

    Of containers that have ended the engine tells, of all if the one that answers for the lab has.
    """
    with _client() as client:
        gone = client.ended(lab)
        nodes = client.nodes(lab)
    if INTERNET in gone:
        return [_silent(lab, nodes, gone)]
    inside = ("gwsim", "status", "--json")
    command = ("docker", "exec", _engine().full_name(lab, INTERNET), *inside)
    try:
        said = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    found: list[dict[str, Any]] = json.loads(said.stdout)
    for entry in found:
        for node in entry["nodes"]:
            node["state"] = gone.get(node["name"], node["state"])
    return found


def _silent(lab: str, nodes: Mapping[str, str], gone: dict[str, str]) -> dict[str, Any]:
    """Say what an engine knows of a lab for which nobody answers any more."""
    return {
        "lab": lab,
        "title": f"nobody answers for it: {INTERNET}, which does, has ended",
        "runtime": "docker",
        "speed": None,
        "keeper": None,
        "scenario": "",
        "faults": [],
        "nodes": [
            {"name": one, "kind": "", "address": "", "pid": None, "state": gone.get(own, "")}
            for one, own in nodes.items()
        ],
    }


def end(lab: str) -> None:
    """End a lab of containers, or remove what is left of one."""
    try:
        with _client() as client:
            client.remove(lab)
    except RuntimeFailure as error:
        stop(str(error))
    write(f"the lab {lab} is down")


class _client:
    """An engine while it is needed; raises RuntimeFailure."""

    def __init__(self) -> None:
        self.it: Any = import_module("gwsim.lab.live.engine").connect()

    def __enter__(self) -> "_client":
        return self

    def __exit__(self, *_: object) -> None:
        self.it.close()

    def nodes(self, lab: str) -> dict[str, str]:
        found: dict[str, str] = _engine().nodes(self.it, lab)
        return found

    def ended(self, lab: str) -> dict[str, str]:
        found: dict[str, str] = _engine().ended(self.it, lab)
        return found

    def remove(self, lab: str) -> None:
        with _engine().engine_words():
            _engine().remove(self.it, lab)


def _run(lab: str, words: Sequence[str]) -> int:
    """Run a command of ours in the container of the node that it speaks of."""
    with _client() as client:
        nodes = client.nodes(lab)
        gone = client.ended(lab)
    node, rest = INTERNET, list(words)
    if words[0] in _IN_NODE:
        node, rest = _node(words, nodes)
    asked = next((word for word in words if words[0] == "show" and word in gone), node)
    for silent in (node, asked):
        if silent in gone:
            stop(f"{silent}: {gone[silent]}")
    container = _engine().full_name(lab, node)
    try:
        if words[0] == "capture":
            return fetch(container, *_to_stdout(["gwsim", *rest]))
        return converse(container, rest if words[0] == "exec" else ["gwsim", *rest])
    except FileNotFoundError:
        stop("the program docker is not installed; it is what runs a command in a container")


def _to_stdout(words: Sequence[str]) -> tuple[str, list[str]]:
    """Give the file that a capture is to go to, "" for none, and the words with - in its place.

    The container has files of its own: what is to arrive here comes out of it.
    """
    told: list[str] = []
    file = ""
    rest = iter(words)
    for word in rest:
        if word in ("-w", "--write"):
            file = next(rest, "")
            told += ["-w", "-"]
        elif word.startswith(("--write=", "-w")):
            file = word.removeprefix("--write=" if word.startswith("--") else "-w")
            told += ["-w", "-"]
        else:
            told.append(word)
    return file, told


def _node(words: Sequence[str], nodes: Mapping[str, str]) -> tuple[str, list[str]]:
    """Find the node in `exec NODE ...` or `capture NODE ...`: its container, and what is run there.

    A host may be called by its own name alone where no other has it.
    """
    short = Counter(name.rpartition(".")[2] for name in nodes)
    called = dict(nodes) | {
        last: own for name, own in nodes.items() if short[last := name.rpartition(".")[2]] == 1
    }
    place = next((number for number, word in enumerate(words) if number and word in called), 0)
    if not place:
        stop(f"which node? There are {', '.join(nodes)}")
    node, after = called[words[place]], list(words[place + 1 :])
    return node, after if words[0] == "exec" else [*words[:place], node, *after]
