"""One entry per message between gateways: what it held, who sent it how often, what became of it.

The path knows every packet and its fate, the sender knows what it encrypted. Both are joined by
what stands in the clear in every ISAKMP header (cookies, message id, length), in order of time.
Nothing is guessed: of a message whose sender tells nothing, a real device, only the clear part
is known.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from gwsim.capture.notation import ENCRYPTED, payload_list, payloads_seen
from gwsim.ike.events import Event, MessageSent
from gwsim.path.events import FATES, PORTS, PathAction, PathEvent
from gwsim.wire.codec import Header, parse_header
from gwsim.wire.encapsulation import NON_ESP_MARKER
from gwsim.wire.errors import WireError
from gwsim.wire.ip import (
    ESP,
    FRAGMENTATION_NEEDED,
    ICMP,
    TCP,
    UDP,
    IcmpEcho,
    parse_icmp,
    parse_ipv4,
)
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT

DELIVERED = "delivered"
IN_FLIGHT = "in flight"
NOT_SENT = "not sent"
INCOMPLETE = "incomplete"
"""Fates that no event of the path names; `not sent` never reached it."""

_UDP_HEADER = 8
_IPV4_HEADER = 20
_PROTOCOLS: dict[int, str] = {ICMP: "icmp", TCP: "tcp", UDP: "udp", ESP: "esp"}


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """One message on its way from a node to another.

    `at` is when it left, in seconds, `delay` how long until its fate was met; a copy made on the
    way has nobody to leave, its `at` is when it arrived. Nodes are gateways'
    names, "" for nobody known. `label` is "" for what is no message between gateways.
    `source` and `destination` are as sent, `address:port` or an address; `length` counts octets
    of the IPv4 packet. `payloads` is in the notation of `notation`; for clear traffic it says
    what it is. `fate` is `delivered`, or what happened instead: `dropped: RULE`, `lost`,
    `in flight`. `notes` are what else the path did to it, in order, `mappings` the bindings of
    NATs it went through, `private as public`. `attempt` is 0 the first time, n for the n-th time
    again; `copy` 0 for what was sent and n for a copy the path made. `packet` is the number that
    the path's events give it, 0 for what never came there.
    """

    at: float
    source_node: str
    destination_node: str
    label: str
    protocol: str
    source: str
    destination: str
    length: int
    payloads: str
    fate: str
    attempt: int = 0
    delay: float = 0.0
    notes: tuple[str, ...] = ()
    mappings: tuple[str, ...] = ()
    copy: int = 0
    packet: int = 0

    @property
    def delivered(self) -> bool:
        """Whether it arrived."""
        return self.fate == DELIVERED


def entries(
    events: Mapping[str, Iterable[Event]], path: Iterable[PathEvent]
) -> tuple[TraceEntry, ...]:
    """Join the events of gateways, by name, with those of the path; sorted by time."""
    journeys = _journeys(path)
    homes = _homes(journeys)
    senders = _Senders(events)
    found: list[TraceEntry] = []
    for journey in journeys:
        entry = senders.complete(_entry(journey[0], homes), journey[0][0])
        found.append(entry)
        found += [_copy(entry, events_of, homes) for events_of in journey[1:]]
    found += senders.not_sent(homes)
    return tuple(sorted(found, key=lambda entry: entry.at))


# what the path tells

# The events of one packet: those of the original, then those of each copy.
_Journey = list[list[PathEvent]]


def _journeys(path: Iterable[PathEvent]) -> list[_Journey]:
    """Group events by packet, and for each packet by copy, the original first."""
    packets: dict[int, dict[int, list[PathEvent]]] = {}
    for event in path:
        if event.action not in PORTS:
            packets.setdefault(event.packet, {}).setdefault(event.copy, []).append(event)
    return [list(copies.values()) for copies in packets.values()]


def _homes(journeys: list[_Journey]) -> dict[str, str]:
    """Learn from what was sent and received which node has an address, public ones included."""
    homes: dict[str, str] = {}
    for journey in journeys:
        for event in (event for copy in journey for event in copy):
            if event.action is PathAction.FORWARDED:
                homes.setdefault(event.destination, event.side_out)
            elif event.action is PathAction.TRANSLATED and event.side_out:
                continue
            elif event.side_in:
                homes.setdefault(event.source, event.side_in)
    return homes


def _entry(events: list[PathEvent], homes: Mapping[str, str]) -> TraceEntry:
    """Make an entry of what the path did to an original."""
    first = events[0]
    target = next((event.side_out for event in events if event.side_out), "")
    fate, last = _fate(events)
    return TraceEntry(
        at=first.at,
        source_node=first.side_in,
        destination_node=target or homes.get(first.destination, ""),
        label=first.label,
        protocol=_PROTOCOLS.get(first.protocol, str(first.protocol)),
        source=_endpoint(first.source, first.source_port),
        destination=_endpoint(first.destination, first.destination_port),
        length=sum(e.length for e in events if e.action is PathAction.ENTERED) or first.length,
        payloads=_content(first),
        fate=fate,
        delay=last.delay,
        notes=_notes(events),
        mappings=_mappings(events),
        packet=first.packet,
    )


def _copy(original: TraceEntry, events: list[PathEvent], homes: Mapping[str, str]) -> TraceEntry:
    """Make an entry of a copy the path made; it counts from when its fate was met."""
    return replace(
        _entry(events, homes),
        at=events[-1].at,
        delay=0.0,
        source=original.source,
        destination=original.destination,
        payloads=original.payloads,
        attempt=original.attempt,
        copy=events[0].copy,
    )


def _fate(events: list[PathEvent]) -> tuple[str, PathEvent]:
    """Say how it ended, and with which event; one lost fragment loses the packet."""
    ends = [event for event in events if event.action in FATES]
    arrived = [event for event in ends if event.action is PathAction.FORWARDED]
    harmless = (PathAction.FORWARDED, PathAction.JOINED)
    for event in ends:
        if event.action not in harmless:
            return in_words(event), event
    if arrived:
        return DELIVERED, arrived[-1]
    return (INCOMPLETE if ends else IN_FLIGHT), events[-1]


def in_words(event: PathEvent) -> str:
    """Say what the path did to a packet, and by which rule or why: `dropped: no-4500`."""
    reason = event.rule or event.why
    action = event.action.value.replace("-", " ")
    return f"{action}: {reason}" if reason else action


def _notes(events: list[PathEvent]) -> tuple[str, ...]:
    """Tell what was done to it on its way, each thing once."""
    silent = {PathAction.ENTERED, PathAction.TRANSLATED, *FATES}
    told = [in_words(event) for event in events if event.action not in silent]
    return tuple(dict.fromkeys(told))


def _mappings(events: list[PathEvent]) -> tuple[str, ...]:
    """Tell which private endpoint went by which public one; a NAT inward turns it round."""
    told = []
    for event in events:
        if event.action is PathAction.TRANSLATED:
            old, _, new = event.why.partition(" -> ")
            told.append(f"{new} as {old}" if event.side_out else f"{old} as {new}")
    return tuple(dict.fromkeys(told))


def _endpoint(address: str, port: int) -> str:
    return f"{address}:{port}" if port else address


def _content(event: PathEvent) -> str:
    """Say what a bystander sees in a packet."""
    message = isakmp_of(event)
    if message is not None:
        return payloads_seen(message[0], message[1])
    if event.protocol == ICMP:
        return _icmp_content(event)
    return ENCRYPTED if event.label == "esp" else ""


def isakmp_of(event: PathEvent) -> tuple[Header, bytes] | None:
    """Give the ISAKMP message in a packet and its header, None for any other packet."""
    ports = (event.source_port, event.destination_port)
    if event.protocol != UDP or not {IKE_PORT, NAT_T_PORT} & set(ports):
        return None
    try:
        message = parse_ipv4(event.payload).payload[_UDP_HEADER:]
        if NAT_T_PORT in ports:
            if not message.startswith(NON_ESP_MARKER):
                return None
            message = message[len(NON_ESP_MARKER) :]
        return parse_header(message), message
    except WireError:
        return None


def _icmp_content(event: PathEvent) -> str:
    try:
        message = parse_icmp(parse_ipv4(event.payload).payload)
    except WireError:
        return ""
    if isinstance(message, IcmpEcho):
        return f"echo {'reply' if message.reply else 'request'} {message.sequence}"
    if message.code == FRAGMENTATION_NEEDED and message.mtu:
        return f"fragmentation needed, MTU {message.mtu}"
    return f"unreachable, type {message.type} code {message.code}"


# what the senders tell

_Key = tuple[str, str, int, int, int]


class _Senders:
    """What gateways say they sent, to be matched in order with what the path saw."""

    def __init__(self, events: Mapping[str, Iterable[Event]]) -> None:
        self._said: dict[_Key, deque[MessageSent]] = defaultdict(deque)
        self._repeated: dict[tuple[str, bytes], int] = defaultdict(int)
        for gateway, told in events.items():
            for event in told:
                if isinstance(event, MessageSent):
                    self._said[_key_of(gateway, event)].append(event)

    def complete(self, entry: TraceEntry, event: PathEvent) -> TraceEntry:
        """Add to a message what its sender knows of it: payloads, and which attempt it is."""
        message = isakmp_of(event)
        if message is None:
            return entry
        octets = event.payload[_IPV4_HEADER:]
        before = self._repeated[event.side_in, octets]
        self._repeated[event.side_in, octets] += 1
        said = self._said.get(_key_seen(event.side_in, message[0]))
        if not said:
            return replace(entry, attempt=before)
        sent = said.popleft()
        notes = ("answers a duplicate", *entry.notes) if sent.answers_duplicate else entry.notes
        payloads = payload_list(sent.payloads, sent.encrypted)
        return replace(entry, payloads=payloads, attempt=max(before, sent.attempt), notes=notes)

    def not_sent(self, homes: Mapping[str, str]) -> list[TraceEntry]:
        """Give entries for what gateways sent and the path never saw: their own link was down."""
        unseen = [(key[0], sent) for key, messages in self._said.items() for sent in messages]
        return [_unseen(gateway, sent, homes) for gateway, sent in unseen]


def _key_of(gateway: str, sent: MessageSent) -> _Key:
    """Say what of a message stands in the clear in its header and in the sender's event alike."""
    return gateway, sent.initiator_cookie, sent.exchange_type, sent.message_id, sent.length


def _key_seen(gateway: str, header: Header) -> _Key:
    cookie = header.initiator_cookie.hex()
    return gateway, cookie, header.exchange_type, header.message_id, header.length


def _unseen(gateway: str, sent: MessageSent, homes: Mapping[str, str]) -> TraceEntry:
    marker = len(NON_ESP_MARKER) if NAT_T_PORT in (sent.local[1], sent.remote[1]) else 0
    return TraceEntry(
        at=sent.at,
        source_node=gateway,
        destination_node=homes.get(sent.remote[0], ""),
        label=sent.label,
        protocol=_PROTOCOLS[UDP],
        source=_endpoint(*sent.local),
        destination=_endpoint(*sent.remote),
        length=_IPV4_HEADER + _UDP_HEADER + marker + sent.length,
        payloads=payload_list(sent.payloads, sent.encrypted),
        fate=NOT_SENT,
        attempt=sent.attempt,
    )
