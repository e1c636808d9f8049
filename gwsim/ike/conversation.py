"""Running a table: speaking when it is our turn, hearing when it is the peer's.

Also what belongs to every exchange alike: encryption with its IV chain, resending what stays
unanswered by the vendor's schedule, and answering a duplicate with the stored reply. The waiting
side resends; a duplicate is recognised by its octets (RFC 2408 5.1).
"""

from typing import Any

from gwsim.crypto import ciphers
from gwsim.crypto.errors import CryptoError
from gwsim.ike.config import Schedule
from gwsim.ike.events import (
    DuplicateReceived,
    MessageReceived,
    MessageSent,
    PeerMoved,
    PortFloated,
    StateChanged,
)
from gwsim.ike.exchange import Protection, Step
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Inbound
from gwsim.ike.sa import IkeSa, Keys, Negotiation, Sent
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer
from gwsim.ike.turn import Datagram, Turn
from gwsim.wire.codec import (
    HEADER_SIZE,
    Header,
    Parsed,
    build_payloads,
    build_raw,
    first_type,
    parse_payloads,
)
from gwsim.wire.errors import ProposalSyntaxError, WireError
from gwsim.wire.numbers import Flag, PayloadType, name_of
from gwsim.wire.payloads import Payload, SecurityAssociation

_REPEATABLE = frozenset(
    {
        PayloadType.VENDOR_ID,
        PayloadType.NOTIFICATION,
        PayloadType.NAT_D,
        PayloadType.NAT_D_DRAFT,
        PayloadType.NAT_OA,
        PayloadType.NAT_OA_DRAFT,
        PayloadType.CERTIFICATE_REQUEST,
        PayloadType.IDENTIFICATION,
    }
)
_TOLERATED = frozenset({PayloadType.VENDOR_ID})


def speak(n: Negotiation, turn: Turn) -> None:
    """Send what the table says is ours to send, then note where we rest."""
    steps = n.exchange.steps
    while n.position < len(steps) and steps[n.position].sender is n.role:
        step: Step[Any] = steps[n.position]
        _float_if_due(n.ike, turn, step.label)
        payloads = step.build(n, turn)
        n.position += 1
        encrypted = step.protection is not Protection.CLEAR
        data = _compose(n, payloads, encrypted)
        n.sent = Sent(
            data=data,
            label=step.label,
            payloads=tuple(payloads),
            exchange_type=n.exchange.number,
            message_id=n.message_id,
            encrypted=encrypted,
            length=len(data),
            first=turn.now,
            schedule=_schedule(n, turn) if n.position < len(steps) else None,
        )
        _emit_sent(n, turn, n.sent, answers_duplicate=False)
        _post(n.ike, turn, data, step.label)
    _await(n)
    rest(n, turn)


def rest(n: Negotiation, turn: Turn) -> None:
    """Bring the state in line with the position and report a change."""
    new = n.exchange.state(n.role, n.position)
    if new is None or new is n.state:
        return
    old, n.state = n.state, new
    fresh = n.position <= 1 or (n.role is Role.RESPONDER and n.position == 2)
    turn.emit(
        StateChanged(
            at=turn.now,
            peer=n.ike.remote[0],
            connection=n.ike.connection.name if n.ike.connection else "",
            sa=n.ike.number,
            phase=n.exchange.phase,
            role=n.role,
            old=None if fresh else old,
            new=new,
            exchange=n.exchange.name,
            message_id=n.message_id,
        )
    )


def hear(
    n: Negotiation,
    turn: Turn,
    header: Header,
    data: bytes,
    ends: tuple[tuple[str, int], tuple[str, int]],
) -> Inbound:
    """Take the message the table awaits; `ends` is (source, destination). Raises `Refused`.

    Nothing of the negotiation changes when the message is refused.
    """
    step = awaited(n)
    _check_envelope(n, step, header)
    source, destination = ends
    encrypted = bool(header.flags & Flag.ENCRYPTION)
    body, parsed = _open(n, header, data, encrypted, turn, ends)
    message = Inbound(header, tuple(parsed), body, source, destination)
    _emit_received(n.ike, turn, message, step.label, n, len(data))
    _check_payloads(step, message, encrypted and n.exchange.phase == 1)
    try:
        step.take(n, turn, message)
    except Refused as refused:
        offer = message.maybe(SecurityAssociation)
        refused.spi = offer.proposals[0].spi if offer and offer.proposals else b""
        raise
    if encrypted and n.ike.keys is not None:
        n.iv = data[-n.ike.keys.block_size :]
    n.received.append(data)
    n.position += 1
    n.waiting = False
    n.timers.stop(Timer.RESEND, Timer.GIVE_UP)
    follow(n.ike, turn, source, destination)
    return message


