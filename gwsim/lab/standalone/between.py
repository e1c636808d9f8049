"""Two devices' configurations made into a scenario: does the fault show that they have in them?

Each end is told exactly what its own device says, so whatever does not fit between the two does
not fit in the scenario either. What the language cannot say is told, never guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import yaml

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import Connection
from gwsim.lab.base import NAME, network_range
from gwsim.lab.compile import standing
from gwsim.lab.load import load_text
from gwsim.lab.source import ScenarioError
from gwsim.lab.standalone.configuration import ConfigurationError, Standalone
from gwsim.lab.standalone.keys import hidden
from gwsim.lab.standalone.sides import Options, options_of
from gwsim.vendors.registry import VENDORS
from gwsim.wire.ip import format_address
from gwsim.wire.selector import Selector

STAND_IN = "not known, taken to be the same"
"""The key of both ends where neither device tells its own."""

_HOST = "host"
_UNSAID = ("name", "outside_interface", "inside_interface", "queue", "vendor", "inside")


@dataclass(frozen=True, slots=True)
class Between:
    """A scenario's text, and what is to be known of it: one sentence each."""

    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _End:
    """One device: its name in the scenario, all of its configuration, the connection meant."""

    name: str
    config: GatewayConfig
    peer: Connection
    keyless: bool

    @property
    def address(self) -> str:
        return self.config.endpoint.address


def scenario_between(first: Standalone, second: Standalone, name: str) -> Between:
    """Make two devices that are meant to be each other's peers the ends of a scenario.

    The first one's host pings the other's. Raises ConfigurationError when no connection of one can
    be meant for the other, or their addresses exclude each other.
    """
    ends = _ends(first, second)
    keys, notes = _keys(*ends)
    data = _scenario(name, *ends, keys)
    text = yaml.safe_dump(data, sort_keys=False, width=100, default_flow_style=None)
    return Between(text, (*notes, *_lost(text, ends)))


# who is who


def _ends(first: Standalone, second: Standalone) -> tuple[_End, _End]:
    one, other = _name(first.config.name), _name(second.config.name)
    address = first.config.endpoint.address
    if address == second.config.endpoint.address:
        raise ConfigurationError(
            f"{one} and {other} are both at {address}; two devices that are each other's peers"
            " are wanted, first the one that begins"
        )
    if one == other:
        other = f"{other[:30]}-2"
    return (
        _End(one, first.config, _meant(first.config, second.config), first.keyless),
        _End(other, second.config, _meant(second.config, first.config), second.keyless),
    )


def _name(hostname: str) -> str:
    """Make a gateway's name out of a host name; dots are not for names."""
    word = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in hostname)
    return word[:32] if NAME.fullmatch(word[:32]) else f"gw-{word}"[:32].rstrip("-")


def _meant(own: GatewayConfig, other: GatewayConfig) -> Connection:
    """Find the connection to the other device: by its address, else the only one there can be."""
    peers = own.endpoint.connections
    known = [peer for peer in peers if peer.remote == other.endpoint.address]
    traffic = [peer for peer in peers if _mirrored(peer, other)]
    dynamic = [peer for peer in peers if peer.remote is None]
    for found in (known, traffic, dynamic, peers):
        if len(found) == 1:
            return found[0]
    words = ", ".join(peer.remote or "any address" for peer in peers)
    raise ConfigurationError(
        f"{own.name}: none of its peers ({words}) is {other.name} at {other.endpoint.address};"
        " leave only the tunnel that is meant in the file"
    )


def _mirrored(peer: Connection, other: GatewayConfig) -> bool:
    """Say whether a connection protects the same traffic as one of the other device."""
    ours = {(str(child.local), str(child.remote)) for child in peer.children}
    theirs = (child for one in other.endpoint.connections for child in one.children)
    return any((str(child.remote), str(child.local)) in ours for child in theirs)


# keys


def _keys(one: _End, other: _End) -> tuple[Options, tuple[str, ...]]:
    """Give the keys by gateway, and a note about each that no configuration tells."""
    told = {end.name: _told(end) for end in (one, other)}
    unknown = [name for name, key in told.items() if key == ""]
    known = [key for key in told.values() if isinstance(key, str) and key]
    spare = known[0] if known else STAND_IN
    keys = {name: spare if key == "" else key for name, key in told.items()}
    notes = tuple(
        f"{name}: its key is not in the configuration; taken to be that of the other end"
        for name in unknown
    )
    return keys, notes


def _told(end: _End) -> str | bool:
    """Give a key as text, "" where a device hides it, False where there is none."""
    key = end.peer.psk
    if key is None:
        return "" if end.keyless else False
    return "" if hidden(key) else key.decode("utf-8", "replace")


# the scenario


