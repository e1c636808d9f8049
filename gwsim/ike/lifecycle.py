"""Birth and end of ISAKMP SAs and of quick modes, and what ends along with them.

Two rules settle negotiations that cross, on both ends alike and without a further message. Of two
ISAKMP SAs whose negotiations overlapped and began at different ends, the one with the lower
initiator cookie stays; otherwise the newer replaces the older. And one of ours that the peer has
not answered yet is given up as soon as the peer's own is finished; so it is with quick modes.
"""

from gwsim.ike import children, dpd, informational
from gwsim.ike.events import (
    ChildRemoved,
    CloseReason,
    PhaseOneClosed,
    PhaseOneCompleted,
    QuickModeClosed,
    StateChanged,
)
from gwsim.ike.ledger import Ledger, finished
from gwsim.ike.renewal import remove_after_grace, renewal_in, settle
from gwsim.ike.sa import NO_COOKIE, ChildSa, IkeSa, QuickMode
from gwsim.ike.states import Role, State
from gwsim.ike.timers import Timer


def establish_phase1(ledger: Ledger, sa: IkeSa) -> None:
    """Turn a finished main or aggressive mode into an ISAKMP SA with its timers."""
    now, b = ledger.turn.now, ledger.turn.behaviour
    sa.established, sa.done = now, ledger.next_order()
    sa.timers.stop(Timer.HALF_OPEN, Timer.RESEND, Timer.GIVE_UP)
    rekey_in = None
    if sa.lifetime is not None:
        rekey_in = renewal_in(ledger, b.phase1_rekey, sa.role, sa.lifetime)
        sa.timers.set(Timer.EXPIRE, now + sa.lifetime)
    if rekey_in is not None:
        sa.timers.set(Timer.REKEY, now + rekey_in)
    if sa.nat_local and b.keepalive:
        sa.timers.set(Timer.KEEPALIVE, now + b.keepalive)
    dpd.begin(ledger, sa)
    ledger.turn.emit(
        PhaseOneCompleted(
            **ledger.head(sa),
            exchange=sa.exchange.name,
            role=sa.role,
            lifetime_seconds=sa.lifetime,
            rekey_in=rekey_in,
            dpd=dpd.settings(sa) is not None,
            rekey=sa.rekey,
        )
    )
    _settle(ledger, sa)


def _settle(ledger: Ledger, sa: IkeSa) -> None:
    """Sort out a new ISAKMP SA and the others with its partner."""
    for other in [s for s in ledger.sas if s.partner == sa.partner and s is not sa]:
        if other.up and not other.replaced:
            _replace_one(ledger, sa, other)
        elif not other.up:
            other.first_contact = False
            _yield_to(ledger, sa, other)


def _replace_one(ledger: Ledger, new: IkeSa, old: IkeSa) -> None:
    lower = min(new, old, key=lambda sa: sa.initiator_cookie)
    stays, loser = settle(new, old, preferred=lower)
    loser.replaced = True
    loser.timers.stop(Timer.REKEY, Timer.DPD, Timer.KEEPALIVE)
    remove_after_grace(ledger, loser, stays.role, ledger.turn.behaviour.phase1_rekey.grace)


def _yield_to(ledger: Ledger, sa: IkeSa, other: IkeSa) -> None:
    """Give up a negotiation of ours that was not answered before the peer's own was finished."""
    if other.role is Role.INITIATOR and other.responder_cookie == NO_COOKIE:
        sa.pending, other.pending = [*sa.pending, *other.pending], []
        close_phase1(ledger, other, CloseReason.REKEYED, tell=False)


def finish_quick_mode(ledger: Ledger, qm: QuickMode) -> None:
    """Install what a finished quick mode made and keep it for duplicates of its last message."""
    qm.timers.clear()
    qm.timers.set(Timer.LINGER, ledger.turn.now + ledger.turn.behaviour.linger)
    pair = children.install(ledger, qm)
    theirs = [sa for sa in ledger.sas if sa.partner == pair.partner]
    rivals = [q for sa in theirs for q in sa.quick_modes.values()]
    for rival in rivals:
        unanswered = rival.role is Role.INITIATOR and rival.position == 1
        if unanswered and (rival.local_sel, rival.remote_sel) == pair.traffic:
            close_quick_mode(ledger, rival, CloseReason.REKEYED)


