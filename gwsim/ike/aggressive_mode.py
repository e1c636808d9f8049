"""Aggressive mode with pre-shared keys (RFC 2409 5.4): three messages, identities in the clear.

    initiator                                responder
    aggr-1  SA, KE, Ni, IDii, VID...    -->
                                        <--  aggr-2  SA, KE, Nr, IDir, HASH_R, VID..., [NAT-D x2]
    aggr-3  {HASH_I, [NAT-D x2], [N]}   -->  (on UDP 4500 when a NAT was found)

The group cannot be negotiated: the public value of aggr-1 already has its size. The identity comes
first, so a key can be chosen by it; for the same reason a wrong key is noticed by the *initiator*,
in HASH_R. aggr-3 may come clear or encrypted; we encrypt it.
"""

from gwsim.ike import identities, nat_traversal, phase1
from gwsim.ike.config import Identity
from gwsim.ike.exchange import Exchange, Protection, Step
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Inbound
from gwsim.ike.sa import IkeSa, need
from gwsim.ike.states import Role, State
from gwsim.ike.turn import Turn
from gwsim.wire.numbers import ExchangeType, PayloadType
from gwsim.wire.payloads import Identification, Notification, Payload


def build_aggr_1(sa: IkeSa, turn: Turn) -> list[Payload]:
    """Offer transforms of one group, with that group's public value and our identity."""
    group = sa.offers[0].group
    sa.offers = tuple(t for t in sa.offers if t.group == group)
    sa.offered_group = group
    return [
        phase1.offer(sa),
        *phase1.key_payloads(sa, turn),
        identities.identity(sa, turn),
        *phase1.vendor_id_payloads(sa, turn, "aggr-1"),
    ]


def take_aggr_1(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Find the connection by identity if the address did not tell, choose, agree on the secret."""
    _match_by_identity(sa, message)
    choice = phase1.take_offer(sa, turn, message)
    phase1.require_key(sa)
    phase1.check_key_payloads(message, choice.agreed.group)
    phase1.agree(sa, turn, message, choice)
    secret = phase1.agree_on_secret(sa, turn, message)
    identities.check_identity(sa, turn, message)
    identities.note_identity(sa, message)
    phase1.note_vendor_ids(sa, message)
    nat_traversal.choose(sa, turn)
    phase1.make_keys(sa, turn, message, secret)


def _match_by_identity(sa: IkeSa, message: Inbound) -> None:
    """Find the connection that expects who the peer says it is.

    Several peers behind one NAT have one address, and so the identity decides among connections
    that the address has found as well; where it fits none of them, the first of these stays.
    """
    payload = message.the(Identification)
    text = identities.decode_identity(payload)
    said = Identity(payload.id_type, text)
    found = next((c for c in sa.candidates if c.remote_id == said), sa.connection)
    found = found or next((c for c in sa.candidates if c.remote_id is None), None)
    if found is None:
        raise Refused(Flaw.UNKNOWN_PEER, f"no connection for identity {text}")
    if found is not sa.connection:
        sa.connection, sa.offers = found, found.phase1


def build_aggr_2(sa: IkeSa, turn: Turn) -> list[Payload]:
    """The chosen transform, our public value, identity and proof."""
    return [
        need(sa.answer, "an agreed proposal"),
        *phase1.key_payloads(sa, turn),
        identities.identity(sa, turn),
        identities.own_hash(sa),
        *phase1.vendor_id_payloads(sa, turn, "aggr-2"),
        *nat_traversal.discovery_payloads(sa, turn.rng),
    ]


def take_aggr_2(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Check the answer and HASH_R: here a wrong pre-shared key shows."""
    choice = phase1.take_answer(sa, message)
    phase1.check_key_payloads(message, choice.agreed.group)
    secret = phase1.agree_on_secret(sa, turn, message)
    phase1.agree(sa, turn, message, choice)
    phase1.note_vendor_ids(sa, message)
    nat_traversal.choose(sa, turn)
    nat_traversal.compare(sa, turn, message)
    phase1.make_keys(sa, turn, message, secret)
    identities.check_identity(sa, turn, message)
    identities.check_hash(sa, message, message.raw(Identification))
    identities.note_identity(sa, message)


def build_aggr_3(sa: IkeSa, turn: Turn) -> list[Payload]:
    """Our proof; with NAT-T the address hashes."""
    return [
        identities.own_hash(sa),
        *nat_traversal.discovery_payloads(sa, turn.rng),
        *phase1.status_notices(sa, turn, "aggr-3"),
        *phase1.vendor_id_payloads(sa, turn, "aggr-3"),
    ]


def take_aggr_3(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Check HASH_I."""
    identities.check_hash(sa, message, sa.peer_id_body)
    nat_traversal.compare(sa, turn, message)
    sa.notices += message.every(Notification)


_T = PayloadType
_FIRST = frozenset({_T.SA, _T.KEY_EXCHANGE, _T.NONCE, _T.IDENTIFICATION})
_EXTRA = frozenset({_T.VENDOR_ID, _T.NAT_D, _T.NAT_D_DRAFT, _T.NOTIFICATION})
_VID = frozenset({_T.VENDOR_ID})
_HASH = frozenset({_T.HASH})
_I, _R = Role.INITIATOR, Role.RESPONDER
_PROVE = identities.prove

AGGRESSIVE_MODE: Exchange[IkeSa] = Exchange(
    "aggressive",
    ExchangeType.AGGRESSIVE,
    1,
    State.ESTABLISHED,
    (
        Step("aggr-1", _I, Protection.CLEAR, _FIRST, _VID, build_aggr_1, take_aggr_1),
        Step(
            "aggr-2",
            _R,
            Protection.CLEAR,
            _FIRST | _HASH,
            _EXTRA,
            build_aggr_2,
            take_aggr_2,
            _PROVE,
        ),
        Step("aggr-3", _I, Protection.EITHER, _HASH, _EXTRA, build_aggr_3, take_aggr_3, _PROVE),
    ),
)
