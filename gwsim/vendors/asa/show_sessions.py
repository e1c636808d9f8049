"""`show vpn-sessiondb`: sessions of LAN-to-LAN peers, short, in detail and summed up.

A session is a peer with an established ISAKMP SA. Layout: vendor sheet, ASA 9.x. There is no idle
timeout in gwsim, which an ASA without one shows as 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gwsim.gateway.snapshot import IpsecSaSnapshot, SaCounters, Snapshot
from gwsim.ike.events import (
    Event,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
)
from gwsim.ike.snapshot import IkeSaSnapshot
from gwsim.vendors.asa import words
from gwsim.vendors.asa.names import (
    SESSION_ENCRYPTION,
    SESSION_ESP,
    SESSION_ESP_HASH,
    SESSION_HASH,
)
from gwsim.vendors.asa.story import duration
from gwsim.vendors.vendor import View
from gwsim.wire.selector import Selector

CAPACITY = 250
"""Sessions an ASA 5510 may have."""

_NONE = f"{words.EMPTY_SESSIONS}\n"
_RULE = "-" * 75
_MODES = {"main": "Main", "aggressive": "Aggressive"}
_AUTHENTICATION = {1: "preSharedKeys", 3: "rsaCertificate"}


@dataclass(frozen=True, slots=True)
class Tunnel:
    """What carries one flow: its pair in use, and its sums since it came up."""

    pair: IpsecSaSnapshot
    inbound: tuple[SaCounters, ...]
    outbound: tuple[SaCounters, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """One session: its ISAKMP SA in use, its tunnels, when it came up (s), octets of inner traffic.

    `sent` and `received` are of the session's whole life.
    """

    index: int
    sa: IkeSaSnapshot
    tunnels: tuple[Tunnel, ...]
    since: float
    sent: int
    received: int

    @property
    def encapsulated(self) -> bool:
        """Whether ESP travels in UDP."""
        return any(tunnel.pair.negotiated.udp for tunnel in self.tunnels)


def sessions(view: View) -> list[Session]:
    """List the sessions in the order in which they came up."""
    found = []
    events = view.since_start
    begins = _begins(events)
    for sa in view.snapshot.ike.sas:
        if sa.established is None or sa.replaced:
            continue
        since, index = begins.get((sa.connection, sa.peer), (sa.established, sa.number))
        pairs = [pair for pair in view.snapshot.ipsec if _belongs(pair, sa)]
        ended = [e for e in events if isinstance(e, PhaseTwoClosed) and e.at >= since]
        gone = [e for e in ended if (e.connection, e.peer) == (sa.connection, sa.peer)]
        sent = sum(p.outbound.octets for p in pairs) + sum(e.bytes_out for e in gone)
        received = sum(p.inbound.octets for p in pairs) + sum(e.bytes_in for e in gone)
        found.append(Session(index, sa, _tunnels_of(pairs), since, sent, received))
    return found


def _belongs(pair: IpsecSaSnapshot, sa: IkeSaSnapshot) -> bool:
    """Say whether a pair was negotiated with the peer of an ISAKMP SA; NAT may hide several."""
    child = pair.negotiated
    same = (child.connection, child.peer) == (sa.connection, sa.peer)
    return same and (not child.udp or child.peer_port == sa.peer_port)


def _tunnels_of(pairs: Iterable[IpsecSaSnapshot]) -> tuple[Tunnel, ...]:
    """Put the pairs of one flow together: while it is renewed there are two, the newest last."""
    flows: dict[tuple[str, str, str], list[IpsecSaSnapshot]] = {}
    for pair in pairs:
        child = pair.negotiated
        flows.setdefault((child.child, child.local, child.remote), []).append(pair)
    return tuple(
        Tunnel(
            flow[-1],
            (flow[-1].inbound_before, *(pair.inbound for pair in flow)),
            (flow[-1].outbound_before, *(pair.outbound for pair in flow)),
        )
        for flow in flows.values()
    )


def _begins(events: Iterable[Event]) -> dict[tuple[str, str], tuple[float, int]]:
    """When each peer's session came up, with the number of the SA that made it."""
    begun: dict[tuple[str, str], tuple[float, int]] = {}
    up: dict[tuple[str, str], set[int]] = {}
    for event in events:
        peer = (event.connection, event.peer)
        if isinstance(event, PhaseOneCompleted):
            begun.setdefault(peer, (event.at, event.sa))
            up.setdefault(peer, set()).add(event.sa)
        elif isinstance(event, PhaseOneClosed):
            left = up.get(peer, set())
            left.discard(event.sa)
            if not left:
                begun.pop(peer, None)
    return begun


