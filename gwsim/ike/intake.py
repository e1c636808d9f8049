"""From a datagram to the negotiation it belongs to, and what follows when it is refused.

Checks of the ISAKMP header come first (RFC 2408 5.2), then the SA is found by its cookies, then
the exchange decides. Whatever is wrong becomes `Refused` at the spot and, here, one `Rejected`
event, the notify the bad-input table and the vendor agree on, and the end of the negotiation
where the table says so.
"""

from gwsim.crypto import skeyid
from gwsim.ike import conversation, informational, lifecycle, notices, upkeep
from gwsim.ike.aggressive_mode import AGGRESSIVE_MODE
from gwsim.ike.config import Connection, Phase1Transform, UnknownPeer
from gwsim.ike.events import CloseReason, NegotiationStarted, Rejected
from gwsim.ike.flaws import TABLE, Answer, Flaw, Refused
from gwsim.ike.ledger import Ledger, finished
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.quick_mode import QUICK_MODE
from gwsim.ike.sa import NO_COOKIE, IkeSa, Negotiation, QuickMode
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer
from gwsim.wire.codec import Header, parse_header
from gwsim.wire.errors import WireError
from gwsim.wire.numbers import IKE_PORT, ExchangeType, Flag, NotifyType, Protocol, name_of
from gwsim.wire.payloads import Delete, Notification

Ends = tuple[tuple[str, int], tuple[str, int]]
PHASE1 = {MAIN_MODE.number: MAIN_MODE, AGGRESSIVE_MODE.number: AGGRESSIVE_MODE}
SUPPORTED = frozenset({*PHASE1, ExchangeType.QUICK_MODE, ExchangeType.INFORMATIONAL})
MOST_EARLY = 4
MOST_QUICK_MODES = 32


def receive(
    ledger: Ledger, data: bytes, source: tuple[str, int], destination: tuple[str, int]
) -> None:
    """Process one datagram; nothing it contains can raise."""
    ends = (source, destination)
    try:
        header = parse_header(data)
    except WireError as bad:
        blank = Header(NO_COOKIE, NO_COOKIE, 0, 0, 0, 0)
        _reject(ledger, None, blank, len(data), ends, Refused(Flaw.LENGTH, str(bad)), 1)
        return
    sa = None
    try:
        _check_header(header, data)
        sa = _find(ledger, header, source)
        if sa is None and header.responder_cookie == NO_COOKIE and header.exchange_type in PHASE1:
            _begin(ledger, header, data, ends)
        elif sa is None:
            _refuse_unknown(header)
        elif sa.floated and destination[1] == IKE_PORT:
            raise Refused(Flaw.PORT, "this conversation has moved to port 4500")
        else:
            _dispatch(ledger, sa, header, data, ends)
    except Refused as refused:
        phase = 1 if header.exchange_type in PHASE1 else 2
        _reject(ledger, sa, header, len(data), ends, refused, phase)


def _check_header(header: Header, data: bytes) -> None:
    if header.version >> 4 != 1:
        raise Refused(Flaw.MAJOR_VERSION, f"version {header.version >> 4}.{header.version & 15}")
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


def _find(ledger: Ledger, header: Header, source: tuple[str, int]) -> IkeSa | None:
    if header.responder_cookie == NO_COOKIE and header.exchange_type in PHASE1:
        return ledger.by_first_message(header.initiator_cookie, source[0])
    return ledger.by_cookies(header.initiator_cookie, header.responder_cookie)


def _refuse_unknown(header: Header) -> None:
    encrypted = bool(header.flags & Flag.ENCRYPTION)
    flaw = Flaw.UNKNOWN_COOKIE_ENCRYPTED if encrypted else Flaw.UNKNOWN_COOKIE
    raise Refused(flaw, "no SA with these cookies")


def _dispatch(ledger: Ledger, sa: IkeSa, header: Header, data: bytes, ends: Ends) -> None:
    if header.exchange_type == ExchangeType.QUICK_MODE:
        _quick_mode(ledger, sa, header, data, ends)
    elif header.exchange_type == ExchangeType.INFORMATIONAL:
        _informational(ledger, sa, header, data, ends)
    elif header.exchange_type != sa.exchange.number:
        raise Refused(Flaw.EXCHANGE_TYPE, f"these cookies belong to {sa.exchange.name} mode")
    else:
        _phase1(ledger, sa, header, data, ends)


