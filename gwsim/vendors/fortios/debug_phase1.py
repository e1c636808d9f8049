"""What the debug output tells of phase 1 beside its messages: beginning, choice, proof, end.

Source: vendor sheet, FortiOS debug; captures of both modes.
"""

from collections.abc import Iterator

from gwsim.ike.events import (
    AcquireQueued,
    CloseReason,
    Event,
    GaveUp,
    NatDetected,
    NegotiationStarted,
    PeerIdentified,
    PhaseOneClosed,
    PhaseOneCompleted,
    PortFloated,
    ProposalAccepted,
    ProposalRefused,
    StateChanged,
)
from gwsim.ike.states import Role, State
from gwsim.vendors.fortios import catalogue, proposals, words
from gwsim.vendors.fortios.names import identity_kind
from gwsim.vendors.fortios.story import Story
from gwsim.vendors.vendor import LogLine

_STRUCT, _STEP = 0x8272220, 0x1F470


def negotiation_started(story: Story, event: NegotiationStarted) -> Iterator[LogLine]:
    """Tell what makes us begin; a responder tells it with the message that came."""
    if event.phase == 2:
        story.begin_quick(event, event.message_id, event.child)
        return
    if event.role is Role.RESPONDER:
        return
    story.matched.add(event.sa)
    where = story.places(event)
    wanted = event.child and not event.rekey
    by_itself = event.trigger == "auto"
    if wanted:
        story.children[event.sa, 0] = event.child
    if wanted and by_itself:
        yield story.line(event, catalogue.AUTO_NEGOTIATE)
    elif wanted:
        yield story.line(event, catalogue.CONNECT, **where)
    if not story.alive.get(event.connection):
        yield _created(story, event)
    if wanted and not by_itself:
        yield story.line(event, words.CONNECT_NEGOTIATING, **where)
        yield story.line(event, words.QUEUING)


def _created(story: Story, event: Event) -> LogLine:
    """Tell of a connection that is made; where in memory nobody can use."""
    struct = _STRUCT + _STEP * event.sa
    return story.line(event, catalogue.CREATED, struct=struct, **story.places(event))


def acquire_queued(story: Story, event: AcquireQueued) -> Iterator[LogLine]:
    """Tell that a phase 2 waits for the IKE SA that is being negotiated."""
    story.children[event.sa, 0] = event.child
    yield story.line(event, catalogue.CONNECT, **story.places(event))
    yield story.line(event, words.QUEUED)


def proposal_accepted(story: Story, event: ProposalAccepted) -> Iterator[LogLine]:
    """Tell which transform was chosen, and as responder which tunnel it belongs to."""
    story.chosen[event.sa, 0] = event
    heard = story.heard.get((event.sa, 0))
    payloads = heard.payloads if heard else ()
    yield story.line(event, catalogue.RESULT)
    for what in proposals.agreed_phase1(payloads, event):
        yield story.line(event, catalogue.PROPOSAL, what=what)
    if event.role is Role.RESPONDER:
        yield story.line(event, catalogue.CHOSEN, connection=event.connection)
        story.matched.add(event.sa)
        if not story.alive.get(event.connection):
            yield _created(story, event)


def proposal_refused(story: Story, event: ProposalRefused) -> Iterator[LogLine]:
    """Tell what was offered and what is wanted; the reader compares."""
    heard = story.heard.get((event.sa, 0))
    payloads = heard.payloads if heard else ()
    yield story.line(event, catalogue.INCOMING)
    for what in proposals.offered_phase1(payloads):
        yield story.line(event, catalogue.PROPOSAL, what=what)
    yield story.line(event, catalogue.MINE, connection=event.connection)
    for what in proposals.wanted_phase1(payloads, event):
        yield story.line(event, catalogue.PROPOSAL, what=what)


def state_changed(story: Story, event: StateChanged) -> Iterator[LogLine]:
    """Tell that an IKE SA is established, at the moment it is."""
    if event.phase == 2:
        return
    if event.old is None:
        story.alive.setdefault(event.connection, set()).add(event.sa)
    if event.new is not State.ESTABLISHED:
        return
    initiator_of_main = event.role is Role.INITIATOR and event.exchange == "main"
    if initiator_of_main or (event.role is Role.RESPONDER and event.exchange != "main"):
        yield story.line(event, catalogue.AUTHENTICATED)
        yield story.line(event, catalogue.AUTHENTICATION_OK)
    if event.sa in story.held:
        yield story.held.pop(event.sa)
    if initiator_of_main:
        yield story.line(event, words.MAIN_MODE_DONE)
    yield story.line(event, catalogue.ESTABLISHED, cookies="/".join(story.cookies[event.sa]))
    yield story.line(event, catalogue.PEER_ROUTE)


def nat_detected(story: Story, event: NatDetected) -> Iterator[LogLine]:
    """Tell who is behind NAT; a responder of aggressive mode does so after the proof."""
    sides = (("ME", event.local_behind_nat), ("PEER", event.peer_behind_nat))
    who = " ".join(name for name, behind in sides if behind)
    line = story.line(event, catalogue.NAT_ABSENT)
    if who:
        line = story.line(event, words.NAT_DETECTED, who=who)
    if _label(story, event) == "aggr-3":
        story.held[event.sa] = line
    else:
        yield line


def _label(story: Story, event: Event) -> str:
    """Give the label of the last message of phase 1 that an IKE SA heard."""
    heard = story.heard.get((event.sa, 0))
    return heard.label if heard else ""


def port_floated(story: Story, event: PortFloated) -> Iterator[LogLine]:
    """Tell that the conversation moves to UDP 4500."""
    yield story.line(event, words.FLOATED, port=event.local[1])


def peer_identified(story: Story, event: PeerIdentified) -> Iterator[LogLine]:
    """Tell by what the peer calls itself; of aggressive mode's first message it is told at once."""
    if _label(story, event) != "aggr-1":
        kind = identity_kind(event.id_type)
        yield story.line(event, catalogue.PEER_IDENTIFIER, kind=kind, name=event.text)


def phase_one_completed(story: Story, event: PhaseOneCompleted) -> Iterator[LogLine]:
    """Tell that the tunnel has an IKE SA, and whether a phase 2 waits for it."""
    yield story.line(event, catalogue.OPERATION_UP)
    waiting = any(
        isinstance(later, NegotiationStarted) and later.role is Role.INITIATOR
        for later in story.at_once()
    )
    yield story.line(event, words.PENDING if waiting else catalogue.NOTHING_PENDING)


def gave_up(story: Story, event: GaveUp) -> Iterator[LogLine]:
    """Tell that a negotiation took too long."""
    yield story.line(event, catalogue.TIMEOUT)


_TIMED_OUT = (CloseReason.RETRANSMIT_LIMIT, CloseReason.HALF_OPEN_TIMEOUT)


def phase_one_closed(story: Story, event: PhaseOneClosed) -> Iterator[LogLine]:
    """Tell that a tunnel's last IKE SA is gone, and the connection with it."""
    alive = story.alive.setdefault(event.connection, set())
    alive.discard(event.sa)
    if alive:
        return
    if event.reason in _TIMED_OUT:
        yield story.line(event, catalogue.EXPIRING)
    else:
        yield story.line(event, catalogue.GOING)
    yield story.line(event, words.DELETING)
    yield story.line(event, catalogue.FLUSHING)
    yield story.line(event, catalogue.FLUSHED)
    yield story.line(event, words.DELETED)
