"""What follows when a message is refused: a report, perhaps a notify, perhaps the end.

The bad-input table (`flaws.TABLE`) says which notify a flaw becomes, how it is answered and
whether the negotiation is abandoned; a vendor's behaviour may change notify and answer. The report
comes first, then the notify, then the end.
"""

from dataclasses import dataclass

from gwsim.ike import informational, lifecycle
from gwsim.ike.aggressive_mode import AGGRESSIVE_MODE
from gwsim.ike.events import CloseReason, Rejected
from gwsim.ike.flaws import TABLE, Answer, Flaw, Refused
from gwsim.ike.inbound import Arrival
from gwsim.ike.ledger import Ledger
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.quick_mode import QUICK_MODE
from gwsim.ike.sa import IkeSa, Negotiation, QuickMode
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer
from gwsim.wire.codec import Header
from gwsim.wire.numbers import ExchangeType, NotifyType, Protocol
from gwsim.wire.payloads import Notification

PHASE1 = {MAIN_MODE.number: MAIN_MODE, AGGRESSIVE_MODE.number: AGGRESSIVE_MODE}

_FIRST = {e.number: e.steps[0].label for e in (MAIN_MODE, AGGRESSIVE_MODE, QUICK_MODE)}
_LABELS = {
    **_FIRST,
    ExchangeType.INFORMATIONAL: "info-notify",
    ExchangeType.TRANSACTION: "transaction",
}


def reject_phase1(ledger: Ledger, sa: IkeSa, arrival: Arrival, refused: Refused) -> None:
    """Refuse a message of main or aggressive mode; `sa` may be a mere beginning."""
    report(ledger, sa, sa, arrival, refused)
    if sa.up or sa not in ledger.sas:
        return
    if TABLE[refused.flaw].fatal:
        lifecycle.close_phase1(ledger, sa, CloseReason.REFUSED, tell=False)
    elif refused.flaw is Flaw.UNDECRYPTABLE and sa.role is Role.RESPONDER:
        if ledger.turn.behaviour.resends_to_unreadable:
            return
        # The peer answered our last message, so it need not be sent again; only time runs out.
        sa.timers.stop(Timer.RESEND)


def reject_quick_mode(ledger: Ledger, qm: QuickMode, arrival: Arrival, refused: Refused) -> None:
    """Refuse a message of quick mode; only what was surely the peer's can end it."""
    report(ledger, qm.sa, qm, arrival, refused)
    if TABLE[refused.flaw].fatal and refused.proven:
        lifecycle.fail_quick_mode(ledger, qm, CloseReason.REFUSED)


def report(
    ledger: Ledger,
    sa: IkeSa | None,
    subject: Negotiation | None,
    arrival: Arrival,
    refused: Refused,
) -> None:
    """Report a refusal, then answer it as vendor and table say."""
    header, (source, destination) = arrival.header, arrival.ends
    whose = sa or _stranger(arrival)
    answer = _answer(ledger, whose, header, refused)
    ledger.turn.emit(
        Rejected(
            at=ledger.turn.now,
            peer=source[0],
            connection=sa.name if sa else "",
            sa=sa.number if sa else 0,
            flaw=refused.flaw,
            why=refused.why,
            label=_label(header, subject),
            phase=_phase(header),
            notify=answer.notify if answer else None,
            local=destination,
            remote=source,
            initiator_cookie=header.initiator_cookie.hex(),
            responder_cookie=header.responder_cookie.hex(),
            role=subject.role if subject else None,
            state=subject.resting if subject else None,
            message_id=header.message_id,
            length=len(arrival.data),
        )
    )
    if answer is not None:
        _send(ledger, whose, header, refused, answer)


def _phase(header: Header) -> int:
    """Give the phase of a message; what belongs to no exchange of ours counts as phase 1."""
    return 2 if header.exchange_type in (QUICK_MODE.number, ExchangeType.INFORMATIONAL) else 1


def _label(header: Header, subject: Negotiation | None) -> str:
    """Name a refused message as well as can be: by what was awaited, or by what came last."""
    if subject is None or subject.exchange.number != header.exchange_type:
        return _LABELS.get(header.exchange_type, "unknown")
    theirs = [s.label for s in subject.exchange.steps if s.sender is not subject.role]
    return theirs[min(len(subject.received), len(theirs) - 1)]


def _stranger(arrival: Arrival) -> IkeSa:
    """A nameless SA with the cookies of a message that belongs to none, to answer it with."""
    header, (source, destination) = arrival.header, arrival.ends
    return IkeSa(
        number=0,
        role=Role.RESPONDER,
        exchange=MAIN_MODE,
        local=destination,
        remote=source,
        initiator_cookie=header.initiator_cookie,
        responder_cookie=header.responder_cookie,
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """The notify that answers a refusal, and whether it travels under protection."""

    notify: NotifyType
    protected: bool


def _answer(ledger: Ledger, sa: IkeSa, header: Header, refused: Refused) -> _Answer | None:
    """Decide which notify a refusal becomes; None for silence.

    An informational message is never answered (RFC 2408 5.14), whatever is wrong with it. Strangers
    are answered only so often; whoever asks for quick mode has proven who he is.
    """
    row, behaviour = TABLE[refused.flaw], ledger.turn.behaviour
    notify = behaviour.notifies.get(refused.flaw, row.notify)
    way = behaviour.reactions.get(refused.flaw, row.answer)
    protect = way is Answer.PROTECTED or (way is Answer.BEST and sa.keys is not None)
    mute = way is Answer.SILENCE or (protect and sa.keys is None)
    if notify is None or mute or header.exchange_type == ExchangeType.INFORMATIONAL:
        return None
    known = protect and header.exchange_type == QUICK_MODE.number
    if not known and not informational.may_complain(ledger, sa.remote[0]):
        return None
    return _Answer(notify, protect)


def _send(ledger: Ledger, sa: IkeSa, header: Header, refused: Refused, answer: _Answer) -> None:
    payload = Notification(answer.notify, Protocol.ISAKMP, sa.spi)
    if header.exchange_type == QUICK_MODE.number and refused.spi:
        named = ledger.turn.behaviour.names_offered_spi
        spi = refused.spi if named else ledger.stranger_spi().to_bytes(4, "big")
        payload = Notification(answer.notify, Protocol.ESP, spi)
    if answer.protected:
        informational.send_protected(ledger, sa, payload)
    else:
        informational.send_clear(ledger, sa, payload)
