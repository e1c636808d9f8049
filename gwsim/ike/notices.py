"""What notifications and deletes do (RFC 2408 3.14, 3.15; RFC 2407 4.6.3).

A protected one is obeyed. A clear one is a hint: it is reported, and only ends a half-open
negotiation of ours where the vendor believes such hints; nothing established ever falls by it.
"""

from gwsim.ike import dpd, lifecycle
from gwsim.ike.events import CloseReason, DeleteReceived, LifetimeCompared, NotifyReceived
from gwsim.ike.ledger import Ledger, finished
from gwsim.ike.lifetimes import lower
from gwsim.ike.sa import ChildSa, IkeSa, QuickMode
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer
from gwsim.wire.errors import WireError
from gwsim.wire.numbers import (
    LifeType,
    NotifyType,
    Phase1Attribute,
    Phase2Attribute,
    Protocol,
    is_error_notify,
)
from gwsim.wire.payloads import Delete, Notification
from gwsim.wire.proposals import parse_attributes

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
    acted = _will_act(ledger, sa, n, protected, qm)
    phase = 2 if qm is not None or n.protocol_id == Protocol.ESP else 1
    _report(ledger, sa, n, protected, message_id, phase, acted)
    if acted:
        _act(ledger, sa, n, qm)


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
        _responder_lifetime(ledger, sa, n, qm)


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


def _will_act(
    ledger: Ledger, sa: IkeSa, n: Notification, protected: bool, qm: QuickMode | None
) -> bool:
    if not protected:
        believes = ledger.turn.behaviour.abandon_on_clear_error
        ours = not sa.up and sa.role is Role.INITIATOR
        return believes and ours and is_error_notify(n.notify_type)
    if qm is not None:
        return True
    if n.notify_type == NotifyType.INVALID_SPI:
        return _stale(ledger, sa, n) is not None
    if is_error_notify(n.notify_type):
        return not sa.up
    return n.notify_type in (NotifyType.INITIAL_CONTACT, NotifyType.RESPONDER_LIFETIME)


def _act(ledger: Ledger, sa: IkeSa, n: Notification, qm: QuickMode | None) -> None:
    if qm is not None:
        lifecycle.fail_quick_mode(ledger, qm, CloseReason.PEER_REFUSED)
    elif n.notify_type == NotifyType.INVALID_SPI:
        pair = _stale(ledger, sa, n)
        if pair is not None:
            lifecycle.remove_children(ledger, [pair], CloseReason.PEER_REFUSED, tell=False)
    elif n.notify_type == NotifyType.INITIAL_CONTACT:
        initial_contact(ledger, sa)
    elif n.notify_type == NotifyType.RESPONDER_LIFETIME:
        _responder_lifetime(ledger, sa, n, None)
    else:
        lifecycle.close_phase1(ledger, sa, CloseReason.PEER_REFUSED, tell=False)


def _stale(ledger: Ledger, sa: IkeSa, n: Notification) -> ChildSa | None:
    """Find the pair whose outbound SPI the peer does not know (SPI field, or data as some send)."""
    spi = n.spi if len(n.spi) == 4 else n.data[:4]
    name = sa.connection.name if sa.connection else ""
    return ledger.by_outbound(int.from_bytes(spi, "big"), name) if len(spi) == 4 else None


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
    """Forget every older SA with this peer: it has none of them any more (RFC 2407 4.6.3.3)."""
    name = sa.connection.name if sa.connection else ""
    older = [c for c in ledger.children_of(name) if c.created <= ledger.turn.now]
    lifecycle.remove_children(ledger, older, CloseReason.INITIAL_CONTACT, tell=False)
    for other in list(ledger.sas):
        same = other.connection is not None and other.connection.name == name
        if other is not sa and same and other.up:
            lifecycle.close_phase1(ledger, other, CloseReason.INITIAL_CONTACT, tell=False)


def _responder_lifetime(ledger: Ledger, sa: IkeSa, n: Notification, qm: QuickMode | None) -> None:
    """Take over the responder's lower lifetime (RFC 2407 4.6.3.1)."""
    phase2 = n.protocol_id != Protocol.ISAKMP
    for unit, value in _lifetimes_in(n, phase2):
        if unit == LifeType.SECONDS and not phase2:
            ours, sa.lifetime = sa.lifetime, lower(sa.lifetime, value)
            chosen = sa.lifetime
            _shorten(ledger, sa)
        elif qm is None:
            continue
        elif unit == LifeType.SECONDS:
            ours, qm.lifetime_seconds = qm.lifetime_seconds, lower(qm.lifetime_seconds, value)
            chosen = qm.lifetime_seconds
        else:
            ours = qm.lifetime_kilobytes
            chosen = qm.lifetime_kilobytes = lower(ours, value)
        ledger.turn.emit(
            LifetimeCompared(
                **ledger.head(sa),
                phase=2 if phase2 else 1,
                role=Role.INITIATOR,
                unit="seconds" if unit == LifeType.SECONDS else "kilobytes",
                ours=ours,
                theirs=value,
                chosen=chosen,
                message_id=qm.message_id if qm else 0,
            )
        )


def _lifetimes_in(n: Notification, phase2: bool) -> list[tuple[int, int]]:
    type_ = Phase2Attribute.LIFE_TYPE if phase2 else Phase1Attribute.LIFE_TYPE
    try:
        attributes = parse_attributes(n.data, 0, len(n.data))
    except WireError:
        return []
    found, unit = [], None
    for a in attributes:
        if a.type == type_:
            unit = a.as_int
        elif a.type == type_ + 1 and unit in (LifeType.SECONDS, LifeType.KILOBYTES):
            found.append((unit, a.as_int))
    return found


def _shorten(ledger: Ledger, sa: IkeSa) -> None:
    """Bring an established SA's expiry in line with a lowered lifetime."""
    expires = sa.timers.at(Timer.EXPIRE)
    if sa.established is None or sa.lifetime is None or expires is None:
        return
    sa.timers.set(Timer.EXPIRE, sa.established + sa.lifetime)
    rekey = sa.timers.at(Timer.REKEY)
    if rekey is not None:
        share = (rekey - sa.established) / (expires - sa.established)
        sa.timers.set(Timer.REKEY, sa.established + sa.lifetime * share)


def take_delete(ledger: Ledger, sa: IkeSa, d: Delete) -> None:
    """Obey a protected delete; SPIs that name nothing of ours are only reported."""
    name = sa.connection.name if sa.connection else ""
    if d.protocol_id == Protocol.ISAKMP:
        doomed = [
            s for s in ledger.sas if b"".join(s.cookies) in d.spis and s.remote[0] == sa.remote[0]
        ]
        _report_delete(ledger, sa, d, len(doomed))
        for other in doomed:
            lifecycle.close_phase1(ledger, other, CloseReason.PEER_DELETE, tell=False)
        return
    found = [ledger.by_outbound(int.from_bytes(spi, "big"), name) for spi in d.spis]
    pairs = [c for c in found if c is not None]
    _report_delete(ledger, sa, d, len(pairs))
    lifecycle.remove_children(ledger, pairs, CloseReason.PEER_DELETE, tell=False)


def _report_delete(ledger: Ledger, sa: IkeSa, d: Delete, known: int) -> None:
    ledger.turn.emit(
        DeleteReceived(**ledger.head(sa), protocol_id=d.protocol_id, spis=d.spis, known=known)
    )
