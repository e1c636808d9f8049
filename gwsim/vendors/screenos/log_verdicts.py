"""What was wrong with a peer's message, and what notifications and the data plane say."""

from collections.abc import Iterator

from gwsim.gateway.events import DropCause, LinkChanged, PacketDropped
from gwsim.ike.events import (
    Comparison,
    DeleteReceived,
    DpdFailed,
    DpdReceived,
    NatDetected,
    NotifyReceived,
    NotifySent,
    PeerIdentified,
    PfsRefused,
    ProposalRefused,
    ProxyIdAccepted,
    ProxyIdRefused,
    Rejected,
)
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import State
from gwsim.vendors.screenos import catalogue, numbering, states, words
from gwsim.vendors.screenos.debug_messages import NOTIFY_NAMES
from gwsim.vendors.screenos.debug_received import authenticated, unheard
from gwsim.vendors.screenos.story import Entry, Story
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import IPSEC_DOI, IdType, NotifyType, Protocol, is_error_notify
from gwsim.wire.selector import Selector

REASONS: dict[tuple[Flaw, int], str] = {
    (Flaw.UNKNOWN_PEER, 1): catalogue.UNRECOGNIZED_PEER,
    (Flaw.NO_PRE_SHARED_KEY, 1): catalogue.UNRECOGNIZED_PEER,
    (Flaw.EXCHANGE_MODE, 1): catalogue.UNRECOGNIZED_PEER,
    (Flaw.UNDECRYPTABLE, 1): catalogue.PRESHARED_KEYS,
    (Flaw.HASH_PHASE1, 1): catalogue.PRESHARED_KEYS,
    (Flaw.NO_PROPOSAL_PHASE1, 1): words.NO_PHASE1_PROPOSALS,
    (Flaw.TRANSFORM_ID, 1): words.NO_PHASE1_PROPOSALS,
    (Flaw.ATTRIBUTES, 1): words.NO_PHASE1_PROPOSALS,
    (Flaw.CHANGED_ANSWER, 1): words.NO_PHASE1_PROPOSALS,
    (Flaw.NO_PROPOSAL_PHASE2, 2): words.NO_PHASE2_PROPOSALS,
    (Flaw.PFS, 2): words.NO_PHASE2_PROPOSALS,
    (Flaw.TRANSFORM_ID, 2): words.NO_PHASE2_PROPOSALS,
    (Flaw.ATTRIBUTES, 2): words.NO_PHASE2_PROPOSALS,
    (Flaw.CHANGED_ANSWER, 2): words.NO_PHASE2_PROPOSALS,
    (Flaw.PROXY_ID, 2): words.WRONG_PROXY_ID,
    (Flaw.QUICK_IDS, 2): words.WRONG_PROXY_ID,
    (Flaw.CLEAR_TEXT, 1): words.UNENCRYPTED,
    (Flaw.CLEAR_TEXT, 2): words.UNENCRYPTED,
    (Flaw.NO_PHASE1, 2): words.TOO_EARLY,
}
"""Why a packet was rejected, by flaw and phase; other flaws show in the debug buffer at most."""

_PECULIAR = frozenset({"attribute", "extended sequence number", "encapsulation mode", "bundle"})


def rejected(story: Story, event: Rejected) -> Iterator[Entry]:
    """Tell that a packet was rejected, whence it came and why."""
    yield from unheard(story, event)
    reason = REASONS.get((event.flaw, event.phase))
    if reason is None:
        return
    yield story.log(
        event,
        catalogue.REJECTED_PACKET,
        interface=story.snapshot.outside_interface,
        source=_endpoint(event.remote),
        destination=_endpoint(event.local),
        initiator_cookie=event.initiator_cookie,
        responder_cookie=event.responder_cookie,
        reason=reason,
    )
    if event.flaw is Flaw.HASH_PHASE1 and event.label.startswith("aggr"):
        yield story.log(event, catalogue.AGGRESSIVE_FAILED)


def _endpoint(end: SocketAddress) -> str:
    return f"{end[0]}:{end[1]}"


def proposal_refused(story: Story, event: ProposalRefused) -> Iterator[Entry]:
    """Tell that no proposal was acceptable, or that one was but for what this box cannot do."""
    if event.phase == 1:
        yield story.log(event, catalogue.REJECTED_PROPOSALS)
    elif _only_peculiar(event.comparisons):
        yield story.log(event, words.ATTRIBUTES_PHASE2)


