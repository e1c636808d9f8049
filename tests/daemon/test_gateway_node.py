"""Gateway processes on real interfaces: what they carry, how they end, what they leave behind."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gwsim.crypto.esp import EspSuite
from gwsim.daemon.door import DoorError
from gwsim.gateway.commands import Initiate, Reboot, SetLink
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.events import PacketDropped, Reconfigured, TrafficPassed
from gwsim.ike.config import ChildConfig, Phase2Transform
from gwsim.ike.events import DeleteReceived, PhaseOneCompleted
from gwsim.wire.selector import Selector
from tests.daemon.lab import Lab, eventually
from tests.gateway.boxes import BRANCH, HQ, PC, SERVER, branch_config, hq_config

pytestmark = pytest.mark.needs("ip", "ping", "mount")

QUEUED = {"queue": 4}


def with_child(config: GatewayConfig, udp: bool = False, **changes: object) -> GatewayConfig:
    """A configuration whose only child is changed, and maybe always travels in UDP."""
    (connection,) = config.endpoint.connections
    child: ChildConfig = replace(connection.children[0], **changes)  # type: ignore[arg-type]
    connection = replace(connection, children=(child,), force_encapsulation=udp)
    return replace(config, endpoint=replace(config.endpoint, connections=(connection,)))


def test_a_ping_brings_the_tunnel_up_and_everything_is_counted(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(**QUEUED), branch_config(**QUEUED)) as lab:
        assert lab.ping("server", PC, "-c", "4", "-i", "0.1", "-W", "10") == 4
        hq = lab.gateway("hq")
        (tunnel,) = hq.snapshot().tunnels
        assert tunnel.up
        assert (tunnel.encapsulated, tunnel.decapsulated) == (4, 4)
        passed = [one for one in hq.events().items if isinstance(one, TrafficPassed)]
        assert sum(one.packets for one in passed if not one.inbound) == 4
        assert {(one.source, one.destination) for one in passed if one.inbound} == {(PC, SERVER)}
        status = hq.status()
        assert (status["unsent"], status["up"], status["tunnels"]) == (0, 1, 1)
        assert status["phase1"] == ["MM_ACTIVE"]
        assert "MM_ACTIVE" in hq.ask("screen", command="sh cry isa sa")["text"]
        assert "#pkts encaps: 4" in hq.ask("screen", command="show crypto ipsec sa")["text"]
        log = (tmp_path / "hq.log").read_text(encoding="utf-8")
        assert "PHASE 2 COMPLETED" in log
        assert re.match(r"Mar 01 2026 09:00:\d\d: %ASA-", log)
        keys = hq.keys()
        assert len(keys.ike) == 1
        assert {key.suite for key in keys.esp} == {EspSuite(12, 128, 2)}
        assert "correct horse" not in lab.errors("hq")


@pytest.mark.parametrize("udp", [False, True], ids=["protocol 50", "udp"])
@pytest.mark.parametrize(
    "transform",
    [Phase2Transform(12, 2, 128), Phase2Transform(20, None, 128), Phase2Transform(13, 5, 256)],
    ids=["cbc", "gcm", "ctr"],
)
def test_large_packets_fragments_and_floods_come_through_whole(
    tmp_path: Path, transform: Phase2Transform, udp: bool
) -> None:
    configs = (hq_config(**QUEUED), branch_config(**QUEUED))
    hq, branch = (with_child(c, udp, transforms=(transform,)) for c in configs)
    with Lab(tmp_path, hq, branch) as lab:
        assert lab.ping("server", PC, "-c", "2", "-i", "0.1", "-W", "10") == 2
        assert lab.ping("pc", SERVER, "-f", "-c", "300", "-s", "1300", "-W", "10") == 300
        assert lab.ping("server", PC, "-c", "5", "-i", "0.05", "-s", "4000", "-W", "10") == 5
        refused = lab.execute(
            "server",
            "ping",
            "-n",
            "-c",
            "3",
            "-i",
            "0.1",
            "-M",
            "do",
            "-s",
            "1472",
            PC,
            check=False,
        )
        assert "mtu = 14" in refused.stdout + refused.stderr
        (sa,) = lab.gateway("hq").snapshot().ipsec
        assert sa.inbound.errors == 0
        assert sa.negotiated.udp is udp


def test_the_gateway_itself_speaks_through_the_tunnel_and_answers(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(**QUEUED), branch_config(**QUEUED)) as lab:
        assert lab.ping("hq", PC, "-I", "10.1.0.1", "-c", "2", "-i", "0.1", "-W", "10") == 2
        (tunnel,) = lab.gateway("hq").snapshot().tunnels
        assert tunnel.encapsulated == 2
        assert lab.ping("server", "10.1.0.1", "-c", "1", "-W", "10") == 1
        assert lab.ping("branch", HQ, "-c", "1", "-W", "10") == 1


def test_sigterm_says_goodbye_and_leaves_nothing(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(**QUEUED), branch_config(**QUEUED)) as lab:
        before = lab.state_of("branch")
        lab.stop("branch")
        bare = lab.state_of("branch")
        lab.start("branch")
        assert lab.state_of("branch") == before
        assert lab.ping("server", PC, "-c", "1", "-W", "10") == 1
        assert lab.stop("branch") == 0
        assert lab.state_of("branch") == bare
        assert not (tmp_path / "branch.sock").exists()
        deletes = [
            one for one in lab.gateway("hq").events().items if isinstance(one, DeleteReceived)
        ]
        assert deletes
        assert lab.gateway("hq").snapshot().ipsec == ()


def test_a_gateway_that_was_killed_in_mid_traffic_comes_back(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(**QUEUED), branch_config(**QUEUED)) as lab:
        assert lab.ping("pc", SERVER, "-c", "1", "-W", "10") == 1
        state = lab.state_of("branch")
        lab.kill("branch")
        lab.start("branch")
        assert lab.state_of("branch") == state
        # It knows no SA any more: what it sends negotiates anew, and the peer follows.
        assert eventually(lambda: lab.ping("pc", SERVER, "-c", "1", "-W", "1") == 1)
        done = [o for o in lab.gateway("hq").events().items if isinstance(o, PhaseOneCompleted)]
        assert len(done) == 2


def test_commands_and_configuration_through_the_door(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(**QUEUED), branch_config(**QUEUED)) as lab:
        hq = lab.gateway("hq")
        hq.command(Initiate("branch"))
        assert eventually(lambda: len(hq.snapshot().ipsec) == 1)
        with pytest.raises(DoorError, match="no connection 'nowhere'"):
            hq.command(Initiate("nowhere"))
        usual = lab.execute("hq", "ip", "rule").stdout
        hq.command(Reboot(down=60.0))
        assert not hq.snapshot().running
        assert lab.ping("server", PC, "-c", "1", "-W", "0.5") == 0
        assert lab.ping("server", "10.1.0.1", "-c", "1", "-W", "0.5") == 0
        assert lab.ping("branch", HQ, "-c", "1", "-W", "0.5") == 0
        hq.command(Reboot())
        assert lab.execute("hq", "ip", "rule").stdout == usual
        hq.command(SetLink(False))
        assert lab.ping("branch", HQ, "-c", "1", "-W", "0.5") == 0
        assert lab.ping("server", "10.1.0.1", "-c", "1", "-W", "1") == 1
        hq.command(SetLink(True))
        assert eventually(lambda: lab.ping("server", PC, "-c", "1", "-W", "1") == 1)
        other = with_child(hq_config(**QUEUED), pfs_group=2)
        hq.reconfigure(other)
        assert eventually(lambda: any(isinstance(o, Reconfigured) for o in hq.events().items))
        moved = replace(
            hq_config(**QUEUED), endpoint=replace(other.endpoint, address="198.51.100.7")
        )
        hq.reconfigure(moved)
        assert eventually(lambda: hq.status()["address"] == "198.51.100.7")
        assert eventually(lambda: "198.51.100.7:4500" in lab.execute("hq", "ss", "-uln").stdout)
        assert HQ not in lab.execute("hq", "ip", "-4", "addr").stdout


def test_a_gateway_that_gets_another_address_says_goodbye_from_the_old_one(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(**QUEUED), branch_config(**QUEUED)) as lab:
        hq, branch = lab.gateway("hq"), lab.gateway("branch")
        hq.command(Initiate("branch"))
        assert eventually(lambda: len(branch.snapshot().ipsec) == 1)
        config, moved = hq_config(**QUEUED), "198.51.100.7"
        connections = tuple(replace(one, local=moved) for one in config.endpoint.connections)
        endpoint = replace(config.endpoint, address=moved, connections=connections)
        hq.reconfigure(replace(config, endpoint=endpoint))
        assert eventually(lambda: not branch.snapshot().ipsec)


def test_it_keeps_no_more_than_three_capabilities(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(), branch_config()) as lab:
        pid = lab.gateway("hq").status()["pid"]
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        kept = 1 << 10 | 1 << 12 | 1 << 13
        for name in ("CapPrm", "CapEff"):
            found = re.search(rf"^{name}:\s*(\w+)", status, re.MULTILINE)
            assert found is not None
            assert int(found[1], 16) == kept
        assert re.search(r"^NoNewPrivs:\s*1$", status, re.MULTILINE)


def test_clear_text_that_ought_to_be_protected_is_dropped(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(**QUEUED), branch_config(**QUEUED)) as lab:
        lab.stop("hq")  # what is left of hq forwards in the clear
        assert lab.ping("server", PC, "-c", "2", "-i", "0.2", "-W", "0.5") == 0
        drops = [
            one
            for one in lab.gateway("branch").events().items
            if isinstance(one, PacketDropped) and one.cause == "clear-text"
        ]
        assert [(one.source, one.destination) for one in drops] == [(SERVER, PC)] * 2


def test_without_an_interface_for_its_address_it_says_so_and_ends(tmp_path: Path) -> None:
    hq = hq_config()
    lost = replace(hq, endpoint=replace(hq.endpoint, address="198.51.100.200"))
    complaint = r"no interface has the outside address 198\.51\.100\.200"
    with pytest.raises(AssertionError, match=complaint), Lab(tmp_path, lost, branch_config()):
        pass


def test_a_second_node_at_the_same_address_is_told_what_is_in_its_way(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(), branch_config()) as lab:
        again = lab.execute("hq", *lab.command("hq"), check=False)
        assert again.returncode == 1
        assert again.stderr.startswith("hq cannot run here: ")
        assert lab.gateway("hq").status()["name"] == "hq"
        assert lab.state_of("hq").count("7701") >= 2


@pytest.mark.parametrize("udp", [False, True], ids=["protocol 50", "udp"])
def test_transport_mode_between_the_gateways_themselves(tmp_path: Path, udp: bool) -> None:
    ends = {"local": Selector.parse(HQ), "remote": Selector.parse(BRANCH)}
    mirrored = {"local": ends["remote"], "remote": ends["local"]}
    hq = with_child(hq_config(**QUEUED), udp, transport=True, **ends)
    branch = with_child(branch_config(**QUEUED), udp, transport=True, **mirrored)
    with Lab(tmp_path, hq, branch) as lab:
        assert lab.ping("hq", BRANCH, "-c", "3", "-i", "0.2", "-W", "10") == 3
        (sa,) = lab.gateway("hq").snapshot().ipsec
        assert sa.negotiated.transport
        assert (sa.outbound.packets, sa.inbound.packets) == (3, 3)
