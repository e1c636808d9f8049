"""Main mode with pre-shared keys (RFC 2409 5.4): six messages, the last two encrypted.

    initiator                                      responder
    main-1  SA, VID...                  -->
                                        <--        main-2  SA (one transform), VID...
    main-3  KE, Ni, VID..., [NAT-D x2]  -->
                                        <--        main-4  KE, Nr, VID..., [NAT-D x2]
    main-5  {IDii, HASH_I, [N]}         -->        (on UDP 4500 when a NAT was found)
                                        <--        main-6  {IDir, HASH_R, [N]}

The key belongs to the peer's address: the identity comes too late to choose by it. A wrong key is
first noticed by the responder, which cannot read main-5; nothing before main-5 depends on it.
"""

from gwsim.ike import identities, nat_traversal, phase1
from gwsim.ike.exchange import Exchange, Protection, Step
from gwsim.ike.inbound import Inbound
from gwsim.ike.sa import IkeSa, need
from gwsim.ike.states import Role, State
from gwsim.ike.turn import Turn
from gwsim.wire.numbers import ExchangeType, PayloadType
from gwsim.wire.payloads import Identification, Notification, Payload


def build_main_1(sa: IkeSa, turn: Turn) -> list[Payload]:
    """SA with every transform we accept, then what we can do."""
    return [phase1.offer(sa), *phase1.vendor_id_payloads(sa, turn, "main-1")]


def take_main_1(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Choose a transform, or say attribute by attribute why none will do."""
    choice = phase1.take_offer(sa, turn, message)
    phase1.agree(sa, turn, message, choice)
    phase1.note_vendor_ids(sa, message)
    nat_traversal.choose(sa, turn)


def build_main_2(sa: IkeSa, turn: Turn) -> list[Payload]:
    """SA with the chosen transform, unaltered."""
    return [need(sa.answer, "an agreed proposal"), *phase1.vendor_id_payloads(sa, turn, "main-2")]


def take_main_2(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Check that the answer is one of our transforms."""
    choice = phase1.take_answer(sa, message)
    phase1.agree(sa, turn, message, choice)
    phase1.note_vendor_ids(sa, message)
    nat_traversal.choose(sa, turn)


def build_main_3(sa: IkeSa, turn: Turn) -> list[Payload]:
    """Our public value and nonce; with NAT-T the hashes of both addresses."""
    return [
        *phase1.key_payloads(sa, turn),
        *phase1.vendor_id_payloads(sa, turn, "main-3"),
        *nat_traversal.discovery_payloads(sa, turn.rng),
    ]


def take_main_3(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Need the peer's key now; then agree on the secret."""
    phase1.require_key(sa)
    _take_key_message(sa, turn, message)


def build_main_4(sa: IkeSa, turn: Turn) -> list[Payload]:
    """The mirror image of main-3."""
    return [
        *phase1.key_payloads(sa, turn),
        *phase1.vendor_id_payloads(sa, turn, "main-4"),
        *nat_traversal.discovery_payloads(sa, turn.rng),
    ]


def take_main_4(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Agree on the secret; from here on everything is encrypted."""
    _take_key_message(sa, turn, message)


def _take_key_message(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    phase1.check_key_payloads(message, sa.offered_group)
    secret = phase1.agree_on_secret(sa, turn, message)
    phase1.note_vendor_ids(sa, message)
    nat_traversal.compare(sa, turn, message)
    phase1.make_keys(sa, turn, message, secret)


def build_main_5(sa: IkeSa, turn: Turn) -> list[Payload]:
    """Who we are and the proof that we hold the key."""
    return _proof(sa, turn, "main-5")


def take_main_5(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Check the initiator's identity and proof."""
    _take_proof(sa, turn, message)


def build_main_6(sa: IkeSa, turn: Turn) -> list[Payload]:
    """Who the responder is and its proof."""
    return _proof(sa, turn, "main-6")


def take_main_6(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    """Check the responder's identity and proof."""
    _take_proof(sa, turn, message)


def _proof(sa: IkeSa, turn: Turn, label: str) -> list[Payload]:
    who = identities.identity(sa, turn)
    return [
        who,
        identities.own_hash(sa),
        *phase1.keepalive_offer(sa, turn),
        *phase1.status_notices(sa, turn, label),
        *phase1.vendor_id_payloads(sa, turn, label),
    ]


def _take_proof(sa: IkeSa, turn: Turn, message: Inbound) -> None:
    connection = identities.meant(sa, message)
    identities.check_identity(sa, turn, message, connection)
    identities.check_hash(sa, message, message.raw(Identification))
    sa.connection = connection
    identities.note_identity(sa, message)
    phase1.note_vendor_ids(sa, message)
    sa.notices += message.every(Notification)


_T = PayloadType
_KEYS = frozenset({_T.KEY_EXCHANGE, _T.NONCE})
_EXTRA = frozenset({_T.VENDOR_ID, _T.NAT_D, _T.NAT_D_DRAFT, _T.CERTIFICATE_REQUEST})
_PROOF = frozenset({_T.IDENTIFICATION, _T.HASH})
_PROOF_EXTRA = frozenset({_T.NOTIFICATION, _T.VENDOR_ID})
_SA = frozenset({_T.SA})
_VID = frozenset({_T.VENDOR_ID})
_I, _R = Role.INITIATOR, Role.RESPONDER
_CLEAR, _CIPHER = Protection.CLEAR, Protection.ENCRYPTED
_PROVE = identities.prove

MAIN_MODE: Exchange[IkeSa] = Exchange(
    "main",
    ExchangeType.IDENTITY_PROTECTION,
    1,
    State.ESTABLISHED,
    (
        Step("main-1", _I, _CLEAR, _SA, _VID, build_main_1, take_main_1),
        Step("main-2", _R, _CLEAR, _SA, _VID, build_main_2, take_main_2),
        Step("main-3", _I, _CLEAR, _KEYS, _EXTRA, build_main_3, take_main_3),
        Step("main-4", _R, _CLEAR, _KEYS, _EXTRA, build_main_4, take_main_4),
        Step("main-5", _I, _CIPHER, _PROOF, _PROOF_EXTRA, build_main_5, take_main_5, _PROVE),
        Step("main-6", _R, _CIPHER, _PROOF, _PROOF_EXTRA, build_main_6, take_main_6, _PROVE),
    ),
)
