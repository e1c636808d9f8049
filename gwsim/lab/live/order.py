"""What a container of a lab is told: a value, and the file in which it comes."""

import json
from dataclasses import dataclass
from pathlib import Path

from gwsim.gateway.jsonform import decode, encode
from gwsim.lab.host import Host
from gwsim.lab.live.places import Place
from gwsim.lab.live.ports import Port

SHARED = "/run/lab"
"""Where all containers of a lab have the same directory, gone with the last of them."""

ORDER_FILE = "/etc/gwsim-order.json"
"""Where a container finds what it is when it comes back; that of a secret lab does not."""

IMAGE = "gwsim"
"""The image, as the Dockerfile of this project makes it."""


@dataclass(frozen=True, slots=True)
class ContainerOrder:
    """One container: `node` of `lab`, its interfaces, and the address that leads elsewhere.

    `file` is the node file of a gateway or the internet, "" for a host; its clock is set when the
    lab begins, at once or when all of `gather` are there. `hosts` are the lab's, and those called
    `itself` have a gateway's own address and live with it. `state` is what the lab is, for those
    who look for it. The internet lets the lab begin, if it `begins` by itself, and does the `acts`
    of the scenario in there, those of its timeline if `played`. Interfaces that are `settled` have
    their addresses already. Of a lab that is `secret` no file says how it is configured once it
    runs; that of an exam is.
    """

    lab: str
    node: str
    ports: tuple[Port, ...]
    default: str
    speed: float
    file: str
    hosts: tuple[Host, ...]
    gather: tuple[str, ...] = ()
    state: str = ""
    played: bool = False
    begins: bool = False
    acts: bool = False
    settled: bool = False
    secret: bool = False
    itself: tuple[str, ...] = ()


def order_to_json(order: ContainerOrder) -> str:
    """Give the JSON form of an order; there are pre-shared keys in it."""
    return json.dumps(encode(order))


def order_from_json(text: str) -> ContainerOrder:
    """Read an order back, equal to what it was; raises ValueError for anything else."""
    found: ContainerOrder = decode(ContainerOrder, json.loads(text), "order")
    return found


def place_of(lab: str) -> Place:
    """Give the directory of a lab as its containers see it."""
    return Place(Path(SHARED) / "gwsim" / lab)


def container_name(node: str) -> str:
    """Give the name that a node has as a container or service: a host's dot is a dash there."""
    return node.replace(".", "-")