def l2l(view: View) -> str:
    """`show vpn-sessiondb l2l`."""
    found = sessions(view)
    if not found:
        return _NONE
    lines = ["", "Session Type: LAN-to-LAN", ""]
    for session in found:
        lines += [*_head(view, session), ""]
    return "\n".join(lines) + "\n"


def l2l_detail(view: View) -> str:
    """`show vpn-sessiondb detail l2l`."""
    found = sessions(view)
    if not found:
        return _NONE
    lines = ["", "Session Type: LAN-to-LAN Detailed", ""]
    for session in found:
        lines += [*_head(view, session), "", *_tunnels(view.snapshot, session), ""]
    return "\n".join(lines) + "\n"


def _pair(left: str, value: object, right: str, other: object) -> str:
    return f"{left:<13}: {value!s:<23}{right:<13}: {other}"


def _ipsec_name(session: Session) -> str:
    return "IPsecOverNatT" if session.encapsulated else "IPsec"


def _head(view: View, session: Session) -> list[str]:
    sa, esp = session.sa, _ipsec_name(session)
    ciphers = [f"IKEv1: (1){_cipher(sa)}"]
    digests = [f"IKEv1: (1){_digest(sa)}"]
    count = len(session.tunnels)
    if count:
        child = session.tunnels[-1].pair.negotiated
        cipher = SESSION_ESP.get((child.transform, child.key_bits), str(child.transform))
        digest = SESSION_ESP_HASH.get(child.authentication, str(child.authentication))
        ciphers.append(f"{esp}: ({count}){cipher}")
        digests.append(f"{esp}: ({count}){digest}")
    login = view.clock(session.since)
    return [
        f"{'Connection':<13}: {sa.peer}",
        _pair("Index", session.index, "IP Addr", sa.peer),
        f"{'Protocol':<13}: IKEv1{f' {esp}' if count else ''}",
        f"{'Encryption':<13}: {'  '.join(ciphers)}",
        f"{'Hashing':<13}: {'  '.join(digests)}",
        _pair("Bytes Tx", session.sent, "Bytes Rx", session.received),
        f"{'Login Time':<13}: {login:%H:%M:%S} UTC {login:%a %b} {login.day} {login:%Y}",
        f"{'Duration':<13}: {duration(view.snapshot.now - session.since)}",
    ]


def _cipher(sa: IkeSaSnapshot) -> str:
    return SESSION_ENCRYPTION.get((sa.encryption or 0, sa.key_bits), str(sa.encryption))


def _digest(sa: IkeSaSnapshot) -> str:
    return SESSION_HASH.get(sa.hash or 0, str(sa.hash))


def _tunnels(snapshot: Snapshot, session: Session) -> list[str]:
    esp = _ipsec_name(session)
    lines = ["IKEv1 Tunnels: 1"]
    if session.tunnels:
        lines.append(f"{esp} Tunnels: {len(session.tunnels)}")
    lines += ["", *_ike_tunnel(snapshot, session)]
    for number, tunnel in enumerate(session.tunnels, 2):
        lines += ["", *_ipsec_tunnel(snapshot, session, number, tunnel)]
    return lines


def _sub(left: str, value: object, right: str, other: object) -> str:
    return f"  {left:<13}: {value!s:<21}  {right:<13}: {other}"


def _ike_tunnel(snapshot: Snapshot, session: Session) -> list[str]:
    sa = session.sa
    left = 0 if sa.expires is None else max(0, int(sa.expires - snapshot.now))
    return [
        "IKEv1:",
        f"  {'Tunnel ID':<13}: {session.index}.1",
        _sub("UDP Src Port", sa.peer_port, "UDP Dst Port", sa.local_port),
        _sub(
            "IKE Neg Mode",
            _MODES[sa.exchange],
            "Auth Mode",
            _AUTHENTICATION.get(sa.authentication or 0, str(sa.authentication)),
        ),
        _sub("Encryption", _cipher(sa), "Hashing", _digest(sa)),
        f"  Rekey Int (T): {f'{sa.lifetime_seconds or 0} Seconds':<21}  "
        f"Rekey Left(T): {left} Seconds",
        f"  {'D/H Group':<13}: {sa.group}",
        f"  {'Filter Name':<13}: ",
    ]


