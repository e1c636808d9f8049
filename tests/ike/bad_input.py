"""One crafted input for every row of the bad-input table.

A case prepares two endpoints, lets one of them hear something bad, and says which end that was,
whether that end had an ISAKMP SA that must survive, and whether it had keys to answer with.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gwsim.ike.flaws import Flaw
from gwsim.ike.offers import offer_phase2
from gwsim.wire.numbers import ExchangeType, Flag, IdType, NotifyType, Protocol
from gwsim.wire.payloads import (
    Attribute,
    Delete,
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    Notification,
    Payload,
    SecurityAssociation,
    Signature,
    VendorId,
)
from tests.ike.configs import child
from tests.ike.forge import Forger, clear, edited_clear, rewrite, sa_of, with_header
from tests.ike.pair import Pair, connected, facing

QUICK = ExchangeType.QUICK_MODE
MAIN = ExchangeType.IDENTITY_PROTECTION
STRANGE_COOKIES = (b"12345678", b"87654321")


@dataclass(frozen=True)
class Case:
    """A bad input: `run` prepares, injects it and gives the pair; `side` heard it.

    `established`: an ISAKMP SA and its child were up at `side` and must be so afterwards. `keys`:
    the answer can be protected. `informational`: it came in a message that is never answered.
    """

    run: Callable[..., Pair]
    side: str = "B"
    established: bool = True
    keys: bool = True
    informational: bool = False


def quick_1(
    proposal: dict[str, Any] | None = None,
    transform: dict[str, Any] | None = None,
    more: tuple[Payload, ...] = (),
    nonce: bytes = bytes(16),
    ids: int = 2,
    **sa: Any,
) -> list[Payload]:
    """The payloads of a quick-1 of A, with changes, behind its hash."""
    config, peer = child("A"), child("B")
    good = offer_phase2(config, 0x7000, None, 1).proposals[0]
    only = replace(good.transforms[0], **(transform or {}))
    changed = replace(good, **{"transforms": (only,), **(proposal or {})})
    offered = SecurityAssociation((changed,), **sa)
    identities = [config.local.identification, peer.local.identification]
    return [offered, Nonce(nonce), *identities[:ids], *more]


def to_b(make: Callable[[Pair], bytes], **changes: Any) -> Callable[..., Pair]:
    """A healthy pair; B hears what `make` gives."""

    def run(**both: Any) -> Pair:
        pair = connected(**{**changes, **both})
        pair.hand("B", make(pair))
        return pair

    return run


def quick(payloads: list[Payload], value: bytes | None = None) -> Callable[[Pair], bytes]:
    """A protected quick-1."""
    return lambda pair: Forger(pair, "A").phase2(QUICK, payloads, 0xBAD, value)


def in_clear(exchange: int, **header: Any) -> Callable[[Pair], bytes]:
    """A message of the living ISAKMP SA in the clear."""
    return lambda pair: clear(sa_of(pair, "B").cookies, exchange, [VendorId(b"x")], **header)


def altered(words: str, change: Callable[[bytes], bytes], **changes: Any) -> Callable[..., Pair]:
    """A conversation in which one message is altered on its way, once."""

    def run(**both: Any) -> Pair:
        pair = facing(**{**changes, **both})
        pair.alter(words, change)
        pair.initiate()
        return pair

    return run


def rewritten(words: str, edit: Callable[[list[Payload]], list[Payload]], rehash: bool = True):
    """A conversation in which the sender of one message says something else."""

    def run(**both: Any) -> Pair:
        pair = facing(**both)
        rewrite(pair, words, edit, rehash)
        pair.initiate()
        return pair

    return run


def begun(a: dict[str, Any] | None = None, b: dict[str, Any] | None = None):
    """A conversation between two that do not fit."""

    def run(**both: Any) -> Pair:
        pair = facing(a=a, b=b, **both)
        pair.initiate()
        return pair

    return run


def truncated_payload(data: bytes) -> bytes:
    """Let the first payload of a message claim to be longer than the message."""
    return data[:30] + b"\xff\xff" + data[32:]


def other_identity(payloads: list[Payload]) -> list[Payload]:
    return [
        Identification(IdType.FQDN, b"stranger") if isinstance(p, Identification) else p
        for p in payloads
    ]


def other_hash(payloads: list[Payload]) -> list[Payload]:
    return [Hash(bytes(len(p.data))) if isinstance(p, Hash) else p for p in payloads]


def other_group(payloads: list[Payload]) -> list[Payload]:
    """Answer with a transform that was never offered."""
    sa = payloads[0]
    assert isinstance(sa, SecurityAssociation)
    only = sa.proposals[0].transforms[0]
    attributes = tuple(Attribute.number(4, 14) if a.type == 4 else a for a in only.attributes)
    proposal = replace(sa.proposals[0], transforms=(replace(only, attributes=attributes),))
    return [SecurityAssociation((proposal,)), *payloads[1:]]


def stranger_knocks(**both: Any) -> Pair:
    pair = facing(**both)
    pair.drop("A main-1", None)
    pair.initiate()
    pair.hand("B", pair.last("A main-1").data, ("192.0.2.66", 500))
    return pair


def quick_mode_too_early(**both: Any) -> Pair:
    pair = facing(**both)
    pair.drop("A main-3", None)
    pair.initiate()
    data = clear(sa_of(pair, "B").cookies, QUICK, [VendorId(b"x" * 12)], 7, flags=1)
    pair.hand("B", data)
    return pair


def another_first_message(**both: Any) -> Pair:
    pair = facing(**both)
    pair.initiate()
    first = next(s.datagram.data for s in pair.said if s.label == "main-1")
    pair.forget()
    pair.hand("B", edited_clear(first, lambda ps: [*ps, VendorId(b"more")]))
    return pair


def after_the_float(**both: Any) -> Pair:
    pair = facing(**both, force_encapsulation=True)
    pair.initiate()
    quick_3 = pair.last("A quick-3").data
    pair.forget()
    pair.hand("B", quick_3, port=500)
    return pair


CASES: dict[Flaw, Case] = {
    Flaw.ZERO_COOKIE: Case(
        to_b(lambda pair: clear((bytes(8), b"87654321"), MAIN, [VendorId(b"x")])), keys=False
    ),
    Flaw.UNKNOWN_COOKIE: Case(
        to_b(lambda pair: clear(STRANGE_COOKIES, MAIN, [VendorId(b"x")])), keys=False
    ),
    Flaw.UNKNOWN_COOKIE_ENCRYPTED: Case(
        to_b(lambda pair: clear(STRANGE_COOKIES, QUICK, [VendorId(b"x")], 9, flags=1)), keys=False
    ),
    Flaw.MAJOR_VERSION: Case(to_b(in_clear(MAIN, version=0x20)), keys=False),
    Flaw.MINOR_VERSION: Case(to_b(in_clear(MAIN, version=0x11)), keys=False),
    Flaw.EXCHANGE_TYPE: Case(to_b(in_clear(ExchangeType.TRANSACTION)), keys=False),
    Flaw.FLAGS: Case(to_b(in_clear(MAIN, flags=Flag.COMMIT)), keys=False),
    Flaw.CLEAR_TEXT: Case(to_b(in_clear(QUICK, message_id=9))),
    Flaw.MESSAGE_ID: Case(to_b(in_clear(QUICK, message_id=0))),
    Flaw.LENGTH: Case(to_b(in_clear(MAIN, length=999)), keys=False),
    Flaw.MALFORMED: Case(altered("A main-3", truncated_payload), established=False, keys=False),
    Flaw.UNDECRYPTABLE: Case(
        to_b(lambda pair: with_header(quick(quick_1())(pair), message_id=0xBAD + 1))
    ),
    Flaw.PAYLOAD_TYPE: Case(to_b(quick(quick_1(more=(Signature(bytes(8)),))))),
    Flaw.MISSING_PAYLOAD: Case(to_b(quick(quick_1()[:1]))),
    Flaw.TOO_MANY_PAYLOADS: Case(to_b(quick(quick_1(more=(VendorId(b"x"),) * 70)))),
    Flaw.DOI: Case(to_b(quick(quick_1(doi=2)))),
    Flaw.SITUATION: Case(to_b(quick(quick_1(situation=2)))),
    Flaw.PROPOSAL_SYNTAX: Case(to_b(quick(quick_1(proposal={"transforms": ()})))),
    Flaw.PROTOCOL_ID: Case(to_b(quick(quick_1(proposal={"protocol_id": 77})))),
    Flaw.SPI: Case(to_b(quick(quick_1(proposal={"spi": b"\0\0\0\7"})))),
    Flaw.TRANSFORM_ID: Case(to_b(quick(quick_1(transform={"transform_id": 77})))),
    Flaw.ATTRIBUTES: Case(
        to_b(
            quick(
                quick_1(
                    transform={
                        "attributes": (
                            *offer_phase2(child("A"), 256, None, 1)
                            .proposals[0]
                            .transforms[0]
                            .attributes,
                            Attribute.number(77, 1),
                        )
                    }
                )
            )
        )
    ),
    Flaw.NO_PROPOSAL_PHASE1: Case(
        altered("A main-1", lambda data: edited_clear(data, other_group)),
        established=False,
        keys=False,
    ),
    Flaw.NO_PROPOSAL_PHASE2: Case(to_b(quick(quick_1(transform={"transform_id": 3})))),
    Flaw.PFS: Case(begun(b={"pfs_group": 2})),
    Flaw.KEY_INFORMATION: Case(to_b(quick(quick_1(more=(KeyExchange(bytes(128)),))))),
    Flaw.NONCE: Case(to_b(quick(quick_1(nonce=bytes(7))))),
    Flaw.UNKNOWN_PEER: Case(stranger_knocks, established=False, keys=False),
    Flaw.EXCHANGE_MODE: Case(
        begun(a={"aggressive": True}, b={"accept_aggressive": False}),
        established=False,
        keys=False,
    ),
    Flaw.NO_PRE_SHARED_KEY: Case(begun(b={"psk": None}), established=False, keys=False),
    Flaw.PEER_ID: Case(rewritten("A main-5", other_identity), established=False),
    Flaw.PROXY_ID: Case(
        begun(a={"child_local": child("B").local, "child_remote": child("A").local})
    ),
    Flaw.QUICK_IDS: Case(to_b(quick(quick_1(ids=1)))),
    Flaw.HASH_PHASE1: Case(rewritten("A main-5", other_hash, rehash=False), established=False),
    Flaw.HASH_QUICK: Case(to_b(quick(quick_1(), value=bytes(20)))),
    Flaw.HASH_INFORMATIONAL: Case(
        to_b(
            lambda pair: Forger(pair, "A").info(Notification(NotifyType.CONNECTED), value=bytes(20))
        ),
        informational=True,
    ),
    Flaw.NO_PHASE1: Case(quick_mode_too_early, established=False, keys=False),
    Flaw.UNKNOWN_SPI: Case(
        to_b(lambda pair: Forger(pair, "A").info(Delete(Protocol.ESP, (b"gone",)))),
        informational=True,
    ),
    Flaw.HALF_OPEN_LIMIT: Case(begun(b={"half_open_limit": 0}), established=False, keys=False),
    Flaw.CHANGED_ANSWER: Case(
        altered("B main-2", lambda data: edited_clear(data, other_group)),
        side="A",
        established=False,
        keys=False,
    ),
    Flaw.UNEXPECTED: Case(another_first_message),
    Flaw.PORT: Case(after_the_float),
}
