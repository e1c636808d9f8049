"""What a router logs of phase 2 and of the IPsec SAs it makes.

Source: vendor sheet, IOS debug (captures of both roles) and fault matrix.
"""

from collections.abc import Iterator

from gwsim.ike.events import (
    CloseReason,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    ProposalAccepted,
    ProposalRefused,
    ProxyIdRefused,
    QuickModeClosed,
)
from gwsim.ike.states import Role
from gwsim.vendors.ios import catalogue, fsm, words
from gwsim.vendors.ios.lines import node_deleted, node_moved, told
from gwsim.vendors.ios.names import ESP_AUTHENTICATION, set_encryption
from gwsim.vendors.ios.payloads import offered, phase2_lines
from gwsim.vendors.ios.story import Story, partner
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import IKE_PORT, Phase2Attribute
from gwsim.wire.payloads import Identification, KeyExchange, Nonce, Payload, Transform

_QUIET_ENDS = frozenset({CloseReason.REFUSED, CloseReason.PEER_REFUSED})


def _quick_message(story: Story, sa: int) -> tuple[int, tuple[Payload, ...]]:
    """Find the quick mode message an SA took last: its message id and what was in it."""
    for (number, node), heard in reversed(story.heard.items()):
        if number == sa and heard.label.startswith("quick"):
            return node, heard.payloads
    return 0, ()


def offer_accepted(story: Story, event: ProposalAccepted) -> Iterator[LogLine]:
    """Tell which transform will do, and what else was in the message."""
    node, payloads = _quick_message(story, event.sa)
    for number, transform, _ in offered(payloads):
        if transform.number == event.transform and number == event.proposal:
            yield from told(story, event, phase2_lines(number, transform))
            yield story.line(event, catalogue.ACCEPTABLE_IPSEC)
    for kind, what in ((Nonce, "NONCE"), (KeyExchange, "KE"), (Identification, "ID")):
        for _ in (payload for payload in payloads if isinstance(payload, kind)):
            yield story.line(event, catalogue.PROCESSING, what=what, node=node)
    if event.role is Role.RESPONDER:
        yield story.line(event, catalogue.GETS_SPI, role="Responder")
    moves = fsm.QUICK_OFFERED if event.role is Role.RESPONDER else fsm.QUICK_ANSWERED
    for move in moves:
        yield from node_moved(story, event, node, move)


def offer_refused(
    story: Story, event: ProposalRefused | ProxyIdRefused, error: int
) -> Iterator[LogLine]:
    """Tell of an offer that IKE understands and IPsec does not want."""
    _, payloads = _quick_message(story, event.sa)
    for number, transform, _ in offered(payloads):
        yield from told(story, event, phase2_lines(number, transform))
        yield story.line(event, catalogue.ACCEPTABLE_IPSEC)
        if error == words.ERROR_PROXY:
            yield story.line(event, catalogue.NO_MAP)
            yield story.line(event, catalogue.PROXY_NOT_SUPPORTED)
        else:
            name = transform_name(transform)
            yield story.line(event, catalogue.NOT_SUPPORTED, transform=name)
        yield story.line(event, catalogue.INVALIDATED, error=error)


def transform_name(transform: Transform) -> str:
    """Spell an offered transform as a transform set does: `esp-des esp-sha-hmac`."""
    cipher = set_encryption(transform.transform_id, transform.get(Phase2Attribute.KEY_LENGTH))
    number = transform.get(Phase2Attribute.AUTHENTICATION_ALGORITHM)
    digest = ESP_AUTHENTICATION.get(number, f"esp-{number}")
    return f"{cipher} {digest}".rstrip()


def proxy_id_refused(story: Story, event: ProxyIdRefused) -> Iterator[LogLine]:
    """Tell that no crypto map entry has such proxy IDs."""
    yield from offer_refused(story, event, words.ERROR_PROXY)


def phase_two_completed(story: Story, event: PhaseTwoCompleted) -> Iterator[LogLine]:
    """Tell that a session is up when its first pair of IPsec SAs is."""
    up = story.up.setdefault(partner(event), set())
    first = not up
    up.add(event.inbound_spi)
    heard = story.heard.get((event.sa, event.message_id))
    port = heard.remote[1] if heard else IKE_PORT
    story.ends[partner(event)] = port, story.identities.get(event.sa, event.peer)
    if first:
        yield _session(story, event, up=True)


def phase_two_closed(story: Story, event: PhaseTwoClosed) -> Iterator[LogLine]:
    """Tell that a session is down when its last pair of IPsec SAs is gone."""
    up = story.up.setdefault(partner(event), set())
    up.discard(event.inbound_spi)
    if not up:
        yield _session(story, event, up=False)


def _session(story: Story, event: PhaseTwoCompleted | PhaseTwoClosed, up: bool) -> LogLine:
    text = words.SESSION_UP if up else words.SESSION_DOWN
    port, identity = story.ends.get(partner(event), (IKE_PORT, event.peer))
    return story.line(event, text, port=port, id=identity)


def quick_mode_closed(story: Story, event: QuickModeClosed) -> Iterator[LogLine]:
    """Tell that what was kept of a quick mode is deleted; refusals are told where they happen."""
    if event.reason not in _QUIET_ENDS:
        reason = words.NODE_REASONS.get(event.reason, words.IKE_DELETED)
        yield node_deleted(story, event, event.message_id, reason, error=True)
