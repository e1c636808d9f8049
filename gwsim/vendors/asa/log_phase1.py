"""What an ASA logs of phase 1, from the first packet to the end of the session.

Source: vendor sheet, ASA debug, syslog catalogue and fault matrix.
"""

from collections.abc import Iterator

from gwsim.ike.events import (
    AcquireFailed,
    AcquireQueued,
    CloseReason,
    Comparison,
    ConnectionMatched,
    Event,
    GaveUp,
    KeysGenerated,
    LifetimeCompared,
    NatDetected,
    NegotiationStarted,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    ProposalAccepted,
    ProposalRefused,
    ProxyIdAccepted,
    ProxyIdRefused,
)
from gwsim.ike.states import Role, State
from gwsim.vendors.asa import catalogue, words
from gwsim.vendors.asa.history import MODES, History
from gwsim.vendors.asa.names import ATTRIBUTES, attribute_value
from gwsim.vendors.asa.states import state_word
from gwsim.vendors.asa.story import Partner, Session, Story, duration, partner, proxy_address
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import PayloadType

_WHAT = {1: "Phase 1", 2: "IPSec"}

SESSION_REASONS: dict[CloseReason, str] = {
    CloseReason.PEER_DELETE: words.USER_REQUESTED,
    CloseReason.PEER_REFUSED: words.PHASE_2_MISMATCH,
    CloseReason.INITIAL_CONTACT: words.PEER_RECONNECTED,
    CloseReason.EXPIRED: words.MAX_TIME_EXCEEDED,
    CloseReason.DEAD_PEER: words.LOST_SERVICE,
    CloseReason.CLEARED: "Administrator Reset",
    CloseReason.SHUTDOWN: "Administrator Shutdown",
    CloseReason.RECONFIGURED: "Administrator Reset",
    CloseReason.PHASE2_FAILED: words.PHASE_2_MISMATCH,
}
"""Why a session ended, in the words of 713259 and 113019."""

_HALF_OPEN_FLAGS = "0x01000002"
_INITIATOR_GAVE_UP_FLAGS = "0x01000022"


def negotiation_started(story: Story, event: NegotiationStarted) -> Iterator[LogLine]:
    """Tell that an initiator starts; a responder's start shows in what it receives."""
    mode = MODES[event.exchange]
    story.histories[event.sa, event.message_id] = History(mode, event.role)
    if event.role is Role.RESPONDER:
        if event.phase == 2:
            yield story.line(event, words.STARTING_QUICK_MODE, message_id=event.message_id)
        return
    if event.phase == 2 and story.acquired.pop(event.sa, None) == event.child:
        return
    if event.phase == 1:
        story.acquired[event.sa] = event.child
    renewal = event.phase == 1 and event.rekey
    if renewal:
        story.landed.add(event.sa)
    yield from _acquire(story, event)
    yield story.line(
        event,
        catalogue.INITIATOR,
        what="Rekeying" if event.rekey else "New",
        phase=event.phase,
        interface=_interface(story, event),
        peer=event.peer,
        local="N/A" if renewal else proxy_address(event.local),
        remote="N/A" if renewal else proxy_address(event.remote),
        map="N/A" if renewal else story.map,
    )


def _interface(story: Story, event: NegotiationStarted) -> str:
    """Where the wish came from: a packet from the inside, or our own side when renewing."""
    snapshot = story.snapshot
    return snapshot.outside_interface if event.rekey else snapshot.inside_interface


def _acquire(story: Story, event: NegotiationStarted) -> Iterator[LogLine]:
    if event.rekey:
        return
    number = story.entry(event.connection, event.child)
    if event.phase == 1:
        yield story.line(event, words.ACQUIRE_DISPATCHED, map=story.map, number=number)
    yield story.line(event, catalogue.ACQUIRE)


def acquire_queued(story: Story, event: AcquireQueued) -> Iterator[LogLine]:
    """Tell that more traffic waits for the phase 1 under way."""
    story.queued.add(partner(event))
    yield story.line(event, catalogue.ACQUIRE)
    yield story.line(event, catalogue.QUEUING)


def acquire_failed(story: Story, event: AcquireFailed) -> Iterator[LogLine]:
    """Tell that traffic found no way to a peer: no tunnel-group, no key, not allowed."""
    number = story.entry(event.connection, event.child)
    yield story.line(event, catalogue.ACQUIRE_FAILED, map=story.map, number=number)


