"""From a datagram to the negotiation it belongs to.

Checks of the ISAKMP header come first (RFC 2408 5.2), then the SA is found by its cookies, then
the exchange decides. Whatever is wrong becomes `Refused` at the spot, and `refusal` deals with it.
"""

from dataclasses import replace

from gwsim.ike import (
    admission,
    children,
    contact,
    conversation,
    crafting,
    informational,
    initiation,
    lifecycle,
    notices,
)
from gwsim.ike.events import NegotiationStarted
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Arrival, Ends
from gwsim.ike.ledger import Ledger, finished
from gwsim.ike.quick_mode import QUICK_MODE
from gwsim.ike.refusal import PHASE1, reject_phase1, reject_quick_mode, report
from gwsim.ike.sa import NO_COOKIE, IkeSa, QuickMode, need
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer
from gwsim.wire.codec import Header, parse_header
from gwsim.wire.errors import WireError
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import IKE_PORT, ExchangeType, Flag, name_of
from gwsim.wire.payloads import Delete, Notification, Payload

SUPPORTED = frozenset({*PHASE1, ExchangeType.QUICK_MODE, ExchangeType.INFORMATIONAL})
MOST_EARLY = 4
"""How many messages of quick mode that overtook the end of phase 1 are kept."""

MOST_QUICK_MODES = 32
"""How many quick modes may be under way under one ISAKMP SA."""

_BLANK = Header(NO_COOKIE, NO_COOKIE, 0, 0, 0, 0)


def receive(ledger: Ledger, data: bytes, source: SocketAddress, destination: SocketAddress) -> None:
    """Process one datagram; nothing it contains can raise."""
    sa, arrival = None, Arrival(_BLANK, data, (source, destination))
    try:
        arrival = replace(arrival, header=_read_header(data))
        _check_header(arrival.header, data)
        sa = _find(ledger, arrival)
        if sa is not None:
            _dispatch(ledger, sa, arrival)
        elif _opens_phase1(arrival.header):
            admission.begin(ledger, arrival)
        else:
            _refuse_unknown(arrival.header)
    except Refused as refused:
        # What is wrong with a header is found first, yet the message may be one that is awaited.
        subject = sa or _find(ledger, arrival)
        report(ledger, sa, subject, arrival, refused)


def _read_header(data: bytes) -> Header:
    try:
        return parse_header(data)
    except WireError as bad:
        raise Refused(Flaw.LENGTH, str(bad)) from None


def _check_header(header: Header, data: bytes) -> None:
    major, minor = header.version >> 4, header.version & 15
    if major != 1:
        raise Refused(Flaw.MAJOR_VERSION, f"version {major}.{minor}")
    if minor:
        raise Refused(Flaw.MINOR_VERSION, f"version {major}.{minor}")
    if header.initiator_cookie == NO_COOKIE:
        raise Refused(Flaw.ZERO_COOKIE, "every exchange needs an initiator's cookie")
    if header.length != len(data):
        why = f"header says {header.length} octets, the datagram has {len(data)}"
        raise Refused(Flaw.LENGTH, why)
    if header.exchange_type not in SUPPORTED:
        name = name_of(ExchangeType, header.exchange_type)
        raise Refused(Flaw.EXCHANGE_TYPE, f"exchange {name}")
    if header.flags & Flag.COMMIT and header.exchange_type in PHASE1:
        raise Refused(Flaw.FLAGS, "commit bit in phase 1")


def _opens_phase1(header: Header) -> bool:
    return header.responder_cookie == NO_COOKIE and header.exchange_type in PHASE1


def _find(ledger: Ledger, arrival: Arrival) -> IkeSa | None:
    header, (source, _) = arrival.header, arrival.ends
    if _opens_phase1(header):
        return ledger.by_first_message(header.initiator_cookie, source[0])
    return ledger.by_cookies(header.initiator_cookie, header.responder_cookie)


def _refuse_unknown(header: Header) -> None:
    encrypted = header.encrypted
    flaw = Flaw.UNKNOWN_COOKIE_ENCRYPTED if encrypted else Flaw.UNKNOWN_COOKIE
    raise Refused(flaw, "no SA with these cookies")


def _dispatch(ledger: Ledger, sa: IkeSa, arrival: Arrival) -> None:
    kind, (_, destination) = arrival.header.exchange_type, arrival.ends
    if sa.floated and destination[1] == IKE_PORT:
        raise Refused(Flaw.PORT, "this conversation has moved to port 4500")
    if kind == ExchangeType.QUICK_MODE:
        _quick_mode(ledger, sa, arrival)
    elif kind == ExchangeType.INFORMATIONAL:
        _informational(ledger, sa, arrival)
    elif kind != sa.exchange.number:
        raise Refused(Flaw.EXCHANGE_TYPE, f"these cookies belong to {sa.exchange.name} mode")
    elif not conversation.answer_duplicate(sa, ledger.turn, arrival.data):
        _phase1(ledger, sa, arrival)


def _phase1(ledger: Ledger, sa: IkeSa, arrival: Arrival) -> None:
    cookie = arrival.header.responder_cookie
    if cookie == NO_COOKIE:
        raise Refused(Flaw.UNEXPECTED, "another first message with the same cookie")
    before, sa.responder_cookie = sa.responder_cookie, cookie
    try:
        conversation.hear(sa, ledger.turn, arrival)
    except Refused as refused:
        reject_phase1(ledger, sa, arrival, refused)
        sa.responder_cookie = before
        return
    contact.heard_from(ledger, sa, arrival.ends)
    conversation.speak(sa, ledger.turn)
    _after_phase1(ledger, sa)


