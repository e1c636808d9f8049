"""Two whole gateways back to back: real negotiations, real keys, hosts that ping through them."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from gwsim.gateway.commands import Clear, Initiate, Reboot, Shutdown
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.events import DropCause, PacketDropped
from gwsim.gateway.gateway import Gateway
from gwsim.gateway.outputs import ClearOut, EspOut, InsideOut, Output, UdpOut
from gwsim.gateway.wireform import (
    event_from_json,
    event_to_json,
    snapshot_from_json,
    snapshot_to_json,
)
from gwsim.ike.config import Behaviour, Dpd, DpdAction, Phase2Transform, Rekey
from gwsim.ike.events import (
    CloseReason,
    DpdFailed,
    Event,
    PeerMoved,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
)
from gwsim.wire.ip import parse_icmp, parse_ipv4
from gwsim.wire.selector import Selector
from tests.esp.planes import packet, ping
from tests.gateway.boxes import BRANCH, HQ, PC, SERVER, branch_config, hq_config

Sent = tuple[str, Output]


class Wire:
    """hq and branch, a path between them without delay, and a clock that jumps.

    `tamper` sees everything that leaves a gateway and gives what arrives, or None. `inside` holds
    the packets that came out inside each gateway, `sent` all that was on the path.
    """

    def __init__(self, hq: GatewayConfig, branch: GatewayConfig, seed: int = 1) -> None:
        self.now = 0.0
        self.boxes = {
            "hq": Gateway(hq, Random(f"{seed}/hq"), 0.0),
            "branch": Gateway(branch, Random(f"{seed}/branch"), 0.0),
        }
        self.inside: dict[str, list[bytes]] = {"hq": [], "branch": []}
        self.sent: list[Sent] = []
        self.events: dict[str, list[Event]] = {"hq": [], "branch": []}
        self.tamper: Callable[[str, Output], Output | None] = lambda name, output: output
        self.settle()

    @property
    def hq(self) -> Gateway:
        return self.boxes["hq"]

    @property
    def branch(self) -> Gateway:
        return self.boxes["branch"]

    def settle(self) -> "Wire":
        """Carry everything about until nobody has anything to send."""
        busy = True
        while busy:
            busy = False
            for name, box in self.boxes.items():
                self.events[name] += box.events()
                for output in box.outputs():
                    busy = True
                    self._carry(name, output)
        return self

    def _carry(self, name: str, output: Output) -> None:
        if isinstance(output, InsideOut):
            self.inside[name].append(output.packet)
            return
        self.sent.append((name, output))
        arriving = self.tamper(name, output)
        other = self.boxes["branch" if name == "hq" else "hq"]
        match arriving:
            case UdpOut(source, destination, payload):
                other.receive_udp(payload, source, destination, self.now, arriving.tos)
            case EspOut(source, destination, payload):
                other.receive_esp(payload, source, destination, self.now, arriving.tos)
            case ClearOut(packet):
                other.receive_outside(packet, self.now)

    def run(self, until: float) -> "Wire":
        """Let time pass."""
        while True:
            timers = [t for box in self.boxes.values() if (t := box.next_timer()) is not None]
            if not timers or min(timers) > until:
                break
            self.now = max(self.now, min(timers))
            for box in self.boxes.values():
                due = box.next_timer()
                if due is not None and due <= self.now:
                    box.handle_timer(self.now)
            self.settle()
        self.now = until
        return self

    def send(self, name: str, content: bytes) -> "Wire":
        """A host behind a gateway sends a packet."""
        self.boxes[name].receive_inside(content, self.now)
        return self.settle()

    def happened(self, name: str, kind: type) -> list[Any]:
        return [event for event in self.events[name] if isinstance(event, kind)]

    def drops(self, name: str) -> list[DropCause]:
        return [event.cause for event in self.happened(name, PacketDropped)]

    def kinds(self) -> set[type]:
        """The kinds of output there were on the path."""
        return {type(output) for _, output in self.sent}


def wire(child: dict[str, Any] | None = None, seed: int = 1, **changes: Any) -> Wire:
    """Two gateways with equal configurations; a queue, so that the first packet is not lost."""
    changes = {"queue": 4, **changes}
    return Wire(hq_config(child, **changes), branch_config(child, **changes), seed)


def gentle(**changes: Any) -> dict[str, Any]:
    return {"endpoint": {"behaviour": Behaviour(**changes)}}


def test_the_first_ping_brings_the_tunnel_up_and_arrives():
    lab = wire().send("hq", ping())
    assert lab.inside["branch"] == [ping()]
    lab.send("branch", ping(PC, SERVER))
    assert lab.inside["hq"] == [ping(PC, SERVER)]
    assert [output.label for _, output in lab.sent] == [
        *(f"main-{n}" for n in range(1, 7)),
        *(f"quick-{n}" for n in range(1, 4)),
        "esp",
        "esp",
    ]
    assert lab.drops("hq") == lab.drops("branch") == []
    for box in lab.boxes.values():
        (tunnel,) = box.snapshot(lab.now).tunnels
        assert (tunnel.up, tunnel.encapsulated, tunnel.decapsulated) == (True, 1, 1)


def test_without_a_queue_the_first_ping_is_lost_and_the_second_arrives():
    lab = wire(queue=0).send("hq", ping(size=10)).send("hq", ping(size=20))
    assert lab.inside["branch"] == [ping(size=20)]
    assert lab.drops("hq") == [DropCause.NO_SA]


@pytest.mark.parametrize(
    "transform",
    [
        Phase2Transform(2, 1),
        Phase2Transform(3, 2),
        Phase2Transform(11, 2),
        Phase2Transform(12, 5, 256),
        Phase2Transform(13, 2, 128),
        Phase2Transform(20, None, 256),
    ],
)
@pytest.mark.parametrize("esn", [False, True])
def test_every_kind_of_suite_carries_traffic(transform, esn):
    lab = wire({"transforms": (transform,), "esn": esn}).send("hq", ping())
    assert lab.inside["branch"] == [ping()]


def test_different_truncations_bring_a_tunnel_up_that_carries_nothing():
    """The 96-bit mistake: both ends agree on HMAC-SHA2-256 and cut it differently."""
    child = {"transforms": (Phase2Transform(12, 5, 256),)}
    mistaken = hq_config({**child, "truncated_sha256": True}, queue=4)
    lab = Wire(mistaken, branch_config(child)).send("hq", ping())
    assert lab.inside["branch"] == []
    assert lab.drops("branch") == [DropCause.BAD_ICV]
    assert lab.branch.snapshot(0.0).tunnels[0].up


def test_forced_encapsulation_carries_esp_in_udp():
    lab = wire(connection={"force_encapsulation": True}).send("hq", ping())
    assert lab.inside["branch"] == [ping()]
    assert lab.kinds() == {UdpOut}
    assert lab.sent[-1][1].destination == (BRANCH, 4500)


def test_transport_mode_protects_what_the_gateways_say_to_each_other():
    ends = {"local": Selector.parse(HQ), "remote": Selector.parse(BRANCH), "transport": True}
    mirror = {**ends, "local": ends["remote"], "remote": ends["local"]}
    lab = Wire(hq_config(ends, queue=4), branch_config(mirror))
    lab.send("hq", ping(HQ, BRANCH))
    (reply,) = lab.inside["hq"]
    assert parse_icmp(parse_ipv4(reply).payload).reply
    assert ClearOut not in lab.kinds()


def test_a_large_packet_crosses_in_pieces_that_fit():
    lab = wire().send("hq", packet(4000))
    assert len(lab.inside["branch"]) == 3
    sizes = [len(output.payload) + 20 for _, output in lab.sent if isinstance(output, EspOut)]
    assert max(sizes) <= 1500


def test_nothing_that_should_be_protected_is_ever_clear():
    """Neither before the tunnel is up, nor while it goes down, nor after."""
    lab = wire(queue=0)
    for second in range(1, 40):
        lab.run(float(second)).send("hq", ping()).send("branch", ping(PC, SERVER))
        if second % 10 == 0:
            lab.hq.command(Clear("all"), lab.now)
            lab.settle()
    assert ClearOut not in lab.kinds()
    assert DropCause.CLEAR_TEXT not in lab.drops("hq") + lab.drops("branch")


@pytest.mark.parametrize("action", list(DpdAction))
def test_traffic_waits_for_a_dead_peer_only_if_it_is_held(action):
    dpd = Dpd(idle=5.0, retry=1.0, count=2, action=action)
    lab = wire(queue=0, connection={"dpd": dpd}).send("hq", ping()).send("hq", ping(size=10))
    lab.tamper = lambda name, output: None
    lab.run(20.0).tamper = lambda name, output: output
    assert [e.missed for e in lab.happened("hq", DpdFailed)] == [2]
    lab.send("hq", ping(size=20)).run(60.0)
    assert lab.drops("hq").count(DropCause.NO_SA) == (1 if action is DpdAction.HOLD else 2)
    assert (ping(size=20) in lab.inside["branch"]) is (action is DpdAction.HOLD)
    lab.send("hq", ping(size=30))
    assert lab.inside["branch"][-1] == ping(size=30)


def test_a_held_packet_is_lost_when_nobody_comes_and_the_next_one_waits_again():
    dpd = Dpd(idle=5.0, retry=1.0, count=2, action=DpdAction.HOLD)
    lab = wire(queue=0, connection={"dpd": dpd}).send("hq", ping())
    lab.tamper = lambda name, output: None
    lab.run(20.0).send("hq", ping(size=20)).run(60.0)
    assert lab.drops("hq") == [DropCause.NO_SA, DropCause.NO_SA]
    lab.tamper = lambda name, output: output
    assert lab.send("hq", ping(size=30)).inside["branch"] == [ping(size=30)]


def test_a_stream_survives_rekeying_by_time_without_losing_a_packet():
    """Ten minutes, a packet a second each way, a new pair every minute."""
    lab = wire({"lifetime_seconds": 60}, **gentle(phase2_rekey=Rekey(0.8, 0.1, 5.0)))
    for second in range(1, 601):
        lab.run(float(second)).send("hq", ping()).send("branch", ping(PC, SERVER))
    assert (len(lab.inside["branch"]), len(lab.inside["hq"])) == (600, 600)
    assert lab.drops("hq") == lab.drops("branch") == []
    assert len(lab.happened("hq", PhaseTwoCompleted)) >= 9


def test_a_stream_survives_rekeying_by_volume_without_losing_a_packet():
    """Only the sender asks for a successor, so no two negotiations cross."""
    lab = wire({"lifetime_kilobytes": 50})
    for second in range(1, 501):
        lab.run(float(second)).send("hq", packet(1000))
    assert len(lab.inside["branch"]) == 500
    assert lab.drops("hq") == lab.drops("branch") == []
    assert len(lab.happened("hq", PhaseTwoCompleted)) == 11


def test_a_stream_survives_the_end_of_sequence_numbers_without_losing_a_packet():
    lab = wire(last_sequence=50)
    for second in range(1, 501):
        lab.run(float(second)).send("hq", ping())
    assert len(lab.inside["branch"]) == 500
    assert lab.drops("hq") == lab.drops("branch") == []
    assert len(lab.happened("hq", PhaseTwoCompleted)) == 12


def test_a_stream_survives_rekeying_of_phase_1():
    lab = wire()
    config = lab.hq.config.endpoint.connections[0]
    short = replace(config.phase1[0], lifetime_seconds=120)
    lab = wire(connection={"phase1": (short,)})
    for second in range(1, 601):
        lab.run(float(second)).send("hq", ping())
    assert len(lab.inside["branch"]) == 600
    assert len(lab.happened("hq", PhaseOneCompleted)) >= 4


def test_the_obituary_of_a_pair_adds_up_on_both_sides():
    lab = wire().send("hq", packet(100)).send("branch", packet(300, source=PC, destination=SERVER))
    lab.run(2.0)
    lab.hq.command(Clear("all"), lab.now)
    lab.settle()
    (here,) = lab.happened("hq", PhaseTwoClosed)
    (there,) = lab.happened("branch", PhaseTwoClosed)
    assert (here.bytes_out, here.bytes_in, here.reason) == (100, 300, CloseReason.CLEARED)
    assert (there.bytes_in, there.bytes_out, there.reason) == (100, 300, CloseReason.PEER_DELETE)


def test_the_counters_of_a_policy_outlive_its_sas():
    lab = wire().send("hq", ping())
    lab.hq.command(Clear("all"), lab.now)
    lab.settle().send("hq", ping())
    assert lab.hq.snapshot(lab.now).tunnels[0].encapsulated == 2


def test_after_a_reboot_the_peer_speaks_to_an_unknown_spi():
    lab = wire().send("hq", ping())
    lab.branch.command(Reboot(), lab.now)
    lab.settle().send("hq", ping())
    assert lab.drops("branch") == [DropCause.UNKNOWN_SPI]
    assert lab.hq.snapshot(lab.now).tunnels[0].up
    assert not lab.branch.snapshot(lab.now).tunnels[0].up


def test_a_rebooted_gateway_comes_up_again_by_its_own_traffic():
    lab = wire().send("hq", ping())
    lab.branch.command(Reboot(down=5.0), lab.now)
    lab.settle().run(6.0).send("branch", ping(PC, SERVER)).run(8.0).send("hq", ping())
    assert lab.inside["hq"] == [ping(PC, SERVER)]
    assert lab.inside["branch"] == [ping(), ping()]


def test_an_orderly_shutdown_tells_the_peer():
    lab = wire().send("hq", ping())
    lab.hq.command(Shutdown(), lab.now)
    lab.settle()
    assert lab.branch.snapshot(lab.now).ipsec == ()
    assert lab.hq.snapshot(lab.now).ike.sas == ()


def test_a_tunnel_can_be_brought_up_by_hand():
    lab = wire()
    lab.hq.command(Initiate("branch"), lab.now)
    lab.settle()
    assert lab.hq.snapshot(lab.now).tunnels[0].up
    assert lab.branch.snapshot(lab.now).tunnels[0].up


def test_a_nat_that_forgets_is_followed():
    """The NAT before branch gives it port 4500 first, and later another one."""
    port = 4500

    def nat(name: str, output: Output) -> Output:
        if not isinstance(output, UdpOut):
            return output
        if name == "branch" and output.source[1] == 4500:
            return replace(output, source=(BRANCH, port))
        if name == "hq" and output.destination[1] == port:
            return replace(output, destination=(BRANCH, 4500))
        return output

    lab = wire(connection={"force_encapsulation": True})
    lab.tamper = nat
    lab.send("branch", ping(PC, SERVER))
    port = 1025
    lab.send("branch", ping(PC, SERVER)).send("hq", ping())
    assert lab.sent[-1][1].destination == (BRANCH, 1025)
    assert lab.inside["branch"] == [ping()]
    (moved,) = lab.happened("hq", PeerMoved)
    assert (moved.old, moved.new) == ((BRANCH, 4500), (BRANCH, 1025))


def test_esp_that_is_eaten_shows_as_one_sided_counters():
    lab = wire()
    lab.tamper = lambda name, output: None if isinstance(output, EspOut) else output
    lab.send("hq", ping()).send("hq", ping())
    assert lab.inside["branch"] == []
    assert lab.hq.snapshot(0.0).tunnels[0].encapsulated == 2
    assert lab.branch.snapshot(0.0).tunnels[0].decapsulated == 0


def test_the_same_seed_gives_the_same_octets():
    runs = [wire(seed=seed).send("hq", ping()).send("hq", ping()) for seed in (1, 1, 2)]
    assert runs[0].sent == runs[1].sent
    assert runs[0].events == runs[1].events
    assert runs[0].sent != runs[2].sent


def test_a_whole_life_survives_the_control_socket():
    lab = wire({"lifetime_seconds": 60}).send("hq", ping()).run(200.0).send("hq", ping())
    lab.hq.command(Clear("all"), lab.now)
    lab.settle()
    for name, box in lab.boxes.items():
        snapshot = box.snapshot(lab.now)
        assert snapshot_from_json(snapshot_to_json(snapshot)) == snapshot
        for event in lab.events[name]:
            assert event_from_json(event_to_json(event)) == event
