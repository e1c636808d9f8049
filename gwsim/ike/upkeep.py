"""What is begun from this side: acquires, renewals, timers, and the operator's commands."""

from gwsim.crypto import skeyid
from gwsim.ike import conversation, dpd, lifecycle
from gwsim.ike.aggressive_mode import AGGRESSIVE_MODE
from gwsim.ike.config import Connection, DpdAction, EndpointConfig
from gwsim.ike.events import (
    AcquireFailed,
    AcquireQueued,
    CloseReason,
    GaveUp,
    NegotiationStarted,
)
from gwsim.ike.ledger import Ledger, child_of, finished
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.quick_mode import QUICK_MODE
from gwsim.ike.sa import ChildSa, IkeSa, Negotiation, QuickMode
from gwsim.ike.states import Role, State
from gwsim.ike.timers import Timer
from gwsim.ike.turn import Datagram
from gwsim.wire.numbers import IKE_PORT

RETRY_REKEY = 30.0


def acquire(ledger: Ledger, connection: str, child: str, trigger: str) -> bool:
    """Get a child negotiated by the shortest way there is."""
    found = ledger.connection(connection)
    if found is None or child_of(found, child) is None:
        return _fail(ledger, connection, child, "no such connection or child")
    name = child or found.children[0].name
    if ledger.quick_mode_for(connection, name) is not None:
        return True
    sa = ledger.established(connection)
    if sa is not None:
        start_quick_mode(ledger, sa, name, trigger)
        return True
    return _acquire_phase1(ledger, found, name, trigger)


def _acquire_phase1(ledger: Ledger, connection: Connection, child: str, trigger: str) -> bool:
    why = _obstacle(ledger, connection)
    if why:
        return _fail(ledger, connection.name, child, why)
    sa = ledger.negotiating(connection.name)
    if sa is None:
        start_phase1(ledger, connection, child, trigger, rekey=False)
    elif all(waiting != child for waiting, _ in sa.pending):
        sa.pending.append((child, trigger))
        _report_queued(ledger, sa, connection, child)
    else:
        _report_queued(ledger, sa, connection, child)
    return True


def _obstacle(ledger: Ledger, connection: Connection) -> str:
    if not ledger.config.enabled:
        return "ISAKMP is not enabled"
    if connection.remote is None:
        return "the peer has no fixed address"
    if connection.psk is None:
        return "no pre-shared key for the peer"
    if not connection.may_initiate:
        return "this side may only answer"
    return ""


def _fail(ledger: Ledger, connection: str, child: str, why: str) -> bool:
    found = ledger.connection(connection)
    peer = found.remote if found and found.remote else ""
    ledger.turn.emit(
        AcquireFailed(at=ledger.turn.now, peer=peer, connection=connection, child=child, why=why)
    )
    return False


def _report_queued(ledger: Ledger, sa: IkeSa, connection: Connection, name: str) -> None:
    child = child_of(connection, name)
    if child is not None:
        ledger.turn.emit(
            AcquireQueued(
                **ledger.head(sa), child=name, local=str(child.local), remote=str(child.remote)
            )
        )


def start_phase1(
    ledger: Ledger, connection: Connection, child: str, trigger: str, rekey: bool
) -> None:
    """Begin main or aggressive mode; a renewal starts where the old SA talks (port 4500)."""
    old = ledger.established(connection.name)
    local, remote = (connection.local, IKE_PORT), (connection.remote or "", IKE_PORT)
    if rekey and old is not None:
        local, remote = old.local, old.remote
    now = ledger.turn.now
    sa = IkeSa(
        number=ledger.next_number(),
        role=Role.INITIATOR,
        exchange=AGGRESSIVE_MODE if connection.aggressive else MAIN_MODE,
        local=local,
        remote=remote,
        initiator_cookie=ledger.new_cookie(),
        connection=connection,
        offers=connection.phase1,
        first_contact=old is None,
        rekey=rekey,
        created=now,
        last_received=now,
    )
    if child:
        sa.pending.append((child, trigger))
    ledger.sas.append(sa)
    subject = child_of(connection, child)
    ledger.turn.emit(
        NegotiationStarted(
            **ledger.head(sa),
            phase=1,
            exchange=sa.exchange.name,
            role=Role.INITIATOR,
            rekey=rekey,
            child=child,
            local=str(subject.local) if subject else "",
            remote=str(subject.remote) if subject else "",
            trigger=trigger,
        )
    )
    conversation.speak(sa, ledger.turn)