def proposal_accepted(story: Story, event: ProposalAccepted) -> Iterator[LogLine]:
    """Tell as responder which transform matched which entry of ours."""
    if event.role is Role.INITIATOR:
        return
    if event.phase == 1:
        what, text, entry = "IKE SA payload", catalogue.IKE_TRANSFORM_ACCEPTABLE, event.policy
    else:
        what, text = "IPSec SA payload", catalogue.IPSEC_TRANSFORM_ACCEPTABLE
        matched = story.before(ProxyIdAccepted, event.sa)
        entry = story.entry(event.connection, matched.child if matched else "")
    yield story.line(event, catalogue.PROCESSING, what=what)
    yield story.line(event, text, proposal=event.proposal, transform=event.transform, entry=entry)
    if event.phase == 2 and event.sa in story.spis:
        yield story.line(event, catalogue.GOT_SPI, spi=story.spis.pop(event.sa))


def proposal_refused(story: Story, event: ProposalRefused) -> Iterator[LogLine]:
    """Tell why no transform would do: the first difference of each offer from each entry."""
    yield story.line(
        event,
        catalogue.PROCESSING,
        what="IKE SA payload" if event.phase == 1 else "IPSec SA payload",
    )
    for c in _first_differences(event.comparisons):
        if c.attribute in ATTRIBUTES and c.offered is not None and c.wanted is not None:
            yield story.line(
                event,
                catalogue.MISMATCH,
                phase=event.phase,
                attribute=ATTRIBUTES[c.attribute],
                offered=attribute_value(c.attribute, c.offered, event.phase),
                wanted=attribute_value(c.attribute, c.wanted, event.phase),
            )
    if event.phase == 1:
        yield story.line(event, catalogue.ALL_UNACCEPTABLE)
        yield story.line(event, words.PAYLOAD_ERROR, payload=int(PayloadType.SA))
    else:
        for history in _quick_histories(story, event):
            history.negotiating()
        yield story.line(event, words.ALL_IPSEC_UNACCEPTABLE)


def _first_differences(comparisons: tuple[Comparison, ...]) -> list[Comparison]:
    first: dict[tuple[int, int, int], Comparison] = {}
    for c in comparisons:
        first.setdefault((c.proposal, c.transform, c.policy), c)
    return list(first.values())


def _quick_histories(story: Story, event: ProposalRefused) -> list[History]:
    keys = [key for key in story.histories if key[0] == event.sa and key[1]]
    return [story.histories[key] for key in keys[-1:]]


def lifetime_compared(story: Story, event: LifetimeCompared) -> Iterator[LogLine]:
    """Tell that the two ends have different lifetimes and the lower one won."""
    chosen = event.chosen
    volume = event.unit == "kilobytes"
    if event.role is Role.INITIATOR:
        old, text = event.ours, catalogue.RESPONDER_FORCES
        text = catalogue.RESPONDER_FORCES_VOLUME if volume else text
    else:
        old, text = event.theirs, catalogue.OVERRIDING
        text = catalogue.OVERRIDING_VOLUME if volume else text
    if chosen is None or old is None or old <= chosen:
        return
    yield story.line(event, text, what=_WHAT[event.phase], old=old, new=chosen)


def connection_matched(story: Story, event: ConnectionMatched) -> Iterator[LogLine]:
    """Tell that the tunnel-group was found; from here on messages begin with it."""
    yield story.line(event, catalogue.LANDED, group=event.peer)
    story.landed.add(event.sa)


def keys_generated(story: Story, event: KeysGenerated) -> Iterator[LogLine]:
    """Tell that SKEYID was computed, and then what NAT detection had found."""
    yield story.line(event, words.GENERATING_KEYS, role=event.role.value.capitalize())
    found = story.nat.pop(event.sa, None)
    if found is not None:
        yield from _nat_status(story, found)


def nat_detected(story: Story, event: NatDetected) -> Iterator[LogLine]:
    """Tell the outcome of NAT detection, as soon as the tunnel-group is known."""
    if event.sa in story.landed:
        yield from _nat_status(story, event)
    else:
        story.nat[event.sa] = event


def _nat_status(story: Story, event: NatDetected) -> Iterator[LogLine]:
    yield story.line(
        event,
        catalogue.NAT_STATUS,
        remote="is" if event.peer_behind_nat else "is NOT",
        local="is" if event.local_behind_nat else "is NOT",
    )


def gave_up(story: Story, event: GaveUp) -> Iterator[LogLine]:
    """Tell that time ran out; the history follows when the negotiation is closed."""
    history = story.history(event, event.message_id)
    awaited = event.state.value[-1]
    if history is not None and awaited.isdigit():
        history.gave_up(int(awaited))
    if event.reason is CloseReason.HALF_OPEN_TIMEOUT and history is not None:
        state = state_word(event.state, "main") or event.state.value
        yield story.line(event, words.SESSION_TIMED_OUT, state=state)


