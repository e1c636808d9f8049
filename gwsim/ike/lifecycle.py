"""Birth and end of SAs: what happens when an exchange is finished and when something must go.

Two rules settle crossing negotiations on both sides alike, without a further message. Of two
ISAKMP SAs begun from both ends within CROSSING seconds the one with the lower initiator cookie
stays; of two crossing pairs of IPsec SAs the one whose lower nonce is the higher stays. Otherwise
the newer replaces the older, which still receives for a grace period.
"""

from gwsim.ike import informational, quick_mode
from gwsim.ike.config import Rekey
from gwsim.ike.events import (
    ChildActivated,
    ChildKeys,
    ChildRemoved,
    ChildRetired,
    CloseReason,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    QuickModeClosed,
    StateChanged,
)
from gwsim.ike.ledger import Ledger, finished
from gwsim.ike.sa import ChildSa, IkeSa, QuickMode
from gwsim.ike.states import Role, State
from gwsim.ike.timers import Timer

CROSSING = 5.0


def establish_phase1(ledger: Ledger, sa: IkeSa) -> None:
    """Turn a finished main or aggressive mode into an ISAKMP SA with its timers."""
    now, b = ledger.turn.now, ledger.turn.behaviour
    sa.established = now
    sa.timers.stop(Timer.HALF_OPEN, Timer.RESEND, Timer.GIVE_UP)
    rekey_at = _rekey_at(ledger, b.phase1_rekey, sa.role, sa.lifetime)
    if rekey_at is not None and sa.lifetime is not None:
        sa.timers.set(Timer.REKEY, rekey_at)
        sa.timers.set(Timer.EXPIRE, now + sa.lifetime)
    if sa.nat_local and b.keepalive:
        sa.timers.set(Timer.KEEPALIVE, now + b.keepalive)
    if sa.dpd and sa.connection and sa.connection.dpd:
        sa.dpd_sequence = ledger.turn.rng.getrandbits(31)
        sa.timers.set(Timer.DPD, now + sa.connection.dpd.idle)
    ledger.turn.emit(
        PhaseOneCompleted(
            **ledger.head(sa),
            exchange=sa.exchange.name,
            role=sa.role,
            lifetime_seconds=sa.lifetime,
            rekey_in=None if rekey_at is None else rekey_at - now,
            dpd=sa.dpd and sa.connection is not None and sa.connection.dpd is not None,
            rekey=sa.rekey,
        )
    )
    _settle_phase1(ledger, sa)


def _rekey_at(ledger: Ledger, rekey: Rekey, role: Role, lifetime: int | None) -> float | None:
    if lifetime is None:
        return None
    fraction = rekey.fraction
    if role is Role.RESPONDER and rekey.responder_fraction is not None:
        fraction = rekey.responder_fraction
    early = ledger.turn.rng.uniform(0, rekey.jitter)
    return ledger.turn.now + lifetime * max(0.1, fraction - early)


def _settle_phase1(ledger: Ledger, sa: IkeSa) -> None:
    now = ledger.turn.now
    for other in list(ledger.sas):
        same = other.connection and sa.connection and other.connection.name == sa.connection.name
        if other is sa or not other.up or other.replaced or not same:
            continue
        crossing = other.role is not sa.role and now - (other.established or 0) < CROSSING
        keeps = min(sa, other, key=lambda s: s.initiator_cookie) if crossing else sa
        loser = other if keeps is sa else sa
        loser.replaced = True
        loser.timers.stop(Timer.REKEY, Timer.DPD, Timer.KEEPALIVE)
        grace = ledger.turn.behaviour.phase1_rekey.grace
        loser.timers.set(Timer.REMOVE, now + (grace if keeps.role is Role.INITIATOR else 2 * grace))


def prepare_child(ledger: Ledger, qm: QuickMode) -> None:
    """As responder, let the data plane receive on the new SA as soon as quick-2 is out."""
    _emit_keys(ledger, qm, active=False)


