"""A scenario: gateways, the tunnels between them, the internet, faults, acts and expectations.

This is the root of the language; `options`, `acts` and `expectations` hold its parts, `units`
and `algorithms` its quantities and names, `load` reads it from YAML and checks what a model
alone cannot (names, vendors' words, networks), `compile` turns it into configurations.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from gwsim.lab.acts import TimelineEntry
from gwsim.lab.base import (
    Address,
    GatewayRef,
    Kind,
    Model,
    Name,
    Networks,
    OpenModel,
    Refers,
    SelectorText,
)
from gwsim.lab.expectations import Expectation
from gwsim.lab.options import BehaviourOptions, SideOptions
from gwsim.lab.units import Duration, Fraction

SCENARIO_NAME = "^[a-z0-9][a-z0-9-]{0,63}$"
FORWARD = "^(udp/[0-9]{1,5}|esp)$"

Forward = Annotated[str, Field(pattern=FORWARD, examples=["udp/500"])]
Mtu = Annotated[int, Field(ge=68, le=9216, description="Octets of the largest IP packet.")]


class BehindNat(Model):
    """A NAT in front of a gateway: its public address and its habits.

    `ports: translate` shares the address among many hosts, `one-to-one` leaves ports alone.
    `forward` lists what reaches the gateway unasked (`udp/500`, `udp/4500`). Protocol 50 crosses
    a port-translating NAT only with `esp_helper`. `random_ports` gives no flow its own port.
    Gateways with the same public address are neighbours behind one NAT, which has the habits that
    the first of them says.
    """

    public: Address
    ports: Literal["translate", "one-to-one"] = "translate"
    udp_timeout: Duration = 120.0
    forward: tuple[Forward, ...] = ()
    esp_helper: bool = False
    random_ports: bool = False


class GatewaySpec(SideOptions):
    """One gateway: vendor, addresses, the hosts behind it, and what it says for all its tunnels.

    `outside` is its own address, a private one when it is `behind_nat`. `isakmp: off` disables
    IKE on the outside. `other_traffic` tells what becomes of packets no tunnel wants: routed in
    clear text (`bypass`) or dropped (`discard`). `nat_exemption: no` hides the hosts behind the
    outside address before anything asks for a tunnel. `denied` is dropped of what comes out of a
    tunnel, named by where it comes from: `10.1.0.0/24`, `any icmp`.
    """

    vendor: Annotated[str, Refers(Kind.VENDOR)]
    outside: Address
    inside: Annotated[Networks, Field(min_length=1, max_length=64)]
    hosts: dict[Name, Address] = Field(default_factory=dict)
    behind_nat: BehindNat | None = None
    isakmp: bool = True
    mtu: Annotated[int, Field(ge=576, le=9216)] | None = None
    df: Literal["copy", "clear", "set"] | None = None
    other_traffic: Literal["bypass", "discard"] = "bypass"
    nat_exemption: bool = True
    denied: Annotated[tuple[SelectorText, ...], Field(max_length=64)] = ()
    behaviour: BehaviourOptions | None = None


class TunnelSpec(SideOptions, OpenModel):
    """A tunnel between two gateways; under a gateway's name stands what only its end says."""

    __pydantic_extra__: dict[str, SideOptions] = Field(init=False)

    between: Annotated[tuple[GatewayRef, GatewayRef], Field(description="The two gateways.")]

    @model_validator(mode="after")
    def _two(self) -> "TunnelSpec":
        if self.between[0] == self.between[1]:
            raise ValueError("a tunnel joins two different gateways")
        return self

    @property
    def sides(self) -> dict[str, SideOptions]:
        """What one end alone says, by the gateway's name."""
        return self.named


class LinkSpec(Model):
    """The line between one gateway and the internet: one way, each way alike."""

    latency: Duration | None = None
    jitter: Duration | None = None
    loss: Fraction | None = None
    duplicate: Fraction | None = None
    reorder: Fraction | None = None
    corrupt: Fraction | None = None
    mtu: Mtu | None = None
    black_hole: bool | None = None


class InternetSpec(LinkSpec, OpenModel):
    """What lies between the gateways; under a gateway's name stands what differs on its line.

    Not said: 5 ms over each line, no loss, no limit of size, "too big" is reported. The lab's
    internet knows the way to the networks inside, so that clear text can be seen to arrive;
    `routes_inside: no` makes it as ignorant of them as the real one.
    """

    __pydantic_extra__: dict[str, LinkSpec] = Field(init=False)

    routes_inside: bool = True

    @property
    def links(self) -> dict[str, LinkSpec]:
        """What differs on one gateway's line, by its name."""
        return self.named


class FaultUse(Model):
    """A fault of the catalogue: `{psk-mismatch: {at: branch}}`, or its name alone.

    `start` and `end` bound it in time (a configuration fault is then configured and repaired in
    mid-run). `bites: no` expects that it changes nothing, as in a control experiment.
    `parameters` are the rest; each fault says which it knows. `brief` is a bare word in their
    place, as in `drop: main-4`, which each fault takes for the parameter it is most about.
    """

    name: str
    brief: str | int | float | None = None
    start: Duration | None = None
    end: Duration | None = None
    bites: bool = True
    parameters: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _unfold(cls, value: object) -> object:
        if isinstance(value, str):
            return {"name": value}
        if not isinstance(value, dict):
            return value
        if len(value) != 1:
            raise ValueError("a fault is a name, or one name with its parameters below it")
        [(name, given)] = value.items()
        if isinstance(given, str | int | float):
            return {"name": name, "brief": given}
        if given is not None and not isinstance(given, dict):
            raise ValueError(f"the parameters of {name} are a word or `key: value` lines")
        own = {key: given[key] for key in ("start", "end", "bites") if given and key in given}
        rest = {key: item for key, item in (given or {}).items() if key not in own}
        return {"name": name, "parameters": rest, **own}


class Scenario(Model):
    """A whole scenario file.

    Without a `timeline` the first host of the first tunnel's first gateway pings the other end
    five times from second 1 on. `duration` is the length of the run; not said, it ends a second
    after the last act or expectation. `speed` is how many seconds pass in one real second where
    a person watches.
    """

    name: Annotated[str, Field(pattern=SCENARIO_NAME)]
    title: str
    level: Literal["beginner", "intermediate", "advanced"] = "beginner"
    story: str = ""
    tags: tuple[str, ...] = ()
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    speed: Annotated[float, Field(gt=0, le=1000)] = 1.0
    duration: Duration | None = None
    gateways: Annotated[dict[Name, GatewaySpec], Field(min_length=2, max_length=16)]
    tunnels: Annotated[tuple[TunnelSpec, ...], Field(min_length=1, max_length=64)]
    internet: InternetSpec = InternetSpec()
    faults: Annotated[tuple[FaultUse, ...], Field(max_length=32)] = ()
    timeline: Annotated[tuple[TimelineEntry, ...], Field(max_length=1000)] | None = None
    expect: Annotated[tuple[Expectation, ...], Field(max_length=1000)] = ()

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, value: object) -> object:
        """A heading with nothing below it (`faults:`) says nothing."""
        if not isinstance(value, dict):
            return value
        required = ("name", "title", "gateways", "tunnels")
        return {k: v for k, v in value.items() if v is not None or k in required}

    @property
    def clear_text_allowed(self) -> bool:
        """Whether some block allows clear text of protected networks on the internet."""
        return any(block.clear_text == "allowed" for block in self.expect)

    def without_timeline(self) -> "Scenario":
        """Give the scenario in which nobody does anything of himself."""
        return self.model_copy(update={"timeline": ()})