def _ipsec_tunnel(snapshot: Snapshot, session: Session, number: int, tunnel: Tunnel) -> list[str]:
    child = tunnel.pair.negotiated
    cipher = SESSION_ESP.get((child.transform, child.key_bits), str(child.transform))
    digest = SESSION_ESP_HASH.get(child.authentication, str(child.authentication))
    mode = "Transport" if child.transport else "Tunnel"
    pfs = f"{'PFS Group':<13}: {child.pfs_group}" if child.pfs_group is not None else ""
    left = 0 if child.expires is None else max(0, int(child.expires - snapshot.now))
    return [
        f"{_ipsec_name(session)}:",
        f"  {'Tunnel ID':<13}: {session.index}.{number}",
        f"  {'Local Addr':<13}: {_network(child.local)}",
        f"  {'Remote Addr':<13}: {_network(child.remote)}",
        _sub("Encryption", cipher, "Hashing", digest),
        f"  {'Encapsulation':<13}: {mode:<21}  {pfs}".rstrip() + ("" if pfs else " " * 17),
        f"  Rekey Int (T): {f'{child.lifetime_seconds or 0} Seconds':<21}  "
        f"Rekey Left(T): {left} Seconds",
        *_volume(tunnel.pair),
        _sub("Idle Time Out", "0 Minutes", "Idle TO Left", "0 Minutes"),
        _sub("Bytes Tx", _octets(tunnel.outbound), "Bytes Rx", _octets(tunnel.inbound)),
        _sub("Pkts Tx", _packets(tunnel.outbound), "Pkts Rx", _packets(tunnel.inbound)),
    ]


def _octets(counters: Iterable[SaCounters]) -> int:
    return sum(c.octets for c in counters)


def _packets(counters: Iterable[SaCounters]) -> int:
    return sum(c.packets for c in counters)


def _network(selector: str) -> str:
    s = Selector.parse(selector)
    return f"{s.address}/{s.mask}/{s.protocol}/{s.port}"


def _volume(pair: IpsecSaSnapshot) -> list[str]:
    limit = pair.negotiated.lifetime_kilobytes
    if limit is None or pair.kilobytes_left is None:
        return []
    return [
        f"  Rekey Int (D): {f'{limit} K-Bytes':<21}  Rekey Left(D): {pair.kilobytes_left} K-Bytes"
    ]


@dataclass(frozen=True, slots=True)
class _Census:
    """How many there are, were in all, and were at most at one time."""

    active: int
    cumulative: int
    peak: int


def summary(view: View) -> str:
    """`show vpn-sessiondb`: how many sessions and tunnels there are, were, and at most were."""
    found = sessions(view)
    ike = _ike_census(view.since_start, len(found))
    esp = _esp_census(view.since_start, sum(len(session.tunnels) for session in found))
    load = 100 * ike.active // CAPACITY
    return "\n".join(
        [
            _RULE,
            "VPN Session Summary",
            _RULE,
            "                               Active : Cumulative : Peak Concur : Inactive",
            "                             " + "-" * 46,
            _session_row("Site-to-Site VPN", ike),
            _session_row("  IKEv1 IPsec", ike),
            _RULE,
            f"Total Active and Inactive    : {ike.active:>6}             "
            f"Total Cumulative : {ike.cumulative:>6}",
            f"Device Total VPN Capacity    : {CAPACITY:>6}",
            f"Device Load                  : {load:>5}%",
            _RULE,
            "",
            _RULE,
            "Tunnels Summary",
            _RULE,
            "                               Active : Cumulative : Peak Concurrent   ",
            "                             " + "-" * 46,
            _tunnel_row("IKEv1", ike),
            _tunnel_row("IPsec", esp),
            _RULE,
            f"Totals                       : {ike.active + esp.active:>6} : "
            f"{ike.cumulative + esp.cumulative:>10}",
            _RULE,
            "",
        ]
    )


def _session_row(name: str, census: _Census) -> str:
    return f"{name:<29}: {census.active:>6} : {census.cumulative:>10} : {census.peak:>11}"


def _tunnel_row(name: str, census: _Census) -> str:
    return f"{name:<29}: {census.active:>6} : {census.cumulative:>10} : {census.peak:>15}"


def _ike_census(events: Iterable[Event], active: int) -> _Census:
    begun = peak = 0
    up: dict[str, set[int]] = {}
    for event in events:
        if isinstance(event, PhaseOneCompleted):
            begun += not up.get(event.peer)
            up.setdefault(event.peer, set()).add(event.sa)
        elif isinstance(event, PhaseOneClosed):
            up.get(event.peer, set()).discard(event.sa)
        peak = max(peak, sum(map(bool, up.values())))
    return _Census(active, max(begun, active), max(peak, active))


def _esp_census(events: Iterable[Event], active: int) -> _Census:
    """Count tunnels; a pair that renews another makes no new one."""
    opened = peak = 0
    up: dict[tuple[str, ...], set[int]] = {}
    for event in events:
        if isinstance(event, PhaseTwoCompleted | PhaseTwoClosed):
            flow = (event.connection, event.peer, event.child, event.local, event.remote)
            pairs = up.setdefault(flow, set())
            if isinstance(event, PhaseTwoClosed):
                pairs.discard(event.inbound_spi)
            else:
                opened += not pairs
                pairs.add(event.inbound_spi)
        peak = max(peak, sum(map(bool, up.values())))
    return _Census(active, max(opened, active), max(peak, active))
