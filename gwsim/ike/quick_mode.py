"""Quick mode (RFC 2409 5.5): one pair of IPsec SAs, under the protection of phase 1.

    initiator                                          responder
    quick-1  {HASH(1), SA, Ni, [KE], [IDci, IDcr]} -->
                                          <--  quick-2  {HASH(2), SA, Nr, [KE], [IDci, IDcr]}
    quick-3  {HASH(3)}                             -->

KE is there if and only if the transforms name a group (PFS). The responder may not narrow the
proxy IDs: it accepts them or answers INVALID-ID-INFORMATION. When quick-3 is lost the initiator
is up and the responder is not; a resent quick-2 heals it.
"""

from gwsim.crypto import dh, hashes, skeyid
from gwsim.crypto.errors import BadPublicValue, UnsupportedAlgorithm
from gwsim.crypto.esp import EspSuite
from gwsim.ike import nat_traversal, offers, phase1, proposals, proxy_ids
from gwsim.ike.config import ChildConfig
from gwsim.ike.events import (
    LifetimeCompared,
    PfsRefused,
    ProposalAccepted,
    ProposalRefused,
)
from gwsim.ike.exchange import Exchange, Protection, Step
from gwsim.ike.explain import flaw_of, told
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Inbound
from gwsim.ike.lifetimes import Lifetimes, life_attributes, phase2_default
from gwsim.ike.sa import QuickMode, need
from gwsim.ike.states import Role, State
from gwsim.ike.turn import Turn
from gwsim.wire.codec import build_payloads
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import (
    EspAuthentication,
    ExchangeType,
    NotifyType,
    PayloadType,
    Phase2Attribute,
    Protocol,
)
from gwsim.wire.payloads import (
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    Notification,
    Payload,
    Proposal,
    SecurityAssociation,
)
from gwsim.wire.proposals import build_attributes
from gwsim.wire.selector import Selector


def build_quick_1(qm: QuickMode, turn: Turn) -> list[Payload]:
    """Offer the child's transforms for its proxy IDs, with a public value when PFS is wanted."""
    child, local, remote = _subject(qm)
    qm.own_spi = turn.new_spi(qm.message_id)
    qm.own_nonce = turn.rng.randbytes(turn.behaviour.nonce_length)
    qm.pfs_group = child.pfs_group
    qm.transport = _wants_transport(qm, turn, child, local, remote)
    mode = nat_traversal.encapsulation(qm.sa, qm.transport)
    rest: list[Payload] = [
        offers.offer_phase2(child, qm.own_spi, qm.pfs_group, mode, turn.behaviour.long_phase2_life),
        Nonce(qm.own_nonce),
        *_key_exchange(qm, turn),
        local.identification,
        remote.identification,
        *phase1.status_notices(qm.sa, turn, "quick-1"),
    ]
    return [Hash(prove_quick_1(qm, build_payloads(rest))), *rest]


def take_quick_1(qm: QuickMode, turn: Turn, message: Inbound) -> None:
    """Check the hash, then proxy IDs, then proposals, then the public value."""
    _check(message, prove_quick_1(qm, message.after_first()))
    nonce = message.the(Nonce).data
    phase1.check_nonce(nonce)
    child, local, remote = proxy_ids.match(qm, turn, message)
    transport = _wants_transport(qm, turn, child, local, remote)
    choice = _choose(qm, turn, child, transport, message)
    secret_pair = _responder_key(turn, message, choice.group)
    qm.child, qm.local_sel, qm.remote_sel, qm.transport = child, local, remote, transport
    qm.ids = tuple(message.every(Identification))
    qm.peer_nonce = nonce
    qm.own_nonce = turn.rng.randbytes(turn.behaviour.nonce_length)
    qm.own_spi = turn.new_spi(qm.message_id)
    qm.pfs_group = choice.group
    if secret_pair is not None:
        qm.pair, qm.shared = secret_pair
    _agree(qm, turn, choice)
    qm.notices += message.every(Notification)


