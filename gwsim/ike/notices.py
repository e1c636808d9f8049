"""What notifications and deletes do (RFC 2408 3.14, 3.15; RFC 2407 4.6.3).

A protected one is obeyed. A clear one is a hint: it is reported, and only ends a half-open
negotiation of ours where the vendor believes such hints; nothing established ever falls by it.
"""

from collections.abc import Callable
from functools import partial

from gwsim.ike import children, dpd, lifecycle
from gwsim.ike.events import CloseReason, DeleteReceived, LifetimeCompared, NotifyReceived
from gwsim.ike.ledger import Ledger, finished
from gwsim.ike.lifetimes import announced_lifetimes, lower
from gwsim.ike.sa import ChildSa, IkeSa, QuickMode
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer
from gwsim.wire.numbers import NotifyType, Protocol, is_error_notify
from gwsim.wire.payloads import Delete, Notification

_DPD = (NotifyType.R_U_THERE, NotifyType.R_U_THERE_ACK)


def take_notification(
    ledger: Ledger, sa: IkeSa, n: Notification, protected: bool, message_id: int
) -> None:
    """Report a notification of an informational exchange and obey it if it may be obeyed."""
    if n.notify_type in _DPD:
        if protected and sa.up:
            dpd.take(ledger, sa, n)
        return
    qm = _subject(sa, n) if protected else None
    deed = _deed(ledger, sa, n, protected, qm)
    phase = 2 if qm is not None or n.protocol_id == Protocol.ESP else 1
    _report(ledger, sa, n, protected, message_id, phase, acted=deed is not None)
    if deed is not None:
        deed()


def take_inner(ledger: Ledger, sa: IkeSa, n: Notification, qm: QuickMode | None) -> None:
    """Obey a notification that rode inside an authenticated phase 1 or quick mode message."""
    phase, message_id = (1, 0) if qm is None else (2, qm.message_id)
    known = n.notify_type in (
        NotifyType.INITIAL_CONTACT,
        NotifyType.RESPONDER_LIFETIME,
        NotifyType.REPLAY_STATUS,
    )
    _report(ledger, sa, n, True, message_id, phase, known)
    if n.notify_type == NotifyType.INITIAL_CONTACT:
        initial_contact(ledger, sa)
    elif n.notify_type == NotifyType.RESPONDER_LIFETIME:
        if n.protocol_id == Protocol.ISAKMP:
            _lower_phase1(ledger, sa, n)
        elif qm is not None:
            _lower_phase2(ledger, qm, n)


def _subject(sa: IkeSa, n: Notification) -> QuickMode | None:
    """Find the quick mode of ours that an error speaks of: by SPI, or the only one there is."""
    if not is_error_notify(n.notify_type):
        return None
    ours = [q for q in sa.quick_modes.values() if q.role is Role.INITIATOR and not finished(q)]
    for qm in ours:
        if n.spi == qm.own_spi.to_bytes(4, "big"):
            return qm
    names_one = len(n.spi) == 4 and any(n.spi)  # strongSwan sends four zero octets
    return ours[0] if len(ours) == 1 and not names_one else None


def _deed(
    ledger: Ledger, sa: IkeSa, n: Notification, protected: bool, qm: QuickMode | None
) -> Callable[[], None] | None:
    """Find out what a notification makes us do; None for nothing."""
    close = partial(lifecycle.close_phase1, ledger, sa, CloseReason.PEER_REFUSED, tell=False)
    hopeless = is_error_notify(n.notify_type) and not sa.up
    if not protected:
        believes = ledger.turn.behaviour.abandon_on_clear_error
        return close if hopeless and believes and sa.role is Role.INITIATOR else None
    if qm is not None:
        return partial(lifecycle.fail_quick_mode, ledger, qm, CloseReason.PEER_REFUSED)
    match n.notify_type:
        case NotifyType.INVALID_SPI if stale := _stale(ledger, sa, n):
            reason = CloseReason.PEER_REFUSED
            return partial(lifecycle.remove_children, ledger, stale, reason, tell=False)
        case NotifyType.INITIAL_CONTACT if sa.up:
            return partial(initial_contact, ledger, sa)
        case NotifyType.RESPONDER_LIFETIME if n.protocol_id == Protocol.ISAKMP:
            return partial(_lower_phase1, ledger, sa, n)
    return close if hopeless else None


def _stale(ledger: Ledger, sa: IkeSa, n: Notification) -> list[ChildSa]:
    """Find the pair whose outbound SPI the peer does not know (SPI field, or data as some send)."""
    spi = n.spi if len(n.spi) == 4 else n.data[:4]
    pair = ledger.by_outbound(int.from_bytes(spi, "big"), sa.partner)
    return [] if pair is None else [pair]


