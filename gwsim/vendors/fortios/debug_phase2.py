"""What the debug output tells of phase 2: selectors, proposals, the IPsec SAs that are made.

Source: vendor sheet, FortiOS debug; captures at the responder, of one phase 2 that came up and of
two that did not. A FortiGate tells of its IPsec SAs with quick-1 already; here it is told when
they are in use.
"""

from collections.abc import Iterator

from gwsim.ike.events import (
    CloseReason,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    ProposalAccepted,
    ProposalRefused,
    ProxyIdAccepted,
    ProxyIdRefused,
    QuickModeClosed,
)
from gwsim.ike.states import Role
from gwsim.vendors.fortios import catalogue, proposals, words
from gwsim.vendors.fortios.names import GROUPS, esp_octets, hidden
from gwsim.vendors.fortios.story import Key, Story, masked, span
from gwsim.vendors.fortios.text import Text
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import EncapsulationMode, Phase2Attribute
from gwsim.wire.payloads import Payload, SecurityAssociation
from gwsim.wire.selector import Selector

_TRANSPORT = frozenset(
    {
        EncapsulationMode.TRANSPORT,
        EncapsulationMode.UDP_TRANSPORT,
        EncapsulationMode.UDP_TRANSPORT_DRAFT,
    }
)


def proxy_id_accepted(story: Story, event: ProxyIdAccepted) -> Iterator[LogLine]:
    """Tell which phase 2 a peer asks for."""
    node = event.message_id
    peer, me = span(event.remote), span(event.local)
    yield story.line(event, catalogue.PEER_PROPOSAL, node, peer=peer, me=me)
    story.children[event.sa, node] = event.child
    for text in (catalogue.TRYING, catalogue.MATCHED, catalogue.AUTOKEY):
        yield story.line(event, text, node)


def proxy_id_refused(story: Story, event: ProxyIdRefused) -> Iterator[LogLine]:
    """Tell how the selectors of each phase 2 differ from what a peer asks for."""
    node = event.message_id
    peer, me = span(event.remote), span(event.local)
    yield story.line(event, catalogue.PEER_PROPOSAL, node, peer=peer, me=me)
    names = {(t.local, t.remote): t.child for t in story.snapshot.tunnels}
    for local, remote in event.configured:
        story.children[event.sa, node] = names.get((local, remote), event.connection)
        yield story.line(event, catalogue.TRYING, node)
        yield story.line(event, catalogue.SELECTORS_MISMATCH, node)
        for whose, ends in (("peer", (me, peer)), ("mine", (span(local), span(remote)))):
            values = {"whose": whose, "local": ends[0], "remote": ends[1]}
            yield story.line(event, catalogue.SELECTORS_COMPARED, node, **values)
    yield story.line(event, catalogue.NO_PHASE2, node)
    yield story.line(event, catalogue.NO_PROPOSAL, node)


def _messages(story: Story, key: Key) -> tuple[tuple[Payload, ...], tuple[Payload, ...]]:
    """Give what we sent and what we heard in a quick mode."""
    sent, heard = story.sent.get(key), story.heard.get(key)
    return (sent.payloads if sent else ()), (heard.payloads if heard else ())


def proposal_accepted(story: Story, event: ProposalAccepted) -> Iterator[LogLine]:
    """Tell what was offered and what was agreed on; an initiator tells its own offer, too."""
    node = story.quick_of(event.sa)
    story.chosen[event.sa, node] = event
    sent, heard = _messages(story, (event.sa, node))
    if event.role is Role.INITIATOR:
        yield story.line(event, catalogue.MY_PHASE2, node)
        yield from _lines(story, event, node, proposals.offered_phase2(sent))
    yield story.line(event, catalogue.INCOMING_PHASE2, node)
    yield from _lines(story, event, node, proposals.offered_phase2(heard))
    yield story.line(event, catalogue.RESULT_PHASE2, node)
    yield from _lines(story, event, node, proposals.agreed_phase2(heard, event))
    if event.group is not None:
        group = GROUPS.get(event.group, str(event.group))
        yield story.line(event, catalogue.SET_PFS, node, group=group)
    yield story.line(event, _mode(heard), node)
    if event.group is not None:
        yield story.line(event, catalogue.GENERATE_DH_PHASE2, node)
        yield story.line(event, catalogue.COMPUTE_DH_PHASE2, node)