def build_quick_2(qm: QuickMode, turn: Turn) -> list[Payload]:
    """Return the chosen transform with our SPI, our nonce and the proxy IDs as they came."""
    rest: list[Payload] = [
        need(qm.answer, "an agreed proposal"),
        Nonce(qm.own_nonce),
        *([KeyExchange(qm.pair.public)] if qm.pair else []),
        *qm.ids,
        *_responder_notices(qm, turn),
    ]
    return [Hash(prove_quick_2(qm, build_payloads(rest))), *rest]


def take_quick_2(qm: QuickMode, turn: Turn, message: Inbound) -> None:
    """Check that the responder chose from our offer and kept our proxy IDs."""
    _check(message, prove_quick_2(qm, message.after_first()))
    nonce = message.the(Nonce).data
    phase1.check_nonce(nonce)
    child, local, remote = _subject(qm)
    proxy_ids.confirm(qm, message, local, remote)
    mode = nat_traversal.encapsulation(qm.sa, qm.transport)
    choice = proposals.confirm_phase2(message.the(SecurityAssociation), child, qm.pfs_group, mode)
    shared = _answered_key(qm, message)
    qm.shared = shared
    qm.peer_nonce = nonce
    _agree(qm, turn, choice)
    qm.notices += message.every(Notification)


def build_quick_3(qm: QuickMode, turn: Turn) -> list[Payload]:
    """The proof that the initiator is alive (RFC 2409 5.5)."""
    return [Hash(prove_quick_3(qm))]


def take_quick_3(qm: QuickMode, turn: Turn, message: Inbound) -> None:
    """Check HASH(3); the SAs may be used now."""
    _check(message, prove_quick_3(qm))


def prove_quick_1(qm: QuickMode, rest: bytes) -> bytes:
    """Compute HASH(1) over everything behind it (RFC 2409 5.5)."""
    return skeyid.hash_1(*_hash_key(qm), rest)


def prove_quick_2(qm: QuickMode, rest: bytes) -> bytes:
    """Compute HASH(2), which covers the initiator's nonce too."""
    return skeyid.hash_2(*_hash_key(qm), qm.nonces()[0], rest)


def prove_quick_3(qm: QuickMode, rest: bytes = b"") -> bytes:
    """Compute HASH(3) over both nonces; it does not cover the `rest` of its message."""
    return skeyid.hash_3(*_hash_key(qm), *qm.nonces())


def suite_of(qm: QuickMode) -> EspSuite:
    """Give the ESP suite that was agreed."""
    c, child = need(qm.chosen, "an agreed transform"), need(qm.child, "a child")
    cut = child.truncated_sha256 and c.authentication == EspAuthentication.HMAC_SHA2_256
    return EspSuite(c.transform, c.key_bits, c.authentication, cut)


def keymat(qm: QuickMode) -> tuple[bytes, bytes]:
    """Compute KEYMAT for the inbound and the outbound SA (RFC 2409 5.5)."""
    k = need(qm.sa.keys, "keys")
    length = suite_of(qm).keymat_length
    ni, nr = qm.nonces()
    secret = qm.shared or None

    def one(spi: int) -> bytes:
        return skeyid.keymat(
            k.hash, k.skeyid_d, Protocol.ESP, spi.to_bytes(4, "big"), ni, nr, length, secret
        )

    return one(qm.own_spi), one(qm.peer_spi)


def _hash_key(qm: QuickMode) -> tuple[int, bytes, int]:
    k = need(qm.sa.keys, "keys")
    return k.hash, k.skeyid_a, qm.message_id


def _check(message: Inbound, expected: bytes) -> None:
    if not isinstance(message.parsed[0].payload, Hash):
        raise Refused(Flaw.PAYLOAD_TYPE, "the first payload of a quick mode must be HASH")
    if not hashes.constant_time_equal(expected, message.the(Hash).data):
        raise Refused(Flaw.HASH_QUICK, "HASH does not match")


