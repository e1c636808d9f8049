"""`diagnose vpn ike gateway list [name X]`: tunnels that have an IKE SA or are getting one.

Layout: vendor sheet, FortiOS 7.x, and captures of both roles, with and without NAT. Keys are not
for screens: their place is taken by stars, two for each octet.
"""

from gwsim.ike.snapshot import IkeSaSnapshot
from gwsim.ike.states import State
from gwsim.vendors.fortios.history import TICK, Connection, History
from gwsim.vendors.fortios.names import cipher_octets, hidden, phase1_proposal
from gwsim.vendors.fortios.states import state_word
from gwsim.vendors.fortios.story import INTERFACE_INDEX
from gwsim.vendors.vendor import View

_GROUP = 8
"""Octets of a key between two dashes."""


def gateway_list(view: View) -> str:
    """`diagnose vpn ike gateway list`: every tunnel with its IKE SAs, the latest first."""
    return _list(view, "")


def gateway_list_name(view: View, name: str) -> str:
    """`diagnose vpn ike gateway list name X`: one tunnel."""
    return _list(view, name)


def _list(view: View, only: str) -> str:
    history = History(view.events)
    tunnels: dict[str, list[IkeSaSnapshot]] = {}
    for sa in view.snapshot.ike.sas:
        if sa.connection and only in ("", sa.connection):
            tunnels.setdefault(sa.connection, []).append(sa)
    lines: list[str] = []
    for name, sas in tunnels.items():
        known = history.connections.get(name, Connection(sas[0].created))
        lines += _gateway(view, name, sas, known)
    return "".join(f"{line}\n" for line in lines)


def _gateway(view: View, name: str, sas: list[IkeSaSnapshot], known: Connection) -> list[str]:
    snapshot, newest = view.snapshot, sas[-1]
    up = [sa for sa in sas if sa.established is not None]
    pairs = [pair for pair in snapshot.ipsec if pair.negotiated.connection == name]
    under_way = sum(len(sa.quick_modes) for sa in sas)
    lines = [
        "",
        "vd: root/0",
        f"name: {name}",
        "version: 1",
        f"interface: {snapshot.outside_interface} {INTERFACE_INDEX}",
        f"addr: {newest.local}:{newest.local_port} -> {newest.peer}:{newest.peer_port}",
        f"tun_id: {newest.peer}/::{newest.peer}",
        "remote_location: 0.0.0.0",
        "network-id: 0",
        f"created: {int(snapshot.now - known.created)}s ago",
        *_nat(newest),
        f"IKE SA: {known.phase1.line(len(sas), len(up))}",
        f"IPsec SA: {known.phase2.line(len(pairs) + under_way, len(pairs))}",
    ]
    for sa in reversed(sas):
        lines += ["", *_sa(sa, snapshot.now)]
    return lines


def _nat(sa: IkeSaSnapshot) -> list[str]:
    """Say who is behind NAT, and nothing when nobody is."""
    sides = (("me", sa.nat_local), ("peer", sa.nat_peer))
    who = " ".join(name for name, behind in sides if behind)
    return [f"nat: {who}"] if who else []


def _sa(sa: IkeSaSnapshot, now: float) -> list[str]:
    lines = [
        f"  id/spi: {sa.number} {sa.initiator_cookie}/{sa.responder_cookie}",
        f"  direction: {sa.role}",
    ]
    word = state_word(sa.state, sa.exchange)
    if sa.established is None or sa.state != State.ESTABLISHED:
        return [*lines, f"  status: {word}, started {int(now - sa.created)}s ago"]
    took = int((sa.established - sa.created) * 1000) // TICK * TICK
    created, established = int(now - sa.created), int(now - sa.established)
    return [
        *lines,
        f"  status: {word} {created}-{established}s ago = {took}ms",
        f"  proposal: {_proposal(sa)}",
        f"  key: {_key(sa)}",
        f"  lifetime/rekey: {sa.lifetime_seconds or 0}/{_left(sa, now)}",
        f"  DPD sent/recv: {sa.dpd_sent:08x}/{sa.dpd_received:08x}",
    ]


def _proposal(sa: IkeSaSnapshot) -> str:
    return phase1_proposal(sa.encryption or 0, sa.key_bits, sa.hash or 0)


def _key(sa: IkeSaSnapshot) -> str:
    stars = hidden(cipher_octets(sa.encryption or 0, sa.key_bits))
    size = 2 * _GROUP
    return "-".join(stars[at : at + size] for at in range(0, len(stars), size))


def _left(sa: IkeSaSnapshot, now: float) -> int:
    """Give the seconds until an IKE SA is renewed, or if it will not be, ends."""
    until = sa.expires if sa.rekey_at is None else sa.rekey_at
    return 0 if until is None else max(0, int(until - now))
