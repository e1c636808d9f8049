"""`gwsim status`: which labs are running, and how their nodes fare."""

import json as json_format
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gwsim.cli.engine import entries, labs
from gwsim.cli.labs import in_words
from gwsim.cli.options import Json
from gwsim.cli.output import heading, plain_table, write
from gwsim.daemon.door import DoorError
from gwsim.lab.durations import duration_text
from gwsim.lab.live.outside import RunningLab
from gwsim.lab.live.places import Place, PlaceError, State, running
from gwsim.lab.live.remembered import life


@dataclass(frozen=True, slots=True)
class _Row:
    """One node: who it is, and what there is to say of it."""

    node: str
    kind: str
    address: str
    pid: int | None
    words: str


def status(json: Json = False) -> None:
    """Say which labs are running and how their nodes fare."""
    with in_words():
        places = running()
    found, unknown = [], []
    for place in places:
        if place.turning:
            continue
        try:
            found.append((place.state(), tuple(_rows(place))))
        except (PlaceError, DoorError) as error:
            if not place.turning:
                unknown.append(_unknown(place.name, str(error)))
    with in_words():
        contained = unknown + [entry for lab in labs() for entry in entries(lab)]
    if json:
        own = [_entry(state, rows) for state, rows in found]
        write(json_format.dumps(own + contained, indent=2))
        return
    if not found and not contained:
        write("no lab is running")
    for number, (state, rows) in enumerate(found):
        _tell(state, rows, first=number == 0)
    for number, entry in enumerate(contained):
        _tell_of(entry, first=number == 0 and not found)


def _rows(place: Place) -> Iterator[_Row]:
    lab, state = RunningLab(place), place.state()
    processes = _noted(place, state)
    if state.keeper:
        with lab.asked() as keeper:
            processes = keeper.status()["nodes"]
    for node, kind in state.kinds.items():
        process = processes.get(node, {})
        words = _gateway_words(lab, node) if kind == "gateway" else ""
        if process.get("pid") == 0 and kind != "gateway":
            words = f"ended ({process['ended']})"
        elif process and process["lives"] > 1:
            times = process["lives"] - 1
            often = "once" if times == 1 else f"{times} times, last"
            words += f"; came back {often} after {process['ended'] or 'its end'}"
        yield _Row(node, kind, state.addresses.get(node, ""), process.get("pid"), words)


def _noted(place: Place, state: State) -> dict[str, dict[str, Any]]:
    """Give what containers have noted of their nodes; a process is not known by number here."""
    found = {node: life(place, node) for node in state.kinds}
    return {
        node: {"pid": None if one.pid else 0, "lives": one.number, "ended": one.ended}
        for node, one in found.items()
        if one.number
    }


def _gateway_words(lab: RunningLab, name: str) -> str:
    try:
        with lab.door(name) as door:
            found = door.status()
    except DoorError as error:
        return str(error).removeprefix(f"{name} ")
    states = found["phase1"]
    said = f", phase 1: {', '.join(states)}" if states else ""
    return f"{found['vendor']}, tunnels up: {found['up']} of {found['tunnels']}{said}"


def _tell(state: State, rows: tuple[_Row, ...], first: bool) -> None:
    age = duration_text(float(int(time.time() - state.started)))
    speed = f", speed {state.speed:g}" if state.speed != 1 else ""
    heading(f"{'' if first else chr(10)}{state.name} ({state.runtime}, up {age}{speed})")
    write(f"  {state.title}")
    words = [f"{name} ({times})" if times else name for name, times in state.faults]
    if words:
        write(f"  faults: {', '.join(words)}")
    cells = [(f"  {r.node}", r.kind, r.address, str(r.pid or ""), r.words) for r in rows]
    write(plain_table(("  node", "kind", "address", "pid", ""), cells))


def _tell_of(entry: dict[str, Any], first: bool) -> None:
    """Tell of a lab that has told of itself."""
    runtime = f" ({entry['runtime']})" if entry["runtime"] else ""
    heading(f"{'' if first else chr(10)}{entry['lab']}{runtime}")
    write(f"  {entry['title']}")
    if entry["faults"]:
        write(f"  faults: {', '.join(entry['faults'])}")
    nodes = entry["nodes"]
    if not nodes:
        return
    cells = [(f"  {n['name']}", n["kind"], n["address"], n["state"] or "") for n in nodes]
    write(plain_table(("  node", "kind", "address", ""), cells))


def _unknown(lab: str, words: str) -> dict[str, Any]:
    """Give what there is to say of a lab that does not say it itself."""
    return {
        "lab": lab,
        "title": words,
        "runtime": "",
        "speed": None,
        "keeper": None,
        "scenario": "",
        "faults": [],
        "nodes": [],
    }


def _entry(state: State, rows: tuple[_Row, ...]) -> dict[str, Any]:
    return {
        "lab": state.name,
        "title": state.title,
        "runtime": state.runtime,
        "speed": state.speed,
        "keeper": state.keeper,
        "scenario": state.scenario,
        "faults": [name for name, _ in state.faults],
        "nodes": [
            {"name": r.node, "kind": r.kind, "address": r.address, "pid": r.pid, "state": r.words}
            for r in rows
        ],
    }