def _phase1(ledger: Ledger, sa: IkeSa, header: Header, data: bytes, ends: Ends) -> None:
    if conversation.answer_duplicate(sa, ledger.turn, data, ends[0]):
        return
    fresh = sa.responder_cookie == NO_COOKIE
    if fresh and header.responder_cookie == NO_COOKIE:
        raise Refused(Flaw.UNEXPECTED, "the answer lacks a responder's cookie")
    if fresh:
        sa.responder_cookie = header.responder_cookie
    try:
        conversation.hear(sa, ledger.turn, header, data, ends)
    except Refused:
        if fresh:
            sa.responder_cookie = NO_COOKIE
        raise
    conversation.speak(sa, ledger.turn)
    _after_phase1(ledger, sa)


def _after_phase1(ledger: Ledger, sa: IkeSa) -> None:
    said, sa.notices = sa.notices, []
    for n in said:
        notices.take_inner(ledger, sa, n, None)
    if not upkeep.is_finished(sa):
        return
    lifecycle.establish_phase1(ledger, sa)
    early, sa.early = sa.early, []
    upkeep.start_pending(ledger, sa)
    for data, source, destination in early:
        receive(ledger, data, source, destination)


def _begin(ledger: Ledger, header: Header, data: bytes, ends: Ends) -> None:
    """Answer a first message: find the connection, then let the table take it."""
    exchange = PHASE1[header.exchange_type]
    source, destination = ends
    candidates = _candidates(ledger, source[0], destination[0])
    sa = IkeSa(
        number=ledger.next_number(),
        role=Role.RESPONDER,
        exchange=exchange,
        local=destination,
        remote=source,
        initiator_cookie=header.initiator_cookie,
        responder_cookie=ledger.new_cookie(),
        candidates=candidates,
        created=ledger.turn.now,
        last_received=ledger.turn.now,
    )
    try:
        _admit(ledger, sa, exchange is AGGRESSIVE_MODE)
        sa.first_contact = ledger.established(sa.connection.name) is None if sa.connection else True
        ledger.turn.emit(
            NegotiationStarted(
                **ledger.head(sa),
                phase=1,
                exchange=exchange.name,
                role=Role.RESPONDER,
                trigger="peer",
            )
        )
        conversation.hear(sa, ledger.turn, header, data, ends)
    except Refused as refused:
        _reject(ledger, sa, header, len(data), ends, refused, 1)
        return
    ledger.sas.append(sa)
    sa.timers.set(Timer.HALF_OPEN, ledger.turn.now + ledger.turn.behaviour.half_open_timeout)
    conversation.speak(sa, ledger.turn)


def _candidates(ledger: Ledger, source: str, destination: str) -> tuple[Connection, ...]:
    """List the connections a peer at this address may use: its own first, then dynamic ones."""
    mine = [c for c in ledger.config.connections if c.may_respond and c.local == destination]
    exact = [c for c in mine if c.remote == source]
    return tuple(exact or [c for c in mine if c.remote is None])


def _admit(ledger: Ledger, sa: IkeSa, aggressive: bool) -> None:
    """Refuse what must not even begin; choose the connection and the transforms to accept."""
    b = ledger.turn.behaviour
    if ledger.half_open(sa.remote[0]) >= b.half_open_limit:
        raise Refused(Flaw.HALF_OPEN_LIMIT, f"{b.half_open_limit} unfinished already")
    late = b.unknown_peer is UnknownPeer.AT_KEY
    if not sa.candidates and not late:
        raise Refused(Flaw.UNKNOWN_PEER, f"no connection for {sa.remote[0]}")
    usable = [c for c in sa.candidates if (c.accept_aggressive if aggressive else c.accept_main)]
    if sa.candidates and not usable:
        mode = "aggressive" if aggressive else "main"
        raise Refused(Flaw.EXCHANGE_MODE, f"{mode} mode is not configured for {sa.remote[0]}")
    sa.candidates = tuple(usable)
    if usable and (usable[0].remote is not None or not aggressive):
        sa.connection = usable[0]
        if sa.connection.psk is None and not late:
            raise Refused(Flaw.NO_PRE_SHARED_KEY, f"connection {sa.connection.name} has no key")
    sa.offers = sa.connection.phase1 if sa.connection else _all_transforms(ledger)


