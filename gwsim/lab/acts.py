"""The timeline: what hosts, operators and repairmen do, and when.

An entry names one act and its time: `at` counts from the start, `after` from the entry before
(whose time it also has when neither is given); `wait` only moves that time on.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from gwsim.lab.base import (
    Address,
    AlsoWritten,
    DestinationRef,
    GatewayRef,
    HostRef,
    Kind,
    Model,
    Networks,
    Refers,
)
from gwsim.lab.options import BehaviourOptions, SideOptions
from gwsim.lab.units import Duration


class Ping(Model):
    """Echo requests from a host (`hq.server`, or `hq` for its first) to a host or address."""

    source: Annotated[HostRef, Field(alias="from")]
    to: DestinationRef
    count: Annotated[int, Field(ge=1, le=100_000)] = 4
    every: Duration = 1.0
    size: Annotated[int, Field(ge=0, le=65_000, description="Octets of data.")] = 56
    df: bool = False
    ttl: Annotated[int, Field(ge=1, le=255, description="Hops they may go.")] = 64


class Stream(Model):
    """UDP datagrams one way from a host to a host; `size` counts octets of payload."""

    source: Annotated[HostRef, Field(alias="from")]
    to: DestinationRef
    packets: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    every: Duration = 0.01
    size: Annotated[int, Field(ge=0, le=65_000)] = 512
    port: Annotated[int, Field(ge=1, le=65_535)] = 5001
    protocol: Literal["udp"] = "udp"
    df: bool = False


class AtGateway(Model):
    """An act at one gateway that needs no more said."""

    at: GatewayRef


class Clear(AtGateway):
    """An operator deletes SAs: `what` kind, and those of one `peer` only (a gateway's name)."""

    what: Literal["ike", "ipsec", "all"] = "all"
    peer: GatewayRef | None = None


class Reboot(AtGateway):
    """Power fails; the gateway is back after `down`, remembering nothing."""

    down: Duration = 0.0


class Shutdown(AtGateway):
    """An orderly end: SAs are deleted with a word to the peers; the gateway stays off."""


class Link(AtGateway):
    """The outside interface of a gateway goes up or down."""

    up: bool


class Initiate(AtGateway):
    """An operator starts the tunnel to a peer by hand."""

    to: GatewayRef | None = None


class Rekey(AtGateway):
    """An operator renews the SAs with a peer: `phase` 1 or 2."""

    to: GatewayRef | None = None
    phase: Literal[1, 2] = 2


class NatRebind(AtGateway):
    """The NAT in front of a gateway forgets its bindings and gives new ports."""


class SendClear(Model):
    """A host's packet is put on the internet unprotected, as an outsider could forge it."""

    source: Annotated[HostRef, Field(alias="from")]
    to: DestinationRef
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    size: Annotated[int, Field(ge=0, le=65_000)] = 56


class Change(SideOptions):
    """An operator changes the configuration of a gateway; keys as on the gateway itself.

    Its peers keep what they were told of it: after a new `outside` they go on seeking it at the
    old address, until somebody gives them another `peer`.
    """

    at: GatewayRef
    outside: Address | None = None
    inside: Annotated[Networks, Field(min_length=1)] | None = None
    isakmp: bool | None = None
    mtu: Annotated[int, Field(ge=576, le=9216)] | None = None
    behaviour: BehaviourOptions | None = None


def _brief(value: object) -> object:
    return {"at": value} if isinstance(value, str) else value


class TimelineEntry(Model):
    """One entry: exactly one act, and when.

    Acts at a gateway may be written briefly, `clear: hq` for `clear: {at: hq}`. `repair` names a
    fault, whose effect ends there.
    """

    at: Duration | None = None
    after: Duration | None = None
    wait: Duration | None = None
    ping: Ping | None = None
    stream: Stream | None = None
    clear: Annotated[Clear, BeforeValidator(_brief), AlsoWritten(("text",))] | None = None
    reboot: Annotated[Reboot, BeforeValidator(_brief), AlsoWritten(("text",))] | None = None
    shutdown: Annotated[Shutdown, BeforeValidator(_brief), AlsoWritten(("text",))] | None = None
    link: Link | None = None
    change: Change | None = None
    repair: Annotated[str, Refers(Kind.FAULT)] | None = None
    initiate: Annotated[Initiate, BeforeValidator(_brief), AlsoWritten(("text",))] | None = None
    rekey: Annotated[Rekey, BeforeValidator(_brief), AlsoWritten(("text",))] | None = None
    nat_rebind: Annotated[NatRebind, BeforeValidator(_brief), AlsoWritten(("text",))] | None = None
    send_clear: SendClear | None = None

    @model_validator(mode="after")
    def _one_act(self) -> "TimelineEntry":
        given = [name for name in ACTS if getattr(self, name) is not None]
        if len(given) != 1:
            said = " and ".join(given) or "none"
            raise ValueError(f"one act per entry, and here is {said}; acts are {', '.join(ACTS)}")
        if self.at is not None and self.after is not None:
            raise ValueError("either `at` or `after`, not both")
        return self

    @property
    def act(self) -> tuple[str, Any]:
        """The name of the act and what was said about it."""
        name = next(name for name in ACTS if getattr(self, name) is not None)
        return name, getattr(self, name)


ACTS = tuple(name for name in TimelineEntry.model_fields if name not in ("at", "after"))
"""The names of all acts."""


def moments(timeline: tuple[TimelineEntry, ...]) -> tuple[float, ...]:
    """Give the time of each entry, in seconds from the start."""
    clock = 0.0
    times = []
    for entry in timeline:
        if entry.at is not None:
            clock = entry.at
        clock += (entry.after or 0.0) + (entry.wait or 0.0)
        times.append(clock)
    return tuple(times)
