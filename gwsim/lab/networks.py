"""What a valid scenario still gets wrong: addresses, networks, selectors, suites and times.

Errors make a scenario unusable, warnings speak of what is odd but possible. Each is a place, a
sentence and a hint.
"""

from collections.abc import Iterator

from gwsim.crypto.errors import UnsupportedAlgorithm
from gwsim.crypto.esp_suites import EspSuite
from gwsim.lab.acts import moments
from gwsim.lab.addresses import Remark, address_errors, is_inside, overlaps
from gwsim.lab.compile import compile_scenario
from gwsim.lab.durations import duration_text
from gwsim.lab.expectations import Expectation
from gwsim.lab.faults.catalogue import CATALOGUE, parameters_of, rule_name
from gwsim.lab.nearest import nearest
from gwsim.lab.options import SelectorPair
from gwsim.lab.partners import without_tunnel
from gwsim.lab.resolve import phase2_of, selectors_of, side
from gwsim.lab.scenario import InternetSpec, Scenario, TunnelSpec
from gwsim.lab.source import Loc
from gwsim.lab.walk import keys_of
from gwsim.path.config import PathConfig
from gwsim.wire.numbers import EspAuthentication


def check_networks(scenario: Scenario) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """Give the errors and the warnings about a scenario whose words are all known."""
    errors = [
        *_reserved(scenario),
        *address_errors(scenario),
        *without_tunnel(scenario),
        *_tunnels(scenario),
        *_times(scenario),
    ]
    if not errors:
        errors += _by_faults(scenario)
    if not errors:
        errors += _compiled(scenario)
    return tuple(errors), tuple((*overlaps(scenario), *_odd_tunnels(scenario)))


def _reserved(scenario: Scenario) -> Iterator[Remark]:
    """A gateway's name stands beside keys of the language, so it cannot be one of them."""
    words = {key for block in (Expectation, TunnelSpec, InternetSpec) for key in keys_of(block)}
    for gateway in scenario.gateways:
        if gateway in words:
            yield ("gateways", gateway), f"{gateway!r} is a word of the language, not a name", ""


def _tunnels(scenario: Scenario) -> Iterator[Remark]:
    seen: dict[frozenset[str], int] = {}
    for index, tunnel in enumerate(scenario.tunnels):
        pair = frozenset(tunnel.between)
        loc: Loc = ("tunnels", index)
        if pair in seen:
            words = f"there is already a tunnel between {' and '.join(tunnel.between)}"
            yield (*loc, "between"), f"{words}; further networks are further selectors", ""
        seen[pair] = index
        for name in tunnel.sides:
            if name not in tunnel.between:
                words = f"{name} is not an end of the tunnel between {' and '.join(tunnel.between)}"
                yield (*loc, name), words, ""
        if not any(name not in tunnel.between for name in tunnel.sides):
            yield from _selectors(scenario, tunnel, loc)
            yield from _suites(scenario, tunnel, loc)


def _selectors(scenario: Scenario, tunnel: TunnelSpec, loc: Loc) -> Iterator[Remark]:
    for number, pair in enumerate(tunnel.selectors or ()):
        place = (*loc, "selectors", number)
        if pair.local or pair.remote:
            words = "local and remote to whom? Here the networks stand under the gateways' names"
            yield place, words, ""
        yield from _strangers(pair, tunnel, place)
    for name in tunnel.between:
        own = tunnel.sides.get(name)
        for number, pair in enumerate(own.selectors or () if own else ()):
            yield from _strangers(pair, tunnel, (*loc, name, "selectors", number))
        try:
            selectors_of(scenario, side(scenario, tunnel, name))
        except ValueError as error:
            yield (*loc, "selectors"), str(error), ""


def _strangers(pair: SelectorPair, tunnel: TunnelSpec, loc: Loc) -> Iterator[Remark]:
    for name in pair.named:
        if name not in tunnel.between:
            yield (*loc, name), f"{name} is not an end of this tunnel", ""


