"""What a router logs of phase 1: its beginning, the choice, the keys, how it ends.

Source: vendor sheet, IOS debug (captures of both roles) and fault matrix.
"""

from collections.abc import Iterator

from gwsim.ike.events import (
    AcquireFailed,
    Comparison,
    GaveUp,
    KeysGenerated,
    NatDetected,
    NegotiationStarted,
    PhaseOneClosed,
    PhaseOneCompleted,
    ProposalAccepted,
    ProposalRefused,
)
from gwsim.ike.states import Role, State
from gwsim.vendors.ios import catalogue, fsm, words
from gwsim.vendors.ios.lines import authenticated, moved, new_sa, told
from gwsim.vendors.ios.log_phase2 import offer_accepted, offer_refused
from gwsim.vendors.ios.names import MISMATCHES
from gwsim.vendors.ios.payloads import offered, phase1_lines, vendor_id_lines
from gwsim.vendors.ios.states import SENT, place, state_word
from gwsim.vendors.ios.story import Story
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import IKE_PORT, PayloadType, Phase1Attribute
from gwsim.wire.payloads import NatDiscovery, Transform

PRIORITY = 10
"""Policies are numbered 10, 20, 30 as everybody does it."""

_HASHES: dict[tuple[bool, bool], tuple[str, str]] = {
    (False, False): ("His hash no match - this node outside NAT", "No NAT Found for self or peer"),
    (False, True): (
        "His hash no match - this node outside NAT",
        "His hash no match - this node outside NAT",
    ),
    (True, False): ("NAT found, both nodes inside NAT", "My hash no match -  this node inside NAT"),
    (True, True): ("NAT found, both nodes inside NAT", "My hash no match -  this node inside NAT"),
}
"""What is said of the two NAT-D payloads, by whether we and whether the peer are behind NAT."""

_NO_KEY = "pre-shared key"


def negotiation_started(story: Story, event: NegotiationStarted) -> Iterator[LogLine]:
    """Tell that we begin phase 1; a responder tells it with the message that came."""
    if event.phase == 1:
        story.roles[event.sa] = event.role
    if event.phase == 2 or event.role is Role.RESPONDER:
        return
    yield story.line(event, catalogue.REQUEST_PROFILE)
    ports = (IKE_PORT, IKE_PORT)
    yield from new_sa(story, event, ports, "isakmp_initiator", initiator=True)
    if event.exchange == "main":
        yield story.line(event, catalogue.NOT_AGGRESSIVE)
    yield story.line(event, catalogue.FOUND_KEY)


def acquire_failed(story: Story, event: AcquireFailed) -> Iterator[LogLine]:
    """Tell that there is no key for a peer; other obstacles are met in silence."""
    if _NO_KEY in event.why:
        yield story.line(event, catalogue.NOT_AGGRESSIVE)
        yield story.line(event, catalogue.NO_KEY)
        yield story.line(event, catalogue.NO_CERTIFICATE)
        yield story.line(event, catalogue.CANNOT_START)


def proposal_accepted(story: Story, event: ProposalAccepted) -> Iterator[LogLine]:
    """Tell which transform matched which policy of ours."""
    if event.phase == 2:
        yield from offer_accepted(story, event)
        return
    heard = story.heard.get((event.sa, 0))
    for _, transform, more in offered(heard.payloads if heard else ()):
        if transform.number == event.transform:
            yield from _checking(story, event, transform, event.policy)
            following = int(PayloadType.TRANSFORM) if more else 0
            yield story.line(event, catalogue.ACCEPTABLE, following=following)
            yield from _lifetime(story, event, transform)
    if heard is not None:
        yield from told(story, event, vendor_id_lines(heard.payloads))


def _checking(
    story: Story, event: ProposalAccepted | ProposalRefused, transform: Transform, policy: int
) -> Iterator[LogLine]:
    yield story.line(
        event, catalogue.CHECKING, transform=transform.number, policy=PRIORITY * policy
    )
    yield from told(story, event, phase1_lines(transform))


def _lifetime(story: Story, event: ProposalAccepted, transform: Transform) -> Iterator[LogLine]:
    """The offered life in whatever form it came, and the one that is used."""
    durations = [a for a in transform.attributes if a.type == Phase1Attribute.LIFE_DURATION]
    life = event.lifetime_seconds or 0
    responder = event.role is Role.RESPONDER
    actual = life if responder else 0
    yield story.line(event, catalogue.ACTUAL_LIFE, life=actual)
    yield story.line(event, catalogue.ATTS_LIFE)
    for duration in durations[:1]:
        if duration.short:
            yield story.line(event, catalogue.BASIC_LIFE, life=duration.as_int)
        else:
            yield story.line(event, catalogue.VPI_LENGTH)
            yield story.line(event, catalogue.FILL_LIFE, life=duration.as_int)
    yield story.line(event, catalogue.RETURNING_LIFE, life=life)
    yield story.line(event, catalogue.STARTED_TIMER, life=life)