def close_quick_mode(ledger: Ledger, qm: QuickMode, reason: CloseReason) -> None:
    """End a quick mode without SAs."""
    qm.sa.quick_modes.pop(qm.message_id, None)
    qm.timers.clear()
    ledger.release_spi(qm.own_spi)
    state, qm.state = qm.state, State.CLOSED
    head = ledger.head(qm.sa)
    if qm.role is Role.RESPONDER and qm.chosen is not None:
        ledger.turn.emit(
            ChildRemoved(**head, inbound_spi=qm.own_spi, outbound_spi=qm.peer_spi, reason=reason)
        )
    ledger.turn.emit(
        QuickModeClosed(
            **head,
            role=qm.role,
            state=state,
            message_id=qm.message_id,
            child=qm.child.name if qm.child else "",
            local=str(qm.local_sel) if qm.local_sel else "",
            remote=str(qm.remote_sel) if qm.remote_sel else "",
            reason=reason,
        )
    )


def fail_quick_mode(ledger: Ledger, qm: QuickMode, reason: CloseReason) -> None:
    """End a quick mode that failed, and phase 1 with it where the vendor tears it down."""
    close_quick_mode(ledger, qm, reason)
    sa = qm.sa
    if not ledger.turn.behaviour.phase2_failure_deletes_phase1 or _busy(sa):
        return
    if not ledger.children_of(sa.partner):
        close_phase1(ledger, sa, CloseReason.PHASE2_FAILED, tell=True)


def remove_children(ledger: Ledger, pairs: list[ChildSa], reason: CloseReason, tell: bool) -> None:
    """End pairs of one partner, and phase 1 with the last of them where the vendor does so."""
    children.drop(ledger, pairs, reason, tell)
    if not pairs or reason is CloseReason.REKEYED:
        return
    partner = pairs[0].partner
    if not ledger.turn.behaviour.last_child_deletes_phase1 or ledger.children_of(partner):
        return
    for sa in [s for s in ledger.sas if s.up and s.partner == partner and not _busy(s)]:
        close_phase1(ledger, sa, CloseReason.LAST_CHILD_GONE, tell=True)


def _busy(sa: IkeSa) -> bool:
    return any(not finished(qm) for qm in sa.quick_modes.values())


def close_phase1(ledger: Ledger, sa: IkeSa, reason: CloseReason, tell: bool) -> None:
    """End an ISAKMP SA or a half-open phase 1 and everything that cannot live without it."""
    if sa not in ledger.sas:
        return
    for qm in [q for q in sa.quick_modes.values() if not finished(q)]:
        close_quick_mode(ledger, qm, CloseReason.PHASE1_GONE)
    if ledger.turn.behaviour.phase1_end_deletes_children and _last_of_peer(ledger, sa):
        children.drop(ledger, ledger.children_of(sa.partner), reason, tell)
    if tell and sa.up and ledger.turn.behaviour.send_delete:
        informational.delete_phase1(ledger, sa)
    ledger.sas.remove(sa)
    sa.timers.clear()
    state, sa.state = sa.state, State.CLOSED
    _report_phase1_gone(ledger, sa, state, reason)


def _last_of_peer(ledger: Ledger, sa: IkeSa) -> bool:
    """Whether this is the only ISAKMP SA with a partner."""
    others = [s for s in ledger.sas if s is not sa and s.up and s.partner == sa.partner]
    return sa.up and not others


def _report_phase1_gone(ledger: Ledger, sa: IkeSa, state: State, reason: CloseReason) -> None:
    head = ledger.head(sa)
    ledger.turn.emit(
        StateChanged(
            **head,
            phase=1,
            role=sa.role,
            old=state,
            new=State.CLOSED,
            exchange=sa.exchange.name,
        )
    )
    ledger.turn.emit(
        PhaseOneClosed(
            **head,
            role=sa.role,
            state=state,
            exchange=sa.exchange.name,
            reason=reason,
            up_for=None if sa.established is None else ledger.turn.now - sa.established,
            initiator_cookie=sa.initiator_cookie.hex(),
            responder_cookie=sa.responder_cookie.hex(),
            attempts=sa.sent.attempt if sa.sent else 0,
        )
    )