def install_child(ledger: Ledger, qm: QuickMode) -> None:
    """Put a finished quick mode's pair of SAs into use and retire what it replaces."""
    child, now = qm.child, ledger.turn.now
    if child is None or qm.local_sel is None or qm.remote_sel is None or qm.chosen is None:
        raise LookupError("a finished quick mode has a child")
    ledger.release_spi(qm.own_spi)
    pair = ChildSa(
        connection=qm.sa.connection.name if qm.sa.connection else "",
        child=child,
        role=qm.role,
        message_id=qm.message_id,
        local=qm.local_sel,
        remote=qm.remote_sel,
        inbound_spi=qm.own_spi,
        outbound_spi=qm.peer_spi,
        transform=qm.chosen,
        local_endpoint=qm.sa.local,
        peer_endpoint=qm.sa.remote,
        udp=qm.udp,
        pfs_group=qm.pfs_group,
        esn=qm.esn,
        lifetime_seconds=qm.lifetime_seconds,
        lifetime_kilobytes=qm.lifetime_kilobytes,
        created=now,
        started=qm.started,
        mark=min(qm.nonces()),
    )
    renewed = _siblings(ledger, pair)
    if qm.role is Role.INITIATOR:
        _emit_keys(ledger, qm, active=True)
    else:
        ledger.turn.emit(ChildActivated(**ledger.head(qm.sa), inbound_spi=qm.own_spi))
    ledger.children[pair.inbound_spi] = pair
    # Whoever has a pair in use has been in contact, though it may never have said so.
    qm.sa.first_contact = False
    rekey_at = _rekey_at(ledger, ledger.turn.behaviour.phase2_rekey, qm.role, pair.lifetime_seconds)
    if rekey_at is not None and pair.expires is not None:
        pair.timers.set(Timer.REKEY, rekey_at)
        pair.timers.set(Timer.EXPIRE, pair.expires)
    ledger.turn.emit(
        PhaseTwoCompleted(
            **ledger.head(qm.sa),
            message_id=qm.message_id,
            role=qm.role,
            child=child.name,
            local=str(pair.local),
            remote=str(pair.remote),
            inbound_spi=pair.inbound_spi,
            outbound_spi=pair.outbound_spi,
            lifetime_seconds=pair.lifetime_seconds,
            lifetime_kilobytes=pair.lifetime_kilobytes,
            pfs_group=pair.pfs_group,
            rekey_in=None if rekey_at is None else rekey_at - now,
            rekey=bool(renewed),
        )
    )
    for old in renewed:
        _retire_one(ledger, pair, old)


def _siblings(ledger: Ledger, pair: ChildSa) -> list[ChildSa]:
    return [
        c
        for c in ledger.children_of(pair.connection)
        if not c.retired and (c.local, c.remote) == (pair.local, pair.remote)
    ]


def _retire_one(ledger: Ledger, new: ChildSa, old: ChildSa) -> None:
    crossing = old.role is not new.role and ledger.turn.now - old.created < CROSSING
    keeps = max(new, old, key=lambda c: c.mark) if crossing else new
    loser = old if keeps is new else new
    loser.retired = True
    loser.timers.stop(Timer.REKEY)
    grace = ledger.turn.behaviour.phase2_rekey.grace
    at = ledger.turn.now + (grace if keeps.role is Role.INITIATOR else 2 * grace)
    loser.timers.set(Timer.REMOVE, at)
    ledger.turn.emit(
        ChildRetired(
            at=ledger.turn.now,
            connection=loser.connection,
            inbound_spi=loser.inbound_spi,
            outbound_spi=loser.outbound_spi,
        )
    )


def _emit_keys(ledger: Ledger, qm: QuickMode, active: bool) -> None:
    child, chosen = qm.child, qm.chosen
    if child is None or chosen is None or qm.local_sel is None or qm.remote_sel is None:
        raise LookupError("keys need an agreed proposal")
    keymat_in, keymat_out = quick_mode.keymat(qm)
    ledger.turn.emit(
        ChildKeys(
            **ledger.head(qm.sa),
            message_id=qm.message_id,
            child=child.name,
            role=qm.role,
            inbound_spi=qm.own_spi,
            outbound_spi=qm.peer_spi,
            keymat_in=keymat_in,
            keymat_out=keymat_out,
            transform=chosen.transform,
            key_bits=chosen.key_bits,
            authentication=chosen.authentication,
            truncated_sha256=quick_mode.suite_of(qm).truncated_sha256,
            transport=child.transport,
            local_address=qm.sa.local[0],
            peer_address=qm.sa.remote[0],
            udp=(qm.sa.local[1], qm.sa.remote[1]) if qm.udp else None,
            local=str(qm.local_sel),
            remote=str(qm.remote_sel),
            replay_window=child.replay_window,
            esn=qm.esn,
            lifetime_kilobytes=qm.lifetime_kilobytes,
            pfs_group=qm.pfs_group,
            replaces=qm.replaces,
            active=active,
        )
    )


