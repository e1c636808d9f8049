"""`show crypto session` and its detailed form: one block for each peer.

Layout: vendor sheet, IOS; blanks at line ends are the device's own.
"""

from dataclasses import dataclass

from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.snapshot import IkeSaSnapshot
from gwsim.ike.states import State
from gwsim.vendors.ios.numbering import Numbering
from gwsim.vendors.ios.show_ipsec import Flow, flows, remaining
from gwsim.vendors.ios.show_isakmp import Remains, capabilities, clock, deleted, lifetime
from gwsim.vendors.vendor import View
from gwsim.wire.numbers import IKE_PORT
from gwsim.wire.selector import Selector

_HEAD = "Crypto session current status\n"
_CODES = """
Code: C - IKE Configuration mode, D - Dead Peer Detection     
K - Keepalives, N - NAT-traversal, T - cTCP encapsulation     
X - IKE Extended Authentication, F - IKE Fragmentation
R - IKE Auto Reconnect
"""  # noqa: W291 - the blanks are the device's
_PROTOCOLS = {0: "ip", 1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah"}


@dataclass(frozen=True, slots=True)
class Session:
    """All there is with one peer: its ISAKMP SAs, those just deleted, its flows."""

    peer: str
    sas: tuple[IkeSaSnapshot, ...]
    gone: tuple[Remains, ...]
    flows: tuple[Flow, ...]

    @property
    def established(self) -> tuple[IkeSaSnapshot, ...]:
        """The ISAKMP SAs that are up."""
        return tuple(sa for sa in self.sas if sa.state == State.ESTABLISHED)

    @property
    def status(self) -> str:
        """How it stands, in one word."""
        ipsec = any(flow.pairs for flow in self.flows)
        if ipsec:
            return "UP-ACTIVE" if self.established else "UP-NO-IKE"
        if self.established:
            return "UP-IDLE"
        return "DOWN-NEGOTIATING" if self.sas else "DOWN"

    @property
    def port(self) -> int:
        """The peer's port."""
        if self.sas:
            return self.sas[-1].peer_port
        return next((flow.port for flow in self.flows if flow.pairs), IKE_PORT)

    @property
    def since(self) -> float | None:
        """When the oldest pair of IPsec SAs came up, or without one the oldest ISAKMP SA."""
        pairs = [pair.negotiated.created for flow in self.flows for pair in flow.pairs]
        ike = [sa.established for sa in self.established if sa.established is not None]
        return min(pairs or ike, default=None)


def sessions(view: View) -> list[Session]:
    """List the sessions: peers with a crypto map entry, and whoever else has an SA.

    Peers behind one NAT have the same address; whose an SA is that knows no peer yet, nobody can
    tell, and it is listed with the first.
    """
    snapshot, listed = view.snapshot, flows(view.snapshot)
    known = [(flow.connection, flow.peer) for flow in listed]
    known += [(sa.connection, sa.peer) for sa in snapshot.ike.sas if sa.connection]
    first = {peer: (connection, peer) for connection, peer in reversed(known)}
    for stranger in [sa.peer for sa in snapshot.ike.sas if sa.peer not in first]:
        first[stranger] = ("", stranger)
        known.append(first[stranger])

    def whose(sa: IkeSaSnapshot) -> tuple[str, str]:
        return (sa.connection, sa.peer) if sa.connection else first[sa.peer]

    gone = deleted(view)
    return [
        Session(
            partner[1],
            tuple(sa for sa in snapshot.ike.sas if whose(sa) == partner),
            tuple(some for some in gone if first.get(some.peer) == partner),
            tuple(flow for flow in listed if (flow.connection, flow.peer) == partner),
        )
        for partner in dict.fromkeys(known)
    ]


def session(view: View) -> str:
    """`show crypto session`: status, SAs and flows of each peer."""
    numbers = Numbering(view.events)
    blocks = [_block(view.snapshot, some, numbers, detail=False) for some in sessions(view)]
    return _HEAD + "".join(f"\n{block}" for block in blocks) + "\n"


def session_detail(view: View) -> str:
    """`show crypto session detail`: adds capabilities, lifetimes and counters."""
    numbers = Numbering(view.events)
    blocks = [_block(view.snapshot, some, numbers, detail=True) for some in sessions(view)]
    return _HEAD + _CODES + "".join(f"\n{block}" for block in blocks) + "\n"


def _block(snapshot: Snapshot, some: Session, numbers: Numbering, detail: bool) -> str:
    lines = [f"Interface: {snapshot.outside_interface}"]
    if detail and some.since is not None:
        lines.append(f"Uptime: {clock(snapshot.now - some.since)}")
    lines.append(f"Session status: {some.status:<14}".rstrip() + " " * 5)
    if detail:
        known = [sa.peer_id for sa in some.established if sa.peer_id]
        lines += [
            f"Peer: {some.peer} port {some.port} fvrf: (none) ivrf: (none)",
            f"      Phase1_id: {known[-1] if known else '(none)'}",
            "      Desc: (none)",
        ]
    else:
        lines.append(f"Peer: {some.peer} port {some.port} ")
    lines += _ike(snapshot, some, numbers, detail)
    for flow in some.flows:
        lines += _flow(snapshot, flow, detail)
    return "\n".join(lines) + "\n"


def _ike(snapshot: Snapshot, some: Session, numbers: Numbering, detail: bool) -> list[str]:
    """The ISAKMP SAs; one that was just deleted is listed as well."""
    lines: list[str] = []
    for sa in some.sas:
        up = sa.state == State.ESTABLISHED
        lines += _ike_sa(
            f"local {sa.local}/{sa.local_port} remote {sa.peer}/{sa.peer_port}",
            "Active" if up else "Inactive",
        )
        if detail:
            letters = capabilities(sa) or "(none)"
            conn, life = numbers.isakmp(sa.number), lifetime(sa, snapshot.now)
            lines.append(f"          Capabilities:{letters} connid:{conn} lifetime:{life}")
    for gone in some.gone:
        lines += _ike_sa(
            f"local {snapshot.outside}/{IKE_PORT} remote {gone.peer}/{IKE_PORT}", "Inactive"
        )
        if detail:
            lines.append(f"          Capabilities:(none) connid:{gone.conn} lifetime:0")
    return lines


def _ike_sa(ends: str, status: str) -> list[str]:
    return ["  Session ID: 0  ", f"  IKEv1 SA: {ends} {status} "]


def _flow(snapshot: Snapshot, flow: Flow, detail: bool) -> list[str]:
    local, remote = Selector.parse(flow.local), Selector.parse(flow.remote)
    protocol = local.protocol or remote.protocol
    word = _PROTOCOLS.get(protocol, str(protocol))
    origin = "crypto map" if flow.own else "dynamic crypto map"
    lines = [
        f"  IPSEC FLOW: permit {word} {_end(local)} {_end(remote)} ",
        f"        Active SAs: {2 * len(flow.pairs)}, origin: {origin}",
    ]
    if not detail:
        return lines
    life = "0/0"
    if flow.pairs:
        pair = flow.pairs[-1]
        life = f"{pair.kilobytes_left or 0}/{remaining(pair.negotiated, snapshot.now)}"
    return [
        *lines,
        f"        Inbound:  #pkts dec'ed {flow.received} drop {flow.receive_errors} "
        f"life (KB/Sec) {life}",
        f"        Outbound: #pkts enc'ed {flow.sent} drop {flow.send_errors} life (KB/Sec) {life}",
    ]


def _end(end: Selector) -> str:
    where = f"host {end.address}" if end.prefix == 32 else f"{end.address}/{end.mask}"
    return f"{where} port {end.port}" if end.port else where
