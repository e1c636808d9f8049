"""NAT traversal: its dialects, the NAT-D comparison and the encapsulation numbers.

RFC 3947 and draft-ietf-ipsec-nat-t-ike-02/-03 differ in the vendor ID, in the payload number of
NAT-D (20 against 130) and in the encapsulation modes (3, 4 against 61443, 61444); all float from
UDP 500 to 4500 with main-5 (aggr-3) when a NAT was found.
"""

from dataclasses import dataclass
from random import Random

from gwsim.crypto import skeyid
from gwsim.ike.events import NatDetected
from gwsim.ike.inbound import Inbound
from gwsim.ike.sa import IkeSa, need
from gwsim.ike.turn import Turn
from gwsim.wire import vendor_ids
from gwsim.wire.ip import SocketAddress, parse_address
from gwsim.wire.numbers import EncapsulationMode
from gwsim.wire.payloads import NatDiscovery


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of speaking NAT traversal, newest first in DIALECTS.

    `also` is a second vendor ID by which a peer may announce it.
    """

    name: str
    vendor_id: bytes
    draft: bool
    tunnel: int
    transport: int
    also: bytes = b""


_M = EncapsulationMode
DIALECTS: dict[str, Dialect] = {
    d.name: d
    for d in (
        Dialect("rfc3947", vendor_ids.NAT_T_RFC, False, _M.UDP_TUNNEL, _M.UDP_TRANSPORT),
        Dialect(
            "draft-03",
            vendor_ids.NAT_T_DRAFT_03,
            True,
            _M.UDP_TUNNEL_DRAFT,
            _M.UDP_TRANSPORT_DRAFT,
        ),
        Dialect(
            "draft-02",
            vendor_ids.NAT_T_DRAFT_02_NEWLINE,
            True,
            _M.UDP_TUNNEL_DRAFT,
            _M.UDP_TRANSPORT_DRAFT,
            vendor_ids.NAT_T_DRAFT_02,
        ),
    )
}


def announced(sa: IkeSa, turn: Turn) -> list[bytes]:
    """List the vendor IDs an initiator announces, in the vendor's order."""
    if _switched_off(sa):
        return []
    b = turn.behaviour
    return list(b.vendor_ids.nat_t) or [DIALECTS[name].vendor_id for name in b.nat_traversal]


def _switched_off(sa: IkeSa) -> bool:
    return sa.connection is not None and not sa.connection.nat_traversal


def choose(sa: IkeSa, turn: Turn) -> None:
    """Settle on the newest dialect that both sides announced (RFC 3947 3.1)."""
    if _switched_off(sa):
        return
    for name, dialect in DIALECTS.items():
        announced_by_peer = sa.vendor_ids & {dialect.vendor_id, dialect.also}
        if name in turn.behaviour.nat_traversal and announced_by_peer:
            sa.nat_variant = name
            return


def discovery_payloads(sa: IkeSa, rng: Random) -> list[NatDiscovery]:
    """Build NAT-D of the destination, then of our source (RFC 3947 3.2).

    With forced encapsulation the source hash is a random one, so that the peer sees a NAT.
    """
    if not sa.nat_variant:
        return []
    draft = DIALECTS[sa.nat_variant].draft
    source = _hash(sa, sa.local)
    if _forced(sa):
        source = rng.randbytes(len(source))
    return [NatDiscovery(_hash(sa, sa.remote), draft), NatDiscovery(source, draft)]


def compare(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Compare the peer's NAT-D with the addresses actually seen and note who is behind NAT."""
    found = [p.data for p in message.every(NatDiscovery)]
    if not sa.nat_variant or not found:
        sa.nat_variant = ""
        return
    sa.nat_local = found[0] != _hash(sa, message.destination)
    sa.nat_peer = bool(found[1:]) and _hash(sa, message.source) not in found[1:]
    if _forced(sa):
        sa.nat_local = True
    turn.emit(
        NatDetected(
            **sa.head(turn.now),
            local_behind_nat=sa.nat_local,
            peer_behind_nat=sa.nat_peer,
            variant=sa.nat_variant,
        )
    )


def _forced(sa: IkeSa) -> bool:
    return need(sa.connection, "a connection").force_encapsulation


def encapsulation(sa: IkeSa, transport: bool) -> int:
    """Give the encapsulation mode number to offer or demand under this ISAKMP SA."""
    if sa.nat_variant and sa.nat:
        dialect = DIALECTS[sa.nat_variant]
        return dialect.transport if transport else dialect.tunnel
    return EncapsulationMode.TRANSPORT if transport else EncapsulationMode.TUNNEL


def _hash(sa: IkeSa, endpoint: SocketAddress) -> bytes:
    """HASH(CKY-I | CKY-R | IP | port) with the negotiated hash (RFC 3947 3.2)."""
    chosen = need(sa.chosen, "an agreed transform")
    address = parse_address(endpoint[0]).to_bytes(4, "big")
    return skeyid.nat_d(chosen.hash, *sa.cookies, address, endpoint[1])