def _lines(
    story: Story, event: ProposalAccepted | ProposalRefused, node: int, lines: Iterator[str]
) -> Iterator[LogLine]:
    for what in lines:
        yield story.line(event, catalogue.PROPOSAL_PHASE2, node, what=what)


def _mode(payloads: tuple[Payload, ...]) -> Text:
    """Say in which mode packets will travel, by the transforms offered."""
    modes = {
        transform.get(Phase2Attribute.ENCAPSULATION_MODE)
        for payload in payloads
        if isinstance(payload, SecurityAssociation)
        for proposal in payload.proposals
        for transform in proposal.transforms
    }
    return words.TRANSPORT_MODE if modes & _TRANSPORT else catalogue.TUNNEL_MODE


def proposal_refused(story: Story, event: ProposalRefused) -> Iterator[LogLine]:
    """Tell what is wanted and what was offered; the reader compares."""
    node = story.quick_of(event.sa)
    _, heard = _messages(story, (event.sa, node))
    yield story.line(event, catalogue.MY_PHASE2, node)
    yield from _lines(story, event, node, proposals.wanted_phase2(heard, event))
    yield story.line(event, catalogue.INCOMING_PHASE2, node)
    yield from _lines(story, event, node, proposals.offered_phase2(heard))


def phase_two_completed(story: Story, event: PhaseTwoCompleted) -> Iterator[LogLine]:
    """Tell of a pair of IPsec SAs that is in use: lifetimes, selectors, SPIs."""
    node = event.message_id
    hard = event.lifetime_seconds
    if hard is not None:
        soft = hard if event.rekey_in is None else int(event.rekey_in)
        yield story.line(event, catalogue.LIFE_SOFT, node, seconds=soft)
        yield story.line(event, catalogue.LIFE_HARD, node, seconds=hard)
    yield story.line(event, catalogue.SELECTORS, node)
    for what, text in (("src", event.local), ("dst", event.remote)):
        kind = Selector.parse(text).id_type
        values = {"what": what, "type": int(kind), "selector": masked(text)}
        yield story.line(event, catalogue.SELECTOR, node, **values)
    spis = {"inbound": event.inbound_spi, "outbound": event.outbound_spi}
    yield story.line(event, catalogue.ADD, node, **spis)
    yield from _keys(story, event)
    yield story.line(event, catalogue.ADDED, node, **spis)
    if not story.up.get(event.connection):
        yield story.line(event, catalogue.TRAP_UP, node)
    if event.role is Role.RESPONDER:
        yield story.line(event, catalogue.SA_DONE, node, spi=event.outbound_spi)


def _keys(story: Story, event: PhaseTwoCompleted) -> Iterator[LogLine]:
    suite = story.chosen.get((event.sa, event.message_id))
    cipher, digest = (0, 0)
    if suite is not None:
        cipher, digest = esp_octets(suite.encryption, suite.key_bits, suite.authentication)
    for what, spi in (("dec", event.inbound_spi), ("enc", event.outbound_spi)):
        yield story.line(
            event,
            catalogue.SA_KEYS,
            event.message_id,
            what=what,
            spi=spi,
            octets=cipher,
            key=hidden(cipher),
            digest_octets=digest,
            digest=hidden(digest),
        )


def phase_two_closed(story: Story, event: PhaseTwoClosed) -> Iterator[LogLine]:
    """Tell of a pair of IPsec SAs that is gone, and of a tunnel that is down with it."""
    yield story.line(event, catalogue.DELETING_SPI, spi=event.outbound_spi)
    if story.up.get(event.connection, set()) <= {event.inbound_spi}:
        yield story.line(event, words.TRAP_DOWN)


def quick_mode_closed(story: Story, event: QuickModeClosed) -> Iterator[LogLine]:
    """Tell that a peer's quick mode came to nothing."""
    if event.reason is CloseReason.REFUSED and event.role is Role.RESPONDER:
        yield story.line(event, catalogue.QUICK_ERROR, peer=event.peer)