def _subject(qm: QuickMode) -> tuple[ChildConfig, Selector, Selector]:
    return (
        need(qm.child, "a child"),
        need(qm.local_sel, "a local selector"),
        need(qm.remote_sel, "a remote selector"),
    )


def _wants_transport(
    qm: QuickMode, turn: Turn, child: ChildConfig, local: Selector, remote: Selector
) -> bool:
    """Say whether a child travels in transport mode: for some vendors only between the peers."""
    if not (child.transport and turn.behaviour.transport_needs_peers):
        return child.transport
    own = need(qm.sa.connection, "a connection").local
    ends = [parse_address(address) for address in (own, qm.sa.remote[0])]
    return ends == [local.first, remote.first] and ends == [local.last, remote.last]


def _key_exchange(qm: QuickMode, turn: Turn) -> list[Payload]:
    if qm.pfs_group is None:
        return []
    qm.pair = dh.generate(qm.pfs_group, turn.rng)
    return [KeyExchange(qm.pair.public)]


def _answered_key(qm: QuickMode, message: Inbound) -> bytes:
    """Compute as initiator g^xy of a quick mode with PFS; without it KE must not be there."""
    if qm.pair is not None:
        return _shared(qm.pair, message)
    if message.maybe(KeyExchange) is not None:
        raise Refused(Flaw.KEY_INFORMATION, "KE though no group was offered")
    return b""


def _shared(pair: dh.KeyPair, message: Inbound) -> bytes:
    ke = message.maybe(KeyExchange)
    if ke is None:
        raise Refused(Flaw.MISSING_PAYLOAD, "PFS was agreed on but KE is missing")
    try:
        return dh.shared_secret(pair, ke.data)
    except BadPublicValue as bad:
        raise Refused(Flaw.KEY_INFORMATION, str(bad)) from None


def _responder_key(
    turn: Turn, message: Inbound, group: int | None
) -> tuple[dh.KeyPair, bytes] | None:
    """Answer a public value; KE and group must come together (RFC 2409 5.5)."""
    if group is None:
        if message.maybe(KeyExchange) is not None:
            raise Refused(Flaw.KEY_INFORMATION, "KE without a group in the chosen transform")
        return None
    try:
        pair = dh.generate(group, turn.rng)
    except UnsupportedAlgorithm as unknown:
        raise Refused(Flaw.KEY_INFORMATION, str(unknown)) from None
    return pair, _shared(pair, message)


def _choose(
    qm: QuickMode, turn: Turn, child: ChildConfig, transport: bool, message: Inbound
) -> proposals.Phase2Choice:
    mode = nat_traversal.encapsulation(qm.sa, transport)
    b = turn.behaviour
    try:
        return proposals.choose_phase2(
            message.the(SecurityAssociation), child, mode, b.pfs, b.lifetime
        )
    except proposals.NoChoice as refusal:
        head = qm.head(turn.now)
        turn.emit(ProposalRefused(**head, phase=2, role=qm.role, comparisons=refusal.comparisons))
        flaw = flaw_of(refusal, Flaw.NO_PROPOSAL_PHASE2)
        wrong = refusal.only("pfs group")
        if flaw is Flaw.PFS and wrong is not None:
            turn.emit(
                PfsRefused(
                    **head,
                    message_id=qm.message_id,
                    offered=wrong.offered or 0,
                    wanted=wrong.wanted or 0,
                )
            )
        raise Refused(flaw, told(refusal.comparisons, 2)) from None


def _agree(qm: QuickMode, turn: Turn, choice: proposals.Phase2Choice) -> None:
    """Write the outcome of the proposal exchange into the quick mode and report it."""
    qm.chosen = choice.agreed
    qm.peer_spi = int.from_bytes(choice.proposal.spi, "big")
    qm.esn = choice.esn
    qm.udp = qm.sa.nat and bool(qm.sa.nat_variant)
    qm.lifetime_seconds = choice.lifetimes.seconds
    qm.lifetime_kilobytes = choice.lifetimes.kilobytes
    qm.lifetime_lowered = choice.lifetimes != choice.offered
    if qm.role is Role.RESPONDER:
        spi = qm.own_spi.to_bytes(4, "big")
        answer = Proposal(choice.proposal.number, Protocol.ESP, spi, (choice.transform,))
        qm.answer = SecurityAssociation((answer,))
    _report_agreed(qm, turn, choice)
    _compare_lifetimes(qm, turn, choice)


