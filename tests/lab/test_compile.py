"""Faults, changes and acts are put in order of time before a run begins."""

import pytest

from gwsim.gateway import commands
from gwsim.lab.compile import EPOCH, SHORTEST, compile_scenario
from gwsim.lab.load import load_text
from gwsim.lab.plan import (
    ChangePath,
    Plan,
    RebindNat,
    Reconfigure,
    SendClear,
    SendPing,
    SendStream,
    Tell,
)
from tests.lab.scenarios_for_tests import TWO_ASAS, varied, with_fault

PING = "  - {at: 1s, ping: {from: hq.server, to: branch.pc}}\n"


def plan(text: str = TWO_ASAS) -> Plan:
    return compile_scenario(load_text(text).scenario)


def acts(timeline: str) -> list[tuple[float, object, str]]:
    made = plan(varied((PING, timeline)))
    return [(act.at, act.act, act.text) for act in made.acts]


def key(made: Plan, gateway: int = 1) -> bytes | None:
    return made.gateways[gateway].endpoint.connections[0].psk


def test_a_plan_has_all_a_runtime_needs() -> None:
    made = plan()
    assert (made.name, made.seed, made.epoch) == ("two-asas", 1, EPOCH)
    assert [config.name for config in made.gateways] == ["hq", "branch"]
    assert made.host("hq.server").address == "10.1.0.10"
    with pytest.raises(KeyError):
        made.host("hq.nobody")
    [ping] = made.acts
    assert (ping.at, ping.loc) == (1, ("timeline", 0, "ping"))
    assert ping.text == "hq.server pings branch.pc 4 times"
    assert ping.act == SendPing(made.host("hq.server"), "10.2.0.10", 4, 1, 56, False)


def test_without_a_timeline_five_pings_are_sent() -> None:
    [ping] = plan(varied(("timeline:\n" + PING, ""))).acts
    assert isinstance(ping.act, SendPing)
    assert (ping.at, ping.act.count) == (1, 5)


def test_an_empty_timeline_does_nothing() -> None:
    assert plan(varied(("timeline:\n" + PING, "timeline: []\n"))).acts == ()


@pytest.mark.parametrize(
    ("entry", "kind", "text"),
    [
        ("stream: {from: hq, to: 10.2.0.9, packets: 3}", SendStream, "hq.server sends 3 datagrams"),
        ("send_clear: {from: hq, to: branch}", SendClear, "1 unprotected packets of hq.server"),
        ("nat_rebind: branch", RebindNat, "the NAT of branch forgets its bindings"),
    ],
)
def test_acts_of_hosts_and_path(entry: str, kind: type, text: str) -> None:
    [(at, act, words)] = acts(f"  - {{at: 2s, {entry}}}\n")
    assert at == 2
    assert isinstance(act, kind)
    assert words.startswith(text)


@pytest.mark.parametrize(
    ("entry", "command", "text"),
    [
        ("clear: hq", commands.Clear("all", ""), "hq clears all SAs"),
        ("clear: {at: hq, what: ike}", commands.Clear("ike", ""), "hq clears ISAKMP SAs"),
        (
            "clear: {at: hq, what: ipsec, peer: branch}",
            commands.Clear("ipsec", "203.0.113.1"),
            "hq clears IPsec SAs",
        ),
        ("reboot: {at: hq, down: 5s}", commands.Reboot(5), "hq loses power"),
        ("shutdown: hq", commands.Shutdown(), "hq is shut down"),
        ("link: {at: hq, up: no}", commands.SetLink(False), "hq: outside goes down"),
        ("link: {at: hq, up: yes}", commands.SetLink(True), "hq: outside goes up"),
        ("initiate: hq", commands.Initiate("branch"), "hq initiates to branch"),
        ("rekey: {at: hq, phase: 1}", commands.Rekey("branch", 1), "hq renews phase 1 with branch"),
        ("rekey: {at: hq, to: branch}", commands.Rekey("branch", 2), "hq renews phase 2"),
    ],
)
def test_acts_of_operators_are_commands(entry: str, command: object, text: str) -> None:
    [(_, act, words)] = acts(f"  - {{{entry}}}\n")
    assert act == Tell("hq", command)  # type: ignore[arg-type]
    assert words.startswith(text)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("initiate: hq", [("hq", commands.Initiate("branch"))]),
        ("initiate: branch", [("branch", commands.Initiate(peer)) for peer in ("hq", "south")]),
        ("rekey: {at: branch, to: south}", [("branch", commands.Rekey("south", 2))]),
        ("rekey: south", [("south", commands.Rekey("branch", 2))]),
    ],
)
def test_of_several_tunnels_those_of_the_gateway_are_meant_or_the_one_named(
    entry: str, told: list[tuple[str, object]]
) -> None:
    south = "  south:  {vendor: ios, outside: 203.0.113.9, inside: 10.3.0.0/24}\ntunnels:\n"
    second = "  - {between: [branch, south], psk: two}\ntimeline:\n"
    made = plan(
        varied(("tunnels:\n", south), ("timeline:\n", second), (PING, f"  - {{{entry}}}\n"))
    )
    found = [act.act for act in made.acts]
    assert [(act.gateway, act.command) for act in found if isinstance(act, Tell)] == told