def _after_phase1(ledger: Ledger, sa: IkeSa) -> None:
    """Obey what rode along; an SA that is finished gets to work."""
    said, sa.notices = sa.notices, []
    for n in said:
        notices.take_inner(ledger, sa, n, None)
    if not sa.up:
        return
    lifecycle.establish_phase1(ledger, sa)
    early, sa.early = sa.early, []
    initiation.start_pending(ledger, sa)
    for data, source, destination in early:
        receive(ledger, data, source, destination)


def _quick_mode(ledger: Ledger, sa: IkeSa, arrival: Arrival) -> None:
    message_id = arrival.header.message_id
    if not message_id:
        raise Refused(Flaw.MESSAGE_ID, "message id 0 in quick mode")
    if not sa.up:
        _hold(sa, arrival)
        return
    qm = sa.quick_modes.get(message_id)
    if qm is None:
        _first_of_quick_mode(ledger, sa, arrival)
    elif not conversation.answer_duplicate(qm, ledger.turn, arrival.data):
        _go_on(ledger, qm, arrival)


def _hold(sa: IkeSa, arrival: Arrival) -> None:
    """Keep a quick-1 that overtook the last message of phase 1."""
    if sa.keys is None or not arrival.header.encrypted or len(sa.early) >= MOST_EARLY:
        raise Refused(Flaw.NO_PHASE1, f"phase 1 is in state {sa.state.value}")
    sa.early.append((arrival.data, *arrival.ends))


def _first_of_quick_mode(ledger: Ledger, sa: IkeSa, arrival: Arrival) -> None:
    header = arrival.header
    _admit_quick_mode(sa, header)
    qm = QuickMode(
        sa=sa,
        exchange=QUICK_MODE,
        role=Role.RESPONDER,
        message_id=header.message_id,
        started=ledger.turn.now,
        begun=ledger.next_order(),
        iv=need(sa.keys, "keys").phase2_iv(header.message_id),
    )
    ledger.turn.emit(
        NegotiationStarted(
            **ledger.head(sa),
            phase=2,
            exchange=qm.exchange.name,
            role=Role.RESPONDER,
            message_id=header.message_id,
            trigger="peer",
        )
    )
    _go_on(ledger, qm, arrival)


def _admit_quick_mode(sa: IkeSa, header: Header) -> None:
    """Refuse what must not even begin."""
    _require_unused(sa, header)
    if sum(1 for q in sa.quick_modes.values() if not finished(q)) >= MOST_QUICK_MODES:
        raise Refused(Flaw.HALF_OPEN_LIMIT, f"{MOST_QUICK_MODES} quick modes are under way")
    if not header.encrypted:
        raise Refused(Flaw.CLEAR_TEXT, "quick-1 must be encrypted")


def _go_on(ledger: Ledger, qm: QuickMode, arrival: Arrival) -> None:
    """Take the next message of a quick mode and do what follows from it."""
    beginning = qm.position == 0
    try:
        conversation.hear(qm, ledger.turn, arrival)
    except Refused as refused:
        reject_quick_mode(ledger, qm, arrival, refused)
        return
    contact.heard_from(ledger, qm.sa, arrival.ends)
    if beginning:
        qm.sa.use_id(qm.message_id)
        qm.sa.quick_modes[qm.message_id] = qm
        half_open = ledger.turn.behaviour.half_open_timeout
        qm.timers.set(Timer.HALF_OPEN, ledger.turn.now + half_open)
    said, qm.notices = qm.notices, []
    for n in said:
        notices.take_inner(ledger, qm.sa, n, qm)
    conversation.speak(qm, ledger.turn)
    if beginning:
        children.prepare(ledger, qm)
    if finished(qm):
        lifecycle.finish_quick_mode(ledger, qm)


def _informational(ledger: Ledger, sa: IkeSa, arrival: Arrival) -> None:
    header, protected = arrival.header, arrival.header.encrypted
    if protected:
        _require_unused(sa, header)
    message = informational.take(ledger, sa, arrival)
    if protected:
        sa.use_id(header.message_id)
        if sa.up:
            _note_life(ledger, sa, message.payloads, arrival.ends)
    if not protected and sa.sent is not None and sa.responder_cookie == NO_COOKIE:
        crafting.copy_notify_spis(sa.sent, header, ledger.turn.impaired)
    strange = False
    for payload in message.payloads:
        if isinstance(payload, Notification):
            notices.take_notification(ledger, sa, payload, protected, header.message_id)
        elif isinstance(payload, Delete) and protected:
            strange |= not notices.take_delete(ledger, sa, payload)
    if strange:
        raise Refused(Flaw.UNKNOWN_SPI, "delete for SPIs that are not in use")


def _require_unused(sa: IkeSa, header: Header) -> None:
    if header.message_id in sa.used_ids:
        raise Refused(Flaw.MESSAGE_ID, f"message id {header.message_id:08x} was used before")


def _note_life(ledger: Ledger, sa: IkeSa, payloads: tuple[Payload, ...], ends: Ends) -> None:
    """Take a protected message as proof of life, except a probe or answer, which must first fit."""
    if informational.label_of(payloads) not in ("info-dpd", "info-dpd-ack"):
        contact.heard_from(ledger, sa, ends)
    else:
        contact.follow(ledger, sa, ends)
