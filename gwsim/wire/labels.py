"""Message labels: the one vocabulary for what travels between two gateways.

Path rules, traces, ladders, expectations and the names of states all say `main-4` or `quick-2`.
The engine knows what it sends and labels it exactly. Whoever stands in between has only the
octets; the Labeller says as much as they give away. Under encryption it cannot tell an
informational message's purpose and calls it `info`, which covers the finer labels of the engine.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar

from gwsim.wire.codec import HEADER_SIZE, Header, parse_header, parse_payloads
from gwsim.wire.encapsulation import Encapsulated, classify, unwrap_ike
from gwsim.wire.errors import WireError
from gwsim.wire.numbers import (
    ISAKMP_VERSION,
    NAT_T_PORT,
    ExchangeType,
    NotifyType,
    PayloadType,
)
from gwsim.wire.payloads import Delete, Notification, Payload

_SENTENCES: dict[str, str] = {
    "main-1": "The initiator offers its phase 1 proposals: SA and vendor IDs, in the clear.",
    "main-2": "The responder returns the transform it chose: SA and vendor IDs, in the clear.",
    "main-3": "The initiator sends its Diffie-Hellman value: KE, nonce, NAT-D, in the clear.",
    "main-4": "The responder sends its Diffie-Hellman value: KE, nonce, NAT-D, in the clear.",
    "main-5": "The initiator names and proves itself: ID and HASH_I, encrypted, on 4500 with NAT.",
    "main-6": "The responder names and proves itself: ID and HASH_R, encrypted.",
    "aggr-1": "The initiator offers and names itself: SA, KE, nonce, ID, all in the clear.",
    "aggr-2": "The responder chooses and proves itself: SA, KE, nonce, ID, HASH_R, in the clear.",
    "aggr-3": "The initiator proves itself: HASH_I and NAT-D, encrypted or in the clear.",
    "quick-1": "One side offers phase 2: HASH(1), SA, nonce, with PFS KE, proxy IDs, encrypted.",
    "quick-2": "The other accepts: HASH(2), SA, nonce, with PFS KE, proxy IDs, encrypted.",
    "quick-3": "The first proves that it is alive: HASH(3) alone, encrypted.",
    "info": "An informational message whose content is encrypted: HASH(1), then notify or delete.",
    "info-notify": "A notify, an error or a status: encrypted once there are keys, else clear.",
    "info-delete": "A delete: its SPIs are no longer in use. Encrypted once there are keys.",
    "info-dpd": "A dead peer detection probe: notify R-U-THERE with a sequence number, encrypted.",
    "info-dpd-ack": "The answer to a probe: notify R-U-THERE-ACK, the same number, encrypted.",
    "transaction": "A mode-config or XAUTH exchange: HASH and attributes, encrypted.",
    "esp": "A protected packet: SPI and sequence number in the clear, the rest encrypted.",
    "keepalive": "One octet 0xFF that keeps a NAT binding alive; nobody answers it.",
    "unknown": "Something that is neither ISAKMP nor ESP, or not in an exchange known here.",
}

LABELS: tuple[str, ...] = tuple(_SENTENCES)
"""All labels a message can have."""

FAMILIES: tuple[str, ...] = ("main", "aggr", "quick", "info", "any")
"""The words that stand for several labels; `info` is also a label of its own."""

MAX_EXCHANGES = 4096
"""How many exchanges a Labeller remembers, of phase 1 and of quick mode each."""

_Key = TypeVar("_Key")
_Exchange = TypeVar("_Exchange")
_NO_COOKIE = bytes(8)
_NOTIFY_LABELS: dict[int, str] = {
    NotifyType.R_U_THERE: "info-dpd",
    NotifyType.R_U_THERE_ACK: "info-dpd-ack",
}


def describe(label: str) -> str:
    """Say in a sentence what a message of this label carries; raises KeyError for no label."""
    return _SENTENCES[label]


def generalises(rule_label: str, label: str) -> bool:
    """Say whether a rule's word covers a label: itself, its family, or `any`."""
    if rule_label in (label, "any"):
        return True
    return rule_label in FAMILIES and label.startswith(f"{rule_label}-")


def informational_label(payloads: Iterable[Payload]) -> str:
    """Name an informational message by its first delete or notify; `info` where it has neither."""
    for payload in payloads:
        if isinstance(payload, Delete):
            return "info-delete"
        if isinstance(payload, Notification):
            return _NOTIFY_LABELS.get(payload.notify_type, "info-notify")
    return "info"


@dataclass(slots=True)
class _Side:
    """One end of a phase 1 exchange: where it sends from, and whether it is the initiator."""

    direction: Hashable
    is_initiator: bool


