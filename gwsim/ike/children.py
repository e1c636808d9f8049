"""Birth and end of pairs of IPsec SAs, told to the data plane as instructions.

A responder's new pair may receive as soon as quick-2 is out (`prepare`); a finished quick mode's
pair is put into use and takes over from older ones (`install`). Of two crossing pairs the one
whose lower nonce is the higher stays, which both ends can work out; otherwise the newer replaces
the older, which still receives for a grace period. The initiator of a renewal goes on sending on
the older one until the peer has had time for quick-3 (`take_over`).
"""

from gwsim.ike import informational, quick_mode
from gwsim.ike.events import (
    ChildActivated,
    ChildKeys,
    ChildRemoved,
    ChildRetired,
    CloseReason,
    PhaseTwoClosed,
    PhaseTwoCompleted,
)
from gwsim.ike.ledger import Ledger
from gwsim.ike.renewal import remove_after_grace, renewal_in, settle
from gwsim.ike.sa import ChildSa, Partner, QuickMode, need
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer


def prepare(ledger: Ledger, qm: QuickMode) -> None:
    """As responder, let the data plane receive on the new SA as soon as quick-2 is out."""
    _emit_keys(ledger, qm, active=False)


def install(ledger: Ledger, qm: QuickMode) -> ChildSa:
    """Put a finished quick mode's pair of SAs into use and retire what it replaces."""
    now = ledger.turn.now
    ledger.release_spi(qm.own_spi)
    pair = _pair(qm, now, ledger.next_order())
    older = [c for c in ledger.children_of(pair.partner) if _same_traffic(c, pair)]
    pair.sends = qm.role is Role.RESPONDER or not any(c.sends for c in older)
    if qm.role is Role.INITIATOR:
        _emit_keys(ledger, qm, active=pair.sends)
    else:
        ledger.turn.emit(ChildActivated(**qm.head(now), inbound_spi=qm.own_spi))
    ledger.children[pair.inbound_spi] = pair
    # Whoever has a pair in use has been in contact, though it may never have said so.
    qm.sa.first_contact = False
    rekey = ledger.turn.behaviour.phase2_rekey
    rekey_in = renewal_in(ledger, rekey, qm.role, pair.lifetime_seconds)
    if rekey_in is not None:
        pair.timers.set(Timer.REKEY, now + rekey_in)
    pair.timers.set(Timer.EXPIRE, pair.expires)
    _report_completed(ledger, qm, pair, rekey_in, rekey=bool(older))
    for old in older:
        _retire_one(ledger, pair, old)
    if not pair.sends and not pair.retired:
        pair.timers.set(Timer.SWITCH, now + rekey.settle)
    return pair


def take_over(ledger: Ledger, pair: ChildSa) -> None:
    """Send on a pair from now on, and no longer on those that it replaced."""
    pair.timers.stop(Timer.SWITCH)
    pair.sends = True
    ledger.turn.emit(
        ChildActivated(at=ledger.turn.now, connection=pair.connection, inbound_spi=pair.inbound_spi)
    )
    for old in ledger.children_of(pair.partner):
        if old.retired and old.sends and old.traffic == pair.traffic:
            _stop_sending(ledger, old)


def _pair(qm: QuickMode, now: float, done: int) -> ChildSa:
    return ChildSa(
        partner=qm.sa.partner,
        child=need(qm.child, "a child"),
        role=qm.role,
        message_id=qm.message_id,
        local=need(qm.local_sel, "a local selector"),
        remote=need(qm.remote_sel, "a remote selector"),
        inbound_spi=qm.own_spi,
        outbound_spi=qm.peer_spi,
        transform=need(qm.chosen, "an agreed transform"),
        local_endpoint=qm.sa.local,
        peer_endpoint=qm.sa.remote,
        udp=qm.udp,
        transport=qm.transport,
        pfs_group=qm.pfs_group,
        esn=qm.esn,
        lifetime_seconds=need(qm.lifetime_seconds, "a lifetime"),
        lifetime_kilobytes=qm.lifetime_kilobytes,
        created=now,
        begun=qm.begun,
        done=done,
        mark=min(qm.nonces()),
    )


def _same_traffic(old: ChildSa, new: ChildSa) -> bool:
    return not old.retired and old.traffic == new.traffic


def _report_completed(
    ledger: Ledger, qm: QuickMode, pair: ChildSa, rekey_in: float | None, rekey: bool
) -> None:
    ledger.turn.emit(
        PhaseTwoCompleted(
            **ledger.head(qm.sa),
            message_id=qm.message_id,
            role=qm.role,
            child=pair.child.name,
            local=str(pair.local),
            remote=str(pair.remote),
            inbound_spi=pair.inbound_spi,
            outbound_spi=pair.outbound_spi,
            lifetime_seconds=pair.lifetime_seconds,
            lifetime_kilobytes=pair.lifetime_kilobytes,
            pfs_group=pair.pfs_group,
            rekey_in=rekey_in,
            rekey=rekey,
        )
    )


def _retire_one(ledger: Ledger, new: ChildSa, old: ChildSa) -> None:
    stays, loser = settle(new, old, preferred=max(new, old, key=lambda c: c.mark))
    loser.retired = True
    loser.timers.stop(Timer.REKEY, Timer.SWITCH)
    remove_after_grace(ledger, loser, stays.role, ledger.turn.behaviour.phase2_rekey.grace)
    if stays.sends:
        _stop_sending(ledger, loser)


def _stop_sending(ledger: Ledger, pair: ChildSa) -> None:
    pair.sends = False
    ledger.turn.emit(
        ChildRetired(
            at=ledger.turn.now,
            connection=pair.connection,
            inbound_spi=pair.inbound_spi,
            outbound_spi=pair.outbound_spi,
        )
    )


def _emit_keys(ledger: Ledger, qm: QuickMode, active: bool) -> None:
    child, chosen = need(qm.child, "a child"), need(qm.chosen, "an agreed transform")
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
            transport=qm.transport,
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


def drop(ledger: Ledger, pairs: list[ChildSa], reason: CloseReason, tell: bool) -> None:
    """End pairs of one partner, with a delete to the peer where that is possible and wanted."""
    gone = [c for c in dict.fromkeys(pairs) if c.inbound_spi in ledger.children]
    if not gone:
        return
    sa = ledger.established(gone[0].partner)
    if tell and sa is not None and ledger.turn.behaviour.send_delete:
        informational.delete_children(ledger, sa, gone)
    for c in gone:
        del ledger.children[c.inbound_spi]
        _report_gone(ledger, c, reason)
    _relieve(ledger, gone[0].partner)


def _relieve(ledger: Ledger, partner: Partner) -> None:
    """Let a pair that was waiting take over at once where nothing else sends any more."""
    pairs = ledger.children_of(partner)
    for pair in [c for c in pairs if not c.retired and not c.sends]:
        if not any(c.sends and c.traffic == pair.traffic for c in pairs):
            take_over(ledger, pair)


def _report_gone(ledger: Ledger, c: ChildSa, reason: CloseReason) -> None:
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