def _report_agreed(qm: QuickMode, turn: Turn, choice: proposals.Phase2Choice) -> None:
    turn.emit(
        ProposalAccepted(
            **qm.head(turn.now),
            phase=2,
            role=qm.role,
            proposal=choice.proposal.number,
            transform=choice.transform.number,
            policy=choice.policy,
            encryption=choice.agreed.transform,
            key_bits=choice.agreed.key_bits,
            authentication=choice.agreed.authentication,
            group=choice.group,
            lifetime_seconds=choice.lifetimes.seconds,
            lifetime_kilobytes=choice.lifetimes.kilobytes,
        )
    )


def _compare_lifetimes(qm: QuickMode, turn: Turn, choice: proposals.Phase2Choice) -> None:
    child = need(qm.child, "a child")
    ours = phase2_default(child.lifetime_seconds, child.lifetime_kilobytes)
    theirs, chosen = choice.offered, choice.lifetimes
    for unit, a, b, c in (
        ("seconds", ours.seconds, theirs.seconds, chosen.seconds),
        ("kilobytes", ours.kilobytes, theirs.kilobytes, chosen.kilobytes),
    ):
        turn.emit(
            LifetimeCompared(
                **qm.head(turn.now),
                phase=2,
                role=qm.role,
                unit=unit,
                ours=a,
                theirs=b,
                chosen=c,
                message_id=qm.message_id,
            )
        )


def _responder_notices(qm: QuickMode, turn: Turn) -> list[Payload]:
    """RESPONDER-LIFETIME and REPLAY-STATUS, where the vendor sends them (RFC 2407 4.6.3)."""
    found: list[Payload] = []
    spi = qm.own_spi.to_bytes(4, "big")
    if turn.behaviour.responder_lifetime_notify and qm.lifetime_lowered:
        life = Lifetimes(qm.lifetime_seconds, qm.lifetime_kilobytes)
        data = build_attributes(
            life_attributes(Phase2Attribute.LIFE_TYPE, Phase2Attribute.LIFE_DURATION, life)
        )
        found.append(Notification(NotifyType.RESPONDER_LIFETIME, Protocol.ESP, spi, data))
    if turn.behaviour.replay_status_notify:
        on = int(need(qm.child, "a child").replay_window > 0).to_bytes(4, "big")
        found.append(Notification(NotifyType.REPLAY_STATUS, Protocol.ESP, spi, on))
    return found


_T = PayloadType
_OFFER = frozenset({_T.HASH, _T.SA, _T.NONCE})
_OFFER_EXTRA = frozenset({_T.KEY_EXCHANGE, _T.IDENTIFICATION, _T.NOTIFICATION, _T.VENDOR_ID})
_OFFER_EXTRA |= {_T.NAT_OA, _T.NAT_OA_DRAFT}
_HASH = frozenset({_T.HASH})
_LAST_EXTRA = frozenset({_T.NOTIFICATION})
_I, _R = Role.INITIATOR, Role.RESPONDER
_CIPHER = Protection.ENCRYPTED

QUICK_MODE: Exchange[QuickMode] = Exchange(
    "quick",
    ExchangeType.QUICK_MODE,
    2,
    State.INSTALLED,
    (
        Step(
            "quick-1", _I, _CIPHER, _OFFER, _OFFER_EXTRA, build_quick_1, take_quick_1, prove_quick_1
        ),
        Step(
            "quick-2", _R, _CIPHER, _OFFER, _OFFER_EXTRA, build_quick_2, take_quick_2, prove_quick_2
        ),
        Step(
            "quick-3", _I, _CIPHER, _HASH, _LAST_EXTRA, build_quick_3, take_quick_3, prove_quick_3
        ),
    ),
)