@dataclass(slots=True)
class _QuickMode:
    """What was seen of a quick mode: who began, the digests of what each side sent, labelled."""

    initiator: Hashable
    labels: dict[bytes, str] = field(default_factory=dict)


class Labeller:
    """Names the datagrams between two gateways from their octets alone, as a middlebox sees them.

    It must see every datagram once, in the order of sending, also those that get lost afterwards.
    The same octets get the same label again: they are a retransmission. It remembers the last
    `MAX_EXCHANGES` exchanges that said something.
    """

    def __init__(self) -> None:
        self._phase1: OrderedDict[bytes, _Side] = OrderedDict()
        self._quick: OrderedDict[tuple[bytes, bytes, int], _QuickMode] = OrderedDict()

    def label(self, payload: bytes, sport: int, dport: int, sender: Hashable) -> str:
        """Name one UDP payload, its non-ESP marker included when a port is 4500.

        `sender` tells the two directions apart; a source address will do, a source port will not,
        since it changes in the middle of an exchange.
        """
        try:
            if NAT_T_PORT in (sport, dport):
                kind = classify(payload)
                if kind is not Encapsulated.IKE:
                    return str(kind)
                payload = unwrap_ike(payload)
            header = parse_header(payload)
        except WireError:
            return "unknown"
        if header.version >> 4 != ISAKMP_VERSION >> 4:
            return "unknown"
        return self._label_message(header, payload, sender)

    def _label_message(self, header: Header, message: bytes, sender: Hashable) -> str:
        match header.exchange_type:
            case ExchangeType.IDENTITY_PROTECTION:
                return self._label_main(header, sender)
            case ExchangeType.AGGRESSIVE:
                return self._label_aggressive(header, sender)
            case ExchangeType.QUICK_MODE:
                return self._label_quick(header, message, sender)
            case ExchangeType.INFORMATIONAL:
                return _label_informational(header, message)
            case ExchangeType.TRANSACTION:
                return "transaction"
        return "unknown"

    def _label_main(self, header: Header, sender: Hashable) -> str:
        """Main mode needs no counting: cookie, sender and cipher tell the six messages apart."""
        is_initiator = self._is_initiator(header, sender)
        if header.responder_cookie == _NO_COOKIE:
            return "main-1"
        # Only messages that are encrypted inside grow so long that Cisco cuts them.
        if header.encrypted or header.next_payload == PayloadType.FRAGMENT:
            return "main-5" if is_initiator else "main-6"
        if is_initiator:
            return "main-3"
        return "main-2" if header.next_payload == PayloadType.SA else "main-4"

    def _label_aggressive(self, header: Header, sender: Hashable) -> str:
        is_initiator = self._is_initiator(header, sender)
        if header.responder_cookie == _NO_COOKIE:
            return "aggr-1"
        return "aggr-3" if is_initiator else "aggr-2"

    def _is_initiator(self, header: Header, sender: Hashable) -> bool:
        """Say whether the sender began this phase 1, by the first message seen of it."""
        side = self._phase1.get(header.initiator_cookie)
        if header.responder_cookie == _NO_COOKIE:
            side = _Side(sender, True)
        elif side is None:
            # The beginning was missed. A clear SA with both cookies can only be an answer.
            answers = header.next_payload == PayloadType.SA and not header.encrypted
            side = _Side(sender, not answers)
        self._phase1[header.initiator_cookie] = side
        _trim(self._phase1, header.initiator_cookie)
        return side.is_initiator == (side.direction == sender)

    def _label_quick(self, header: Header, message: bytes, sender: Hashable) -> str:
        """Quick mode is all cipher text, so that only order and sender are left to go by."""
        key = header.initiator_cookie, header.responder_cookie, header.message_id
        quick = self._quick.setdefault(key, _QuickMode(sender))
        _trim(self._quick, key)
        digest = blake2b(message, digest_size=16).digest()
        known = quick.labels.get(digest)
        if known is not None:
            return known
        expected = ("quick-1", "quick-3") if sender == quick.initiator else ("quick-2",)
        taken = quick.labels.values()
        label = next((label for label in expected if label not in taken), "unknown")
        if label != "unknown":
            quick.labels[digest] = label
        return label


def _label_informational(header: Header, message: bytes) -> str:
    if header.encrypted:
        return "info"
    try:
        parsed = parse_payloads(header.next_payload, message, HEADER_SIZE)
    except WireError:
        return "info"
    return informational_label(item.payload for item in parsed)


def _trim(memory: OrderedDict[_Key, _Exchange], latest: _Key) -> None:
    memory.move_to_end(latest)
    if len(memory) > MAX_EXCHANGES:
        memory.popitem(last=False)