def start_quick_mode(
    ledger: Ledger, sa: IkeSa, child: str, trigger: str, replaces: int = 0
) -> None:
    """Begin a quick mode for a child under an established ISAKMP SA."""
    if sa.connection is None or sa.keys is None:
        raise LookupError("an established SA has a connection and keys")
    subject = child_of(sa.connection, child)
    if subject is None:
        return
    message_id = ledger.new_message_id(sa)
    k = sa.keys
    qm = QuickMode(
        sa=sa,
        exchange=QUICK_MODE,
        role=Role.INITIATOR,
        message_id=message_id,
        started=ledger.turn.now,
        child=subject,
        local_sel=subject.local,
        remote_sel=subject.remote,
        iv=skeyid.phase2_iv(k.hash, k.last_block, message_id, k.block_size),
        replaces=replaces,
    )
    sa.quick_modes[message_id] = qm
    ledger.turn.emit(
        NegotiationStarted(
            **ledger.head(sa),
            phase=2,
            exchange="quick",
            role=Role.INITIATOR,
            rekey=bool(replaces),
            message_id=message_id,
            child=subject.name,
            local=str(subject.local),
            remote=str(subject.remote),
            trigger=trigger,
        )
    )
    conversation.speak(qm, ledger.turn)


def auto_start(ledger: Ledger) -> None:
    """Negotiate every child of every connection that shall be up without traffic."""
    for connection in ledger.config.connections:
        if connection.auto_start:
            for child in connection.children:
                acquire(ledger, connection.name, child.name, "auto")


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
            _give_up(ledger, sa, CloseReason.RETRANSMIT_LIMIT)
            lifecycle.close_phase1(ledger, sa, CloseReason.RETRANSMIT_LIMIT, tell=False)
        case Timer.HALF_OPEN:
            _give_up(ledger, sa, CloseReason.HALF_OPEN_TIMEOUT)
            lifecycle.close_phase1(ledger, sa, CloseReason.HALF_OPEN_TIMEOUT, tell=False)
        case Timer.REKEY:
            _rekey_phase1(ledger, sa)
        case Timer.EXPIRE:
            lifecycle.close_phase1(ledger, sa, CloseReason.EXPIRED, tell=True)
        case Timer.REMOVE:
            tell = _renewed_by_us(ledger, sa)
            lifecycle.close_phase1(ledger, sa, CloseReason.REKEYED, tell=tell)
        case Timer.KEEPALIVE:
            _keepalive(ledger, sa)
        case Timer.DPD:
            if not dpd.look(ledger, sa):
                dead_peer(ledger, sa)
        case Timer.LINGER:
            raise LookupError("an ISAKMP SA does not linger")


def _renewed_by_us(ledger: Ledger, sa: IkeSa) -> bool:
    newest = ledger.established(sa.connection.name) if sa.connection else None
    return newest is not None and newest.role is Role.INITIATOR


def _give_up(ledger: Ledger, n: Negotiation, reason: CloseReason) -> None:
    ledger.turn.emit(
        GaveUp(
            **ledger.head(n.ike),
            phase=n.exchange.phase,
            role=n.role,
            state=n.state,
            attempts=n.sent.attempt if n.sent else 0,
            reason=reason,
            message_id=n.message_id,
        )
    )


def _rekey_phase1(ledger: Ledger, sa: IkeSa) -> None:
    """Renew an ISAKMP SA that still has children; an idle one is left to expire."""
    connection = sa.connection
    if connection is None or not connection.may_initiate or connection.psk is None:
        return
    if connection.remote is None or not ledger.children_of(connection.name):
        return
    if ledger.negotiating(connection.name) is None:
        start_phase1(ledger, connection, "", "rekey", rekey=True)
    expires = sa.timers.at(Timer.EXPIRE)
    again = ledger.turn.now + RETRY_REKEY
    if expires is not None and again < expires:
        sa.timers.set(Timer.REKEY, again)


def _keepalive(ledger: Ledger, sa: IkeSa) -> None:
    """Refresh the NAT binding with one octet FF (RFC 3948 2.3)."""
    ledger.turn.send(Datagram(b"\xff", sa.local, sa.remote, "keepalive"))
    sa.timers.set(Timer.KEEPALIVE, ledger.turn.now + ledger.turn.behaviour.keepalive)


def dead_peer(ledger: Ledger, sa: IkeSa) -> None:
    """Do what the connection says about a peer that does not answer (RFC 3706 5.5)."""
    connection = sa.connection
    action = connection.dpd.action if connection and connection.dpd else DpdAction.CLEAR
    name = connection.name if connection else ""
    names = [c.child.name for c in ledger.children_of(name)]
    pairs = ledger.children_of(name)
    lifecycle.remove_children(ledger, pairs, CloseReason.DEAD_PEER, tell=False)
    lifecycle.close_phase1(ledger, sa, CloseReason.DEAD_PEER, tell=False)
    if action is DpdAction.RESTART:
        for child in dict.fromkeys(names):
            acquire(ledger, name, child, "dpd")


