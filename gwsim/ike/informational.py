"""The informational exchange (RFC 2409 5.7, RFC 2408 4.8): notify and delete, one message.

    {HASH(1), N or D}       protected, once phase 1 has keys
    N                       clear, before that: a hint that changes nothing established

An informational exchange never answers another one, and error notifies to a peer are limited to
one per `Behaviour.notify_interval` seconds, so that two gateways cannot shout at each other. A peer
that asks for quick mode has proven who it is, and is told every time.
"""

from gwsim.crypto import hashes, skeyid
from gwsim.ike import crafting, post
from gwsim.ike.alterations import join
from gwsim.ike.crafting import Draft
from gwsim.ike.events import DeleteSent, DpdSent, NotifySent
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Arrival, Inbound
from gwsim.ike.ledger import Ledger
from gwsim.ike.messages import seal
from gwsim.ike.sa import ChildSa, IkeSa, Sent, need
from gwsim.ike.states import Role
from gwsim.ike.turn import Written
from gwsim.wire.codec import (
    ENCRYPTED,
    Header,
    build_payloads,
    build_raw,
    first_type,
)
from gwsim.wire.labels import informational_label
from gwsim.wire.numbers import ExchangeType, NotifyType, PayloadType, Protocol
from gwsim.wire.payloads import Delete, Hash, Notification, Payload

_DPD = (NotifyType.R_U_THERE, NotifyType.R_U_THERE_ACK)


def label_of(payloads: tuple[Payload, ...]) -> str:
    """Name an informational message by what it carries; one with nothing to tell is a notify."""
    label = informational_label(payloads)
    return "info-notify" if label == "info" else label


def send_protected(ledger: Ledger, sa: IkeSa, payload: Payload) -> None:
    """Send one payload encrypted under phase 1, with HASH(1) and an IV of its own."""
    k, message_id = need(sa.keys, "keys"), ledger.new_message_id(sa)
    header = Header(
        *sa.cookies,
        PayloadType.HASH,
        ExchangeType.INFORMATIONAL,
        ENCRYPTED,
        message_id,
    )

    def prove(rest: bytes) -> bytes:
        return skeyid.hash_1(k.hash, k.skeyid_a, message_id, rest)

    def protect(body: bytes) -> bytes:
        return seal(k, _iv(sa, header), body, ledger.turn.behaviour.always_pads)

    payloads: tuple[Payload, ...] = (Hash(prove(build_payloads([payload]))), payload)
    older = sa.earlier_id(message_id)
    draft = Draft(header, payloads, lambda pieces: prove(join(pieces)), protect, older)
    _send(ledger, sa, draft)


def send_clear(ledger: Ledger, sa: IkeSa, payload: Payload) -> None:
    """Send one payload without protection."""
    header = Header(
        *sa.cookies,
        first_type([payload]),
        ExchangeType.INFORMATIONAL,
        0,
        ledger.new_message_id(sa),
    )
    draft = Draft(header, (payload,), lambda pieces: b"", None)
    _send(ledger, sa, draft)


def _written(ledger: Ledger, draft: Draft) -> Written:
    """Put a message into octets, as it should be or with what this gateway writes wrongly."""
    due = ledger.turn.impaired.of(label_of(draft.payloads))
    if due:
        return crafting.write(draft, due, ledger.turn.impaired)
    body = build_payloads(draft.payloads)
    data = build_raw(draft.header, draft.protect(body) if draft.protect else body)
    return Written(data, draft.header, draft.payloads)


def _send(ledger: Ledger, sa: IkeSa, draft: Draft) -> None:
    written, label = _written(ledger, draft), label_of(draft.payloads)
    sent = Sent(written, label, ExchangeType.INFORMATIONAL, ledger.turn.now)
    if post.send(sa, ledger.turn, sent, Role.INITIATOR, sa.resting):
        _report_sent(ledger, sa, written)


def _report_sent(ledger: Ledger, sa: IkeSa, written: Written) -> None:
    head, header = ledger.head(sa), written.header
    for p in written.payloads:
        if isinstance(p, Delete):
            ledger.turn.emit(DeleteSent(**head, protocol_id=p.protocol_id, spis=p.spis))
        elif isinstance(p, Notification) and p.notify_type in _DPD:
            ack = p.notify_type == NotifyType.R_U_THERE_ACK
            sequence = int.from_bytes(p.data, "big")
            ledger.turn.emit(DpdSent(**head, sequence=sequence, ack=ack))
        elif isinstance(p, Notification):
            ledger.turn.emit(
                NotifySent(
                    **head,
                    notify_type=p.notify_type,
                    protocol_id=p.protocol_id,
                    spi=p.spi,
                    data=p.data,
                    protected=header.encrypted,
                    message_id=header.message_id,
                )
            )


def take(ledger: Ledger, sa: IkeSa, arrival: Arrival) -> Inbound:
    """Decrypt (if encrypted), parse and check the hash of an informational message.

    Raises `Refused`; a clear message is returned as it is and must be treated as a hint.
    """
    iv, role = _iv(sa, arrival.header), Role.RESPONDER
    message = post.open_message(sa, ledger.turn, arrival, iv, label_of, role, sa.resting)
    if arrival.header.encrypted:
        _check_hash(sa, message)
    return message


def _iv(sa: IkeSa, header: Header) -> bytes:
    """Give the IV of an informational exchange, b"" before there are keys."""
    return b"" if sa.keys is None else sa.keys.phase2_iv(header.message_id)


def _check_hash(sa: IkeSa, message: Inbound) -> None:
    if len(message.parsed) < 2 or not isinstance(message.parsed[0].payload, Hash):
        flaw = Flaw.PAYLOAD_TYPE if sa.up else Flaw.UNDECRYPTABLE
        raise Refused(flaw, "the first payload must be HASH and another must follow")
    k = need(sa.keys, "keys")
    message_id = message.header.message_id
    expected = skeyid.hash_1(k.hash, k.skeyid_a, message_id, message.after_first())
    if not hashes.constant_time_equal(expected, message.parsed[0].payload.data):
        raise Refused(Flaw.HASH_INFORMATIONAL, "HASH(1) does not match")


def delete_phase1(ledger: Ledger, sa: IkeSa) -> None:
    """Tell the peer that an ISAKMP SA is gone (SPI: both cookies, RFC 2408 3.15)."""
    send_protected(ledger, sa, Delete(Protocol.ISAKMP, (sa.spi,)))


def delete_children(ledger: Ledger, sa: IkeSa, children: list[ChildSa]) -> None:
    """Tell the peer which inbound SPIs of ours are gone."""
    spis = tuple(c.inbound_spi.to_bytes(4, "big") for c in children)
    send_protected(ledger, sa, Delete(Protocol.ESP, spis))


def may_complain(ledger: Ledger, address: str) -> bool:
    """Limit error notifies to one per interval and peer; counts the permitted one."""
    last = ledger.last_error_notify.get(address)
    now = ledger.turn.now
    if last is not None and now - last < ledger.turn.behaviour.notify_interval:
        return False
    if len(ledger.last_error_notify) >= 1024:
        ledger.last_error_notify.clear()
    ledger.last_error_notify[address] = now
    return True
