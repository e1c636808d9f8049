"""A scenario as configurations: what each gateway is told, and what the path is told.

Functions of a scenario as it stands at one moment; `compile` applies faults and changes before.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from gwsim.gateway.config import GatewayConfig, PolicyRule
from gwsim.ike.config import (
    Behaviour,
    ChildConfig,
    Connection,
    EndpointConfig,
    LifetimePolicy,
    PfsPolicy,
    ProxyPolicy,
    Rekey,
    Schedule,
)
from gwsim.ike.impairments import Impairment
from gwsim.lab.addressing import neighbour
from gwsim.lab.host import Host
from gwsim.lab.options import BehaviourOptions
from gwsim.lab.resolve import (
    Side,
    dpd_of,
    identity,
    own_identity,
    pfs_of,
    phase1_of,
    phase2_lifetime_of,
    phase2_of,
    psk_of,
    public_address,
    selectors_of,
    side,
    sides_of,
)
from gwsim.lab.scenario import BehindNat, GatewaySpec, LinkSpec, Scenario
from gwsim.path.config import Link, Nat, PathConfig, Rule
from gwsim.path.config import Side as PathSide
from gwsim.vendors.registry import VENDORS
from gwsim.wire.ip import ESP, UDP, format_address, parse_address
from gwsim.wire.numbers import AuthenticationMethod
from gwsim.wire.selector import Selector

LATENCY = 0.005
"""Seconds one way over one line when a scenario says nothing: 10 ms from end to end."""

ROUTER = "198.18.0.1"
"""Where the internet's own ICMP errors come from (RFC 2544's block, nobody's address)."""

DEFAULT_HOST = "host"
"""The name of the host behind a gateway for which the scenario names none."""

PSK = AuthenticationMethod.PRE_SHARED_KEY

_FORWARDS = {"esp": (ESP, 0)}
_PLAIN = ("send_delete", "check_peer_id", "keepalive", "half_open_timeout", "half_open_limit")


def hosts_of(scenario: Scenario) -> tuple[Host, ...]:
    """List the hosts behind all gateways; where none is named there is one called `host`."""
    found: list[Host] = []
    for gateway, spec in scenario.gateways.items():
        named = spec.hosts or {DEFAULT_HOST: _some_address(spec.inside[0])}
        found += [Host(f"{gateway}.{name}", gateway, address) for name, address in named.items()]
    return tuple(found)


def _some_address(network: str) -> str:
    """The tenth address of a network, or in a small one the first that a host can have."""
    selector = Selector.parse(network)
    size = selector.last - selector.first
    offset = 10 if size > 10 else min(size, 1)
    return format_address(selector.first + offset)


def gateway_config(scenario: Scenario, gateway: str) -> GatewayConfig:
    """Give what one gateway is told. Raises ValueError for options that contradict each other."""
    spec = scenario.gateways[gateway]
    vendor = VENDORS[spec.vendor]
    ends = sides_of(scenario, gateway)
    endpoint = EndpointConfig(
        address=spec.outside,
        connections=tuple(_connection(scenario, end) for end in ends),
        behaviour=_behaviour(vendor.behaviour, spec.behaviour),
        enabled=spec.isakmp,
        impairments=_impairments(spec.behaviour),
    )
    return GatewayConfig(
        name=gateway,
        vendor=spec.vendor,
        endpoint=endpoint,
        inside=spec.inside,
        outside_interface=vendor.defaults.outside_interface,
        inside_interface=vendor.defaults.inside_interface,
        default=spec.other_traffic,
        mtu=spec.mtu or 1500,
        df=spec.df or vendor.defaults.dont_fragment,
        queue=vendor.defaults.queue,
        filters=tuple(
            PolicyRule(Selector.parse("any"), Selector.parse(text), "discard")
            for text in spec.denied
        ),
        translates=not spec.nat_exemption,
    )


def _behaviour(behaviour: Behaviour, said: BehaviourOptions | None) -> Behaviour:
    """Lay what a scenario says over a vendor's temperament."""
    if said is None:
        return behaviour
    numbers = {name: getattr(said, name) for name in _PLAIN if getattr(said, name) is not None}
    contact = () if said.initial_contact is False else behaviour.initial_contact
    if said.initial_contact and not contact:
        contact = Behaviour().initial_contact
    never = Rekey(fraction=None)
    told = behaviour if said.resend is None else _resending(behaviour, said.resend)
    return replace(
        told,
        phase1_rekey=never if said.rekey is False else behaviour.phase1_rekey,
        phase2_rekey=never if said.rekey is False else behaviour.phase2_rekey,
        enforce_lifetime=said.expire is not False,
        nat_traversal=said.nat_dialects or behaviour.nat_traversal,
        vendor_ids=replace(behaviour.vendor_ids, nat_t=())
        if said.nat_dialects
        else behaviour.vendor_ids,
        pfs=PfsPolicy(said.pfs) if said.pfs else behaviour.pfs,
        proxy=ProxyPolicy(said.proxy) if said.proxy else behaviour.proxy,
        lifetime=LifetimePolicy(said.lifetime) if said.lifetime else behaviour.lifetime,
        initial_contact=contact,
        **numbers,
    )


