"""A scenario made into a `Plan`: faults and changes applied, acts put in order of time.

A fault that is in force from the start is simply configured; one that begins or ends in mid-run,
a `change` and a `repair` become new configurations at that moment. All of that is known before
the run, so that a runtime has nothing to decide.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gwsim.gateway import commands
from gwsim.gateway.config import GatewayConfig
from gwsim.lab import acts, plan
from gwsim.lab.acts import Change, TimelineEntry, moments
from gwsim.lab.configurations import gateway_config, hosts_of, path_config
from gwsim.lab.faults.catalogue import active, spans
from gwsim.lab.faults.catalogue import acts as fault_acts
from gwsim.lab.faults.catalogue import rules as fault_rules
from gwsim.lab.faults.deltas import alter_gateway, alter_sides
from gwsim.lab.host import Host
from gwsim.lab.options import SelectorPair, SideOptions
from gwsim.lab.plan import Plan, PlannedAct
from gwsim.lab.resolve import Side, merged, public_address, selectors_of, side, sides_of
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import Loc
from gwsim.path.config import PathConfig

EPOCH = datetime(2026, 3, 2, 9, 0, 0)
"""The wall-clock time at which every run begins: a Monday morning."""

SHORTEST = 10.0
"""The least a run lasts, in seconds, when the scenario does not say how long."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A moment at which configurations may change, and what brings it about."""

    at: float
    text: str
    loc: Loc


def compile_scenario(scenario: Scenario) -> Plan:
    """Make a scenario ready to run. Raises ValueError for options that contradict each other."""
    timeline = timeline_of(scenario)
    hosts = {host.name: host for host in hosts_of(scenario)}
    planned = [*_turns(scenario), *_fault_acts(scenario)]
    for index, (entry, at) in enumerate(zip(timeline, moments(timeline), strict=True)):
        planned += _planned(scenario, hosts, entry, at, ("timeline", index))
    planned.sort(key=lambda act: act.at)
    now = _at(scenario, 0.0)
    return Plan(
        name=scenario.name,
        title=scenario.title,
        seed=scenario.seed,
        duration=_duration(scenario, planned),
        epoch=EPOCH,
        gateways=tuple(gateway_config(now, name) for name in scenario.gateways),
        path=path_config(now, fault_rules(scenario)),
        hosts=tuple(hosts.values()),
        acts=tuple(planned),
    )


def standing(scenario: Scenario, moment: float) -> tuple[tuple[GatewayConfig, ...], PathConfig]:
    """Give all configurations as they stand at a moment. Raises ValueError as above."""
    now = _at(scenario, moment)
    gateways = tuple(gateway_config(now, name) for name in scenario.gateways)
    return gateways, path_config(now, fault_rules(scenario))


def timeline_of(scenario: Scenario) -> tuple[TimelineEntry, ...]:
    """Give the scenario's timeline, or the one it has when it says nothing: five pings."""
    if scenario.timeline is not None:
        return scenario.timeline
    source, destination = scenario.tunnels[0].between
    ping = {"from": source, "to": destination, "count": 5}
    return (TimelineEntry.model_validate({"at": 1, "ping": ping}),)


def _at(scenario: Scenario, moment: float) -> Scenario:
    """Give the scenario as it is configured at a moment: faults in force, then changes so far."""
    configured = active(scenario, moment)
    timeline = timeline_of(scenario)
    for entry, at in zip(timeline, moments(timeline), strict=True):
        if entry.change is not None and at <= moment:
            configured = _changed(configured, entry.change)
    return configured


def _changed(scenario: Scenario, change: Change) -> Scenario:
    """Apply an operator's change; it wins over what faults had configured before."""
    said = {
        name: getattr(change, name)
        for name in SideOptions.model_fields
        if getattr(change, name) is not None
    }
    own = {
        name: getattr(change, name)
        for name in ("outside", "inside", "isakmp", "mtu", "behaviour")
        if getattr(change, name) is not None
    }
    told = _as_told(scenario, change)
    scenario = alter_gateway(told, change.at, **own)
    if not said:
        return scenario
    options = SideOptions().model_copy(update=said)
    return alter_sides(
        scenario, change.at, scenario.gateways, lambda end: dict(merged(end.options, options))
    )


