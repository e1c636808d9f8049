"""What happened in the data plane and to the box, beside the events of the IKE engine.

`at` is in seconds. SPIs are numbers, addresses dotted text. A drop names its cause.
"""

from dataclasses import dataclass
from enum import StrEnum

from gwsim.ike.events import Event


class DropCause(StrEnum):
    """Why a packet was dropped; each cause has its own counter of the same name."""

    UNKNOWN_SPI = "unknown-spi"
    REPLAYED = "replayed"
    TOO_OLD = "left-of-window"
    BAD_ICV = "bad-icv"
    BAD_PADDING = "bad-padding"
    MALFORMED = "malformed"
    BAD_SELECTOR = "inner-selector"
    CLEAR_TEXT = "clear-text"
    NO_SA = "no-sa"
    DISCARD = "policy-discard"
    SEQUENCE_EXHAUSTED = "sequence-exhausted"
    TOO_BIG = "too-big"
    NO_ROUTE = "no-route"
    LINK_DOWN = "link-down"
    EXPIRED = "expired"
    ENCAPSULATION = "wrong-encapsulation"
    TRANSPORT_ENDS = "not-between-the-ends"
    CONGESTION = "congestion-marked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketDropped(Event):
    """A packet was dropped by the data plane.

    For ESP: `spi`, `sequence`, outer `source` and `destination`; `inner` is (source,
    destination, protocol) when it got that far, with the SA's own `local`/`remote` selectors.
    `inbound` says whether it came from the outside.
    """

    cause: DropCause
    inbound: bool
    source: str
    destination: str
    protocol: int
    spi: int = 0
    sequence: int = 0
    inner: tuple[str, str, int] | None = None
    local: str = ""
    remote: str = ""
    child: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficPassed(Event):
    """Packets crossed the gateway: protected or clear, inward or outward (for witnesses).

    Mostly it is one; under load there are more `packets` alike, of `length` octets in all.
    """

    inbound: bool
    protected: bool
    source: str
    destination: str
    protocol: int
    spi: int
    length: int
    packets: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayStarted(Event):
    """The gateway booted; `reboot` when it had been running before."""

    reboot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayStopped(Event):
    """The gateway stands still, without power or shut down; nothing of its state is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChanged(Event):
    """The outside interface went up or down."""

    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconfigured(Event):
    """A new configuration took effect; `what` names the parts that changed."""

    what: tuple[str, ...]
