"""What one end of a tunnel really has: tunnel, gateway and side put together, blanks filled.

Three layers, the later wins key by key: what the tunnel says for both ends, what the gateway says
for all its tunnels, what the tunnel says under the gateway's name. A single proposal over a single
proposal is merged attribute by attribute; a list replaces. What nobody says is the vendor's.
"""

from dataclasses import dataclass

from gwsim.ike.config import Dpd, DpdAction, Identity, Phase1Transform, Phase2Transform
from gwsim.lab.algorithms import COMBINED
from gwsim.lab.base import Model
from gwsim.lab.options import DpdOptions, Phase1, Phase2, SelectorPair, SideOptions
from gwsim.lab.scenario import GatewaySpec, Scenario, TunnelSpec
from gwsim.vendors.registry import VENDORS
from gwsim.vendors.vendor import Defaults
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import AuthenticationMethod, IdType
from gwsim.wire.selector import Selector


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a tunnel: who, with whom, and what its options come to.

    `options` still has None where nothing was said; the functions of this module give values.
    """

    gateway: str
    peer: str
    tunnel: TunnelSpec
    options: SideOptions
    defaults: Defaults


def sides_of(scenario: Scenario, gateway: str) -> tuple[Side, ...]:
    """Give the ends of all tunnels at a gateway, in the order of the scenario."""
    return tuple(
        side(scenario, tunnel, gateway) for tunnel in scenario.tunnels if gateway in tunnel.between
    )


def side(scenario: Scenario, tunnel: TunnelSpec, gateway: str) -> Side:
    """Put together what holds for one end of a tunnel."""
    first, second = tunnel.between
    spec = scenario.gateways[gateway]
    options = merged(_options(tunnel), _options(spec))
    own = tunnel.sides.get(gateway)
    return Side(
        gateway=gateway,
        peer=second if gateway == first else first,
        tunnel=tunnel,
        options=merged(options, _options(own)) if own else options,
        defaults=VENDORS[spec.vendor].defaults,
    )


def merged(below: SideOptions, above: SideOptions) -> SideOptions:
    """Lay one block of options over another."""
    values: dict[str, object] = {}
    for name in SideOptions.model_fields:
        under, over = getattr(below, name), getattr(above, name)
        values[name] = under if over is None else _over(under, over)
    return SideOptions().model_copy(update=values)


def _over(under: object, over: object) -> object:
    if isinstance(over, DpdOptions) and isinstance(under, DpdOptions):
        return _filled(over, under)
    match under, over:
        case (Phase1() | Phase2() as lower,), (Phase1() | Phase2() as upper,):
            return (_filled(upper, lower),)
    return over


def _filled(over: Model, under: Model) -> Model:
    given = {name: value for name, value in over if value is not None}
    if isinstance(over, Phase2) and over.cipher and over.cipher[0] in COMBINED:
        # A cipher with integrity of its own does not take over that of the one it replaces.
        given.setdefault("integrity", "none")
    return under.model_copy(update=given)


def _options(block: SideOptions) -> SideOptions:
    """Take from a tunnel or gateway its options alone, PFS in one place."""
    values = {name: getattr(block, name) for name in SideOptions.model_fields}
    groups = [entry.pfs for entry in block.phase2 or () if entry.pfs is not None]
    if groups:
        values["pfs"] = groups[0]
    return SideOptions().model_copy(update=values)


METHODS: dict[str, int] = {
    "psk": AuthenticationMethod.PRE_SHARED_KEY,
    "rsa-sig": AuthenticationMethod.RSA_SIGNATURES,
}
"""How the ends of a tunnel can prove themselves (RFC 2409 Appendix A)."""


def phase1_of(end: Side) -> tuple[Phase1Transform, ...]:
    """Give the phase 1 proposals of one end; a partial one is filled from the vendor's first."""
    defaults = end.defaults.phase1
    return tuple(_phase1(entry, defaults[0]) for entry in end.options.phase1 or ()) or defaults


def _phase1(entry: Phase1, default: Phase1Transform) -> Phase1Transform:
    encryption, key_bits = entry.cipher or (default.encryption, default.key_bits)
    lifetime = entry.lifetime
    return Phase1Transform(
        encryption=encryption,
        hash=entry.hash_number or default.hash,
        group=entry.group or default.group,
        key_bits=key_bits,
        authentication=METHODS[entry.authentication or "psk"],
        lifetime_seconds=default.lifetime_seconds if lifetime is None else max(1, int(lifetime)),
    )