def _only_peculiar(comparisons: tuple[Comparison, ...]) -> bool:
    """Say whether an offer had the right algorithms and failed on its other attributes."""
    failed: dict[tuple[int, int, int], set[str]] = {}
    for c in comparisons:
        failed.setdefault((c.proposal, c.transform, c.policy), set()).add(c.attribute)
    return any(attributes <= _PECULIAR for attributes in failed.values())


def pfs_refused(story: Story, event: PfsRefused) -> Iterator[Entry]:
    """Tell which groups of PFS met."""
    yield story.log(event, catalogue.WRONG_PFS_GROUP, offered=event.offered, wanted=event.wanted)


def proxy_id_refused(story: Story, event: ProxyIdRefused) -> Iterator[Entry]:
    """Tell the proxy IDs for which there is no policy, as the peer's mirror image."""
    yield story.tag(event, _matching(story, event))
    yield story.log(
        event, catalogue.NO_POLICY, local=_proxy_id(event.local), remote=_proxy_id(event.remote)
    )


def _matching(story: Story, event: ProxyIdRefused | ProxyIdAccepted) -> str:
    entry = story.peer_entry(event)
    return f"IKE: Matching policy: gw ip <{event.peer}> peer entry id<{entry}>"


def _proxy_id(text: str) -> str:
    s = Selector.parse(text)
    return f"{s.address}/{s.mask}, {s.protocol}, {s.port}"


def proxy_id_accepted(story: Story, event: ProxyIdAccepted) -> Iterator[Entry]:
    """Tell how the proxy IDs of a peer were compared with those of the policy that has them."""
    local, remote = Selector.parse(event.local), Selector.parse(event.remote)
    index = story.sa_index(event, event.child)
    yield story.tag(event, _matching(story, event))
    yield story.box(event, f"protocol matched expected<{local.protocol}>.")
    yield story.box(event, f"port matched expect<{local.port}>.")
    yield story.bare(event, "ipvx = IPV4")
    for end, selector in (("local", local), ("remote", remote)):
        yield story.bare(event, _compared("rcv", f"rcv_{end}_addr", end, selector))
    for end, selector in (("local", local), ("remote", remote)):
        yield story.bare(event, _compared("cfg", f"ike_p2_id->{end}_ip", end, selector))
    yield story.tag(event, f"Proxy ID match: Located matching Phase 2 SA <{index}>.")
    yield story.tag(event, f"sa ID for phase 2 sa is <{index}>. IP version is 4.")


def _compared(side: str, address: str, end: str, s: Selector) -> str:
    mask = f"{side}_{end}_mask = {s.mask}"
    return f"{address} = {s.address}, {mask}, p_{side}_{end}_real = {s.address}"


def peer_identified(story: Story, event: PeerIdentified) -> Iterator[Entry]:
    """Tell whether the peer is who it should be."""
    result = 0 if event.accepted else -1
    packet = story.packet
    state = packet.state if packet else None
    number = states.NUMBERS.get(state or State.AGGR_WAIT_2, 0)
    yield story.tag(event, f"ID processed. return {result}. sa->p1_state = {number}.")
    if event.accepted:
        yield from authenticated(story, event)
        return
    address = event.id_type == IdType.IPV4_ADDR
    kind = "IP address " if address else ""
    expected = f"{kind}{event.expected}"
    yield story.log(event, catalogue.WRONG_ID, received=f"{kind}{event.text}", expected=expected)


def nat_detected(story: Story, event: NatDetected) -> Iterator[Entry]:
    """Tell in front of which device there is a NAT."""
    role = story.role(event.sa).value
    for found, end in ((event.local_behind_nat, "local"), (event.peer_behind_nat, "remote")):
        if found:
            yield story.log(event, catalogue.DETECTED_NAT, role=role, end=end)


def notify_received(story: Story, event: NotifyReceived) -> Iterator[Entry]:
    """Tell what a peer says and what becomes of it."""
    number = event.notify_type
    name = NOTIFY_NAMES.get(number, "")
    yield from _notify_payload(story, event, number, name)
    yield story.log(event, catalogue.RECEIVED_NOTIFICATION, doi=IPSEC_DOI, number=number, name=name)
    if number == NotifyType.INITIAL_CONTACT:
        yield from _initial_contact(story, event)
    elif number == NotifyType.INVALID_SPI:
        yield story.log(event, catalogue.RECEIVED_BAD_SPI)
    if is_error_notify(number) and not event.acted:
        if event.protocol_id != Protocol.ISAKMP:
            record = f"mess_id in <{event.message_id:08x}>"
            yield story.tag(event, f"ah-esp: notify has no matching QM record, {record}")
        yield story.tag(event, f"WARN, Unknown Notify Message {number}")
    story.after_notify.append(story.tag(event, "process notify exit with <0>."))


