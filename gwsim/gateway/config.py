"""What one gateway is told: addresses, networks, the IKE endpoint and the data plane's policy."""

from dataclasses import dataclass, field

from gwsim.ike.config import EndpointConfig
from gwsim.wire.selector import Selector


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """An SPD entry that is no tunnel: traffic `local` to `remote` passes clear or is dropped."""

    local: Selector
    remote: Selector
    action: str  # "bypass" or "discard"


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """One whole box.

    `inside` are the networks behind it, `endpoint` its IKE side (whose `address` is the outside
    address). SPD order: `rules`, then the children of every connection in order, then `default`
    ("bypass": forwarded in clear text, as a router does, or "discard"). `mtu` is that of the
    outside interface, octets. `df` is "copy", "clear" or "set". `queue` packets per child wait
    for an SA that is being negotiated; further ones are dropped and counted. `last_sequence`
    lowers the number at which an SA has used up its sequence numbers, so that a lab can see it;
    None leaves the protocol's own end. `filters` are dropped of what came out of a tunnel: an
    access list behind the decryption. `translates` says that hosts inside go out under the
    gateway's own address before anything asks for a tunnel: a NAT without an exemption.
    """

    name: str
    vendor: str
    endpoint: EndpointConfig
    inside: tuple[str, ...]
    outside_interface: str = "outside"
    inside_interface: str = "inside"
    rules: tuple[PolicyRule, ...] = field(default=())
    default: str = "bypass"
    mtu: int = 1500
    df: str = "copy"
    queue: int = 0
    last_sequence: int | None = None
    filters: tuple[PolicyRule, ...] = ()
    translates: bool = False
