"""What an ASA logs of phase 2 and of the IPsec SAs it makes.

Source: vendor sheet, ASA debug, syslog catalogue and fault matrix.
"""

from collections.abc import Iterator

from gwsim.ike.events import (
    CloseReason,
    NegotiationStarted,
    PfsRefused,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    ProposalRefused,
    ProxyIdAccepted,
    ProxyIdRefused,
    QuickModeClosed,
    SpiAllocated,
)
from gwsim.ike.states import Role
from gwsim.vendors.asa import catalogue, words
from gwsim.vendors.asa.story import Story, partner, proxy, proxy_address
from gwsim.vendors.asa.text import Text
from gwsim.vendors.vendor import LogLine

TERMINATION_REASONS: dict[CloseReason, str] = {
    CloseReason.PEER_DELETE: "Peer Terminate",
    CloseReason.INITIAL_CONTACT: "Peer Terminate",
    CloseReason.PEER_REFUSED: "Peer Terminate",
    CloseReason.EXPIRED: "IPSec SA Max Time Exceeded",
    CloseReason.CLEARED: "Administrator Reset",
    CloseReason.RECONFIGURED: "Administrator Reset",
    CloseReason.SHUTDOWN: "Administrator Shutdown",
    CloseReason.PHASE1_GONE: "Session Disconnected",
    CloseReason.LAST_CHILD_GONE: "Session Disconnected",
}
"""Why a connection was terminated, in the words of 713050; the rest is not told there."""

_QUIET_ENDS = frozenset(
    {
        CloseReason.PHASE1_GONE,
        CloseReason.CLEARED,
        CloseReason.SHUTDOWN,
        CloseReason.RECONFIGURED,
        CloseReason.REKEYED,
    }
)


def proxy_id_accepted(story: Story, event: ProxyIdAccepted) -> Iterator[LogLine]:
    """Tell which crypto map entry matched, after those that did not."""
    for number, child in _entries(story, event.connection):
        yield story.line(event, catalogue.MAP_CHECK, map=story.map, number=number)
        if child == event.child:
            yield story.line(event, catalogue.MAP_MATCH, map=story.map, number=number)
            break
        yield _map_mismatch(story, event, number)
    yield story.line(event, catalogue.CONFIGURED_FOR, map=story.map)


def proxy_id_refused(story: Story, event: ProxyIdRefused) -> Iterator[LogLine]:
    """Tell that no crypto map entry matched what the peer asked for."""
    for number, _ in _entries(story, event.connection):
        yield story.line(event, catalogue.MAP_CHECK, map=story.map, number=number)
        yield _map_mismatch(story, event, number)
    yield story.line(
        event,
        catalogue.NO_CRYPTO_MAP,
        remote=proxy(event.remote),
        local=proxy(event.local),
        interface=story.snapshot.outside_interface,
    )


def _entries(story: Story, connection: str) -> list[tuple[int, str]]:
    """List the crypto map entries of a peer: sequence number and child."""
    tunnels = story.snapshot.tunnels
    return [(t.policy_id, t.child) for t in tunnels if t.connection == connection]


def _map_mismatch(story: Story, event: ProxyIdAccepted | ProxyIdRefused, number: int) -> LogLine:
    return story.line(
        event,
        catalogue.MAP_MISMATCH,
        map=story.map,
        number=number,
        remote=proxy_address(event.remote),
        local=proxy_address(event.local),
    )


def pfs_refused(story: Story, event: PfsRefused) -> Iterator[LogLine]:
    """Tell of a PFS group that will not do, unless the refused proposal has told it already."""
    told = story.before(ProposalRefused, event.sa)
    if told is None or told.at != event.at:
        yield story.line(event, words.ALL_IPSEC_UNACCEPTABLE)


