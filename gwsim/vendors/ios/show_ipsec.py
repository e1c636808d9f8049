"""`show crypto ipsec sa`: every line of the crypto ACLs with its counters and the SAs of it.

Layout: vendor sheet, IOS 12.4T to 15.x. Counters belong to a flow and outlive its SAs; what gwsim
never does (compression) counts 0 because it never happens.
"""

from dataclasses import dataclass

from gwsim.crypto.esp_suites import EspSuite
from gwsim.gateway.snapshot import IpsecSaSnapshot, Snapshot, TunnelSnapshot
from gwsim.ike.snapshot import ChildSnapshot
from gwsim.vendors.ios.names import sa_transform
from gwsim.vendors.ios.numbering import Numbering
from gwsim.vendors.ios.story import proxy
from gwsim.vendors.vendor import View
from gwsim.wire.numbers import IKE_PORT

MAP = "CMAP"
"""The name of the crypto map, here and in the configuration."""

SIBLING_FLAGS = "80004040"

_NO_SAS = ("", "     {} ah sas:", "", "     {} pcp sas:")


@dataclass(frozen=True, slots=True)
class Flow:
    """Traffic between two selectors with one peer, and the pairs of SAs it has, newest last.

    `own` is false for a part of a crypto ACL's line that a peer has asked for.
    """

    connection: str
    peer: str
    local: str
    remote: str
    own: bool
    sent: int
    received: int
    send_errors: int
    receive_errors: int
    pairs: tuple[IpsecSaSnapshot, ...]

    @property
    def newest(self) -> ChildSnapshot | None:
        """The pair that traffic takes: the newest one that may send."""
        pairs = [pair.negotiated for pair in self.pairs]
        return next((c for c in reversed(pairs) if c.sends), pairs[-1] if pairs else None)

    @property
    def port(self) -> int:
        """The peer's port."""
        return self.newest.peer_port if self.newest is not None else IKE_PORT


def flows(snapshot: Snapshot) -> list[Flow]:
    """List the flows in the order of the configuration, each followed by the parts of it."""
    found: list[Flow] = []
    for tunnel in snapshot.tunnels:
        found += _flows_of(snapshot, tunnel)
    return found


def _flows_of(snapshot: Snapshot, tunnel: TunnelSnapshot) -> list[Flow]:
    """A peer may have had a part accepted, then what that part carried is counted there."""
    pairs: dict[tuple[str, str], list[IpsecSaSnapshot]] = {}
    for pair in snapshot.ipsec:
        c = pair.negotiated
        if (c.connection, c.child) == (tunnel.connection, tunnel.child):
            pairs.setdefault((c.local, c.remote), []).append(pair)
    own = tuple(pairs.pop((tunnel.local, tunnel.remote), ()))
    parts = [_part(tunnel, *ends, tuple(some)) for ends, some in pairs.items()]
    peer = own[-1].negotiated.peer if own else tunnel.peer
    whole = Flow(
        tunnel.connection,
        peer,
        tunnel.local,
        tunnel.remote,
        True,
        max(0, tunnel.encapsulated - sum(part.sent for part in parts)),
        max(0, tunnel.decapsulated - sum(part.received for part in parts)),
        tunnel.send_errors,
        max(0, tunnel.receive_errors - sum(part.receive_errors for part in parts)),
        own,
    )
    return [whole, *parts] if whole.peer else parts


def _part(
    tunnel: TunnelSnapshot, local: str, remote: str, pairs: tuple[IpsecSaSnapshot, ...]
) -> Flow:
    inward = [pairs[-1].inbound_before, *(pair.inbound for pair in pairs)]
    outward = [pairs[-1].outbound_before, *(pair.outbound for pair in pairs)]
    return Flow(
        tunnel.connection,
        pairs[-1].negotiated.peer,
        local,
        remote,
        False,
        sum(counted.packets for counted in outward),
        sum(counted.packets for counted in inward),
        sum(counted.errors for counted in outward),
        sum(counted.errors for counted in inward),
        pairs,
    )


def ipsec_sa(view: View) -> str:
    """`show crypto ipsec sa`: all flows, with SAs or without."""
    snapshot = view.snapshot
    listed = flows(snapshot)
    if not listed:
        return "\nNo SAs found\n"
    numbers = Numbering(view.events)
    lines = [
        "",
        f"interface: {snapshot.outside_interface}",
        f"    Crypto map tag: {MAP}, local addr {snapshot.outside}",
    ]
    for flow in listed:
        lines += _flow(snapshot, flow, numbers)
    return "\n".join(lines) + "\n"