def proposal_refused(story: Story, event: ProposalRefused) -> Iterator[LogLine]:
    """Tell why no transform would do: the first difference of each offer from each policy."""
    if event.phase == 2:
        yield from offer_refused(story, event, words.ERROR_TRANSFORM)
        return
    heard = story.heard.get((event.sa, 0))
    transforms = {t.number: (t, more) for _, t, more in offered(heard.payloads if heard else ())}
    for c in _first_differences(event.comparisons):
        if c.transform in transforms:
            transform, more = transforms[c.transform]
            yield from _checking(story, event, transform, c.policy)
            following = int(PayloadType.TRANSFORM) if more else 0
            if c.attribute in MISMATCHES:
                yield story.line(event, catalogue.MISMATCH, what=MISMATCHES[c.attribute])
            yield story.line(event, catalogue.NOT_ACCEPTABLE, following=following)


def _first_differences(comparisons: tuple[Comparison, ...]) -> list[Comparison]:
    first: dict[tuple[int, int, int], Comparison] = {}
    for c in comparisons:
        first.setdefault((c.proposal, c.transform, c.policy), c)
    return list(first.values())


def nat_detected(story: Story, event: NatDetected) -> Iterator[LogLine]:
    """Keep what NAT detection found until there are keys."""
    story.nat[event.sa] = event
    yield from ()


def keys_generated(story: Story, event: KeysGenerated) -> Iterator[LogLine]:
    """Tell of what else was in the message that completed the keys: from here on it has an id."""
    heard = story.heard.get((event.sa, 0))
    payloads = heard.payloads if heard else ()
    yield story.line(event, catalogue.FOUND_KEY)
    if heard is not None and heard.label.startswith("main"):
        yield from told(story, event, vendor_id_lines(payloads))
    found = story.nat.pop(event.sa, None)
    if found is None:
        return
    hashes = _HASHES[found.local_behind_nat, found.peer_behind_nat]
    discoveries = [p for p in payloads if isinstance(p, NatDiscovery)]
    for payload, what in zip(discoveries, hashes, strict=False):
        number = PayloadType.NAT_D_DRAFT if payload.draft else PayloadType.NAT_D
        yield story.line(event, catalogue.RECEIVED_PAYLOAD, number=int(number))
        yield story.line(event, catalogue.NAT_HASH, what=what)


def phase_one_completed(story: Story, event: PhaseOneCompleted) -> Iterator[LogLine]:
    """Tell that an ISAKMP SA is up; whoever heard the last message tells of the proof now."""
    heard = story.heard.get((event.sa, 0))
    remote = heard.remote if heard else (event.peer, IKE_PORT)
    if event.exchange == "main" and event.role is Role.INITIATOR:
        yield from authenticated(story, event, (event.peer, IKE_PORT))
        yield from moved(story, event, fsm.ARRIVAL["main-6"])
        yield from moved(story, event, fsm.PROCESSED["main-6"])
        yield from moved(story, event, fsm.LAST)
    elif event.exchange != "main" and event.role is Role.RESPONDER:
        yield from authenticated(story, event, remote)
        yield from moved(story, event, fsm.ARRIVAL["aggr-3"])
    yield from moved(story, event, fsm.DONE)


def gave_up(story: Story, event: GaveUp) -> Iterator[LogLine]:
    """Tell that the last resend went unanswered; that the SA is deleted follows."""
    if event.phase == 1:
        yield story.line(event, catalogue.RETRANSMITTING, state=_unanswered(event))
    else:
        yield story.line(event, words.RETRANSMITTING_QUICK, node=event.message_id)


def _unanswered(event: GaveUp) -> str:
    """Give the word beside the message that was not answered."""
    family = "main" if event.state.value.startswith("MAIN") else "aggr"
    awaited = event.state.value[-1]
    label = f"{family}-{int(awaited) - 1}" if awaited.isdigit() else ""
    return SENT.get(label) or state_word(State.MAIN_WAIT_2, "main") or ""


def phase_one_closed(story: Story, event: PhaseOneClosed) -> Iterator[LogLine]:
    """Tell that an SA is deleted, and why."""
    yield story.line(event, catalogue.NO_KEEPALIVES)
    word = state_word(event.state, event.exchange) or ""
    yield story.line(
        event,
        catalogue.DELETING_SA,
        reason=words.REASONS[event.reason],
        place=place(event.role, word),
    )
    where = story.stands(event.sa)
    yield from moved(story, event, fsm.Move(fsm.DELETE, where, fsm.DESTROYED))