def awaited(n: Negotiation) -> "Step[Any]":
    """Give the step the peer is expected to send, or refuse: nothing is awaited."""
    if n.position >= len(n.exchange.steps):
        raise Refused(Flaw.UNEXPECTED, f"{n.exchange.name} mode is finished")
    step: Step[Any] = n.exchange.steps[n.position]
    if step.sender is n.role:
        raise Refused(Flaw.UNEXPECTED, f"it is our turn to send {step.label}")
    return step


def follow(sa: IkeSa, turn: Turn, source: tuple[str, int], destination: tuple[str, int]) -> None:
    """Talk to where the peer talks from (RFC 3947 4, mapping change), and from where it asks."""
    sa.last_received = turn.now
    if sa.remote != source and sa.up:
        turn.emit(
            PeerMoved(
                at=turn.now,
                peer=source[0],
                connection=sa.connection.name if sa.connection else "",
                sa=sa.number,
                old=sa.remote,
                new=source,
            )
        )
    sa.remote, sa.local = source, destination


def answer_duplicate(n: Negotiation, turn: Turn, data: bytes, source: tuple[str, int]) -> bool:
    """Recognise a repeated datagram; True when it was one, answered or not."""
    if data not in n.received:
        return False
    steps = n.exchange.steps
    ours = steps[n.position - 1].sender is n.role
    latest = data == n.received[-1] and ours and n.sent is not None
    index = n.received.index(data)
    label = [s.label for s in steps if s.sender is not n.role][index]
    turn.emit(
        DuplicateReceived(
            at=turn.now,
            peer=source[0],
            connection=n.ike.connection.name if n.ike.connection else "",
            sa=n.ike.number,
            label=label,
            phase=n.exchange.phase,
            role=n.role,
            state=n.state,
            answered=latest,
        )
    )
    if latest and n.sent is not None:
        _emit_sent(n, turn, n.sent, answers_duplicate=True)
        _post(n.ike, turn, n.sent.data, n.sent.label)
    return True


def resend(n: Negotiation, turn: Turn) -> None:
    """Send the unanswered message again and arm the next attempt."""
    if n.sent is None:
        return
    n.sent.attempt += 1
    _emit_sent(n, turn, n.sent, answers_duplicate=False)
    _post(n.ike, turn, n.sent.data, n.sent.label)
    _await(n)


def _await(n: Negotiation) -> None:
    """Arm the resend and give-up timers of an unanswered message."""
    sent = n.sent
    if sent is None or n.position >= len(n.exchange.steps) or sent.schedule is None:
        n.timers.stop(Timer.RESEND, Timer.GIVE_UP)
        return
    n.waiting = True
    n.timers.stop(Timer.RESEND)
    if sent.attempt < len(sent.schedule.resends):
        n.timers.set(Timer.RESEND, sent.first + sent.schedule.resends[sent.attempt])
    n.timers.set(Timer.GIVE_UP, sent.first + sent.schedule.give_up)


def _schedule(n: Negotiation, turn: Turn) -> Schedule | None:
    b = turn.behaviour
    if n.exchange.phase == 1:
        return b.phase1 if n.role is Role.INITIATOR else b.phase1_responder
    return b.quick if n.role is Role.INITIATOR else b.quick_responder


def _float_if_due(sa: IkeSa, turn: Turn, label: str) -> None:
    """The initiator floats with its first message after NAT detection (RFC 3947 4)."""
    if label not in ("main-5", "aggr-3") or not sa.nat or sa.floated:
        return
    sa.float_ports()
    turn.emit(
        PortFloated(
            at=turn.now,
            peer=sa.remote[0],
            connection=sa.connection.name if sa.connection else "",
            sa=sa.number,
            local=sa.local,
            remote=sa.remote,
        )
    )


def seal(keys: Keys, iv: bytes, body: bytes) -> bytes:
    """Pad with zeros to the block and encrypt (RFC 2409 Appendix B)."""
    body += bytes(-len(body) % keys.block_size)
    return ciphers.encrypt(keys.encryption, keys.key, iv, body)


def unseal(keys: Keys, iv: bytes, data: bytes) -> bytes:
    """Decrypt everything behind the header; refused when it is no whole number of blocks."""
    try:
        return ciphers.decrypt(keys.encryption, keys.key, iv, data[HEADER_SIZE:])
    except CryptoError as bad:
        raise Refused(Flaw.UNDECRYPTABLE, str(bad)) from None


def _compose(n: Negotiation, payloads: list[Payload], encrypted: bool) -> bytes:
    sa = n.ike
    header = Header(
        *sa.cookies,
        first_type(payloads),
        n.exchange.number,
        int(Flag.ENCRYPTION) if encrypted else 0,
        n.message_id,
    )
    body = build_payloads(payloads)
    if encrypted:
        if sa.keys is None:
            raise LookupError("an encrypted message needs keys")
        body = seal(sa.keys, n.iv, body)
        n.iv = body[-sa.keys.block_size :]
    return build_raw(header, body)