def _flow(snapshot: Snapshot, flow: Flow, numbers: Numbering) -> list[str]:
    sent, received = flow.sent, flow.received
    return [
        "",
        "   protected vrf: (none)",
        f"   local  ident (addr/mask/prot/port): ({proxy(flow.local)})",
        f"   remote ident (addr/mask/prot/port): ({proxy(flow.remote)})",
        f"   current_peer {flow.peer} port {flow.port}",
        f"     PERMIT, flags={{{'origin_is_acl,' if flow.own else ''}}}",
        f"    #pkts encaps: {sent}, #pkts encrypt: {sent}, #pkts digest: {sent}",
        f"    #pkts decaps: {received}, #pkts decrypt: {received}, #pkts verify: {received}",
        "    #pkts compressed: 0, #pkts decompressed: 0",
        "    #pkts not compressed: 0, #pkts compr. failed: 0",
        "    #pkts not decompressed: 0, #pkts decompress failed: 0",
        f"    #send errors {flow.send_errors}, #recv errors {flow.receive_errors}",
        "",
        *_endpoints(snapshot, flow),
        *_direction(snapshot, flow, numbers, inbound=True),
        *_direction(snapshot, flow, numbers, inbound=False),
    ]


def _endpoints(snapshot: Snapshot, flow: Flow) -> list[str]:
    child = flow.newest
    path_mtu = flow.pairs[-1].path_mtu if flow.pairs else snapshot.mtu
    spi = child.outbound_spi if child is not None else 0
    group = child.pfs_group if child is not None else None
    pfs = "N, DH group: none" if group is None else f"Y, DH group: group{group}"
    plain = plaintext_mtu(child, path_mtu) if child is not None else path_mtu
    return [
        f"     local crypto endpt.: {snapshot.outside}, remote crypto endpt.: {flow.peer}",
        f"     plaintext mtu {plain}, path mtu {path_mtu}, ip mtu {snapshot.mtu}, "
        f"ip mtu idb {snapshot.outside_interface}",
        f"     current outbound spi: 0x{spi:X}({spi})",
        f"     PFS (Y/N): {pfs}",
    ]


def plaintext_mtu(child: ChildSnapshot, path_mtu: int) -> int:
    """Give the largest packet that fits into the path when it is protected.

    1438 of 1500 octets for AES with SHA, 1422 with NAT-T, 1446 for 3DES with SHA.
    """
    suite = suite_of(child)
    iv, icv, block = (0, 0, 4) if suite is None else _sizes(suite)
    room = path_mtu - 20 - 8 - iv - icv - (8 if child.udp else 0)
    return room // block * block - 2


def _sizes(suite: EspSuite) -> tuple[int, int, int]:
    return suite.iv_length, suite.icv_length, suite.block_size


def suite_of(child: ChildSnapshot) -> EspSuite | None:
    """Give a pair's ESP suite, None for algorithms nobody knows."""
    suite = EspSuite(child.transform, child.key_bits, child.authentication)
    return suite if suite.valid() else None


def _direction(snapshot: Snapshot, flow: Flow, numbers: Numbering, inbound: bool) -> list[str]:
    name = "inbound" if inbound else "outbound"
    lines = ["", f"     {name} esp sas:"]
    for pair in flow.pairs:
        lines += _sa(snapshot, pair, numbers, inbound)
    return lines + [line.format(name) for line in _NO_SAS]


def _sa(snapshot: Snapshot, pair: IpsecSaSnapshot, numbers: Numbering, inbound: bool) -> list[str]:
    child = pair.negotiated
    spi = child.inbound_spi if inbound else child.outbound_spi
    place = numbers.inbound if inbound else numbers.outbound
    conn = place(child.inbound_spi)
    suite = suite_of(child)
    transform = sa_transform(child.transform, child.key_bits, child.authentication)
    mode = "Transport" if child.transport else "Tunnel"
    return [
        f"      spi: 0x{spi:X}({spi})",
        f"        transform: {transform},",
        f"        in use settings ={{{mode}{' UDP-Encaps' if child.udp else ''}, }}",
        f"        conn id: {conn}, flow_id: SW:{conn}, sibling_flags {SIBLING_FLAGS}, "
        f"crypto map: {MAP}",
        f"        sa timing: remaining key lifetime {timing(pair, snapshot.now)}",
        f"        IV size: {suite.iv_length if suite is not None else 0} bytes",
        f"        replay detection support: {'Y' if pair.inbound.replay_window else 'N'}",
        "        Status: ACTIVE(ACTIVE)",
    ]


def remaining(child: ChildSnapshot, now: float) -> int:
    """Give the seconds a pair has left, 0 for one without a lifetime in time."""
    return 0 if child.expires is None else max(0, int(child.expires - now))


def timing(pair: IpsecSaSnapshot, now: float) -> str:
    """Print what a pair has left: `(k/sec): (4608000/3567)`, seconds alone without a volume."""
    seconds = remaining(pair.negotiated, now)
    if pair.kilobytes_left is None:
        return f"(sec): {seconds}"
    return f"(k/sec): ({pair.kilobytes_left}/{seconds})"
