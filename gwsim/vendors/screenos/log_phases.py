"""Negotiations from their beginning to their end, in the event log and the debug buffer."""

from collections.abc import Iterator

from gwsim.crypto.errors import UnsupportedAlgorithm
from gwsim.crypto.esp import EspSuite
from gwsim.ike.events import (
    AcquireFailed,
    AcquireQueued,
    CloseReason,
    Event,
    GaveUp,
    KeysGenerated,
    LifetimeCompared,
    NegotiationStarted,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    ProposalAccepted,
    QuickModeClosed,
)
from gwsim.ike.states import Role, State
from gwsim.vendors.screenos import catalogue, numbering, words
from gwsim.vendors.screenos.behaviour import CONN_ENTRY
from gwsim.vendors.screenos.debug_keys import secret_computed
from gwsim.vendors.screenos.debug_messages import life, transforms_of
from gwsim.vendors.screenos.debug_received import release
from gwsim.vendors.screenos.debug_sent import conn_entry
from gwsim.vendors.screenos.story import Entry, Story, little_endian
from gwsim.vendors.screenos.text import Text

_PACKET = "TYPE-5"
_OUTER_IP = 20
_ESP_HEADER = 8
_ESP_TRAILER = 2
_MODES = {"main": ("MM", "Main"), "aggressive": ("AG", "Aggressive")}
_TOLD_OTHERWISE = frozenset({CloseReason.RETRANSMIT_LIMIT, CloseReason.PHASE1_GONE})


def negotiation_started(story: Story, event: NegotiationStarted) -> Iterator[Entry]:
    """Tell how a negotiation began: by a packet for a tunnel, or in its time.

    One that the peer began is told with its first message.
    """
    if event.role is Role.RESPONDER:
        return
    if event.phase == 2:
        yield from _quick_mode_started(story, event)
        return
    if event.trigger == "traffic":
        yield from _kernel_message(story, event, event.child)
        yield from _kernel_message(story, event, event.child)
    index, peer = story.sa_index(event, event.child), story.peer_entry(event)
    yield story.tag(event, f"sa orig index<{index}>, peer_id<{peer}>.")
    yield story.log(event, catalogue.INITIATED_PHASE1, mode=event.exchange)


def _kernel_message(story: Story, event: Event, child: str) -> Iterator[Entry]:
    index = story.sa_index(event, child)
    yield story.tag(event, f"****** Recv kernel msg IDX-{index}, {_PACKET} ******")


def _quick_mode_started(story: Story, event: NegotiationStarted) -> Iterator[Entry]:
    yield story.log(event, catalogue.INITIATED_PHASE2)
    yield story.tag(event, "Phase 2: Initiated Quick Mode negotiation.")
    yield story.tag(event, "Phase-2: start quick mode negotiation")
    yield story.tag(event, "Phase-2: no tunnel interface binding for Modecfg IPv4 address.")
    yield from conn_entry(story, event, event.message_id)
    yield story.tag(event, "Initiator not set commit bit on 1st QM.")


def acquire_queued(story: Story, event: AcquireQueued) -> Iterator[Entry]:
    """Tell of a packet for a tunnel whose phase 1 is still on its way."""
    yield from _kernel_message(story, event, event.child)
    yield story.tag(event, "Phase 2 task added")


def acquire_failed(story: Story, event: AcquireFailed) -> Iterator[Entry]:
    """Tell of a packet for a tunnel that cannot be begun from here: its peer has no address."""
    if not event.peer:
        yield story.log(event, catalogue.DYNAMIC_PEER)


def proposal_accepted(story: Story, event: ProposalAccepted) -> Iterator[Entry]:
    """Tell which phase 1 proposal was selected, and for how long."""
    if event.phase != 1:
        return
    yield story.tag(event, f"Phase 1 proposal [{event.policy - 1}] selected.")
    offered = transforms_of(story.packet.payloads) if story.packet else ()
    for transform in offered:
        if transform.number == event.transform:
            lasts = life(transform, 1)
            form = "TV" if lasts.short else "TLV"
            yield story.tag(event, "SA Life Type = seconds")
            yield story.tag(event, f"SA lifetime ({form}) = {lasts.seconds}")