def _all_transforms(ledger: Ledger) -> tuple[Phase1Transform, ...]:
    every = (t for c in ledger.config.connections for t in c.phase1)
    return tuple(dict.fromkeys(every))


def _quick_mode(ledger: Ledger, sa: IkeSa, header: Header, data: bytes, ends: Ends) -> None:
    if not header.message_id:
        raise Refused(Flaw.MESSAGE_ID, "message id 0 in quick mode")
    qm = sa.quick_modes.get(header.message_id)
    if qm is not None:
        if not conversation.answer_duplicate(qm, ledger.turn, data, ends[0]):
            _continue_quick_mode(ledger, qm, header, data, ends)
        return
    if not sa.up:
        _hold(sa, header, data, ends)
        return
    if header.message_id in sa.used_ids:
        raise Refused(Flaw.MESSAGE_ID, f"message id {header.message_id:08x} was used before")
    if sum(1 for q in sa.quick_modes.values() if not finished(q)) >= MOST_QUICK_MODES:
        raise Refused(Flaw.HALF_OPEN_LIMIT, f"{MOST_QUICK_MODES} quick modes are under way")
    if not header.flags & Flag.ENCRYPTION:
        raise Refused(Flaw.CLEAR_TEXT, "quick-1 must be encrypted")
    _answer_quick_mode(ledger, sa, header, data, ends)


def _hold(sa: IkeSa, header: Header, data: bytes, ends: Ends) -> None:
    """Keep a quick-1 that overtook the last message of phase 1 (the responder's view)."""
    last = sa.role is Role.RESPONDER and sa.position == len(sa.exchange.steps) - 1
    awaited = last or (sa.role is Role.RESPONDER and sa.keys is not None)
    if not awaited or not header.flags & Flag.ENCRYPTION or len(sa.early) >= MOST_EARLY:
        raise Refused(Flaw.NO_PHASE1, f"phase 1 is in state {sa.state.value}")
    sa.early.append((data, *ends))


def _answer_quick_mode(ledger: Ledger, sa: IkeSa, header: Header, data: bytes, ends: Ends) -> None:
    if sa.keys is None:
        raise LookupError("an established SA has keys")
    k = sa.keys
    qm = QuickMode(
        sa=sa,
        exchange=QUICK_MODE,
        role=Role.RESPONDER,
        message_id=header.message_id,
        started=ledger.turn.now,
        iv=skeyid.phase2_iv(k.hash, k.last_block, header.message_id, k.block_size),
    )
    ledger.turn.emit(
        NegotiationStarted(
            **ledger.head(sa),
            phase=2,
            exchange="quick",
            role=Role.RESPONDER,
            message_id=header.message_id,
            trigger="peer",
        )
    )
    try:
        conversation.hear(qm, ledger.turn, header, data, ends)
    except Refused as refused:
        _reject(ledger, sa, header, len(data), ends, refused, 2)
        if TABLE[refused.flaw].fatal:
            lifecycle.fail_quick_mode(ledger, qm, CloseReason.REFUSED)
        return
    sa.used_ids.add(header.message_id)
    sa.quick_modes[header.message_id] = qm
    _hear_notices(ledger, qm)
    conversation.speak(qm, ledger.turn)
    lifecycle.prepare_child(ledger, qm)


def _continue_quick_mode(
    ledger: Ledger, qm: QuickMode, header: Header, data: bytes, ends: Ends
) -> None:
    try:
        conversation.hear(qm, ledger.turn, header, data, ends)
    except Refused as refused:
        _reject(ledger, qm.sa, header, len(data), ends, refused, 2)
        if TABLE[refused.flaw].fatal:
            lifecycle.fail_quick_mode(ledger, qm, CloseReason.REFUSED)
        return
    _hear_notices(ledger, qm)
    conversation.speak(qm, ledger.turn)
    if finished(qm):
        upkeep.finish_quick_mode(ledger, qm)


def _hear_notices(ledger: Ledger, qm: QuickMode) -> None:
    said, qm.notices = qm.notices, []
    for n in said:
        notices.take_inner(ledger, qm.sa, n, qm)