def _as_told(scenario: Scenario, change: Change) -> Scenario:
    """Write down for the peers what they were told of a gateway before it becomes another one.

    Nobody tells them of a new address, name or network: whatever followed from what the gateway
    said is now theirs, and stays until somebody changes it there.
    """
    for end in sides_of(scenario, change.at):
        spec = scenario.gateways[change.at]
        values: dict[str, Any] = {}
        if change.outside:
            values["peer"] = public_address(spec)
        if change.outside or change.identity:
            values["peer_identity"] = end.options.identity or spec.outside
        theirs = side(scenario, end.tunnel, end.peer)
        if change.inside and theirs.options.selectors is None:
            values["selectors"] = tuple(
                SelectorPair(local=str(ours), remote=str(remote))
                for ours, remote in selectors_of(scenario, theirs)
            )
        new = {key: value for key, value in values.items() if getattr(theirs.options, key) is None}
        if new:
            scenario = alter_sides(scenario, end.peer, [change.at], _always(new))
    return scenario


def _always(values: dict[str, Any]) -> Callable[[Side], dict[str, Any]]:
    return lambda _end: values


def _turns(scenario: Scenario) -> Iterator[PlannedAct]:
    """Give the new configurations at every moment at which something begins, ends or changes."""
    before = _at(scenario, 0.0)
    rules = fault_rules(scenario)
    by_time: dict[float, list[_Moment]] = {}
    for moment in _moments(scenario):
        by_time.setdefault(moment.at, []).append(moment)
    for at in sorted(by_time):
        now = _at(scenario, at)
        text = "; ".join(moment.text for moment in by_time[at])
        loc = by_time[at][0].loc
        for act in _differences(before, now, lambda s: path_config(s, rules)):
            yield PlannedAct(at, act, text, loc)
        before = now


def _moments(scenario: Scenario) -> Iterator[_Moment]:
    for index, (use, span) in enumerate(zip(scenario.faults, spans(scenario), strict=True)):
        if 0 < span.start < math.inf:
            yield _Moment(span.start, f"{use.name} begins", ("faults", index))
        if 0 < span.end < math.inf:
            yield _Moment(span.end, f"{use.name} is repaired", ("faults", index))
    timeline = timeline_of(scenario)
    for index, (entry, at) in enumerate(zip(timeline, moments(timeline), strict=True)):
        if entry.change is not None and at > 0:
            yield _Moment(at, f"{entry.change.at} is reconfigured", ("timeline", index))


def _differences(
    before: Scenario, now: Scenario, path: Callable[[Scenario], PathConfig]
) -> Iterator[plan.Act]:
    for name in now.gateways:
        config: GatewayConfig = gateway_config(now, name)
        if config != gateway_config(before, name):
            yield plan.Reconfigure(name, config)
    if path(now) != path(before):
        yield plan.ChangePath(path(now))


def _fault_acts(scenario: Scenario) -> Iterator[PlannedAct]:
    for index, act in fault_acts(scenario):
        yield PlannedAct(act.at, act.act, act.text, ("faults", index))


def _planned(
    scenario: Scenario, hosts: dict[str, Host], entry: TimelineEntry, at: float, loc: Loc
) -> Iterator[PlannedAct]:
    """Give the acts of one entry of the timeline; changes and repairs are dealt with before."""
    name, said = entry.act
    make = _ACTS.get(name)
    if make is None:
        return
    for act, text in make(scenario, hosts, said):
        yield PlannedAct(at, act, text, (*loc, name))


Made = Iterator[tuple[plan.Act, str]]


def _ping(scenario: Scenario, hosts: dict[str, Host], said: acts.Ping) -> Made:
    source, address = _host(hosts, said.source), _address(hosts, said.to)
    act = plan.SendPing(source, address, said.count, said.every, said.size, said.df, said.ttl)
    yield act, f"{source.name} pings {said.to} {said.count} times"


def _stream(scenario: Scenario, hosts: dict[str, Host], said: acts.Stream) -> Made:
    source, address = _host(hosts, said.source), _address(hosts, said.to)
    act = plan.SendStream(source, address, said.packets, said.every, said.size, said.port, said.df)
    yield act, f"{source.name} sends {said.packets} datagrams to {said.to}"