def _quick_timer(ledger: Ledger, qm: QuickMode, timer: Timer) -> None:
    if timer is Timer.RESEND:
        conversation.resend(qm, ledger.turn)
    elif timer is Timer.LINGER:
        qm.sa.quick_modes.pop(qm.message_id, None)
    else:
        _give_up(ledger, qm, CloseReason.RETRANSMIT_LIMIT)
        lifecycle.fail_quick_mode(ledger, qm, CloseReason.RETRANSMIT_LIMIT)


def _child_timer(ledger: Ledger, pair: ChildSa, timer: Timer) -> None:
    if timer is Timer.REKEY:
        rekey_child(ledger, pair)
    elif timer is Timer.EXPIRE:
        lifecycle.remove_children(ledger, [pair], CloseReason.EXPIRED, tell=True)
    else:
        tell = _renewer(ledger, pair) is Role.INITIATOR
        lifecycle.remove_children(ledger, [pair], CloseReason.REKEYED, tell=tell)


def _renewer(ledger: Ledger, pair: ChildSa) -> Role | None:
    for c in reversed(ledger.children_of(pair.connection)):
        if not c.retired and (c.local, c.remote) == (pair.local, pair.remote):
            return c.role
    return None


def rekey_child(ledger: Ledger, pair: ChildSa) -> None:
    """Renew a pair; tried again until its lifetime ends, as long as nothing replaces it."""
    connection = ledger.connection(pair.connection)
    if connection is None or not connection.may_initiate:
        return
    sa = ledger.established(pair.connection)
    if ledger.quick_mode_for(pair.connection, pair.child.name) is None:
        if sa is not None:
            start_quick_mode(ledger, sa, pair.child.name, "rekey", replaces=pair.inbound_spi)
        else:
            acquire(ledger, pair.connection, pair.child.name, "rekey")
    again = ledger.turn.now + RETRY_REKEY
    if pair.expires is not None and again < pair.expires:
        pair.timers.set(Timer.REKEY, again)


def rekey(ledger: Ledger, connection: str, phase: int) -> None:
    """Renew on the operator's word."""
    found = ledger.connection(connection)
    if found is None:
        return
    if phase == 1:
        start_phase1(ledger, found, "", "command", rekey=True)
        return
    for pair in [c for c in ledger.children_of(connection) if not c.retired]:
        rekey_child(ledger, pair)


def clear(ledger: Ledger, what: str, peer: str, reason: CloseReason) -> None:
    """Delete SAs: children first, so that their deletes still find a phase 1 to travel under."""
    if what in ("ipsec", "all"):
        for connection in {c.connection for c in ledger.children.values()}:
            pairs = ledger.children_of(connection)
            if not peer or pairs[0].peer_endpoint[0] == peer:
                lifecycle.remove_children(ledger, pairs, reason, tell=True)
    if what in ("ike", "all"):
        for sa in [s for s in ledger.sas if not peer or s.remote[0] == peer]:
            lifecycle.close_phase1(ledger, sa, reason, tell=True)


def reconfigure(ledger: Ledger, config: EndpointConfig) -> None:
    """Swap the configuration; what it no longer describes is deleted, the rest keeps running."""
    old = {c.name: c for c in ledger.config.connections}
    new = {c.name: c for c in config.connections}
    for name, before in old.items():
        if new.get(name) != before:
            _drop_connection(ledger, name)
    if not config.enabled:
        clear(ledger, "all", "", CloseReason.RECONFIGURED)
    ledger.config = config
    ledger.turn.behaviour = config.behaviour
    for sa in ledger.sas:
        if sa.connection is not None:
            sa.connection = new.get(sa.connection.name, sa.connection)


def _drop_connection(ledger: Ledger, name: str) -> None:
    pairs = ledger.children_of(name)
    lifecycle.remove_children(ledger, pairs, CloseReason.RECONFIGURED, tell=True)
    for sa in list(ledger.sas):
        if sa.connection is not None and sa.connection.name == name:
            lifecycle.close_phase1(ledger, sa, CloseReason.RECONFIGURED, tell=True)


def finish_quick_mode(ledger: Ledger, qm: QuickMode) -> None:
    """Install what a finished quick mode made and keep it for duplicates of its last message."""
    qm.state = State.INSTALLED
    qm.timers.clear()
    qm.timers.set(Timer.LINGER, ledger.turn.now + ledger.turn.behaviour.linger)
    lifecycle.install_child(ledger, qm)


def start_pending(ledger: Ledger, sa: IkeSa) -> None:
    """Begin the quick modes that waited for phase 1."""
    waiting, sa.pending = sa.pending, []
    for child, trigger in waiting:
        if sa.connection and ledger.quick_mode_for(sa.connection.name, child) is None:
            start_quick_mode(ledger, sa, child, trigger)


def is_finished(n: Negotiation) -> bool:
    """Whether a negotiation has run through its table."""
    return finished(n) if isinstance(n, QuickMode) else n.position >= len(n.exchange.steps)
