"""Who the ends are and how they prove it: identification payloads, HASH_I and HASH_R.

The hashes cover the identification payloads as they went over the wire, so their bodies are kept
(RFC 2409 5).
"""

from gwsim.crypto import hashes, skeyid
from gwsim.ike.config import Connection, Identity
from gwsim.ike.events import PeerIdentified
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Inbound
from gwsim.ike.sa import IkeSa, need
from gwsim.ike.states import Role
from gwsim.ike.turn import Turn
from gwsim.wire.codec import build_body
from gwsim.wire.ip import format_address, parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.payloads import Hash, Identification


def identity(sa: IkeSa, turn: Turn) -> Identification:
    """Build our identity and keep its body: IDii_b or IDir_b is hashed."""
    who = need(sa.connection, "a connection").local_id
    b = turn.behaviour
    port = b.id_port_floated if sa.floated and b.id_port_floated is not None else b.id_port
    payload = encode_identity(who or Identity.address(sa.local[0]), b.id_protocol, port)
    sa.own_id_body = build_body(payload)
    return payload


def encode_identity(who: Identity, protocol: int, port: int) -> Identification:
    """Put an identity into its payload (RFC 2407 4.6.2)."""
    if who.id_type == IdType.IPV4_ADDR:
        data = parse_address(who.text).to_bytes(4, "big")
    else:
        data = who.text.encode()
    return Identification(who.id_type, data, protocol, port)


def decode_identity(payload: Identification) -> str:
    """Read an identity as text; an address as dotted text, anything else as characters."""
    if payload.id_type == IdType.IPV4_ADDR and len(payload.data) == 4:
        return format_address(int.from_bytes(payload.data, "big"))
    return payload.data.decode("ascii", "backslashreplace")


def meant(sa: IkeSa, message: Inbound) -> Connection:
    """Give the connection a peer means that says who it is.

    Several peers at one address, behind a NAT, have one key in main mode, and so it is by their
    identity that a responder tells which of its connections with this address and key is which.
    """
    found, payload = need(sa.connection, "a connection"), message.the(Identification)
    said = Identity(payload.id_type, decode_identity(payload))
    alike = (c for c in sa.candidates if (c.remote, c.psk) == (found.remote, found.psk))
    return next((c for c in alike if c.remote_id == said), found)


def check_identity(
    sa: IkeSa, turn: Turn, message: Inbound, connection: Connection | None = None
) -> None:
    """Compare the peer's identity with the one `connection` expects; refused when it differs.

    Without it that is the SA's own.
    """
    payload = message.the(Identification)
    text = decode_identity(payload)
    whose = connection or need(sa.connection, "a connection")
    expected = _expected_identity(whose) if turn.behaviour.check_peer_id else None
    accepted = expected is None or (expected.id_type, expected.text) == (payload.id_type, text)
    turn.emit(
        PeerIdentified(
            **sa.head(turn.now),
            id_type=payload.id_type,
            text=text,
            protocol=payload.protocol,
            port=payload.port,
            expected=expected.text if expected else "",
            accepted=accepted,
        )
    )
    if expected is not None and not accepted:
        raise Refused(Flaw.PEER_ID, f"peer calls itself {text}, expected {expected.text}")


def _expected_identity(connection: Connection) -> Identity | None:
    if connection.remote_id is not None:
        return connection.remote_id
    return Identity.address(connection.remote) if connection.remote else None


def note_identity(sa: IkeSa, message: Inbound) -> None:
    """Keep the peer's identity, as text and as it went over the wire."""
    sa.peer_id = decode_identity(message.the(Identification))
    sa.peer_id_body = message.raw(Identification)


def own_hash(sa: IkeSa) -> Hash:
    """Build HASH_I or HASH_R for our role (RFC 2409 5)."""
    return Hash(prove(sa))


def prove(sa: IkeSa, rest: bytes = b"") -> bytes:
    """Compute HASH_I or HASH_R for our role; it does not cover the `rest` of its message."""
    return _hash(sa, sa.role, sa.own_id_body)


def check_hash(sa: IkeSa, message: Inbound, id_body: bytes) -> None:
    """Refuse a wrong HASH_R or HASH_I of the peer, whose identification has this body."""
    expected = _hash(sa, sa.role.other, id_body)
    if not hashes.constant_time_equal(expected, message.the(Hash).data):
        name = "HASH_R" if sa.role is Role.INITIATOR else "HASH_I"
        raise Refused(Flaw.HASH_PHASE1, f"{name} does not match: the pre-shared keys differ")


def _hash(sa: IkeSa, whose: Role, id_body: bytes) -> bytes:
    k, (cky_i, cky_r), (g_xi, g_xr) = need(sa.keys, "keys"), sa.cookies, sa.public_values()
    if whose is Role.INITIATOR:
        return skeyid.hash_i(k.hash, k.skeyid, g_xi, g_xr, cky_i, cky_r, sa.sa_body, id_body)
    return skeyid.hash_r(k.hash, k.skeyid, g_xr, g_xi, cky_r, cky_i, sa.sa_body, id_body)