def remove_children(
    ledger: Ledger, children: list[ChildSa], reason: CloseReason, tell: bool
) -> None:
    """Remove pairs of IPsec SAs, with a delete to the peer where that is possible and wanted."""
    gone = [c for c in children if c.inbound_spi in ledger.children]
    if not gone:
        return
    sa = ledger.established(gone[0].connection)
    if tell and sa is not None and ledger.turn.behaviour.send_delete:
        informational.delete_children(ledger, sa, gone)
    for c in gone:
        del ledger.children[c.inbound_spi]
        _report_child_gone(ledger, c, reason)
    _after_last_child(ledger, gone[0].connection, reason)


def _report_child_gone(ledger: Ledger, c: ChildSa, reason: CloseReason) -> None:
    now, peer = ledger.turn.now, c.peer_endpoint[0]
    ledger.turn.emit(
        PhaseTwoClosed(
            at=now,
            peer=peer,
            connection=c.connection,
            role=c.role,
            child=c.child.name,
            local=str(c.local),
            remote=str(c.remote),
            inbound_spi=c.inbound_spi,
            outbound_spi=c.outbound_spi,
            reason=reason,
            up_for=now - c.created,
        )
    )
    ledger.turn.emit(
        ChildRemoved(
            at=now,
            peer=peer,
            connection=c.connection,
            inbound_spi=c.inbound_spi,
            outbound_spi=c.outbound_spi,
            reason=reason,
        )
    )


def _after_last_child(ledger: Ledger, connection: str, reason: CloseReason) -> None:
    if reason is CloseReason.REKEYED or not ledger.turn.behaviour.last_child_deletes_phase1:
        return
    if ledger.children_of(connection):
        return
    for sa in [s for s in ledger.sas if s.up and s.connection]:
        if sa.connection and sa.connection.name == connection and not _busy(sa):
            close_phase1(ledger, sa, CloseReason.LAST_CHILD_GONE, tell=True)


def _busy(sa: IkeSa) -> bool:
    return any(not finished(qm) for qm in sa.quick_modes.values())


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
    if not ledger.turn.behaviour.phase2_failure_deletes_phase1 or not sa.up or _busy(sa):
        return
    if sa.connection and ledger.children_of(sa.connection.name):
        return
    close_phase1(ledger, sa, CloseReason.PHASE2_FAILED, tell=True)


def close_phase1(ledger: Ledger, sa: IkeSa, reason: CloseReason, tell: bool) -> None:
    """End an ISAKMP SA or a half-open phase 1 and everything that cannot live without it."""
    if sa not in ledger.sas:
        return
    for qm in [q for q in sa.quick_modes.values() if not finished(q)]:
        close_quick_mode(ledger, qm, CloseReason.PHASE1_GONE)
    if ledger.turn.behaviour.phase1_end_deletes_children and sa.up and _last_of_peer(ledger, sa):
        name = sa.connection.name if sa.connection else ""
        remove_children(ledger, ledger.children_of(name), reason, tell)
        if sa not in ledger.sas:
            return
    if tell and sa.up and sa.keys is not None and ledger.turn.behaviour.send_delete:
        informational.delete_phase1(ledger, sa)
    ledger.sas.remove(sa)
    sa.timers.clear()
    _report_phase1_gone(ledger, sa, reason)


def _last_of_peer(ledger: Ledger, sa: IkeSa) -> bool:
    name = sa.connection.name if sa.connection else ""
    return not any(
        s is not sa and s.up and s.connection and s.connection.name == name for s in ledger.sas
    )


def _report_phase1_gone(ledger: Ledger, sa: IkeSa, reason: CloseReason) -> None:
    head, state = ledger.head(sa), sa.state
    sa.state = State.CLOSED
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
