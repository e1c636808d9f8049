"""What the operator orders: delete, renew, take another configuration."""

from gwsim.ike import children, initiation, lifecycle, upkeep
from gwsim.ike.config import Connection, EndpointConfig
from gwsim.ike.events import CloseReason
from gwsim.ike.ledger import Ledger
from gwsim.ike.sa import ChildSa, Partner


def clear(ledger: Ledger, what: str, peer: str, reason: CloseReason) -> None:
    """Delete SAs: children first, so that their deletes still find a phase 1 to travel under."""
    # Where phase 1 is to go as well, it goes by the operator's word, not with its last child.
    end = children.drop if what == "all" else lifecycle.remove_children
    if what in ("ipsec", "all"):
        for partner in dict.fromkeys(c.partner for c in ledger.children.values()):
            pairs = ledger.children_of(partner)
            if peer in ("", pairs[0].peer_endpoint[0]):
                end(ledger, pairs, reason, tell=True)
    if what in ("ike", "all"):
        for sa in [s for s in ledger.sas if peer in ("", s.remote[0])]:
            lifecycle.close_phase1(ledger, sa, reason, tell=True)


def rekey(ledger: Ledger, connection: str, phase: int) -> None:
    """Renew the ISAKMP SA (1) or all pairs of IPsec SAs (2) of a connection."""
    if phase == 1:
        initiation.renew_phase1(ledger, connection, "command")
        return
    named = [c for c in ledger.children.values() if c.connection == connection]
    for pair in [c for c in named if not c.retired]:
        upkeep.rekey_child(ledger, pair)


def reconfigure(ledger: Ledger, config: EndpointConfig) -> None:
    """Swap the configuration; what it no longer describes is deleted, the rest keeps running.

    Where only the terms of a connection changed, vendors differ in what becomes of its SAs.
    """
    new = {c.name: c for c in config.connections}
    for old in ledger.config.connections:
        now = new.get(old.name)
        if now == old:
            continue
        if now is not None and config.behaviour.changes_spare_sas and _same_peer(old, now):
            _on_new_terms(ledger, now)
        else:
            _drop_connection(ledger, old.name)
    if not config.enabled:
        clear(ledger, "all", "", CloseReason.RECONFIGURED)
    ledger.config = config
    ledger.turn.behaviour = config.behaviour
    ledger.turn.impaired.reconfigure(config.impairments)


def _same_peer(old: Connection, new: Connection) -> bool:
    return (old.local, old.remote) == (new.local, new.remote)


def _on_new_terms(ledger: Ledger, new: Connection) -> None:
    """Keep what is up; end what is half done, and what the proxy IDs no longer know."""
    known = {(child.name, child.local, child.remote) for child in new.children}
    strange: dict[Partner, list[ChildSa]] = {}
    for pair in ledger.children.values():
        child = pair.child
        if pair.connection == new.name and (child.name, child.local, child.remote) not in known:
            strange.setdefault(pair.partner, []).append(pair)
    for pairs in strange.values():
        children.drop(ledger, pairs, CloseReason.RECONFIGURED, tell=True)
    for sa in [s for s in ledger.sas if s.name == new.name]:
        if sa.up:
            sa.connection = new
        else:
            lifecycle.close_phase1(ledger, sa, CloseReason.RECONFIGURED, tell=True)


def _drop_connection(ledger: Ledger, name: str) -> None:
    for partner in dict.fromkeys(c.partner for c in ledger.children.values()):
        if partner[0] == name:
            pairs = ledger.children_of(partner)
            children.drop(ledger, pairs, CloseReason.RECONFIGURED, tell=True)
    for sa in [s for s in ledger.sas if s.name == name]:
        lifecycle.close_phase1(ledger, sa, CloseReason.RECONFIGURED, tell=True)
