"""Events, snapshots and records made by hand, with a vendor whose words are easy to tell apart."""

from datetime import datetime

from gwsim.gateway.events import GatewayStarted, TrafficPassed
from gwsim.gateway.snapshot import Snapshot, TunnelSnapshot
from gwsim.ike.config import Behaviour
from gwsim.ike.events import (
    CloseReason,
    Event,
    PhaseOneClosed,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    StateChanged,
)
from gwsim.ike.snapshot import EndpointSnapshot
from gwsim.ike.states import Role, State
from gwsim.lab.expect.evidence import Subject, Witness
from gwsim.lab.record import Departure, GatewayRecord, Record
from gwsim.vendors.vendor import Defaults, LogLine, Vendor, View
from gwsim.wire.ip import UDP, Ipv4Packet, build_ipv4

EPOCH = datetime(2026, 1, 5, 8)
HQ, BRANCH = "198.51.100.1", "203.0.113.1"
WORDS = {State.MAIN_WAIT_2: "TWO", State.MAIN_WAIT_4: "FOUR", State.ESTABLISHED: "ACTIVE"}


def _log(events: tuple[Event, ...], _snapshot: Snapshot) -> tuple[LogLine, ...]:
    return tuple(
        LogLine(event.at, f"moved to {event.new.value}", id="700")
        for event in events
        if isinstance(event, StateChanged)
    )


def _screen(view: View) -> str:
    tunnel = view.snapshot.tunnels[0]
    return f"\n  Role    : initiator \n  #pkts encaps: {tunnel.encapsulated}, #pkts done: 1\n"


TOY = Vendor(
    name="toy",
    title="Toy",
    behaviour=Behaviour(),
    defaults=Defaults((), (), None, 1, 1, None, None, False, 64),
    state_words=tuple(WORDS.values()),
    state_word=lambda state, _exchange: WORDS.get(State(state)),
    commands={"show toy": _screen, "show nothing": lambda _view: ""},
    log=_log,
    format_line=lambda line, at: f"{at:%H:%M:%S} %TOY-{line.id}: {line.text}",
    prompt=lambda _snapshot: "toy#",
)


def state(
    at: float,
    new: State,
    *,
    sa: int = 1,
    phase: int = 1,
    role: Role = Role.INITIATOR,
    peer: str = BRANCH,
    message_id: int = 0,
) -> StateChanged:
    exchange = "main" if phase == 1 else "quick"
    return StateChanged(
        at=at, peer=peer, sa=sa, phase=phase, role=role, old=None, new=new,
        exchange=exchange, message_id=message_id,
    )  # fmt: skip


def closed(at: float, *, sa: int = 1, peer: str = BRANCH) -> PhaseOneClosed:
    return PhaseOneClosed(
        at=at, peer=peer, sa=sa, role=Role.INITIATOR, state=State.MAIN_WAIT_2, exchange="main",
        reason=CloseReason.RETRANSMIT_LIMIT, up_for=None, initiator_cookie="", responder_cookie="",
        attempts=3,
    )  # fmt: skip


def paired(at: float, spi: int, *, message_id: int = 7, peer: str = BRANCH) -> PhaseTwoCompleted:
    return PhaseTwoCompleted(
        at=at, peer=peer, sa=1, message_id=message_id, role=Role.INITIATOR, child="c", local="",
        remote="", inbound_spi=spi, outbound_spi=spi + 1, lifetime_seconds=None,
        lifetime_kilobytes=None, pfs_group=None, rekey_in=None, rekey=False,
    )  # fmt: skip


def unpaired(at: float, spi: int, *, peer: str = BRANCH) -> PhaseTwoClosed:
    return PhaseTwoClosed(
        at=at, peer=peer, sa=1, role=Role.INITIATOR, child="c", local="", remote="",
        inbound_spi=spi, outbound_spi=spi + 1, reason=CloseReason.EXPIRED, up_for=1.0,
    )  # fmt: skip


def started(at: float, reboot: bool = True) -> GatewayStarted:
    return GatewayStarted(at=at, reboot=reboot)


def passed(at: float, source: str, destination: str, protected: bool = True) -> TrafficPassed:
    return TrafficPassed(
        at=at, inbound=True, protected=protected, source=source, destination=destination,
        protocol=1, spi=1, length=84,
    )  # fmt: skip


def snapshot(now: float, encapsulated: int = 0, name: str = "hq") -> Snapshot:
    tunnel = TunnelSnapshot(
        connection="c", child="c", peer=BRANCH, local="", remote="", up=False,
        encapsulated=encapsulated, decapsulated=0, send_errors=0, receive_errors=0, policy_id=1,
    )  # fmt: skip
    return Snapshot(
        name=name, vendor="toy", now=now, started=0.0, outside=HQ, outside_interface="outside",
        inside_interface="inside", inside=("10.1.0.0/24",), enabled=True, link_up=True,
        ike=EndpointSnapshot((), (), ()), ipsec=(), tunnels=(tunnel,), counters=(("odd", 3),),
    )  # fmt: skip


def gateway(
    *events: Event,
    name: str = "hq",
    snapshots: tuple[Snapshot, ...] = (),
) -> GatewayRecord:
    ours = name == "hq"
    return GatewayRecord(
        name=name,
        vendor="toy",
        addresses=(HQ if ours else BRANCH,),
        inside=("10.1.0.0/24",) if ours else ("10.2.0.0/24",),
        events=events,
        snapshots=snapshots or (snapshot(100.0, name=name),),
    )


def clear_packet(at: float, source: str, destination: str, sender: str = "hq") -> Departure:
    return Departure(at, sender, "", build_ipv4(Ipv4Packet(source, destination, UDP, bytes(8))))


def message(at: float, sender: str, label: str) -> Departure:
    source, destination = (HQ, BRANCH) if sender == "hq" else (BRANCH, HQ)
    packet = build_ipv4(Ipv4Packet(source, destination, UDP, bytes(8)))
    return Departure(at, sender, label, packet)


def record(*gateways: GatewayRecord, departures: tuple[Departure, ...] = (), **more) -> Record:
    values = {"path": (), "echoes": (), "flows": (), "acts": (), "bites": (), **more}
    return Record(
        seed=1,
        duration=100.0,
        epoch=EPOCH,
        gateways=gateways or (gateway(), gateway(name="branch")),
        departures=departures,
        **values,
    )


def subject(*events: Event, peers: tuple[str, ...] = (), **more) -> Subject:
    own = gateway(*events, **more)
    return Subject(("expect", 0, "hq"), Witness(own, TOY, record(own)), peers)