def spi_allocated(story: Story, event: SpiAllocated) -> Iterator[LogLine]:
    """Tell of a new inbound SPI; as responder it follows the accepted proposal."""
    before = story.events[story.index - 1] if story.index else event
    if isinstance(before, NegotiationStarted) and before.role is Role.INITIATOR:
        yield story.line(before, catalogue.GOT_SPI, spi=event.spi)
    else:
        story.spis[before.sa] = event.spi


def phase_two_completed(story: Story, event: PhaseTwoCompleted) -> Iterator[LogLine]:
    """Tell that a pair of IPsec SAs is in use."""
    story.flow(event.peer, event.local, event.remote).add(event.inbound_spi)
    yield story.line(event, words.LOADING_SAS)
    yield story.line(event, words.QUICK_MODE_KEY)
    yield story.line(event, words.QUICK_MODE_KEY)
    yield story.line(
        event,
        catalogue.NEGOTIATED,
        group=event.peer,
        role=event.role.value.capitalize(),
        inbound=event.inbound_spi,
        outbound=event.outbound_spi,
    )
    yield story.line(event, catalogue.KEY_ADD, spi=event.outbound_spi)
    yield story.line(event, catalogue.KEY_UPDATE, spi=event.inbound_spi)
    if event.rekey_in is not None:
        seconds = round(event.rekey_in)
        yield story.line(event, catalogue.REKEY_TIMER, phase=2, seconds=seconds)
    yield story.line(event, catalogue.PHASE_2_COMPLETED, message_id=event.message_id)
    yield from _of_each_sa(story, event, words.SA_CREATED)
    if event.role is Role.INITIATOR and not event.rekey:
        number = story.entry(event.connection, event.child)
        yield story.line(event, words.IKE_SUCCESSFUL, map=story.map, number=number)


def quick_mode_closed(story: Story, event: QuickModeClosed) -> Iterator[LogLine]:
    """Tell that a quick mode failed, with its history."""
    history = story.histories.pop((event.sa, event.message_id), None)
    if event.reason in _QUIET_ENDS:
        return
    struct = 0xCC000000 | event.message_id & 0xFFFFF8
    yield story.line(event, catalogue.QM_FSM_ERROR, struct=struct, message_id=event.message_id)
    if history is not None:
        yield story.line(
            event,
            catalogue.HISTORY,
            mode=history.mode,
            role=event.role.value.capitalize(),
            struct=struct,
            history=history.text(),
        )
    yield story.line(event, catalogue.NOT_IN_CORRELATOR)
    if event.reason is CloseReason.PEER_REFUSED:
        yield _terminated(story, event)


def phase_two_closed(story: Story, event: PhaseTwoClosed) -> Iterator[LogLine]:
    """Tell that a pair of IPsec SAs is gone, and why unless it was renewed."""
    session = story.sessions.get(partner(event))
    if session is not None:
        session.sent += event.bytes_out
        session.received += event.bytes_in
    remote, local = proxy_address(event.remote), proxy_address(event.local)
    others = story.flow(event.peer, event.local, event.remote)
    others.discard(event.inbound_spi)
    if event.reason in TERMINATION_REASONS and not others:
        yield _terminated(story, event)
    yield story.line(event, catalogue.DELETING_SA, remote=remote, local=local)
    yield from _of_each_sa(story, event, words.SA_DELETED)


def _of_each_sa(
    story: Story, event: PhaseTwoCompleted | PhaseTwoClosed, text: Text
) -> Iterator[LogLine]:
    """Say the same of both SAs of a pair, the outbound one first."""
    for direction, spi in (("outbound", event.outbound_spi), ("inbound", event.inbound_spi)):
        yield story.line(
            event,
            text,
            direction=direction,
            spi=spi,
            local=story.snapshot.outside,
            peer=event.peer,
        )


def _terminated(story: Story, event: QuickModeClosed | PhaseTwoClosed) -> LogLine:
    return story.line(
        event,
        catalogue.TERMINATED,
        peer=event.peer,
        reason=TERMINATION_REASONS[event.reason],
        remote=proxy_address(event.remote),
        local=proxy_address(event.local),
    )
