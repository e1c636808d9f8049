"""What is begun from this side: acquires, main or aggressive mode, quick modes."""

from gwsim.ike import conversation
from gwsim.ike.aggressive_mode import AGGRESSIVE_MODE
from gwsim.ike.config import ChildConfig, Connection
from gwsim.ike.events import AcquireFailed, AcquireQueued, NegotiationStarted
from gwsim.ike.ledger import Ledger, child_of
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.quick_mode import QUICK_MODE
from gwsim.ike.sa import ChildSa, IkeSa, QuickMode, need
from gwsim.ike.states import Role
from gwsim.wire.numbers import IKE_PORT


def acquire(ledger: Ledger, connection: str, child: str, trigger: str) -> bool:
    """Get a child negotiated by the shortest way there is; False, with an event, if none is.

    `child` "" means the first one of the connection. Of several peers of a connection that takes
    anybody, the one that came last is meant.
    """
    found = ledger.connection(connection)
    subject = child_of(found, child) if found else None
    if found is None or subject is None:
        return _fail(ledger, connection, child, "no such connection or child")
    sa = ledger.newest(connection)
    if sa is not None:
        if ledger.quick_mode_for(sa.partner, subject.name) is None:
            start_quick_mode(ledger, sa, subject, trigger)
        return True
    return _acquire_phase1(ledger, found, subject, trigger)


def _acquire_phase1(
    ledger: Ledger, connection: Connection, child: ChildConfig, trigger: str
) -> bool:
    why = obstacle(ledger, connection)
    if why:
        return _fail(ledger, connection.name, child.name, why)
    sa = ledger.negotiating(connection.name)
    if sa is None:
        start_phase1(ledger, connection, child, trigger)
        return True
    if all(waiting != child.name for waiting, _ in sa.pending):
        sa.pending.append((child.name, trigger))
    ledger.turn.emit(
        AcquireQueued(
            **ledger.head(sa), child=child.name, local=str(child.local), remote=str(child.remote)
        )
    )
    return True


def obstacle(ledger: Ledger, connection: Connection) -> str:
    """Say why this side cannot begin phase 1 with a peer; "" when it can."""
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


def renew_phase1(ledger: Ledger, connection: str, trigger: str) -> bool:
    """Begin phase 1 anew beside the SA that there is; False, with an event, if it cannot be."""
    found = ledger.connection(connection)
    why = obstacle(ledger, found) if found else "no such connection"
    if found is None or why:
        return _fail(ledger, connection, "", why)
    if ledger.negotiating(connection) is None:
        start_phase1(ledger, found, None, trigger)
    return True


def start_phase1(
    ledger: Ledger, connection: Connection, child: ChildConfig | None, trigger: str
) -> None:
    """Begin main or aggressive mode for a child that waits, or, without one, as a renewal.

    A renewal starts where the old SA talks, which may be port 4500.
    """
    now, old = ledger.turn.now, ledger.newest(connection.name)
    remote = need(connection.remote, "an address of the peer")
    sa = IkeSa(
        number=ledger.next_number(),
        role=Role.INITIATOR,
        exchange=AGGRESSIVE_MODE if connection.aggressive else MAIN_MODE,
        local=old.local if old else (connection.local, IKE_PORT),
        remote=old.remote if old else (remote, IKE_PORT),
        initiator_cookie=ledger.new_cookie(),
        connection=connection,
        offers=connection.phase1,
        first_contact=old is None,
        rekey=old is not None,
        created=now,
        begun=ledger.next_order(),
        last_received=now,
    )
    if child is not None:
        sa.pending.append((child.name, trigger))
    ledger.sas.append(sa)
    _report_phase1_begun(ledger, sa, child, trigger)
    conversation.speak(sa, ledger.turn)


def _report_phase1_begun(
    ledger: Ledger, sa: IkeSa, child: ChildConfig | None, trigger: str
) -> None:
    ledger.turn.emit(
        NegotiationStarted(
            **ledger.head(sa),
            phase=1,
            exchange=sa.exchange.name,
            role=Role.INITIATOR,
            rekey=sa.rekey,
            child=child.name if child else "",
            local=str(child.local) if child else "",
            remote=str(child.remote) if child else "",
            trigger=trigger,
        )
    )


def start_quick_mode(
    ledger: Ledger, sa: IkeSa, child: ChildConfig, trigger: str, renewed: ChildSa | None = None
) -> None:
    """Begin a quick mode under an established ISAKMP SA; a renewal keeps the pair's selectors."""
    message_id = ledger.new_message_id(sa)
    qm = QuickMode(
        sa=sa,
        exchange=QUICK_MODE,
        role=Role.INITIATOR,
        message_id=message_id,
        started=ledger.turn.now,
        begun=ledger.next_order(),
        child=child,
        local_sel=renewed.local if renewed else child.local,
        remote_sel=renewed.remote if renewed else child.remote,
        iv=need(sa.keys, "keys").phase2_iv(message_id),
        replaces=renewed.inbound_spi if renewed else 0,
    )
    sa.quick_modes[message_id] = qm
    _report_quick_mode_begun(ledger, qm, child, trigger, rekey=renewed is not None)
    conversation.speak(qm, ledger.turn)


def _report_quick_mode_begun(
    ledger: Ledger, qm: QuickMode, child: ChildConfig, trigger: str, rekey: bool
) -> None:
    ledger.turn.emit(
        NegotiationStarted(
            **ledger.head(qm.sa),
            phase=2,
            exchange=qm.exchange.name,
            role=Role.INITIATOR,
            rekey=rekey,
            message_id=qm.message_id,
            child=child.name,
            local=str(qm.local_sel),
            remote=str(qm.remote_sel),
            trigger=trigger,
        )
    )


def start_pending(ledger: Ledger, sa: IkeSa) -> None:
    """Begin the quick modes that waited for phase 1, under the ISAKMP SA that now is the one."""
    waiting, sa.pending = sa.pending, []
    for child, trigger in waiting:
        acquire(ledger, sa.name, child, trigger)


def auto_start(ledger: Ledger) -> None:
    """Negotiate every child that shall be up without traffic and is not."""
    for connection, child in _missing(ledger):
        acquire(ledger, connection.name, child.name, "auto")


def waits_to_start(ledger: Ledger) -> bool:
    """Whether a child that shall be up without traffic is not, though nothing hinders us."""
    return any(not obstacle(ledger, connection) for connection, _ in _missing(ledger))


def _missing(ledger: Ledger) -> list[tuple[Connection, ChildConfig]]:
    """List the children that shall be up without traffic, and are neither that nor on their way."""
    return [
        (connection, child)
        for connection in ledger.config.connections
        if connection.auto_start
        for child in connection.children
        if not _on_its_way(ledger, connection, child)
    ]


def _on_its_way(ledger: Ledger, connection: Connection, child: ChildConfig) -> bool:
    partner = (connection.name, "")
    sa = ledger.negotiating(connection.name)
    waiting = sa is not None and any(name == child.name for name, _ in sa.pending)
    up = any(pair.child.name == child.name for pair in ledger.children_of(partner))
    return up or waiting or ledger.quick_mode_for(partner, child.name) is not None
