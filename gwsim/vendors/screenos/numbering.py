"""The numbers a NetScreen gives to what is configured, out of the snapshot's order.

A VPN's SA index (`HEX ID`, tunnel ID) is the number of its policy entry; each VPN has a pair of
policies, one per direction. Gateways are numbered as they first appear.
"""

from gwsim.gateway.snapshot import IpsecSaSnapshot, Snapshot, TunnelSnapshot


def sa_index(tunnel: TunnelSnapshot) -> int:
    """Give the index of a VPN's pair of SAs, from 1."""
    return tunnel.policy_id


def outgoing_policy(tunnel: TunnelSnapshot) -> int:
    """Give the id of the policy from Trust to Untrust."""
    return 2 * tunnel.policy_id - 1


def incoming_policy(tunnel: TunnelSnapshot) -> int:
    """Give the id of the policy from Untrust to Trust, the pair of the other."""
    return 2 * tunnel.policy_id


def tunnel_of(snapshot: Snapshot, connection: str, child: str = "") -> TunnelSnapshot | None:
    """Find a VPN by the names of its gateway and itself; "" is the gateway's first VPN."""
    for tunnel in snapshot.tunnels:
        if tunnel.connection == connection and child in ("", tunnel.child):
            return tunnel
    return None


def index_of(snapshot: Snapshot, connection: str, child: str = "") -> int:
    """Give the SA index of a VPN, 0 when there is none of this name."""
    tunnel = tunnel_of(snapshot, connection, child)
    return sa_index(tunnel) if tunnel else 0


def struct_of(index: int) -> int:
    """Invent the place in memory of a tunnel; a NetScreen prints it, and nobody can use it."""
    return 0x05230000 + index * 0x1A8


def peer_entry(snapshot: Snapshot, connection: str) -> int:
    """Give the number of an IKE gateway, from 1; 0 when it is not configured."""
    names = list(dict.fromkeys(tunnel.connection for tunnel in snapshot.tunnels))
    return names.index(connection) + 1 if connection in names else 0


def pair_of(snapshot: Snapshot, tunnel: TunnelSnapshot) -> IpsecSaSnapshot | None:
    """Give the pair of SAs a VPN uses now, None when it is down."""
    found = None
    for pair in snapshot.ipsec:
        n = pair.negotiated
        if (n.connection, n.child) == (tunnel.connection, tunnel.child) and not n.retired:
            found = pair
    return found