def _send_clear(scenario: Scenario, hosts: dict[str, Host], said: acts.SendClear) -> Made:
    source, address = _host(hosts, said.source), _address(hosts, said.to)
    act = plan.SendClear(source, address, said.count, said.size)
    yield act, f"{said.count} unprotected packets of {source.name} go to {said.to}"


def _clear(scenario: Scenario, hosts: dict[str, Host], said: acts.Clear) -> Made:
    peer = public_address(scenario.gateways[said.peer]) if said.peer else ""
    what = {"ike": "ISAKMP SAs", "ipsec": "IPsec SAs", "all": "all SAs"}[said.what]
    yield plan.Tell(said.at, commands.Clear(said.what, peer)), f"{said.at} clears {what}"


def _reboot(scenario: Scenario, hosts: dict[str, Host], said: acts.Reboot) -> Made:
    yield plan.Tell(said.at, commands.Reboot(said.down)), f"{said.at} loses power"


def _shutdown(scenario: Scenario, hosts: dict[str, Host], said: acts.Shutdown) -> Made:
    yield plan.Tell(said.at, commands.Shutdown()), f"{said.at} is shut down"


def _set_link(scenario: Scenario, hosts: dict[str, Host], said: acts.Link) -> Made:
    way = "up" if said.up else "down"
    yield plan.Tell(said.at, commands.SetLink(said.up)), f"{said.at}: outside goes {way}"


def _initiate(scenario: Scenario, hosts: dict[str, Host], said: acts.Initiate) -> Made:
    for peer in _peers(scenario, said.at, said.to):
        yield plan.Tell(said.at, commands.Initiate(peer)), f"{said.at} initiates to {peer}"


def _rekey(scenario: Scenario, hosts: dict[str, Host], said: acts.Rekey) -> Made:
    for peer in _peers(scenario, said.at, said.to):
        text = f"{said.at} renews phase {said.phase} with {peer}"
        yield plan.Tell(said.at, commands.Rekey(peer, said.phase)), text


def _nat_rebind(scenario: Scenario, hosts: dict[str, Host], said: acts.NatRebind) -> Made:
    yield plan.RebindNat(said.at), f"the NAT of {said.at} forgets its bindings"


_ACTS: dict[str, Callable[[Scenario, dict[str, Host], Any], Made]] = {
    "ping": _ping,
    "stream": _stream,
    "send_clear": _send_clear,
    "clear": _clear,
    "reboot": _reboot,
    "shutdown": _shutdown,
    "link": _set_link,
    "initiate": _initiate,
    "rekey": _rekey,
    "nat_rebind": _nat_rebind,
}


def _peers(scenario: Scenario, gateway: str, only: str | None) -> Iterator[str]:
    for tunnel in scenario.tunnels:
        if gateway in tunnel.between:
            peer = tunnel.between[1 - tunnel.between.index(gateway)]
            if only in (None, peer):
                yield peer


def _host(hosts: dict[str, Host], name: str) -> Host:
    """Find a host by its name, or the first one behind a gateway."""
    if name in hosts:
        return hosts[name]
    for host in hosts.values():
        if host.gateway == name:
            return host
    raise ValueError(f"there is no host {name!r}")


def _address(hosts: dict[str, Host], name: str) -> str:
    """Give the address of a host, or the address itself."""
    return name if name[:1].isdigit() else _host(hosts, name).address


def _duration(scenario: Scenario, planned: list[PlannedAct]) -> float:
    """Give the length of the run: as said, or a second after the last thing that is spoken of."""
    if scenario.duration is not None:
        return scenario.duration
    ends = [_end(act) for act in planned]
    timeline = timeline_of(scenario)
    ends += moments(timeline)
    for block in scenario.expect:
        ends += [moment for moment in block.span if moment is not None]
    return max(SHORTEST, *ends) + 1.0 if ends else SHORTEST


def _end(planned: PlannedAct) -> float:
    match planned.act:
        case plan.SendPing(count=number, every=every):
            return planned.at + number * every
        case plan.SendStream(packets=number, every=every):
            return planned.at + number * every
    return planned.at
