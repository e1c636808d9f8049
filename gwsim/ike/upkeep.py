"""Timers: resends, give-ups, renewals, expiry, keepalives, dead peers."""

from gwsim.ike import children, conversation, dpd, lifecycle
from gwsim.ike.config import DpdAction
from gwsim.ike.events import CloseReason, GaveUp
from gwsim.ike.initiation import acquire, obstacle, renew_phase1, start_quick_mode
from gwsim.ike.ledger import Ledger
from gwsim.ike.sa import ChildSa, IkeSa, Negotiation, QuickMode, need
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer
from gwsim.ike.turn import Datagram
from gwsim.wire.encapsulation import KEEPALIVE

RETRY_REKEY = 30.0


def next_due(ledger: Ledger) -> float | None:
    """Tell when the earliest timer of anything is due."""
    due = [sa.timers.next() for sa in ledger.sas]
    due += [qm.timers.next() for sa in ledger.sas for qm in sa.quick_modes.values()]
    due += [c.timers.next() for c in ledger.children.values()]
    return min((at for at in due if at is not None), default=None)


def run_timers(ledger: Ledger) -> None:
    """Run what is due; every owner may vanish while others run."""
    now = ledger.turn.now
    for sa in list(ledger.sas):
        for qm in list(sa.quick_modes.values()):
            for timer in qm.timers.due(now):
                if qm.message_id in sa.quick_modes:
                    _quick_timer(ledger, qm, timer)
        for timer in sa.timers.due(now):
            if sa in ledger.sas:
                _phase1_timer(ledger, sa, timer)
    for pair in list(ledger.children.values()):
        for timer in pair.timers.due(now):
            if pair.inbound_spi in ledger.children:
                _child_timer(ledger, pair, timer)


def _phase1_timer(ledger: Ledger, sa: IkeSa, timer: Timer) -> None:
    match timer:
        case Timer.RESEND:
            conversation.resend(sa, ledger.turn)
        case Timer.GIVE_UP:
            _abandon(ledger, sa, CloseReason.RETRANSMIT_LIMIT)
        case Timer.HALF_OPEN:
            _abandon(ledger, sa, CloseReason.HALF_OPEN_TIMEOUT)
        case Timer.REKEY:
            _rekey_phase1(ledger, sa)
        case Timer.EXPIRE:
            lifecycle.close_phase1(ledger, sa, CloseReason.EXPIRED, tell=True)
        case Timer.REMOVE:
            _remove_replaced(ledger, sa)
        case Timer.KEEPALIVE:
            _keepalive(ledger, sa)
        case _:
            _look(ledger, sa)


def _quick_timer(ledger: Ledger, qm: QuickMode, timer: Timer) -> None:
    match timer:
        case Timer.RESEND:
            conversation.resend(qm, ledger.turn)
        case Timer.GIVE_UP:
            _abandon_quick_mode(ledger, qm, CloseReason.RETRANSMIT_LIMIT)
        case Timer.HALF_OPEN:
            _abandon_quick_mode(ledger, qm, CloseReason.HALF_OPEN_TIMEOUT)
        case _:
            del qm.sa.quick_modes[qm.message_id]


def _child_timer(ledger: Ledger, pair: ChildSa, timer: Timer) -> None:
    match timer:
        case Timer.REKEY:
            rekey_child(ledger, pair)
        case Timer.SWITCH:
            children.take_over(ledger, pair)
        case Timer.EXPIRE if ledger.turn.behaviour.enforce_lifetime:
            lifecycle.remove_children(ledger, [pair], CloseReason.EXPIRED, tell=True)
        case Timer.EXPIRE:
            pass
        case _:
            tell = _renewed_by(ledger, pair) is Role.INITIATOR
            lifecycle.remove_children(ledger, [pair], CloseReason.REKEYED, tell=tell)


def _abandon(ledger: Ledger, sa: IkeSa, reason: CloseReason) -> None:
    _report_given_up(ledger, sa, reason)
    lifecycle.close_phase1(ledger, sa, reason, tell=False)


