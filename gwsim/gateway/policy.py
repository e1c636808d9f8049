"""From configuration to policy: the SPD, the data plane's settings, the counters of entries."""

from collections.abc import Iterator
from dataclasses import dataclass

from gwsim.esp.dataplane import Settings
from gwsim.esp.selectors import Action, Entry, Spd
from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import ChildConfig, Connection
from gwsim.wire.selector import Selector

ChildKey = tuple[str, str]
"""A child of a connection: the names of both."""

_OWN = (
    "inside",
    "rules",
    "default",
    "mtu",
    "df",
    "queue",
    "last_sequence",
    "filters",
    "translates",
)
_ENDPOINT = ("address", "enabled", "behaviour")
_ACTIONS = {"bypass": Action.BYPASS, "discard": Action.DISCARD}


@dataclass(slots=True)
class Tally:
    """What one policy entry has counted over all its SAs (meanings: TunnelSnapshot)."""

    encapsulated: int = 0
    decapsulated: int = 0
    send_errors: int = 0
    receive_errors: int = 0
    prefragmented: int = 0
    fragments: int = 0
    too_big_sent: int = 0
    too_big_received: int = 0


def children_of(config: GatewayConfig) -> Iterator[tuple[Connection, ChildConfig]]:
    """Give all children of all connections in the order in which they stand in the SPD."""
    for connection in config.endpoint.connections:
        for child in connection.children:
            yield connection, child


def spd_of(config: GatewayConfig) -> Spd:
    """Make the policy database: rules, then children, then the default."""
    entries = [Entry(_ACTIONS[rule.action], rule.local, rule.remote) for rule in config.rules]
    entries.extend(
        Entry(Action.PROTECT, child.local, child.remote, connection.name, child.name, number)
        for number, (connection, child) in enumerate(children_of(config), 1)
    )
    return Spd(entries, _ACTIONS[config.default])


def settings_of(config: GatewayConfig) -> Settings:
    """Make the data plane's settings; at which fraction of their volume pairs are renewed, too."""
    fraction = config.endpoint.behaviour.phase2_rekey.fraction
    soft = 1.0 if fraction is None else fraction
    return Settings(config.endpoint.address, config.mtu, config.df, soft, config.last_sequence)


def networks_of(config: GatewayConfig) -> tuple[Selector, ...]:
    """Give the networks behind the gateway."""
    return tuple(Selector.parse(network) for network in config.inside)


def differences(old: GatewayConfig, new: GatewayConfig) -> tuple[str, ...]:
    """Name what differs between two configurations; a connection by its own name."""
    what = [name for name in _OWN if getattr(old, name) != getattr(new, name)]
    what += [n for n in _ENDPOINT if getattr(old.endpoint, n) != getattr(new.endpoint, n)]
    before = {connection.name: connection for connection in old.endpoint.connections}
    after = {connection.name: connection for connection in new.endpoint.connections}
    what += [name for name in before | after if before.get(name) != after.get(name)]
    return tuple(what)
