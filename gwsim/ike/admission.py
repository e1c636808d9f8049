"""The first message of a peer: whether a negotiation with it may begin at all (RFC 2408 4.7)."""

from gwsim.ike import contact, conversation
from gwsim.ike.config import Connection, Phase1Transform, UnknownPeer
from gwsim.ike.events import NegotiationStarted
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Arrival
from gwsim.ike.ledger import Ledger
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.refusal import PHASE1, reject_phase1
from gwsim.ike.sa import IkeSa
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer


def begin(ledger: Ledger, arrival: Arrival) -> None:
    """Answer a first message: find the connection, then let the table take it."""
    sa = _beginning(ledger, arrival)
    try:
        _admit(ledger, sa)
        sa.first_contact = not _known(ledger, sa)
        ledger.turn.emit(
            NegotiationStarted(
                **ledger.head(sa),
                phase=1,
                exchange=sa.exchange.name,
                role=Role.RESPONDER,
                trigger="peer",
            )
        )
        conversation.hear(sa, ledger.turn, arrival)
    except Refused as refused:
        reject_phase1(ledger, sa, arrival, refused)
        return
    contact.heard_from(ledger, sa, arrival.ends)
    ledger.sas.append(sa)
    half_open = ledger.turn.behaviour.half_open_timeout
    sa.timers.set(Timer.HALF_OPEN, ledger.turn.now + half_open)
    conversation.speak(sa, ledger.turn)


def _beginning(ledger: Ledger, arrival: Arrival) -> IkeSa:
    """Give what may become an ISAKMP SA with who sent a first message."""
    header, (source, destination) = arrival.header, arrival.ends
    return IkeSa(
        number=ledger.next_number(),
        role=Role.RESPONDER,
        exchange=PHASE1[header.exchange_type],
        local=destination,
        remote=source,
        initiator_cookie=header.initiator_cookie,
        responder_cookie=ledger.new_cookie(),
        candidates=_candidates(ledger, source[0], destination[0]),
        created=ledger.turn.now,
        begun=ledger.next_order(),
        last_received=ledger.turn.now,
    )


def _known(ledger: Ledger, sa: IkeSa) -> bool:
    """Whether there is an ISAKMP SA with a peer at this address already."""
    return any(s.up and s.name == sa.name and s.remote[0] == sa.remote[0] for s in ledger.sas)


def _candidates(ledger: Ledger, source: str, destination: str) -> tuple[Connection, ...]:
    """List the connections a peer at this address may use: its own first, then dynamic ones."""
    mine = [c for c in ledger.config.connections if c.may_respond and c.local == destination]
    exact = [c for c in mine if c.remote == source]
    return tuple(exact or [c for c in mine if c.remote is None])


def _admit(ledger: Ledger, sa: IkeSa) -> None:
    """Refuse what must not even begin; choose the connection and the transforms to accept.

    In main mode the connection follows from the address alone; in aggressive mode a dynamic one
    is found by the identity, once the message has been read.
    """
    b, main = ledger.turn.behaviour, sa.exchange is MAIN_MODE
    if ledger.half_open(sa.remote[0]) >= b.half_open_limit:
        raise Refused(Flaw.HALF_OPEN_LIMIT, f"{b.half_open_limit} unfinished already")
    late = b.unknown_peer is UnknownPeer.AT_KEY
    if not sa.candidates and not late:
        raise Refused(Flaw.UNKNOWN_PEER, f"no connection for {sa.remote[0]}")
    usable = tuple(c for c in sa.candidates if (c.accept_main if main else c.accept_aggressive))
    if main and not b.dynamic_peers_in_main_mode:
        usable = tuple(c for c in usable if c.remote is not None)
    if sa.candidates and not usable:
        why = f"{sa.exchange.name} mode is not configured for {sa.remote[0]}"
        raise Refused(Flaw.EXCHANGE_MODE, why)
    sa.candidates = usable
    if usable and (main or usable[0].remote is not None):
        sa.connection = usable[0]
        if sa.connection.psk is None and not late:
            raise Refused(Flaw.NO_PRE_SHARED_KEY, f"connection {sa.connection.name} has no key")
    sa.offers = sa.connection.phase1 if sa.connection else _all_transforms(ledger)


def _all_transforms(ledger: Ledger) -> tuple[Phase1Transform, ...]:
    """List what any connection would accept, for a peer whose connection is not known yet."""
    every = (t for c in ledger.config.connections for t in c.phase1)
    return tuple(dict.fromkeys(every))