def test_acts_stand_in_order_of_time() -> None:
    times = [at for at, _, _ in acts("  - {at: 9s, clear: hq}\n  - {at: 3s, clear: hq}\n")]
    assert times == [3, 9]


def test_waiting_is_no_act() -> None:
    assert [at for at, _, _ in acts("  - {wait: 5s}\n  - {clear: hq}\n")] == [5]


def test_a_fault_from_the_start_is_simply_configured() -> None:
    made = plan(with_fault("psk-mismatch: {key: wrong}"))
    assert key(made) == b"wrong"
    assert [type(act.act) for act in made.acts] == [SendPing]


def test_a_fault_with_a_span_is_configured_and_repaired_in_mid_run() -> None:
    made = plan(with_fault("psk-mismatch: {key: wrong, start: 20s, end: 40s}"))
    assert key(made) == b"correct horse battery staple"
    _, begins, ends = made.acts
    assert (begins.at, begins.text) == (20, "psk-mismatch begins")
    assert (ends.at, ends.text) == (40, "psk-mismatch is repaired")
    assert ends.loc == ("faults", 0)
    assert isinstance(begins.act, Reconfigure)
    assert isinstance(ends.act, Reconfigure)
    assert begins.act.gateway == "branch"
    assert begins.act.config.endpoint.connections[0].psk == b"wrong"
    assert ends.act.config == made.gateways[1]


def test_a_repair_in_the_timeline_ends_a_fault() -> None:
    made = plan(
        with_fault(
            "psk-mismatch: {key: wrong}", (PING, f"{PING}  - {{at: 9s, repair: psk-mismatch}}\n")
        )
    )
    assert key(made) == b"wrong"
    repaired = made.acts[-1]
    assert repaired.at == 9
    assert isinstance(repaired.act, Reconfigure)
    assert repaired.act.config.endpoint.connections[0].psk == b"correct horse battery staple"


def test_a_repair_ends_a_path_rule() -> None:
    made = plan(with_fault("esp-blocked", (PING, f"{PING}  - {{at: 9s, repair: esp-blocked}}\n")))
    [rule] = made.path.rules
    assert (rule.name, rule.match.start, rule.match.end) == ("esp-blocked", 0, 9)
    assert len(made.acts) == 1


def test_a_line_that_changes_is_a_new_path() -> None:
    made = plan(with_fault("mtu: {start: 5s}"))
    [change] = [act for act in made.acts if isinstance(act.act, ChangePath)]
    assert change.at == 5
    assert isinstance(change.act, ChangePath)
    assert change.act.config.sides[1].link.mtu == 1400
    assert made.path.sides[1].link.mtu is None


def test_an_operator_changes_a_configuration_and_wins_over_a_fault() -> None:
    change = "  - {at: 9s, change: {at: branch, psk: by hand, mtu: 1300}}\n"
    made = plan(with_fault("psk-mismatch: {key: wrong}", (PING, change)))
    [act] = made.acts
    assert act.text == "branch is reconfigured"
    assert isinstance(act.act, Reconfigure)
    assert act.act.config.mtu == 1300
    assert act.act.config.endpoint.connections[0].psk == b"by hand"


def test_nobody_tells_the_peer_of_a_new_address() -> None:
    change = "  - {at: 9s, change: {at: branch, outside: 203.0.113.77}}\n"
    made = plan(varied((PING, change)))
    kinds = [(type(act.act), getattr(act.act, "gateway", "")) for act in made.acts]
    assert kinds == [(Reconfigure, "branch"), (ChangePath, "")]


def test_nor_of_a_new_name_or_network() -> None:
    for new in ("identity: elsewhere", "inside: 10.9.0.0/24"):
        made = plan(varied((PING, f"  - {{at: 9s, change: {{at: branch, {new}}}}}\n")))
        changed = [act.act.gateway for act in made.acts if isinstance(act.act, Reconfigure)]
        assert changed == ["branch"]


def test_until_somebody_tells_it() -> None:
    changes = (
        "  - {at: 9s, change: {at: branch, outside: 203.0.113.77}}\n"
        "  - {at: 19s, change: {at: hq, peer: 203.0.113.77}}\n"
    )
    told = plan(varied((PING, changes))).acts[-1].act
    assert isinstance(told, Reconfigure)
    assert told.config.endpoint.connections[0].remote == "203.0.113.77"


def test_two_faults_of_a_kind_are_counted_apart() -> None:
    made = plan(with_fault("drop: main-4\n  - drop: main-6"))
    assert [rule.name for rule in made.path.rules] == ["drop", "drop 2"]


def test_a_run_ends_a_second_after_the_last_thing_that_is_spoken_of() -> None:
    assert plan(varied(("at: 10s", "at: 40s"))).duration == 41
    assert plan(varied(("to: branch.pc}", "to: branch.pc, count: 90}"))).duration == 92
    assert plan(varied(("timeline:", "duration: 77s\ntimeline:"))).duration == 77
    assert (
        plan(varied(("expect:\n  - at: 10s\n    hq: {state: ESTABLISHED}\n", ""))).duration
        == SHORTEST + 1
    )
