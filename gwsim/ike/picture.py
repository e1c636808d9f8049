"""The frozen picture of an endpoint, made from its books."""

from gwsim.ike.dpd import settings
from gwsim.ike.ledger import Ledger, finished
from gwsim.ike.sa import ChildSa, IkeSa, QuickMode
from gwsim.ike.snapshot import ChildSnapshot, EndpointSnapshot, IkeSaSnapshot, QuickModeSnapshot
from gwsim.ike.timers import Timer


def snapshot(ledger: Ledger) -> EndpointSnapshot:
    """Freeze every SA, child and waiting acquire."""
    return EndpointSnapshot(
        sas=tuple(_sa(sa) for sa in ledger.sas),
        children=tuple(_child(c) for c in ledger.children.values()),
        pending=tuple(child for sa in ledger.sas for child, _ in sa.pending),
    )


def _sa(sa: IkeSa) -> IkeSaSnapshot:
    chosen = sa.chosen
    return IkeSaSnapshot(
        number=sa.number,
        connection=sa.connection.name if sa.connection else "",
        role=sa.role.value,
        exchange=sa.exchange.name,
        state=sa.state.value,
        local=sa.local[0],
        local_port=sa.local[1],
        peer=sa.remote[0],
        peer_port=sa.remote[1],
        initiator_cookie=sa.initiator_cookie.hex(),
        responder_cookie=sa.responder_cookie.hex(),
        peer_known=sa.peer_known,
        encryption=chosen.encryption if chosen else None,
        key_bits=chosen.key_bits if chosen else None,
        hash=chosen.hash if chosen else None,
        group=chosen.group if chosen else None,
        authentication=chosen.authentication if chosen else None,
        lifetime_seconds=sa.lifetime,
        created=sa.created,
        established=sa.established,
        expires=sa.timers.at(Timer.EXPIRE),
        rekey_at=sa.timers.at(Timer.REKEY),
        rekeying=sa.rekey,
        replaced=sa.replaced,
        nat_local=sa.nat_local,
        nat_peer=sa.nat_peer,
        nat_variant=sa.nat_variant,
        dpd=settings(sa) is not None,
        dpd_sent=sa.dpd_sequence,
        dpd_received=sa.dpd_peer_sequence,
        dpd_missed=sa.dpd_missed,
        retransmissions=sa.sent.attempt if sa.sent and sa.waiting else 0,
        next_resend=sa.timers.at(Timer.RESEND),
        last_exchange=sa.last_exchange,
        last_received=sa.last_received,
        peer_id=sa.peer_id,
        quick_modes=tuple(_quick(q) for q in sa.quick_modes.values() if not finished(q)),
    )


def _quick(qm: QuickMode) -> QuickModeSnapshot:
    return QuickModeSnapshot(
        message_id=qm.message_id,
        role=qm.role.value,
        state=qm.state.value,
        child=qm.child.name if qm.child else "",
        local=str(qm.local_sel) if qm.local_sel else "",
        remote=str(qm.remote_sel) if qm.remote_sel else "",
        retransmissions=qm.sent.attempt if qm.sent and qm.waiting else 0,
        started=qm.started,
    )


def _child(c: ChildSa) -> ChildSnapshot:
    return ChildSnapshot(
        child=c.child.name,
        connection=c.connection,
        peer=c.peer_endpoint[0],
        message_id=c.message_id,
        role=c.role.value,
        local=str(c.local),
        remote=str(c.remote),
        inbound_spi=c.inbound_spi,
        outbound_spi=c.outbound_spi,
        transform=c.transform.transform,
        key_bits=c.transform.key_bits,
        authentication=c.transform.authentication,
        transport=c.transport,
        udp=c.udp,
        local_port=c.local_endpoint[1],
        peer_port=c.peer_endpoint[1],
        pfs_group=c.pfs_group,
        esn=c.esn,
        lifetime_seconds=c.lifetime_seconds,
        lifetime_kilobytes=c.lifetime_kilobytes,
        created=c.created,
        expires=c.timers.at(Timer.EXPIRE),
        rekey_at=c.timers.at(Timer.REKEY),
        retired=c.retired,
        sends=c.sends,
    )