def lifetime_compared(story: Story, event: LifetimeCompared) -> Iterator[Entry]:
    """Tell which lifetime of an IPsec SA was set: the lower one; 0 is unlimited."""
    if event.phase == 2:
        values = f"lcl {event.ours or 0}, peer {event.theirs or 0}, set {event.chosen or 0}."
        yield story.box(event, f"life (sec or kb): {values}")


def keys_generated(story: Story, event: KeysGenerated) -> Iterator[Entry]:
    """Tell that the Diffie-Hellman job, done beside the main loop, gave the keys of phase 1."""
    exchange = story.started[event.sa].exchange if event.sa in story.started else "main"
    mode, _ = _MODES.get(exchange, _MODES["main"])
    if story.unfinished:
        story.unfinished = False
        yield story.done(event, _after_keys(event.role, exchange))
    accepted = story.accepted.get(event.sa)
    if accepted and story.packet is not None:
        yield from secret_computed(story, event, accepted.group or 0, story.packet.payloads)
    yield story.tag(event, "gen_skeyid()")
    yield story.tag(event, mode)
    yield story.tag(event, f"re-enter {mode} after offline DH done")
    yield story.log(event, words.KEY_GENERATED, phase=1)


def _after_keys(role: Role, exchange: str) -> State:
    if exchange == "aggressive":
        return State.AGGR_WAIT_3
    return State.MAIN_WAIT_6 if role is Role.INITIATOR else State.MAIN_WAIT_5


def phase_one_completed(story: Story, event: PhaseOneCompleted) -> Iterator[Entry]:
    """Tell that phase 1 is done; the peer identity of an earlier one takes the place of its own."""
    handle = story.handle(event.sa)
    yield story.tag(event, "completing Phase 1")
    yield story.tag(event, f"sa_pidt = {handle:x}")
    known = story.peers.setdefault(event.peer, handle)
    if known != handle:
        yield story.tag(event, f"found existing peer identity {known:x}")
        yield story.tag(event, "peer_identity_unregister_p1_sa.")
        yield story.box(event, f"delete peer identity 0x{handle:x}")
        unregistered = "peer_identity_unregister_p1_sa 509: pidt deleted."
        yield story.tag(event, f"peer_idt.c {unregistered}")
    _, mode = _MODES.get(event.exchange, _MODES["main"])
    seconds = event.lifetime_seconds or 0
    text = f"Phase 1: Completed {mode} mode negotiation with a <{seconds}>-second lifetime"
    yield story.tag(event, text)
    yield story.log(event, catalogue.COMPLETED_PHASE1, mode=mode, seconds=seconds)


def phase_two_completed(story: Story, event: PhaseTwoCompleted) -> Iterator[Entry]:
    """Tell that the keys of a pair of IPsec SAs are loaded and the tunnel is there."""
    index = story.sa_index(event, event.child)
    for _direction in ("Incoming", "Outgoing"):
        yield story.tag(event, "gen_qm_key()")
        yield story.tag(event, "load_sa_keys(): enter.")
    yield story.tag(event, f"ikmpd.c 3668. sa ID for phase 2 sa is <{index}>. IP version is 4.")
    yield from _nodes_removed(story, event, story.nodes.pop((event.connection, event.child), ()))
    yield story.tag(event, "clean_all_sa_state_node_from_list->")
    if not event.rekey:
        yield story.tag(event, "no relocate earlier SA-state, not active.")
    yield story.tag(event, f"key_modify: sa index <{index}> bk_idx <{index}>.")
    for spi, way in ((event.inbound_spi, "Incoming"), (event.outbound_spi, "Outgoing")):
        insert = f"insert_sa_state_to_spi_hash spi<{spi:08x}>, sa_index<{index}>, {way}"
        yield story.box(event, insert)
    yield from _crypto_context(story, event)
    yield story.tag(event, f"modify esp tunnel: src (peer) ipv4 <{event.peer}>")
    yield story.tag(event, f"modifying esp tunnel: self <ipv4 {story.snapshot.outside}>")
    yield story.tag(event, "update auto NHTB status")
    yield story.tag(event, f"after mod, out nsptunnel <{numbering.struct_of(index):08x}>.")
    yield from _completed(story, event, index)
    yield story.tag(event, "Application sa installed.")
    story.delay(event.at + CONN_ENTRY, release(story, event, event.message_id))


