"""Groups of lines that several stories have in common."""

from collections.abc import Iterable, Iterator

from gwsim.ike.events import Event, MessageSent
from gwsim.ike.states import State
from gwsim.vendors.ios import catalogue, fsm
from gwsim.vendors.ios.names import notify_name
from gwsim.vendors.ios.payloads import Line
from gwsim.vendors.ios.states import SENT
from gwsim.vendors.ios.story import Story, address_of_struct
from gwsim.vendors.vendor import LogLine
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import IKE_PORT, Protocol
from gwsim.wire.payloads import Notification

_HANDLE = 0x80000000


def told(story: Story, event: Event, lines: Iterable[Line]) -> Iterator[LogLine]:
    """Write lines about one event."""
    for text, values in lines:
        yield story.line(event, text, **values)


def moved(story: Story, event: Event, move: fsm.Move) -> Iterator[LogLine]:
    """Tell a step of phase 1's machine."""
    story.machine[event.sa] = move.new
    yield story.line(event, catalogue.INPUT, what=move.what)
    yield story.line(event, catalogue.MOVE, old=move.old, new=move.new)


def stayed(story: Story, event: Event, what: str) -> Iterator[LogLine]:
    """Tell a step of phase 1's machine that leads nowhere."""
    where = story.stands(event.sa)
    yield from moved(story, event, fsm.Move(what, where, where))


def node_moved(story: Story, event: Event, node: int, move: fsm.Move) -> Iterator[LogLine]:
    """Tell a step of a quick mode's machine."""
    yield story.line(event, catalogue.NODE_INPUT, node=node, what=move.what)
    yield story.line(event, catalogue.NODE_MOVE, old=move.old, new=move.new)


def node_deleted(
    story: Story, event: Event, node: int, reason: str, error: bool = False
) -> LogLine:
    """Tell that what was kept of an exchange is deleted."""
    return story.line(
        event, catalogue.DELETING_NODE, node=node, error=str(error).upper(), reason=reason
    )


def new_sa(
    story: Story, event: Event, ports: tuple[int, int], user: str, initiator: bool = False
) -> Iterator[LogLine]:
    """Tell that a peer and an SA are made; `ports` are ours and the peer's."""
    struct = address_of_struct(event.sa)
    handle = _HANDLE + event.sa
    yield story.line(event, catalogue.CREATED_PEER, port=ports[1])
    yield story.line(event, catalogue.NEW_PEER, struct=struct, handle=handle)
    yield story.line(event, catalogue.LOCKING_PEER, struct=struct, user=user)
    yield story.line(event, catalogue.PORTS, local=ports[0], remote=ports[1])
    if initiator:
        yield story.line(event, catalogue.SET_NODE, node=0)
    yield story.line(event, catalogue.INSERTED, struct=struct)


def sending(story: Story, event: MessageSent) -> Iterator[LogLine]:
    """Tell that a packet is sent, with the state that goes with it."""
    state = State.ESTABLISHED if event.label.startswith("quick") else event.state
    yield story.line(
        event,
        catalogue.SENDING,
        peer=event.remote[0],
        local=event.local[1],
        remote=event.remote[1],
        place=story.where(event.sa, state, SENT.get(event.label)),
    )
    yield story.line(event, catalogue.SENDING_PACKET)


def notify_sent(story: Story, event: MessageSent, payload: Notification) -> LogLine:
    """Tell of a notification that is made."""
    return story.line(
        event,
        catalogue.SENDING_NOTIFY,
        what=notify_name(payload.notify_type),
        protocol=payload.protocol_id,
        spi=spi_number(payload.protocol_id, payload.spi),
        node=event.message_id,
    )


def spi_number(protocol: int, spi: bytes) -> int:
    """Give the SPI of a notification as a number; that of phase 1 is not one and counts 0."""
    return int.from_bytes(spi, "big") if protocol != Protocol.ISAKMP else 0


def authenticated(story: Story, event: Event, remote: SocketAddress) -> Iterator[LogLine]:
    """Tell that the peer's proof holds, and that it has moved to another port."""
    yield story.line(event, catalogue.PROCESSING, what="HASH", node=0)
    yield story.line(event, catalogue.AUTHENTICATED)
    yield story.line(event, catalogue.AUTHENTICATED_WITH)
    if remote[1] != IKE_PORT:
        yield story.line(event, catalogue.PORT_FLOATING, port=remote[1])