def _resending(behaviour: Behaviour, how: str) -> Behaviour:
    """Take the resends out of all schedules: nothing more is sent, or the end comes instead."""

    def cut(schedule: Schedule) -> Schedule:
        at_once = how == "give-up" and schedule.resends
        return Schedule((), schedule.resends[0] if at_once else schedule.give_up)

    return replace(
        behaviour,
        phase1=cut(behaviour.phase1),
        phase1_responder=behaviour.phase1_responder and cut(behaviour.phase1_responder),
        quick=cut(behaviour.quick),
        quick_responder=behaviour.quick_responder and cut(behaviour.quick_responder),
    )


def _impairments(said: BehaviourOptions | None) -> tuple[Impairment, ...]:
    return tuple(one.impairment for one in said.impairments) if said else ()


def _connection(scenario: Scenario, end: Side) -> Connection:
    options = end.options
    spec, peer_spec = scenario.gateways[end.gateway], scenario.gateways[end.peer]
    mode = options.mode or "main"
    accept = _accepted_modes(end, mode)
    peer_end = side(scenario, end.tunnel, end.peer)
    expected = options.peer_identity
    _require_keys(end, peer_end)
    remote = options.peer or public_address(peer_spec)
    direction = options.direction or "both"
    return Connection(
        name=end.peer,
        local=spec.outside,
        remote=None if remote == "any" else remote,
        psk=psk_of(end),
        phase1=phase1_of(end),
        children=_children(scenario, end),
        aggressive=mode == "aggressive",
        accept_main="main" in accept,
        accept_aggressive="aggressive" in accept,
        local_id=own_identity(end, spec),
        remote_id=identity(expected) if expected else own_identity(peer_end, peer_spec),
        dpd=dpd_of(end),
        nat_traversal=_said(options.nat_traversal, end.defaults.nat_traversal),
        force_encapsulation=bool(options.force_encapsulation),
        may_initiate=direction != "answer-only",
        may_respond=direction != "originate-only",
        auto_start=bool(options.auto_start),
    )


def _accepted_modes(end: Side, own: str) -> Sequence[str]:
    """Give the modes that an end answers; what is not said depends on the vendor."""
    if end.options.accept is not None:
        return end.options.accept
    return ("main", "aggressive") if end.defaults.accepts_other_mode else (own,)


def _require_keys(end: Side, peer: Side) -> None:
    """Refuse what would have to be proven by certificates at both ends, for there are none."""
    if all(any(t.authentication != PSK for t in phase1_of(one)) for one in (end, peer)):
        words = f"{end.gateway} and {peer.gateway} both ask for certificates"
        raise ValueError(f"{words}, and gwsim has none; let one of them have `psk`")


def _said(value: bool | None, default: bool) -> bool:
    return default if value is None else value


def _children(scenario: Scenario, end: Side) -> tuple[ChildConfig, ...]:
    options = end.options
    seconds, kilobytes = phase2_lifetime_of(end)
    window = options.replay_window
    return tuple(
        ChildConfig(
            name=end.peer if number == 1 else f"{end.peer}-{number}",
            local=local,
            remote=remote,
            transforms=phase2_of(end),
            pfs_group=pfs_of(end),
            transport=options.encapsulation == "transport",
            lifetime_seconds=seconds,
            lifetime_kilobytes=kilobytes,
            replay_window=end.defaults.replay_window if window is None else window,
            esn=bool(options.esn),
            truncated_sha256=bool(options.truncated_sha256),
        )
        for number, (local, remote) in enumerate(selectors_of(scenario, end), 1)
    )


def path_config(scenario: Scenario, rules: tuple[Rule, ...] = ()) -> PathConfig:
    """Give what lies between the gateways. Raises ValueError for what contradicts itself."""
    sides = tuple(_path_side(scenario, name, spec) for name, spec in scenario.gateways.items())
    return PathConfig(sides=sides, rules=rules, router=ROUTER)


def _path_side(scenario: Scenario, name: str, spec: GatewaySpec) -> PathSide:
    """The networks inside are routed too, so that clear text is seen where it arrives."""
    inside = spec.inside if scenario.internet.routes_inside else ()
    return PathSide(
        name=name,
        addresses=(spec.outside, *inside),
        link=_link(scenario.internet, scenario.internet.links.get(name)),
        nat=_nat(spec.behind_nat, spec.outside) if spec.behind_nat else None,
        router=_router(scenario, spec),
    )


def _router(scenario: Scenario, spec: GatewaySpec) -> str:
    """Give the internet's address beside a gateway's; "" where a real network has no room."""
    with suppress(ValueError):
        return neighbour(spec.outside, (one.outside for one in scenario.gateways.values()))[0]
    return ""


def _link(everywhere: LinkSpec, own: LinkSpec | None) -> Link:
    values = {
        name: getattr(block, name)
        for block in (everywhere, own)
        if block is not None
        for name in LinkSpec.model_fields
        if getattr(block, name) is not None
    }
    return Link(**{"latency": LATENCY, **values})


def _nat(nat: BehindNat, inside: str) -> Nat:
    return Nat(
        public=format_address(parse_address(nat.public)),
        translate_ports=nat.ports == "translate",
        udp_timeout=nat.udp_timeout,
        esp_helper=nat.esp_helper,
        random_ports=nat.random_ports,
        forward=tuple(_forward(text) for text in nat.forward),
        inside=inside,
    )


def _forward(text: str) -> tuple[int, int]:
    return _FORWARDS[text] if text in _FORWARDS else (UDP, int(text.partition("/")[2]))