def _open(
    n: Negotiation,
    header: Header,
    data: bytes,
    encrypted: bool,
    turn: Turn,
    ends: tuple[tuple[str, int], tuple[str, int]],
) -> tuple[bytes, list[Parsed]]:
    """Decrypt if need be and parse; what cannot be read was encrypted with another key."""
    try:
        if not encrypted:
            body = data[HEADER_SIZE:]
            return body, parse_payloads(header.next_payload, body)
        if n.ike.keys is None:
            raise Refused(Flaw.FLAGS, "encrypted before there are keys")
        body = unseal(n.ike.keys, n.iv, data)
        return body, parse_payloads(header.next_payload, body)
    except (WireError, Refused) as bad:
        unread = Inbound(header, (), b"", *ends)
        _emit_received(n.ike, turn, unread, awaited(n).label, n, len(data))
        if isinstance(bad, Refused):
            raise
        raise Refused(unreadable(n.ike, bad, encrypted), str(bad)) from None


def unreadable(sa: IkeSa, bad: WireError, encrypted: bool) -> Flaw:
    """Name what failed to parse: a wrong key while it is unproven, else what the peer built."""
    if encrypted and not sa.up:
        return Flaw.UNDECRYPTABLE
    if isinstance(bad, ProposalSyntaxError):
        return Flaw.PROPOSAL_SYNTAX
    return Flaw.UNDECRYPTABLE if encrypted else Flaw.MALFORMED


def _check_envelope(n: Negotiation, step: "Step[Any]", header: Header) -> None:
    if n.exchange.phase == 1 and header.message_id:
        raise Refused(Flaw.MESSAGE_ID, f"message id {header.message_id:08x} in phase 1")
    encrypted = bool(header.flags & Flag.ENCRYPTION)
    if encrypted and step.protection is Protection.CLEAR:
        raise Refused(Flaw.FLAGS, f"{step.label} must not be encrypted")
    if not encrypted and step.protection is Protection.ENCRYPTED:
        raise Refused(Flaw.CLEAR_TEXT, f"{step.label} must be encrypted")


def _check_payloads(step: "Step[Any]", message: Inbound, unproven: bool) -> None:
    """Compare the payloads with the table; under an unproven key a mismatch means a wrong key."""
    types = message.types
    missing = step.required - set(types)
    if missing:
        flaw = Flaw.UNDECRYPTABLE if unproven else Flaw.MISSING_PAYLOAD
        raise Refused(flaw, f"{step.label} without {_names(missing)}")
    strange = {t for t in types if t not in step.required | step.optional | _TOLERATED}
    if strange:
        flaw = Flaw.UNDECRYPTABLE if unproven else Flaw.PAYLOAD_TYPE
        raise Refused(flaw, f"{step.label} with {_names(strange)}")
    for t in step.required | (step.optional - _REPEATABLE):
        if types.count(t) > 1 and t not in _REPEATABLE:
            raise Refused(Flaw.PAYLOAD_TYPE, f"{step.label} with {_names({t})} twice")


def _names(types: "set[int] | frozenset[int]") -> str:
    return ", ".join(name_of(PayloadType, t) for t in sorted(types))


def _post(sa: IkeSa, turn: Turn, data: bytes, label: str) -> None:
    sa.last_sent = turn.now
    turn.send(Datagram(data, sa.local, sa.remote, label))


def _emit_sent(n: Negotiation, turn: Turn, sent: Sent, answers_duplicate: bool) -> None:
    sa = n.ike
    sa.last_exchange = sent.exchange_type
    turn.emit(
        MessageSent(
            at=turn.now,
            peer=sa.remote[0],
            connection=sa.connection.name if sa.connection else "",
            sa=sa.number,
            label=sent.label,
            exchange_type=sent.exchange_type,
            message_id=sent.message_id,
            encrypted=sent.encrypted,
            length=sent.length,
            payloads=sent.payloads,
            local=sa.local,
            remote=sa.remote,
            initiator_cookie=sa.initiator_cookie.hex(),
            responder_cookie=sa.responder_cookie.hex(),
            role=n.role,
            state=n.state,
            attempt=0 if answers_duplicate else sent.attempt,
            answers_duplicate=answers_duplicate,
        )
    )


def _emit_received(
    sa: IkeSa, turn: Turn, message: Inbound, label: str, n: Negotiation, length: int
) -> None:
    header = message.header
    sa.last_exchange = header.exchange_type
    turn.emit(
        MessageReceived(
            at=turn.now,
            peer=message.source[0],
            connection=sa.connection.name if sa.connection else "",
            sa=sa.number,
            label=label,
            exchange_type=header.exchange_type,
            message_id=header.message_id,
            encrypted=bool(header.flags & Flag.ENCRYPTION),
            length=length,
            payloads=message.payloads,
            local=message.destination,
            remote=message.source,
            initiator_cookie=header.initiator_cookie.hex(),
            responder_cookie=header.responder_cookie.hex(),
            role=n.role,
            state=n.state,
        )
    )
