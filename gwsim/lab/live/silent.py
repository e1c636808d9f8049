"""Why a node of a running lab does not answer: what became of it, and the remedy, in words."""

import os
import time
from pathlib import Path
from typing import Any

from gwsim.daemon.door import Door, DoorError
from gwsim.lab.live.places import DOCKER, KEEPER, TRAINING, Place, State
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.remembered import is_held, life

OWN_NODE = "GWSIM_NODE"
"""The variable in which a container finds which node it is."""

_PATIENCE = 3.0
_STOPPED = "Tt"


def silence(place: Place, state: State, node: str, reached: bool) -> str:
    """Say why a node does not answer; `reached` says that it was there to be asked."""
    if not state.keeper:
        return _of_its_own(place, state, node, reached)
    try:
        with Door(place.door(KEEPER), _PATIENCE) as keeper:
            found = keeper.status()["nodes"][node]
    except DoorError:
        return keeper_silence(place, state)
    return process_silence(place, node, found, reached)


def keeper_silence(place: Place, state: State) -> str:
    """Say why a lab does not answer as a whole."""
    if not state.keeper:
        return _of_its_own(place, state, INTERNET, reached=True)
    if _is_stopped(state.keeper):
        return (
            f"the process that holds it is stopped: `kill -CONT {state.keeper}` lets it go on,"
            f" `gwsim down {place.name}` ends it"
        )
    return f"the process that holds it, {state.keeper}, hangs: `gwsim down {place.name}` ends it"


def process_silence(place: Place, node: str, found: dict[str, Any], reached: bool) -> str:
    """Say why a node of a lab of namespaces does not answer; `found` is what its keeper knows."""
    pid = found["pid"]
    if pid:
        return _living_silence(pid, found["lives"], found["ended"], reached)
    if found["stays"]:
        return (
            f"it ended {found['lives']} times, last by {found['ended']}, and does not come back:"
            f" `gwsim logs {node} --journal` has its last words, `gwsim down {place.name}` and"
            " `gwsim up` begin anew"
        )
    return _returning(found["ended"], found["at"])


def _living_silence(pid: int, lives: int, ended: str, reached: bool, at: str = "") -> str:
    """Say why a process that is seen from here does not answer; `at` leads to it from elsewhere."""
    if not reached:
        since = f" after {ended}" if lives > 1 else ""
        return f"it is just starting{since}: ask again"
    if _is_stopped(pid):
        return f"its process {pid} is stopped: `{at}kill -CONT {pid}` lets it go on"
    return (
        f"its process {pid} hangs, or this machine has too much else to do:"
        f" `{at}kill -9 {pid}` gives it a new life"
    )


def _returning(ended: str, at: float) -> str:
    ago = max(0.0, time.monotonic() - at)
    return f"it ended {ago:.1f} s ago ({ended}) and is back in a moment: ask again"


def _of_its_own(place: Place, state: State, node: str, reached: bool) -> str:
    """Say why a node does not answer that is in a container, or was started by itself."""
    contained = state.runtime == DOCKER
    if not is_held(place, node):
        if contained:
            return f"its container has ended: {_remedy(state, node, 'start')} brings it back"
        return "its process has ended: start it again where you had started it"
    found = life(place, node)
    if not found.pid:
        return _returning(found.ended, found.at)
    if not contained or os.environ.get(OWN_NODE) == node:
        at = f"docker compose exec {_service(node)} " if contained else ""
        return _living_silence(found.pid, found.number, found.ended, reached, at)
    if not reached:
        return "it is just starting: ask again"
    return (
        "its container runs, and its process hangs or is stopped:"
        f" {_remedy(state, node, 'restart')} gives it a new life"
    )


def _remedy(state: State, node: str, verb: str) -> str:
    """Give the command with which a container is started, on the machine of its engine."""
    if state.name == TRAINING:
        return f"`docker compose {verb} {_service(node)}`"
    return f"`docker {verb} gwsim-{state.name}-{_service(node)}`"


def _service(node: str) -> str:
    return node.replace(".", "-")


def _is_stopped(pid: int) -> bool:
    """Tell whether a process is stopped, as by SIGSTOP or a debugger."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return said.rpartition(")")[2].split()[0] in _STOPPED