def _report(
    ledger: Ledger,
    sa: IkeSa,
    n: Notification,
    protected: bool,
    message_id: int,
    phase: int,
    acted: bool,
) -> None:
    ledger.turn.emit(
        NotifyReceived(
            **ledger.head(sa),
            notify_type=n.notify_type,
            protocol_id=n.protocol_id,
            spi=n.spi,
            data=n.data,
            protected=protected,
            message_id=message_id,
            phase=phase,
            acted=acted,
        )
    )


def initial_contact(ledger: Ledger, sa: IkeSa) -> None:
    """Forget every older SA with this peer: it has none of them any more (RFC 2407 4.6.3.3).

    Older is what stood before this negotiation began; what came up beside it, because both ends
    began at once, is not meant.
    """
    older = [c for c in ledger.children_of(sa.partner) if c.done < sa.begun]
    children.drop(ledger, older, CloseReason.INITIAL_CONTACT, tell=False)
    for other in [s for s in ledger.sas if s.partner == sa.partner and 0 < s.done < sa.begun]:
        lifecycle.close_phase1(ledger, other, CloseReason.INITIAL_CONTACT, tell=False)


def _lower_phase1(ledger: Ledger, sa: IkeSa, n: Notification) -> None:
    """Take over the responder's lower lifetime of phase 1 (RFC 2407 4.6.3.1)."""
    theirs = announced_lifetimes(n.data, phase=1).seconds
    if theirs is None:
        return
    ours, sa.lifetime = sa.lifetime, lower(sa.lifetime, theirs)
    _report_lifetime(ledger, sa, None, "seconds", (ours, theirs, sa.lifetime))
    _shorten(sa)


def _lower_phase2(ledger: Ledger, qm: QuickMode, n: Notification) -> None:
    """Take over the responder's lower lifetimes of a quick mode that is about to finish."""
    theirs = announced_lifetimes(n.data, phase=2)
    if theirs.seconds is not None:
        ours, qm.lifetime_seconds = qm.lifetime_seconds, lower(qm.lifetime_seconds, theirs.seconds)
        found = (ours, theirs.seconds, qm.lifetime_seconds)
        _report_lifetime(ledger, qm.sa, qm, "seconds", found)
    if theirs.kilobytes is not None:
        ours = qm.lifetime_kilobytes
        qm.lifetime_kilobytes = lower(ours, theirs.kilobytes)
        found = (ours, theirs.kilobytes, qm.lifetime_kilobytes)
        _report_lifetime(ledger, qm.sa, qm, "kilobytes", found)


def _report_lifetime(
    ledger: Ledger,
    sa: IkeSa,
    qm: QuickMode | None,
    unit: str,
    found: tuple[int | None, int, int | None],
) -> None:
    ours, theirs, chosen = found
    ledger.turn.emit(
        LifetimeCompared(
            **ledger.head(sa),
            phase=2 if qm else 1,
            role=Role.INITIATOR,
            unit=unit,
            ours=ours,
            theirs=theirs,
            chosen=chosen,
            message_id=qm.message_id if qm else 0,
        )
    )


def _shorten(sa: IkeSa) -> None:
    """Bring an established SA's timers in line with a lowered lifetime, in proportion."""
    if sa.established is None or sa.lifetime is None:
        return
    expires, rekey = sa.timers.at(Timer.EXPIRE), sa.timers.at(Timer.REKEY)
    sa.timers.set(Timer.EXPIRE, sa.established + sa.lifetime)
    if rekey is not None and expires is not None:
        share = (rekey - sa.established) / (expires - sa.established)
        sa.timers.set(Timer.REKEY, sa.established + sa.lifetime * share)


def take_delete(ledger: Ledger, sa: IkeSa, d: Delete) -> bool:
    """Obey a protected delete; False when its SPIs name nothing of ours."""
    if d.protocol_id == Protocol.ISAKMP:
        named = [s for s in ledger.sas if s.spi in d.spis]
        doomed = [s for s in named if s.remote[0] == sa.remote[0]]
        _report_delete(ledger, sa, d, len(doomed))
        for other in doomed:
            lifecycle.close_phase1(ledger, other, CloseReason.PEER_DELETE, tell=False)
        return bool(doomed)
    spis = [int.from_bytes(spi, "big") for spi in d.spis if d.protocol_id == Protocol.ESP]
    found = [ledger.by_outbound(spi, sa.partner) for spi in dict.fromkeys(spis)]
    pairs = [c for c in found if c is not None]
    _report_delete(ledger, sa, d, len(pairs))
    lifecycle.remove_children(ledger, pairs, CloseReason.PEER_DELETE, tell=False)
    return bool(pairs)


def _report_delete(ledger: Ledger, sa: IkeSa, d: Delete, known: int) -> None:
    ledger.turn.emit(
        DeleteReceived(**ledger.head(sa), protocol_id=d.protocol_id, spis=d.spis, known=known)
    )