def _scenario(name: str, one: _End, other: _End, keys: Options) -> Options:
    sides = {
        end.name: {**_seeking(end, towards), "psk": keys[end.name], **options_of(end.peer)}
        for end, towards in ((one, other), (other, one))
    }
    hosts = f"{one.name}.{_HOST}", f"{other.name}.{_HOST}"
    return {
        "name": name,
        "title": f"{one.name} ({VENDORS[one.config.vendor].title}) and {other.name} "
        f"({VENDORS[other.config.vendor].title}) as they are configured",
        "gateways": {one.name: _gateway(one, other), other.name: _gateway(other, one)},
        "tunnels": [{"between": [one.name, other.name], **sides}],
        "timeline": [{"at": "1s", "ping": {"from": hosts[0], "to": hosts[1], "count": 5}}],
        "expect": [{"at": "40s", "traffic": "both"}],
    }


def _gateway(end: _End, other: _End) -> Options:
    config = end.config
    said: Options = {
        "vendor": config.vendor,
        "outside": end.address,
        "inside": _inside(end),
        "hosts": {_HOST: _host(end)},
    }
    public = _public(end, other)
    if public != end.address:
        said["behind_nat"] = {"public": public, "forward": ["udp/500", "udp/4500", "esp"]}
    if not config.endpoint.enabled:
        said["isakmp"] = False
    return said | _unusual(config)


def _unusual(config: GatewayConfig) -> Options:
    """Give what a device has otherwise than others of its vendor."""
    vendor = VENDORS[config.vendor]
    usual = {"mtu": 1500, "df": vendor.defaults.dont_fragment, "other_traffic": "bypass"}
    found = {"mtu": config.mtu, "df": config.df, "other_traffic": config.default}
    said: Options = {key: value for key, value in found.items() if value != usual[key]}
    own = config.endpoint.behaviour
    behaviour: Options = {}
    if own.keepalive != vendor.behaviour.keepalive:
        behaviour["keepalive"] = f"{own.keepalive:g}s"
    if bool(own.initial_contact) != bool(vendor.behaviour.initial_contact):
        behaviour["initial_contact"] = bool(own.initial_contact)
    return {**said, "behaviour": behaviour} if behaviour else said


def _public(end: _End, other: _End) -> str:
    """Give the address at which the other end seeks a device that has a private one."""
    return _sought(end, other) if _private(end.address) else end.address


def _sought(end: _End, other: _End) -> str:
    return other.peer.remote or end.address


def _private(address: str) -> bool:
    number = Selector.parse(address).first
    blocks = map(Selector.parse, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
    return any(block.contains(number) for block in blocks)


def _seeking(end: _End, other: _End) -> Options:
    """Say where a device seeks its peer, if not where that is."""
    if end.peer.remote == _public(other, end):
        return {}
    return {"peer": end.peer.remote or "any"}


def _inside(end: _End) -> list[str]:
    """Give the networks behind a device, those of its tunnel that no interface shows included."""
    networks = [network for network in end.config.inside if not network.endswith("/0")]
    for local in _protected(end):
        # Of a range that is no network its first addresses do.
        low, prefix = local.first, local.prefix or 32
        within = (network_range(network) for network in networks)
        if not any(first <= low and local.last <= last for first, last in within):
            networks.append(f"{format_address(low)}/{prefix}")
    return list(dict.fromkeys(networks)) or [f"{end.address}/32"]


def _host(end: _End) -> str:
    """Give an address whose traffic the tunnel is for."""
    wanted = next(_protected(end), Selector.parse(_inside(end)[0]))
    size = wanted.last - wanted.first if wanted.prefix else 0
    return format_address(wanted.first + (10 if size > 10 else min(size, 1)))


def _protected(end: _End) -> Iterator[Selector]:
    """Give the local ends of what is protected, "anything" left out."""
    return (child.local for child in end.peer.children if child.local.prefix != 0)


# what is lost


def _lost(text: str, ends: Sequence[_End]) -> Iterator[str]:
    """Compare what the scenario comes to with what the devices say; tell every difference."""
    try:
        scenario = load_text(text).scenario
    except ScenarioError as error:
        words = "; ".join(problem.message for problem in error.problems)
        raise ConfigurationError(f"these two make no scenario: {words}") from None
    made = {config.name: config for config in standing(scenario, 0.0)[0]}
    for end in ends:
        others = len(end.config.endpoint.connections) - 1
        if others:
            yield f"{end.name}: {others} tunnels to other peers are left out"
        same = replace(made[end.name], endpoint=end.config.endpoint)
        yield from _different(end.name, end.config, same, _UNSAID)
        peer = made[end.name].endpoint.connections[0]
        ours = replace(end.peer, name=peer.name, psk=peer.psk, children=())
        ours = replace(ours, local_id=peer.local_id, remote_id=peer.remote_id, local=peer.local)
        yield from _different(end.name, ours, replace(peer, children=()), ())
        for own, theirs in zip(end.peer.children, peer.children, strict=True):
            yield from _different(f"{end.name}, {own.local} - {own.remote}", own, theirs, ("name",))


def _different(where: str, said: Any, made: Any, unsaid: Sequence[str]) -> Iterator[str]:
    for field in fields(said):
        wanted, got = getattr(said, field.name), getattr(made, field.name)
        if field.name not in unsaid and wanted != got:
            word = field.name.replace("_", " ")
            yield f"{where}: {word} is {_short(got)} here, and {_short(wanted)} on the device"


def _short(value: Any) -> str:
    if value is None or value == ():
        return "none"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