def _abandon_quick_mode(ledger: Ledger, qm: QuickMode, reason: CloseReason) -> None:
    _report_given_up(ledger, qm, reason)
    lifecycle.fail_quick_mode(ledger, qm, reason)


def _report_given_up(ledger: Ledger, n: Negotiation, reason: CloseReason) -> None:
    ledger.turn.emit(
        GaveUp(
            **ledger.head(n.ike),
            phase=n.exchange.phase,
            role=n.role,
            state=n.state,
            attempts=need(n.sent, "something sent").attempt,
            reason=reason,
            message_id=n.message_id,
        )
    )


def _rekey_phase1(ledger: Ledger, sa: IkeSa) -> None:
    """Renew an ISAKMP SA that still has children, until it works; an idle one may expire."""
    connection = need(sa.connection, "a connection")
    if obstacle(ledger, connection) or not ledger.children_of(sa.partner):
        return
    renew_phase1(ledger, connection.name, "rekey")
    _try_again(ledger, sa)


def _try_again(ledger: Ledger, owner: IkeSa | ChildSa) -> None:
    """Arm another attempt to renew, as long as there is lifetime left for it."""
    again = ledger.turn.now + RETRY_REKEY
    expires = owner.timers.at(Timer.EXPIRE)
    if expires is not None and again < expires:
        owner.timers.set(Timer.REKEY, again)


def _remove_replaced(ledger: Ledger, sa: IkeSa) -> None:
    """End an ISAKMP SA whose successor has had its grace; without a successor it stays."""
    newest = need(ledger.established(sa.partner), "an established SA")
    if newest is sa:
        sa.replaced = False
        sa.timers.set(Timer.REKEY, ledger.turn.now)
        return
    tell = newest.role is Role.INITIATOR
    lifecycle.close_phase1(ledger, sa, CloseReason.REKEYED, tell=tell)


def _keepalive(ledger: Ledger, sa: IkeSa) -> None:
    """Refresh the NAT binding with one octet FF (RFC 3948 2.3)."""
    ledger.turn.send(Datagram(KEEPALIVE, sa.local, sa.remote, "keepalive"))
    sa.timers.set(Timer.KEEPALIVE, ledger.turn.now + ledger.turn.behaviour.keepalive)


def _look(ledger: Ledger, sa: IkeSa) -> None:
    settings = need(dpd.settings(sa), "settings of DPD")
    if not dpd.look(ledger, sa, settings):
        dead_peer(ledger, sa, settings.action)


def dead_peer(ledger: Ledger, sa: IkeSa, action: DpdAction) -> None:
    """Do what the connection says about a peer that does not answer (RFC 3706 5.5)."""
    pairs = ledger.children_of(sa.partner)
    names = dict.fromkeys(c.child.name for c in pairs)
    children.drop(ledger, pairs, CloseReason.DEAD_PEER, tell=False)
    lifecycle.close_phase1(ledger, sa, CloseReason.DEAD_PEER, tell=False)
    if action is DpdAction.RESTART:
        for child in names:
            acquire(ledger, sa.name, child, "dpd")


def _renewed_by(ledger: Ledger, pair: ChildSa) -> Role | None:
    """Tell in which role this side negotiated the pair that took over."""
    for c in reversed(ledger.children_of(pair.partner)):
        if not c.retired and c.traffic == pair.traffic:
            return c.role
    return None


def rekey_child(ledger: Ledger, pair: ChildSa) -> None:
    """Renew a pair; tried again until its lifetime ends, as long as nothing replaces it."""
    connection = need(ledger.connection(pair.connection), "a connection")
    if not connection.may_initiate:
        return
    sa = ledger.established(pair.partner)
    if sa is None:
        if connection.remote is not None:
            acquire(ledger, pair.connection, pair.child.name, "rekey")
    elif ledger.quick_mode_for(pair.partner, pair.child.name) is None:
        start_quick_mode(ledger, sa, pair.child, "rekey", renewed=pair)
    _try_again(ledger, pair)
