"""What main mode and aggressive mode share: the pieces their messages are made of.

`offer`/`take_offer` and `answer`/`take_answer` are the SA payloads, `key_payloads`/`take_keys` the
KE and nonce, `identity`/`take_identity` and the two hashes the authentication. Every `take_...`
raises `Refused` before it changes the SA.
"""

from gwsim.crypto import ciphers, dh, hashes, skeyid
from gwsim.crypto.errors import BadPublicValue
from gwsim.ike import nat_traversal, offers, proposals
from gwsim.ike.config import Identity
from gwsim.ike.events import (
    ConnectionMatched,
    KeysGenerated,
    LifetimeCompared,
    PeerIdentified,
    ProposalAccepted,
    ProposalRefused,
)
from gwsim.ike.explain import flaw_of, told
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Inbound
from gwsim.ike.sa import IkeSa, Keys
from gwsim.ike.states import Role
from gwsim.ike.turn import Turn
from gwsim.wire import vendor_ids
from gwsim.wire.codec import build_body
from gwsim.wire.ip import format_address, parse_address
from gwsim.wire.numbers import IdType, LifeType, NotifyType, Phase1Attribute, Protocol
from gwsim.wire.payloads import (
    Attribute,
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    Notification,
    Payload,
    Proposal,
    SecurityAssociation,
    VendorId,
)
from gwsim.wire.proposals import build_attributes

SHORTEST_NONCE, LONGEST_NONCE = 8, 256


def vendor_id_payloads(sa: IkeSa, turn: Turn, label: str) -> list[Payload]:
    """List the vendor IDs that go with a message, NAT-T and DPD ones included.

    The responder returns only the NAT-T dialect it chose (RFC 3947 3.1).
    """
    ids = turn.behaviour.vendor_ids
    number = label[-1]
    own = {
        "main-1": ids.first,
        "aggr-1": ids.first,
        "main-2": ids.second,
        "aggr-2": ids.second,
        "main-3": ids.third,
        "main-4": ids.fourth,
    }.get(label, ())
    nat_t: list[bytes] = []
    if number == "1":
        nat_t = nat_traversal.announced(sa, turn)
    elif number == "2" and sa.nat_variant:
        nat_t = [nat_traversal.DIALECTS[sa.nat_variant].vendor_id]
    data = [*nat_t, *own] if ids.nat_t_first else [*own, *nat_t]
    if label in ids.dpd_in:
        data.append(vendor_ids.DPD)
    return [VendorId(d) for d in data]