def phase_one_completed(story: Story, event: PhaseOneCompleted) -> Iterator[LogLine]:
    """Tell that an ISAKMP SA is up."""
    story.landed.add(event.sa)
    story.up.setdefault(partner(event), set()).add(event.sa)
    if partner(event) not in story.sessions:
        story.sessions[partner(event)] = Session(event.at)
        yield story.line(event, catalogue.GROUP_POLICY, peer=event.peer)
    yield story.line(event, catalogue.PHASE_1_COMPLETED)
    yield story.line(event, catalogue.KEEPALIVE_TYPE, kind="DPD" if event.dpd else "None")
    if event.rekey_in is not None:
        seconds = round(event.rekey_in)
        yield story.line(event, catalogue.REKEY_TIMER, phase=1, seconds=seconds)
    if partner(event) in story.queued:
        story.queued.discard(partner(event))
        yield story.line(event, words.DEQUEUING)


def phase_one_closed(story: Story, event: PhaseOneClosed) -> Iterator[LogLine]:
    """Tell how a phase 1 ended: a failed negotiation, a renewed SA or the end of a session."""
    up = story.up.setdefault(partner(event), set())
    up.discard(event.sa)
    if event.up_for is None:
        yield from _negotiation_failed(story, event)
        return
    yield _terminating(story, event, _HALF_OPEN_FLAGS)
    if not up:
        yield from _session_ended(story, event)


def failure_history(story: Story, event: Event) -> Iterator[LogLine]:
    """Print what a failed phase 1 went through, once."""
    history = story.histories.pop((event.sa, 0), None)
    if history is not None:
        yield story.line(
            event,
            catalogue.HISTORY,
            mode=history.mode,
            role=history.role.value.capitalize(),
            struct=0xAD000000 | event.sa * 0x4C8,
            history=history.text(),
        )


def _negotiation_failed(story: Story, event: PhaseOneClosed) -> Iterator[LogLine]:
    yield from failure_history(story, event)
    gave_up_waiting = event.state in (State.MAIN_WAIT_2, State.AGGR_WAIT_2)
    yield _terminating(
        story, event, _INITIATOR_GAVE_UP_FLAGS if gave_up_waiting else _HALF_OPEN_FLAGS
    )
    yield story.line(event, words.SENDING_DELETE)
    if not story.knows_group(event):
        yield story.line(event, catalogue.NOT_IN_PEER_TABLE)
        yield story.line(event, catalogue.NO_PEER_ENTRY)
    started = story.before(NegotiationStarted, event.sa)
    if event.role is Role.INITIATOR and started is not None and not started.rekey:
        values = {"map": story.map, "number": story.entry(started.connection, started.child)}
        yield story.line(event, words.IKE_UNSUCCESSFUL, **values)
        yield story.line(event, catalogue.ALL_FAILED, **values)


def _terminating(story: Story, event: PhaseOneClosed, flags: str) -> LogLine:
    own = event.initiator_cookie if event.role is Role.INITIATOR else event.responder_cookie
    return story.line(
        event,
        words.SA_TERMINATING,
        mode=MODES[event.exchange],
        cookie=own[:8],
        flags=flags,
        tunnels=0,
    )


def _session_ended(story: Story, event: PhaseOneClosed) -> Iterator[LogLine]:
    session = story.sessions.get(partner(event), Session(event.at))
    reason = _session_reason(story, event)
    if event.reason is CloseReason.PEER_DELETE and not _had_children(story, event, session):
        yield story.line(
            event,
            catalogue.TERMINATED,
            peer=event.peer,
            reason="Peer Terminate",
            remote="N/A",
            local="N/A",
        )
    yield story.line(event, catalogue.TORN_DOWN, reason=reason)
    story.sessions.pop(partner(event), None)
    yield story.line(
        event,
        catalogue.DISCONNECTED,
        peer=event.peer,
        duration=duration(event.at - session.since),
        sent=session.sent,
        received=session.received,
        reason=reason,
    )


def _had_children(story: Story, event: PhaseOneClosed, session: Session) -> bool:
    return any(
        isinstance(e, PhaseTwoClosed) and partner(e) == partner(event) and e.at >= session.since
        for e in story.events[: story.index]
    )


def _session_reason(story: Story, event: PhaseOneClosed) -> str:
    if event.reason is CloseReason.PHASE2_FAILED and _proxy_refused(story, event):
        return "crypto map policy not found"
    if event.reason is CloseReason.LAST_CHILD_GONE:
        last = _last_child(story, partner(event))
        return SESSION_REASONS.get(last.reason if last else event.reason, words.USER_REQUESTED)
    return SESSION_REASONS.get(event.reason, words.USER_REQUESTED)


def _proxy_refused(story: Story, event: PhaseOneClosed) -> bool:
    refused = story.before(ProxyIdRefused, event.sa)
    return refused is not None and refused.at == event.at


def _last_child(story: Story, of: Partner) -> PhaseTwoClosed | None:
    for index in range(story.index - 1, -1, -1):
        event = story.events[index]
        if isinstance(event, PhaseTwoClosed) and partner(event) == of:
            return event
    return None
