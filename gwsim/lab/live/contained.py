"""What an engine has of labs, found by their labels, and how it is removed.

Whoever looks for labs needs the engine and no lab: nothing of a scenario is imported here.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from gwsim.lab.live.engine import engine_words, gone_is_fine
from gwsim.lab.live.order import container_name
from gwsim.lab.live.ports import INTERNET

LABEL = "gwsim.lab"
"""The label of everything that belongs to a lab; its value is the lab's name."""

NODE_LABEL = "gwsim.node"
"""The label of a container: its node."""

ITSELF_LABEL = "gwsim.itself"
"""The label of a gateway's container: hosts at the gateway's own address, which are in there."""

HOME_LABEL = "gwsim.home"
"""The label that says whose lab it is: the directory in which its owner's labs are."""

_FAREWELL = 6
_RUNNING = ("created", "running", "restarting", "paused")


@dataclass(frozen=True, slots=True)
class Remains:
    """What a container left: its exit code, and everything it said."""

    node: str
    exit_code: int
    log: str


def full_name(lab: str, what: str) -> str:
    """Give the name that something of a lab has on its engine."""
    return f"gwsim-{lab}-{container_name(what)}"


def at_once(work: Callable[[Any], Any], things: Iterable[Any]) -> list[Any]:
    """Do something with all of them at once; an engine takes its time with each."""
    them = list(things)
    if not them:
        return []
    with ThreadPoolExecutor(len(them)) as threads:
        return list(threads.map(work, them))


def names(client: Any, home: str = "") -> list[str]:
    """List the labs of an engine, and what is left of labs, by name; those of a home if given."""
    wanted = [LABEL, f"{HOME_LABEL}={home}"] if home else [LABEL]
    return sorted({labels[LABEL] for labels in labelled(client, wanted)})


def _containers(client: Any, filters: dict[str, Any]) -> list[Any]:
    """List containers; one that somebody else removes meanwhile is left out."""
    return list(client.containers.list(all=True, ignore_removed=True, filters=filters))


def labelled(client: Any, wanted: list[str]) -> list[dict[str, str]]:
    """Give the labels of everything on an engine that has those that are wanted."""
    chosen = {"label": wanted}
    with engine_words():
        return [
            *(one.labels for one in _containers(client, chosen)),
            *(one.attrs["Labels"] for one in client.networks.list(filters=chosen)),
            *(one.attrs["Labels"] for one in client.volumes.list(filters=chosen)),
        ]


def nodes(client: Any, lab: str) -> dict[str, str]:
    """List the nodes of a lab by name, with the node in whose container each is."""
    with engine_words():
        found = _containers(client, {"label": f"{LABEL}={lab}"})
    there: dict[str, str] = {}
    for one in found:
        own = one.labels[NODE_LABEL]
        hosts = one.labels.get(ITSELF_LABEL, "").split()
        there |= dict.fromkeys((own, *hosts), own)
    return dict(sorted(there.items()))


def ended(client: Any, lab: str) -> dict[str, str]:
    """Say of each node of a lab whose container does not run what became of it, and the remedy."""
    with engine_words():
        found = _containers(client, {"label": f"{LABEL}={lab}"})
    return {
        one.labels[NODE_LABEL]: (
            f"its container has ended (exit code {one.attrs['State']['ExitCode']});"
            f" `docker start {one.name}` brings it back"
        )
        for one in found
        if one.status not in _RUNNING
    }


def remove(client: Any, lab: str) -> tuple[Remains, ...]:
    """End and remove everything of a lab, gateways first so that their farewells can travel."""
    mine = {"label": f"{LABEL}={lab}"}
    containers = _containers(client, mine)
    gateways = [one for one in containers if one.labels.get(NODE_LABEL) != INTERNET]
    others = [one for one in containers if one.labels.get(NODE_LABEL) == INTERNET]
    found = (*at_once(_end, gateways), *at_once(_end, others))
    at_once(_remove, client.networks.list(filters=mine))
    at_once(_remove, client.volumes.list(filters=mine))
    return tuple(one for one in found if one is not None)


def _end(container: Any) -> Remains | None:
    with gone_is_fine():
        container.stop(timeout=_FAREWELL)
        code = int(container.wait()["StatusCode"])
        said = container.logs().decode(errors="replace")
        container.remove(force=True, v=True)
        return Remains(container.labels.get(NODE_LABEL, ""), code, said)
    return None


def _remove(thing: Any) -> None:
    with gone_is_fine():
        thing.remove()