def note_vendor_ids(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Remember the peer's vendor IDs and settle NAT-T and DPD by them."""
    sa.vendor_ids |= {p.data for p in message.every(VendorId)}
    sa.dpd = vendor_ids.DPD in sa.vendor_ids


def offer(sa: IkeSa, turn: Turn) -> SecurityAssociation:
    """Build the offer and keep its body: SAi_b is hashed later (RFC 2409 5)."""
    payload = offers.offer_phase1(sa.offers)
    sa.sa_body = build_body(payload)
    return payload


def take_offer(sa: IkeSa, turn: Turn, message: Inbound) -> proposals.Phase1Choice:
    """Choose from the offer; the caller assigns the result with `agree`."""
    payload = message.the(SecurityAssociation)
    try:
        return proposals.choose_phase1(payload, sa.offers, turn.behaviour.lifetime)
    except proposals.NoChoice as refusal:
        turn.emit(
            ProposalRefused(
                at=turn.now,
                peer=sa.remote[0],
                connection=_name(sa),
                sa=sa.number,
                phase=1,
                role=sa.role,
                comparisons=refusal.comparisons,
            )
        )
        flaw = flaw_of(refusal, Flaw.NO_PROPOSAL_PHASE1)
        raise Refused(flaw, told(refusal.comparisons)) from None


def agree(sa: IkeSa, turn: Turn, message: Inbound, choice: proposals.Phase1Choice) -> None:
    """Write the outcome of the proposal exchange into the SA and report it."""
    sa.chosen = choice.agreed
    sa.offered_group = choice.agreed.group
    sa.lifetime = choice.agreed.lifetime_seconds
    if sa.role is Role.RESPONDER:
        sa.sa_body = message.raw(SecurityAssociation)
    a = choice.agreed
    turn.emit(
        ProposalAccepted(
            at=turn.now,
            peer=sa.remote[0],
            connection=_name(sa),
            sa=sa.number,
            phase=1,
            role=sa.role,
            proposal=choice.proposal.number,
            transform=choice.transform.number,
            policy=choice.policy,
            encryption=a.encryption,
            key_bits=a.key_bits,
            authentication=a.hash,
            group=a.group,
            lifetime_seconds=a.lifetime_seconds,
            lifetime_kilobytes=a.lifetime_kilobytes,
        )
    )
    ours = sa.offers[choice.policy - 1].lifetime_seconds
    turn.emit(
        LifetimeCompared(
            at=turn.now,
            peer=sa.remote[0],
            connection=_name(sa),
            sa=sa.number,
            phase=1,
            role=sa.role,
            unit="seconds",
            ours=ours,
            theirs=choice.offered.seconds,
            chosen=a.lifetime_seconds,
        )
    )
    sa.answer = SecurityAssociation(
        (Proposal(choice.proposal.number, Protocol.ISAKMP, b"", (choice.transform,)),)
    )
    sa.lifetime_lowered = (
        choice.offered.seconds is not None and choice.offered.seconds != a.lifetime_seconds
    )


def take_answer(sa: IkeSa, message: Inbound) -> proposals.Phase1Choice:
    """Check as initiator what the responder chose."""
    return proposals.confirm_phase1(message.the(SecurityAssociation), sa.offers)


def check_key_payloads(message: Inbound, group: int) -> None:
    """Refuse a KE of the wrong length and a nonce outside 8 to 256 octets (RFC 2409 5)."""
    wanted = dh.group(group).public_length
    got = len(message.the(KeyExchange).data)
    if got != wanted:
        raise Refused(Flaw.KEY_INFORMATION, f"KE of {got} octets, group {group} has {wanted}")
    check_nonce(message.the(Nonce).data)


def check_nonce(nonce: bytes) -> None:
    """Refuse a nonce whose length RFC 2409 5 forbids."""
    if not SHORTEST_NONCE <= len(nonce) <= LONGEST_NONCE:
        raise Refused(Flaw.NONCE, f"nonce of {len(nonce)} octets, 8 to 256 are allowed")


def key_payloads(sa: IkeSa, turn: Turn) -> list[Payload]:
    """Build KE and nonce; makes the private value unless the SA has one already."""
    prepare_keys(sa, turn)
    pair = sa.pair
    return [KeyExchange(pair.public if pair else b""), Nonce(sa.own_nonce)]


def prepare_keys(sa: IkeSa, turn: Turn) -> None:
    """Make our private value and nonce for the agreed group, once."""
    if sa.pair is None:
        sa.pair = dh.generate(sa.offered_group, turn.rng)
        sa.own_nonce = turn.rng.randbytes(turn.behaviour.nonce_length)


def agree_on_secret(sa: IkeSa, turn: Turn, message: Inbound) -> bytes:
    """Compute g^xy from the peer's KE; a value outside the group is refused, nothing changed."""
    prepare_keys(sa, turn)
    public = message.the(KeyExchange).data
    if sa.pair is None:
        raise LookupError("prepare_keys made no key pair")
    try:
        return dh.shared_secret(sa.pair, public)
    except BadPublicValue as bad:
        raise Refused(Flaw.KEY_INFORMATION, str(bad)) from None


def require_key(sa: IkeSa) -> None:
    """Refuse to go on without a connection and its pre-shared key."""
    if sa.connection is None:
        raise Refused(Flaw.UNKNOWN_PEER, f"no connection for {sa.remote[0]}")
    if sa.connection.psk is None:
        raise Refused(Flaw.NO_PRE_SHARED_KEY, f"connection {sa.connection.name} has no key")


def make_keys(sa: IkeSa, turn: Turn, message: Inbound, secret: bytes) -> None:
    """Compute SKEYID, its children, the cipher key and the first IV (RFC 2409 5, Appendix B)."""
    sa.peer_public = message.the(KeyExchange).data
    sa.peer_nonce = message.the(Nonce).data
    sa.shared = secret
    chosen, connection = sa.chosen, sa.connection
    if chosen is None or connection is None or connection.psk is None:
        raise LookupError("keys need an agreed proposal and a pre-shared key")
    h, (cky_i, cky_r) = chosen.hash, sa.cookies
    root = skeyid.skeyid_psk(h, connection.psk, *sa.nonces())
    d = skeyid.skeyid_d(h, root, secret, cky_i, cky_r)
    a = skeyid.skeyid_a(h, root, d, secret, cky_i, cky_r)
    e = skeyid.skeyid_e(h, root, a, secret, cky_i, cky_r)
    length = ciphers.key_length(chosen.encryption, chosen.key_bits)
    block = ciphers.cipher(chosen.encryption).block_size
    sa.keys = Keys(
        hash=h,
        encryption=chosen.encryption,
        block_size=block,
        skeyid=root,
        skeyid_d=d,
        skeyid_a=a,
        skeyid_e=e,
        key=skeyid.encryption_key(h, e, length),
        last_block=skeyid.phase1_iv(h, *sa.public_values(), block),
    )
    for kind in (ConnectionMatched, KeysGenerated):
        turn.emit(
            kind(at=turn.now, peer=sa.remote[0], connection=_name(sa), sa=sa.number, role=sa.role)
        )


def identity(sa: IkeSa, turn: Turn) -> Identification:
    """Build our identity and keep its body: IDii_b or IDir_b is hashed."""
    who = sa.connection.local_id if sa.connection else None
    payload = encode_identity(
        who or Identity.address(sa.local[0]), turn.behaviour.id_protocol, turn.behaviour.id_port
    )
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


def take_identity(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Compare the peer's identity with the expected one; refused when it differs."""
    payload = message.the(Identification)
    text = decode_identity(payload)
    expected = _expected_identity(sa) if turn.behaviour.check_peer_id else None
    accepted = expected is None or (expected.id_type, expected.text) == (payload.id_type, text)
    turn.emit(
        PeerIdentified(
            at=turn.now,
            peer=sa.remote[0],
            connection=_name(sa),
            sa=sa.number,
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
    sa.peer_id = text
    sa.peer_id_body = message.raw(Identification)


def _expected_identity(sa: IkeSa) -> Identity | None:
    if sa.connection is None:
        return None
    if sa.connection.remote_id is not None:
        return sa.connection.remote_id
    return Identity.address(sa.connection.remote) if sa.connection.remote else None


def own_hash(sa: IkeSa) -> Hash:
    """Build HASH_I or HASH_R for our role (RFC 2409 5)."""
    return Hash(_hash(sa, sa.role, sa.own_id_body))


def check_hash(sa: IkeSa, message: Inbound) -> None:
    """Refuse a wrong HASH_R or HASH_I of the peer."""
    expected = _hash(sa, sa.role.other, sa.peer_id_body)
    if not hashes.constant_time_equal(expected, message.the(Hash).data):
        name = "HASH_R" if sa.role is Role.INITIATOR else "HASH_I"
        raise Refused(Flaw.HASH_PHASE1, f"{name} does not match: the pre-shared keys differ")


def _hash(sa: IkeSa, whose: Role, id_body: bytes) -> bytes:
    if sa.keys is None:
        raise LookupError("hashes need the keys of phase 1")
    g_xi, g_xr = sa.public_values()
    cky_i, cky_r = sa.cookies
    k = sa.keys
    if whose is Role.INITIATOR:
        return skeyid.hash_i(k.hash, k.skeyid, g_xi, g_xr, cky_i, cky_r, sa.sa_body, id_body)
    return skeyid.hash_r(k.hash, k.skeyid, g_xr, g_xi, cky_r, cky_i, sa.sa_body, id_body)


def status_notices(sa: IkeSa, turn: Turn, label: str) -> list[Payload]:
    """List the notifications that ride with a message: INITIAL-CONTACT, RESPONDER-LIFETIME."""
    found: list[Payload] = []
    spi = b"".join(sa.cookies)
    if sa.first_contact and label in turn.behaviour.initial_contact:
        # Said once: in a later quick mode it would end the SAs that are being renewed.
        sa.first_contact = False
        found.append(Notification(NotifyType.INITIAL_CONTACT, Protocol.ISAKMP, spi))
    lowered = sa.role is Role.RESPONDER and sa.lifetime_lowered and sa.lifetime is not None
    if lowered and turn.behaviour.responder_lifetime_notify and sa.lifetime is not None:
        data = build_attributes(
            (
                Attribute.number(Phase1Attribute.LIFE_TYPE, LifeType.SECONDS),
                Attribute.number(Phase1Attribute.LIFE_DURATION, sa.lifetime),
            )
        )
        found.append(Notification(NotifyType.RESPONDER_LIFETIME, Protocol.ISAKMP, spi, data))
    return found


def _name(sa: IkeSa) -> str:
    return sa.connection.name if sa.connection else ""