def _informational(ledger: Ledger, sa: IkeSa, header: Header, data: bytes, ends: Ends) -> None:
    protected = bool(header.flags & Flag.ENCRYPTION)
    if protected and header.message_id in sa.used_ids:
        raise Refused(Flaw.MESSAGE_ID, f"message id {header.message_id:08x} was used before")
    message = informational.open_message(ledger, sa, header, data, ends)
    if protected:
        sa.used_ids.add(header.message_id)
        if sa.up:
            conversation.follow(sa, ledger.turn, *ends)
    for payload in message.payloads:
        if isinstance(payload, Notification):
            notices.take_notification(ledger, sa, payload, protected, header.message_id)
        elif isinstance(payload, Delete) and protected:
            notices.take_delete(ledger, sa, payload)


def _reject(
    ledger: Ledger,
    sa: IkeSa | None,
    header: Header,
    length: int,
    ends: Ends,
    refused: Refused,
    phase: int,
) -> None:
    """Report a refusal, answer it as vendor and table say, abandon what cannot go on."""
    row = TABLE[refused.flaw]
    answer = ledger.turn.behaviour.reactions.get(refused.flaw, row.answer)
    notify = None
    speaker = sa if sa is not None else _stranger(header, ends)
    if row.notify is not None and header.exchange_type != ExchangeType.INFORMATIONAL:
        notify = _complain(ledger, speaker, row.notify, answer, refused, phase)
    qm = sa.quick_modes.get(header.message_id) if sa and phase == 2 else None
    subject: Negotiation | None = qm or sa
    ledger.turn.emit(
        Rejected(
            at=ledger.turn.now,
            peer=ends[0][0],
            connection=sa.connection.name if sa and sa.connection else "",
            sa=sa.number if sa else 0,
            flaw=refused.flaw,
            why=refused.why,
            label=_label(header, sa, qm),
            phase=phase,
            notify=notify,
            local=ends[1],
            remote=ends[0],
            initiator_cookie=header.initiator_cookie.hex(),
            responder_cookie=header.responder_cookie.hex(),
            role=subject.role if subject else None,
            state=subject.state if subject else None,
            message_id=header.message_id,
            length=length,
        )
    )
    if sa is None or phase != 1:
        return
    if row.fatal and sa in ledger.sas and not sa.up:
        lifecycle.close_phase1(ledger, sa, CloseReason.REFUSED, tell=False)
    elif refused.flaw is Flaw.UNDECRYPTABLE and sa.role is Role.RESPONDER:
        # The peer answered our last message, so it need not be sent again; only time runs out.
        sa.timers.stop(Timer.RESEND)


def _label(header: Header, sa: IkeSa | None, qm: QuickMode | None) -> str:
    if header.exchange_type == ExchangeType.INFORMATIONAL:
        return "info-notify"
    if header.exchange_type == ExchangeType.QUICK_MODE:
        return "quick-1" if qm is None else _awaited_label(qm)
    if sa is not None and header.exchange_type in PHASE1:
        return _awaited_label(sa)
    return "main-1" if header.exchange_type == ExchangeType.IDENTITY_PROTECTION else "aggr-1"


def _awaited_label(n: Negotiation) -> str:
    steps = n.exchange.steps
    return steps[min(n.position, len(steps) - 1)].label


def _stranger(header: Header, ends: Ends) -> IkeSa:
    """A nameless SA with the cookies of a message that belongs to none, to answer it with."""
    source, destination = ends
    return IkeSa(
        number=0,
        role=Role.RESPONDER,
        exchange=MAIN_MODE,
        local=destination,
        remote=source,
        initiator_cookie=header.initiator_cookie,
        responder_cookie=header.responder_cookie,
    )


def _complain(
    ledger: Ledger, sa: IkeSa, kind: NotifyType, answer: Answer, refused: Refused, phase: int
) -> int | None:
    """Send the notify a refusal becomes; gives its type, or None for silence."""
    can_protect = sa.keys is not None
    protect = answer is Answer.PROTECTED or (answer is Answer.BEST and can_protect)
    if answer is Answer.SILENCE or (protect and not can_protect):
        return None
    if not informational.may_complain(ledger, sa.remote[0]):
        return None
    if phase == 2 and refused.spi:
        payload = Notification(kind, Protocol.ESP, refused.spi)
    else:
        payload = Notification(kind, Protocol.ISAKMP, b"".join(sa.cookies))
    if protect:
        informational.send_protected(ledger, sa, payload)
    else:
        informational.send_clear(ledger, sa, payload)
    return int(kind)
