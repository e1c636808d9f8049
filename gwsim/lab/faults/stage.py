"""Where a fault can show itself: what must be configured and done beside it so that it bites.

Data in the scenario language. The gateway that begins is called `initiator`, its peer
`responder`; `here` is the one at which the fault sits and `there` the other. Whoever stages a
fault puts its own names in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Where(StrEnum):
    """Where a fault sits, seen from who begins: at an end, or at both or between them."""

    INITIATOR = "initiator"
    RESPONDER = "responder"
    BOTH = "both"


Said = Mapping[str, Any]

PINGS: tuple[Said, ...] = (
    {"at": "1s", "ping": {"from": "initiator", "to": "responder", "count": 8, "every": "10s"}},
)
"""Somebody behind the initiator wants the tunnel, and goes on wanting it."""

LONG_PINGS: tuple[Said, ...] = (
    {"at": "1s", "ping": {"from": "initiator", "to": "responder", "count": 12, "every": "10s"}},
)
"""The same for something that happens after the tunnel has come up."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One way to stage a fault.

    `variant` tells it from the fault's other stages (`main-4`, `another group`), `parameters` are
    what the fault is told, `options` what both ends of the tunnel have, laid over whatever the
    stage's user has chosen. `places` are the ends at which it makes a difference; None: those
    that the fault can be told. `duration` is in seconds. `samples` is how many seeds it takes to
    see what it looks like, more than one where chance decides. `settings` are the kinds of
    tunnel in which it is worth a look (`lab.matrix.setting`), None all of them.
    """

    variant: str = ""
    parameters: Said = field(default_factory=dict)
    options: Said = field(default_factory=dict)
    timeline: tuple[Said, ...] = PINGS
    duration: float = 75.0
    places: tuple[Where, ...] | None = None
    samples: int = 1
    settings: tuple[str, ...] | None = None


EVERYWHERE: tuple[Stage, ...] = (Stage(),)
"""The stage of a fault that is there from the start and shows as soon as somebody pings."""


WITH_AES: Said = {"phase1": {"encryption": "aes-256"}, "phase2": {"encryption": "aes-256"}}
"""Options for what is about key lengths: only AES has any."""


def lasting(**parameters: Any) -> Stage:
    """Give a stage in which something befalls a tunnel that has been up for half a minute."""
    told = {"start": "25s", **parameters}
    return Stage("in mid-life", told, timeline=LONG_PINGS, duration=120.0)
