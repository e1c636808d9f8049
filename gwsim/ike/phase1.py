"""What main mode and aggressive mode share: proposals, key exchange, vendor IDs, notices.

`offer`, `take_offer`, `take_answer` and `agree` deal with the SA payload, `key_payloads`,
`agree_on_secret` and `make_keys` with KE and nonce. Whatever refuses a message does so before it
changes the SA. Identities and hashes are in `identities`.
"""

from gwsim.crypto import ciphers, dh, skeyid
from gwsim.crypto.errors import BadPublicValue
from gwsim.ike import nat_traversal, offers, proposals
from gwsim.ike.events import (
    ConnectionMatched,
    KeysGenerated,
    LifetimeCompared,
    ProposalAccepted,
    ProposalRefused,
)
from gwsim.ike.explain import flaw_of, told
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Inbound
from gwsim.ike.lifetimes import Lifetimes, life_attributes
from gwsim.ike.sa import IkeSa, Keys, need
from gwsim.ike.states import Role
from gwsim.ike.turn import Turn
from gwsim.wire import vendor_ids
from gwsim.wire.codec import build_body
from gwsim.wire.numbers import NotifyType, PayloadType, Phase1Attribute, Protocol
from gwsim.wire.payloads import (
    KeyExchange,
    Nonce,
    Notification,
    Payload,
    Proposal,
    SecurityAssociation,
    UnknownPayload,
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
        # What tells with the key exchange who we are, goes with the key exchange here as well.
        "aggr-1": ids.first + ids.third,
        "main-2": ids.second,
        "aggr-2": ids.second + ids.fourth,
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
    return [VendorId(d) for d in dict.fromkeys(data)]


def note_vendor_ids(sa: IkeSa, message: Inbound) -> None:
    """Remember the peer's vendor IDs and settle NAT-T and DPD by them."""
    sa.vendor_ids |= {p.data for p in message.every(VendorId)}
    sa.dpd = vendor_ids.DPD in sa.vendor_ids


def offer(sa: IkeSa) -> SecurityAssociation:
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
        head = sa.head(turn.now)
        turn.emit(ProposalRefused(**head, phase=1, role=sa.role, comparisons=refusal.comparisons))
        flaw = flaw_of(refusal, Flaw.NO_PROPOSAL_PHASE1)
        raise Refused(flaw, told(refusal.comparisons)) from None


def agree(sa: IkeSa, turn: Turn, message: Inbound, choice: proposals.Phase1Choice) -> None:
    """Write the outcome of the proposal exchange into the SA and report it."""
    a = choice.agreed
    sa.chosen, sa.offered_group, sa.lifetime = a, a.group, a.lifetime_seconds
    sa.lifetime_lowered = choice.offered.seconds != a.lifetime_seconds
    if sa.role is Role.RESPONDER:
        sa.sa_body = message.raw(SecurityAssociation)
        answer = Proposal(choice.proposal.number, Protocol.ISAKMP, b"", (choice.transform,))
        sa.answer = SecurityAssociation((answer,))
    _report_agreed(sa, turn, choice)


def _report_agreed(sa: IkeSa, turn: Turn, choice: proposals.Phase1Choice) -> None:
    a = choice.agreed
    turn.emit(
        ProposalAccepted(
            **sa.head(turn.now),
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
    turn.emit(
        LifetimeCompared(
            **sa.head(turn.now),
            phase=1,
            role=sa.role,
            unit="seconds",
            ours=sa.offers[choice.policy - 1].lifetime_seconds,
            theirs=choice.offered.seconds,
            chosen=a.lifetime_seconds,
        )
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
    """Build KE and nonce; a responder has made both when it took the peer's."""
    pair = _adopt(sa, turn, sa.pair or dh.generate(sa.offered_group, turn.rng))
    return [KeyExchange(pair.public), Nonce(sa.own_nonce)]


def agree_on_secret(sa: IkeSa, turn: Turn, message: Inbound) -> bytes:
    """Compute g^xy from the peer's KE; refused when the value is outside the group."""
    pair = sa.pair or dh.generate(sa.offered_group, turn.rng)
    try:
        secret = dh.shared_secret(pair, message.the(KeyExchange).data)
    except BadPublicValue as bad:
        raise Refused(Flaw.KEY_INFORMATION, str(bad)) from None
    _adopt(sa, turn, pair)
    return secret


def _adopt(sa: IkeSa, turn: Turn, pair: dh.KeyPair) -> dh.KeyPair:
    """Make a private value that of the SA, with a nonce beside it, unless it is so already."""
    if sa.pair is None:
        sa.pair, sa.own_nonce = pair, turn.rng.randbytes(turn.behaviour.nonce_length)
    return pair


def require_key(sa: IkeSa) -> None:
    """Refuse to go on without a connection and its pre-shared key."""
    if sa.connection is None:
        raise Refused(Flaw.UNKNOWN_PEER, f"no connection for {sa.remote[0]}")
    if sa.connection.psk is None:
        raise Refused(Flaw.NO_PRE_SHARED_KEY, f"connection {sa.connection.name} has no key")


def make_keys(sa: IkeSa, turn: Turn, message: Inbound, secret: bytes) -> None:
    """Take the peer's public value and nonce, and compute the keys of the SA."""
    sa.peer_public = message.the(KeyExchange).data
    sa.peer_nonce = message.the(Nonce).data
    sa.keys = _keys(sa, secret)
    head = sa.head(turn.now)
    turn.emit(ConnectionMatched(**head, role=sa.role))
    turn.emit(KeysGenerated(**head, role=sa.role))


def _keys(sa: IkeSa, secret: bytes) -> Keys:
    """Compute SKEYID, its children, the cipher key and the first IV (RFC 2409 5, Appendix B)."""
    chosen = need(sa.chosen, "an agreed transform")
    psk = need(need(sa.connection, "a connection").psk, "a pre-shared key")
    h, encryption, (cky_i, cky_r) = chosen.hash, chosen.encryption, sa.cookies
    root = skeyid.skeyid_psk(h, psk, *sa.nonces())
    d = skeyid.skeyid_d(h, root, secret, cky_i, cky_r)
    a = skeyid.skeyid_a(h, root, d, secret, cky_i, cky_r)
    e = skeyid.skeyid_e(h, root, a, secret, cky_i, cky_r)
    length = ciphers.key_length(encryption, chosen.key_bits)
    block = ciphers.cipher(encryption).block_size
    return Keys(
        hash=h,
        encryption=encryption,
        block_size=block,
        skeyid=root,
        skeyid_d=d,
        skeyid_a=a,
        skeyid_e=e,
        key=skeyid.encryption_key(h, e, length),
        last_block=skeyid.phase1_iv(h, *sa.public_values(), block),
    )


def keepalive_offer(sa: IkeSa, turn: Turn) -> list[Payload]:
    """Give what Cisco's boxes had before DPD: the keep-alive payload, of who watches the peer."""
    watches = sa.connection is not None and sa.connection.dpd is not None
    body = turn.behaviour.keepalive_payload
    return [UnknownPayload(PayloadType.IOS_KEEPALIVE, body)] if watches and body else []


def status_notices(sa: IkeSa, turn: Turn, label: str) -> list[Payload]:
    """List the notifications that ride with a message.

    INITIAL-CONTACT where the vendor says it; RESPONDER-LIFETIME in main-6, the only message in
    which a responder can say it under protection.
    """
    found: list[Payload] = []
    spi = sa.spi
    if sa.first_contact and label in turn.behaviour.initial_contact:
        # Said once: in a later quick mode it would end the SAs that are being renewed.
        sa.first_contact = False
        found.append(Notification(NotifyType.INITIAL_CONTACT, Protocol.ISAKMP, spi))
    lowered = sa.lifetime_lowered and label == "main-6" and sa.lifetime is not None
    if lowered and turn.behaviour.responder_lifetime_notify:
        data = build_attributes(
            life_attributes(
                Phase1Attribute.LIFE_TYPE,
                Phase1Attribute.LIFE_DURATION,
                Lifetimes(sa.lifetime, None),
            )
        )
        found.append(Notification(NotifyType.RESPONDER_LIFETIME, Protocol.ISAKMP, spi, data))
    return found