def _crypto_context(story: Story, event: PhaseTwoCompleted) -> Iterator[Entry]:
    """Tell the sizes the data plane reckons with, in octets.

    ESP header, trailer and ICV; IV; key; block; header and IV; ICV; all that is added with the
    outer IP header, padding apart. The zeros were always there.
    """
    chosen = story.chosen.get((event.sa, event.message_id))
    if chosen is None:
        return
    suite = EspSuite(chosen.encryption, chosen.key_bits, chosen.authentication)
    try:
        icv, iv, block = suite.icv_length, suite.iv_length, suite.encryption.block_size
        key = suite.encryption_key_length
    except UnsupportedAlgorithm:
        return
    front = _ESP_HEADER + iv
    sizes = (_ESP_HEADER + _ESP_TRAILER + icv, iv, key, block, 0, 0, front, 0, icv)
    whole = _OUTER_IP + front + icv
    yield story.tag(event, f"crypto_ctx {', '.join(map(str, sizes))}, {whole}")


def _completed(story: Story, event: PhaseTwoCompleted, index: int) -> Iterator[Entry]:
    seconds, kilobytes = event.lifetime_seconds or 0, event.lifetime_kilobytes or 0
    spi = event.inbound_spi
    yield story.tag(
        event,
        f"Phase 2 msg-id <{event.message_id:08x}>: Completed Quick Mode negotiation with "
        f"SPI <{spi:08x}>, tunnel ID <{index}>, and lifetime <{seconds}> seconds/<{kilobytes}> KB.",
    )
    yield story.log(
        event,
        catalogue.COMPLETED_PHASE2,
        message_id=event.message_id,
        spi=spi,
        tunnel=index,
        seconds=seconds,
        kilobytes=kilobytes,
    )


def gave_up(story: Story, event: GaveUp) -> Iterator[Entry]:
    """Tell that nobody answered, or that it took too long.

    A responder that waits for what it can read sends nothing again, and so reaches no limit.
    """
    unsent = event.phase == 1 and event.attempts == 0
    if unsent or event.reason is CloseReason.HALF_OPEN_TIMEOUT:
        yield story.log(event, catalogue.TIME_LIMIT)
    elif event.phase == 1:
        yield story.log(event, catalogue.RETRANSMISSION_LIMIT)
    else:
        text: Text = words.RETRANSMISSION_LIMIT_PHASE2
        yield story.log(event, text, message_id=event.message_id)


def quick_mode_closed(story: Story, event: QuickModeClosed) -> Iterator[Entry]:
    """Tell that a quick mode failed, unless the reason has been told already."""
    if event.reason not in _TOLD_OTHERWISE:
        yield story.log(event, words.FAILED_PHASE2, message_id=event.message_id)
    yield from release(story, event, event.message_id)


def phase_two_closed(story: Story, event: PhaseTwoClosed) -> Iterator[Entry]:
    """Tell that a pair of IPsec SAs is no longer used: renewed, or given up with or without a word.

    Of a VPN that is given up the SPIs stay in their table until it gets new ones. That it is given
    up because of an initial contact is told with that.
    """
    nodes = (event.inbound_spi, story.snapshot.outside), (event.outbound_spi, event.peer)
    if event.reason is CloseReason.REKEYED:
        yield from _nodes_removed(story, event, nodes)
        return
    story.nodes[event.connection, event.child] = nodes
    if event.reason is CloseReason.INITIAL_CONTACT:
        return
    index = story.sa_index(event, event.child)
    told = int(event.reason in _PEER_IS_TOLD)
    yield story.tag(event, f"deactive p2 sa {index} send_delete {told}")
    if event.reason is CloseReason.PEER_REFUSED:
        yield story.log(event, catalogue.REMOVED_AFTER_NOTIFICATION)


def _nodes_removed(
    story: Story, event: Event, nodes: tuple[tuple[int, str], ...]
) -> Iterator[Entry]:
    """Tell which SPIs leave their table; they stand there as a little-endian box has them."""
    for spi, address in nodes:
        node = f"type<2>,spi<{little_endian(spi)}>,ip<{address}>"
        yield story.box(event, f"spi hash node removed: {node}")


_PEER_IS_TOLD = frozenset(
    {
        CloseReason.CLEARED,
        CloseReason.SHUTDOWN,
        CloseReason.EXPIRED,
        CloseReason.RECONFIGURED,
        CloseReason.LAST_CHILD_GONE,
        CloseReason.PHASE2_FAILED,
    }
)