def phase2_of(end: Side) -> tuple[Phase2Transform, ...]:
    """Give the ESP proposals of one end; a partial one is filled from the vendor's first."""
    defaults = end.defaults.phase2
    return tuple(_phase2(entry, defaults[0]) for entry in end.options.phase2 or ()) or defaults


def _phase2(entry: Phase2, default: Phase2Transform) -> Phase2Transform:
    transform, key_bits = entry.cipher or (default.transform, default.key_bits)
    authentication = entry.integrity_number
    if entry.integrity is None and transform not in COMBINED:
        authentication = default.authentication
    return Phase2Transform(transform, authentication, key_bits)


def pfs_of(end: Side) -> int | None:
    """Give the PFS group of one end, None for no PFS."""
    said = end.options.pfs
    return end.defaults.pfs_group if said is None else said or None


def phase2_lifetime_of(end: Side) -> tuple[int, int | None]:
    """Give the lifetime of IPsec SAs in seconds, and in kilobytes or None."""
    seconds, kilobytes = end.defaults.phase2_lifetime, end.defaults.phase2_kilobytes
    for entry in end.options.phase2 or ():
        if entry.lifetime is not None:
            seconds = max(1, int(entry.lifetime))
        kilobytes = entry.volume or kilobytes
    return seconds, kilobytes


def dpd_of(end: Side) -> Dpd | None:
    """Give the dead peer detection of one end, None when it is off."""
    said, default = end.options.dpd, end.defaults.dpd
    if said is None:
        return default
    if said is False:
        return None
    base = default or Dpd()
    return Dpd(
        idle=base.idle if said.idle is None else said.idle,
        retry=base.retry if said.retry is None else said.retry,
        count=said.count or base.count,
        action=base.action if said.action is None else DpdAction(said.action),
        on_demand=base.on_demand if said.on_demand is None else said.on_demand,
    )


def psk_of(end: Side) -> bytes | None:
    """Give the pre-shared key of one end, None when it has none."""
    key = end.options.psk
    return key.encode() if isinstance(key, str) else None


def identity(text: str) -> Identity:
    """Read an identity: an address, `user@name`, `key-id:text`, or else a name."""
    if text.startswith("key-id:"):
        return Identity(IdType.KEY_ID, text.removeprefix("key-id:"))
    try:
        parse_address(text)
    except ValueError:
        return Identity(IdType.USER_FQDN if "@" in text else IdType.FQDN, text)
    return Identity.address(text)


def own_identity(end: Side, spec: GatewaySpec) -> Identity:
    """Give what one end calls itself in phase 1: what was said, else its own outside address."""
    return identity(end.options.identity or spec.outside)


def public_address(spec: GatewaySpec) -> str:
    """Give the address at which a gateway is found on the internet."""
    return spec.behind_nat.public if spec.behind_nat else spec.outside


def selectors_of(scenario: Scenario, end: Side) -> tuple[tuple[Selector, Selector], ...]:
    """Give the proxy IDs of one end, local and remote; by default every network to every one.

    Raises ValueError for a pair that leaves open which network it means.
    """
    pairs = end.options.selectors
    if pairs is None:
        return tuple(
            (Selector.parse(local), Selector.parse(remote))
            for local in scenario.gateways[end.gateway].inside
            for remote in scenario.gateways[end.peer].inside
        )
    return tuple(_pair(scenario, end, pair) for pair in pairs)


def _pair(scenario: Scenario, end: Side, pair: SelectorPair) -> tuple[Selector, Selector]:
    """Find both ends of a pair; the port of its service stands at the gateway named second."""
    local = pair.local or pair.named.get(end.gateway) or _only(scenario, end.gateway)
    remote = pair.remote or pair.named.get(end.peer) or _only(scenario, end.peer)
    if not pair.service:
        return Selector.parse(local), Selector.parse(remote)
    protocol = pair.service.partition("/")[0]
    ours, theirs = pair.service, protocol
    if end.tunnel.between[1] != end.gateway:
        ours, theirs = theirs, ours
    return Selector.parse(f"{local} {ours}"), Selector.parse(f"{remote} {theirs}")


def _only(scenario: Scenario, gateway: str) -> str:
    networks = scenario.gateways[gateway].inside
    if len(networks) != 1:
        raise ValueError(f"name the network of {gateway}: it has {len(networks)}")
    return networks[0]