def _suites(scenario: Scenario, tunnel: TunnelSpec, loc: Loc) -> Iterator[Remark]:
    for name in tunnel.between:
        end = side(scenario, tunnel, name)
        for transform in phase2_of(end):
            sha256 = transform.authentication == EspAuthentication.HMAC_SHA2_256
            truncated = bool(end.options.truncated_sha256) and sha256
            suite = EspSuite(
                transform.transform, transform.key_bits, transform.authentication, truncated
            )
            try:
                suite.require_valid()
            except UnsupportedAlgorithm as error:
                yield (*loc, "phase2"), f"{name} cannot run this phase 2 proposal: {error}", ""


def _times(scenario: Scenario) -> Iterator[Remark]:
    for index, fault in enumerate(scenario.faults):
        if fault.end is not None and fault.end <= (fault.start or 0.0):
            yield ("faults", index), f"{fault.name} ends before it begins", ""
    if scenario.duration is None:
        return
    length = duration_text(scenario.duration)
    for index, block in enumerate(scenario.expect):
        end = max((moment for moment in block.span if moment is not None), default=0.0)
        if end > scenario.duration:
            words = f"{duration_text(end)} lies beyond the end of the run at {length}"
            yield ("expect", index), words, ""
    timeline = scenario.timeline or ()
    for index, at in enumerate(moments(timeline)):
        if at > scenario.duration:
            words = f"{duration_text(at)} lies beyond the end of the run at {length}"
            yield ("timeline", index), words, ""


def _by_faults(scenario: Scenario) -> Iterator[Remark]:
    """An address that a fault gives to a gateway must be possible, and nobody else's."""
    for index, use in enumerate(scenario.faults):
        try:
            altered = CATALOGUE[use.name].alter(scenario, parameters_of(use))
        except ValueError:
            continue  # compiling says why
        for place, words, hint in address_errors(altered):
            if "hosts" not in place:
                yield ("faults", index), words, hint


def _compiled(scenario: Scenario) -> Iterator[Remark]:
    """Whatever else contradicts itself shows when the scenario is made ready to run."""
    try:
        plan = compile_scenario(scenario)
    except ValueError as error:
        yield (), str(error), ""
        return
    yield from _rules(scenario, plan.path)


def _rules(scenario: Scenario, path: PathConfig) -> Iterator[Remark]:
    for rule in path.rules:
        for name in (rule.match.from_side, rule.match.to_side):
            if name and name not in scenario.gateways:
                place = next(
                    index
                    for index in range(len(scenario.faults))
                    if rule_name(scenario, index) == rule.name
                )
                words = f"there is no gateway {name!r}"
                yield (
                    ("faults", place, scenario.faults[place].name),
                    words,
                    nearest(name, scenario.gateways),
                )


def _odd_tunnels(scenario: Scenario) -> Iterator[Remark]:
    ends = {name for tunnel in scenario.tunnels for name in tunnel.between}
    for name in scenario.gateways:
        if name not in ends:
            yield ("gateways", name), f"{name} is the end of no tunnel", ""
    yield from _idle_rebinds(scenario)
    for index, tunnel in enumerate(scenario.tunnels):
        for name in tunnel.between:
            if side(scenario, tunnel, name).options.psk is None:
                words = f"{name} has no pre-shared key; write `psk: no` if that is meant"
                yield ("tunnels", index), words, ""
            yield from _transport(scenario, tunnel, index, name)


def _idle_rebinds(scenario: Scenario) -> Iterator[Remark]:
    """A NAT that forgets must be there, be it by a fault."""
    inserted = any(fault.name == "nat" for fault in scenario.faults)
    for index, entry in enumerate(scenario.timeline or ()):
        name, act = entry.act
        if name == "nat_rebind" and not inserted and not scenario.gateways[act.at].behind_nat:
            yield ("timeline", index, name), f"there is no NAT in front of {act.at}", ""


def _transport(scenario: Scenario, tunnel: TunnelSpec, index: int, name: str) -> Iterator[Remark]:
    """Transport mode has no inner addresses, so it is for gateways that are the ends themselves."""
    spec = scenario.gateways[name]
    wanted = side(scenario, tunnel, name).options.encapsulation == "transport"
    if wanted and not is_inside(spec.outside, spec):
        words = f"transport mode carries only what {name} itself says, not its networks"
        yield ("tunnels", index), f"{words}; let {spec.outside}/32 be inside", ""