def _notify_payload(
    story: Story, event: NotifyReceived | DpdReceived, number: int, name: str
) -> Iterator[Entry]:
    yield story.tag(event, "Process [NOTIF]:")
    text = f"Received notify message for DOI <{IPSEC_DOI}> <{number}> <{name}>."
    yield story.tag(event, text)


def _initial_contact(story: Story, event: NotifyReceived) -> Iterator[Entry]:
    """Tell that the peer starts afresh: every VPN with it is deactivated, up or not.

    What phase 1 SAs it had is looked after later.
    """
    text = "Received initial contact notification and removed Phase {} SAs."
    yield story.tag(event, text.format(2))
    yield story.log(event, catalogue.RECEIVED_INITIAL_CONTACT, phase=2)
    yield story.bare(event, f"clear phase 2 sa of peer {event.connection}.")
    for tunnel in story.snapshot.tunnels:
        if tunnel.connection == event.connection:
            index = numbering.sa_index(tunnel)
            yield story.tag(event, f"deactive p2 sa {index} send_delete 0")
    number = event.notify_type
    story.after_packet += [
        story.box(event, "proc_other_session_notify->"),
        story.box(event, f"process Notify Payload: doi({IPSEC_DOI}), msg({number}), txt<>"),
        story.tag(event, text.format(1)),
        story.log(event, catalogue.RECEIVED_INITIAL_CONTACT, phase=1),
    ]


def notify_sent(story: Story, event: NotifySent) -> Iterator[Entry]:
    """Tell that after a reboot a peer was told that its SPI is unknown; others are not told."""
    if event.notify_type == NotifyType.INVALID_SPI and story.rebooted:
        yield story.log(event, catalogue.BAD_SPI_AFTER_REBOOT)


def delete_received(story: Story, event: DeleteReceived) -> Iterator[Entry]:
    """Tell that the peer deleted SAs."""
    phase = 1 if event.protocol_id == Protocol.ISAKMP else 2
    yield story.tag(event, "Process [DELETE]:")
    yield story.tag(event, words.DELETE_RECEIVED.format(phase=phase))


def dpd_received(story: Story, event: DpdReceived) -> Iterator[Entry]:
    """Tell that the peer asked or answered whether somebody is there."""
    number = NotifyType.R_U_THERE_ACK if event.ack else NotifyType.R_U_THERE
    yield from _notify_payload(story, event, number, NOTIFY_NAMES[number])
    yield story.tag(event, "process notify exit with <0>.")


def dpd_failed(story: Story, event: DpdFailed) -> Iterator[Entry]:
    """Tell that the peer is dead."""
    yield story.log(event, words.DEAD_PEER, missed=event.missed)


def packet_dropped(story: Story, event: PacketDropped) -> Iterator[Entry]:
    """Tell of an ESP packet with an unknown SPI and of a replayed one; others are only counted."""
    texts = {
        DropCause.UNKNOWN_SPI: catalogue.BAD_SPI,
        DropCause.REPLAYED: catalogue.REPLAY,
        DropCause.TOO_OLD: catalogue.REPLAY,
    }
    text = texts.get(event.cause)
    if text is None or not event.inbound:
        return
    yield story.log(
        event,
        text,
        interface=story.snapshot.outside_interface,
        tunnel=_tunnel_id(story, event),
        source=event.source,
        destination=event.destination,
        length=event.length,
        spi=event.spi,
        sequence=event.sequence,
    )


def _tunnel_id(story: Story, event: PacketDropped) -> int:
    """Give the VPN's index, by its name or, for a foreign SPI, by the address it came from."""
    for tunnel in story.snapshot.tunnels:
        named = (tunnel.connection, tunnel.child) == (event.connection, event.child)
        if named or (not event.child and tunnel.peer == event.source):
            return numbering.sa_index(tunnel)
    return 0


def link_changed(story: Story, event: LinkChanged) -> Iterator[Entry]:
    """Tell that the outside interface went up or down."""
    state = "Up" if event.up else "Down"
    interface = story.snapshot.outside_interface
    yield story.log(event, words.LINK, interface=interface, state=state)
