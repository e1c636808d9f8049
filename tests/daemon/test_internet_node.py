"""The internet as a process: the same middlebox, on real packets."""

from dataclasses import replace
from pathlib import Path

import pytest

from gwsim.gateway.commands import Clear
from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import Identity
from gwsim.ike.events import MessageSent, PhaseTwoCompleted
from gwsim.path.config import Link, Match, Nat, Rule, RuleAction, Side
from gwsim.path.events import PathAction, PathEvent
from gwsim.wire.ip import UDP, Ipv4Packet, UdpDatagram, build_ipv4, build_udp
from tests.daemon.lab import Lab, eventually, path_config
from tests.gateway.boxes import BRANCH, BRANCH_NET, HQ, HQ_NET, PC, SERVER, branch_config, hq_config

pytestmark = pytest.mark.needs("ip", "ping", "mount")


def path_events(lab: Lab) -> tuple[PathEvent, ...]:
    return lab.internet().events().items


def labels(lab: Lab, action: PathAction) -> list[str]:
    return [event.label for event in path_events(lab) if event.action is action]


def test_a_tunnel_through_the_internet_and_what_was_seen_of_it(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(queue=4), branch_config(queue=4), path_config()) as lab:
        assert lab.ping("server", PC, "-c", "3", "-i", "0.1", "-W", "10") == 3
        seen = labels(lab, PathAction.FORWARDED)
        main = [f"main-{n}" for n in range(1, 7)]
        assert seen == [*main, "quick-1", "quick-2", "quick-3", *["esp"] * 6]


def test_encrypted_informational_messages_bear_their_exact_label(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(queue=4), branch_config(queue=4), path_config()) as lab:
        assert lab.ping("server", PC, "-c", "1", "-W", "10") == 1
        lab.gateway("hq").command(Clear("all"))
        assert eventually(lambda: "info-delete" in labels(lab, PathAction.FORWARDED))
        assert "info" not in labels(lab, PathAction.ENTERED)


def test_rules_bite_and_can_be_changed_while_packets_travel(tmp_path: Path) -> None:
    rule = Rule("drop[0]", RuleAction.DROP, Match(label="main-4"))
    path = path_config(rules=(rule,))
    with Lab(tmp_path, hq_config(queue=4), branch_config(queue=4), path, speed=4.0) as lab:
        assert lab.ping("server", PC, "-c", "1", "-W", "2") == 0
        assert set(labels(lab, PathAction.DROPPED)) == {"main-4"}
        assert lab.internet().bites()["drop[0]"] >= 1
        (sa,) = lab.gateway("hq").snapshot().ike.sas
        assert sa.state == "MAIN_WAIT_4"
        lab.internet().reconfigure(replace(path, rules=()))
        assert eventually(lambda: lab.ping("server", PC, "-c", "1", "-W", "1") == 1)


def test_latency_and_a_small_mtu_are_felt(tmp_path: Path) -> None:
    link = Link(latency=0.05)
    sides = (Side("hq", (HQ, HQ_NET), link), Side("branch", (BRANCH, BRANCH_NET), Link(mtu=1000)))
    with Lab(tmp_path, hq_config(queue=4), branch_config(queue=4), path_config(sides=sides)) as lab:
        said = lab.execute("server", "ping", "-n", "-q", "-c", "3", "-i", "0.2", PC).stdout
        assert float(said.split(" = ")[1].split("/")[0]) >= 100
        dont_fragment = ("-M", "do", "-s", "1200", "-c", "3", "-i", "0.3", "-W", "1")
        lab.ping("server", PC, *dont_fragment)
        (tunnel,) = lab.gateway("hq").snapshot().tunnels
        assert tunnel.too_big_received >= 1
        said = lab.execute("server", "ping", "-n", *dont_fragment, PC, check=False)
        assert "mtu" in (said.stdout + said.stderr).lower()


def behind_nat(config: GatewayConfig, public: str) -> GatewayConfig:
    """hq, which knows its peer by the address of the NAT in front of it."""
    connection = replace(
        config.endpoint.connections[0], remote=public, remote_id=Identity.address(BRANCH)
    )
    return replace(config, endpoint=replace(config.endpoint, connections=(connection,)))


def test_a_gateway_behind_nat_floats_to_4500_and_survives_a_rebinding(tmp_path: Path) -> None:
    public = "203.0.113.99"
    sides = (
        Side("hq", (HQ, HQ_NET)),
        Side("branch", (BRANCH, BRANCH_NET), nat=Nat(public)),
    )
    hq = behind_nat(hq_config(queue=4), public)
    with Lab(tmp_path, hq, branch_config(queue=4), path_config(sides=sides)) as lab:
        assert lab.ping("pc", SERVER, "-c", "3", "-i", "0.1", "-W", "10") == 3
        (sa,) = lab.gateway("hq").snapshot().ike.sas
        assert (sa.peer, sa.local_port) == (public, 4500)
        lab.internet().rebind("branch")
        assert lab.ping("pc", SERVER, "-c", "3", "-i", "0.2", "-W", "1") >= 2


def test_injected_clear_text_is_dropped_by_the_gateway_that_expects_esp(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(queue=4), branch_config(queue=4), path_config()) as lab:
        datagram = build_udp(UdpDatagram(9, 9, b"forged"), SERVER, PC)
        forged = build_ipv4(Ipv4Packet(SERVER, PC, UDP, datagram))
        lab.internet().inject(forged, "hq")
        assert eventually(lambda: ("clear-text", 1) in lab.gateway("branch").snapshot().counters)


def test_events_of_a_gateway_come_through_its_door(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(queue=4), branch_config(queue=4), path_config()) as lab:
        assert lab.ping("server", PC, "-c", "1", "-W", "10") == 1
        events = lab.gateway("hq").events().items
        sent = [event.label for event in events if isinstance(event, MessageSent)]
        assert sent == ["main-1", "main-3", "main-5", "quick-1", "quick-3"]
        assert any(isinstance(event, PhaseTwoCompleted) for event in events)
