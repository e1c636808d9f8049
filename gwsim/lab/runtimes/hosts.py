"""The hosts behind the gateways: they ping, stream UDP, answer echoes and count what arrives.

A host is sans-IO like everything below it: packets in, packets out, one timer. It knows nothing
of tunnels; whether what it sent travelled protected is for the record to say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from struct import Struct

from gwsim.wire.errors import WireError
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    FRAGMENTATION_NEEDED,
    ICMP,
    UDP,
    IcmpEcho,
    IcmpError,
    Ipv4Packet,
    UdpDatagram,
    build_icmp,
    build_ipv4,
    build_udp,
    flow_of,
    parse_icmp,
    parse_ipv4,
    parse_quoted,
    parse_udp,
)

STREAM_PORT = 5001
"""Where streams go when the scenario names no port; iperf has made the number a habit."""

PING_FIELDS = ("count", "every", "size", "dont_fragment", "ttl")
STREAM_FIELDS = ("packets", "every", "size", "port", "dont_fragment")
"""What a question to a real host says of a ping or stream, by the names `HostStack` has for it."""

FORGED_PORT = 9
"""The port of forged clear text: discard (RFC 863)."""

_FIRST_SOURCE_PORT = 20000
_SEQUENCE = Struct("!I")
_ICMP_HEADER = 8


@dataclass(frozen=True, slots=True)
class Echo:
    """One echo request: when it left and when its reply came back (None: never), in seconds.

    `size` counts octets of ICMP data. `error` says what an ICMP error reported of it, else "".
    `ttl` is the time to live that the reply had left, None without one.
    """

    at: float
    source: str
    destination: str
    sequence: int
    size: int
    answered: float | None = None
    error: str = ""
    ttl: int | None = None

    @property
    def round_trip(self) -> float | None:
        """Seconds between request and reply."""
        return None if self.answered is None else self.answered - self.at


@dataclass(frozen=True, slots=True)
class Flow:
    """One UDP stream: datagrams sent, different ones that arrived, ICMP errors that came back."""

    at: float
    source: str
    destination: str
    sent: int
    received: int
    errors: int = 0


@dataclass(slots=True)
class _Job:
    """Something a host does `count` times; `send` is told which time it is and the time."""

    at: float
    count: int
    every: float
    send: Callable[[int, float], None]
    done: int = 0

    @property
    def due(self) -> float:
        return self.at + self.done * self.every


@dataclass(frozen=True, slots=True)
class _Stream:
    """What identifies a stream: its job, where it goes, and its source port."""

    job: _Job
    target: str
    address: str
    source_port: int


class HostStack:
    """One host; `name` is how results speak of it (`hq.server`), `address` its IPv4 address."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address
        self._jobs: list[_Job] = []
        self._pings = 0
        self._streams: list[_Stream] = []
        self._echoes: dict[tuple[int, int], Echo] = {}
        self._arrived: dict[tuple[str, int], set[int]] = {}
        self._refused: dict[int, int] = {}
        self._outbox: list[bytes] = []
        self._reassembler = Reassembler()
        self._identification = 0

    def ping(
        self,
        target: str,
        address: str,
        now: float,
        count: int = 1,
        every: float = 1.0,
        size: int = 56,
        dont_fragment: bool = False,
        ttl: int = 64,
    ) -> None:
        """Send `count` echo requests with `size` octets of data, one every `every` seconds.

        They may go `ttl` hops far.
        """
        self._pings += 1
        identifier = self._pings
        data = bytes(i & 0xFF for i in range(size))

        def send(number: int, at: float) -> None:
            sequence = number + 1
            self._echoes[identifier, sequence] = Echo(at, self.name, target, sequence, size)
            request = build_icmp(IcmpEcho(identifier, sequence & 0xFFFF, data))
            self._post(address, ICMP, request, dont_fragment, ttl)

        self._jobs.append(_Job(now, count, every, send))

    def stream(
        self,
        target: str,
        address: str,
        now: float,
        packets: int = 10,
        every: float = 0.1,
        size: int = 512,
        port: int = STREAM_PORT,
        dont_fragment: bool = False,
    ) -> None:
        """Send `packets` UDP datagrams of `size` octets to `port`, one every `every` seconds."""
        source_port = _FIRST_SOURCE_PORT + len(self._streams)
        padding = bytes(max(0, size - _SEQUENCE.size))

        def send(number: int, _at: float) -> None:
            datagram = UdpDatagram(source_port, port, _SEQUENCE.pack(number) + padding)
            self._post(address, UDP, build_udp(datagram, self.address, address), dont_fragment)

        job = _Job(now, packets, every, send)
        self._jobs.append(job)
        self._streams.append(_Stream(job, target, address, source_port))

    def next_timer(self) -> float | None:
        """When the next packet is due, None when there is nothing left to send."""
        return min((job.due for job in self._jobs if job.done < job.count), default=None)

    def handle_timer(self, now: float) -> None:
        """Send what is due."""
        for job in self._jobs:
            while job.done < job.count and job.due <= now:
                job.send(job.done, now)
                job.done += 1

    def packets_to_send(self) -> list[bytes]:
        """Hand over what goes to the gateway, oldest first."""
        outbox, self._outbox = self._outbox, []
        return outbox

    def receive(self, packet: bytes, now: float) -> None:
        """Take a packet from the gateway: answer an echo, count a datagram, note an error."""
        try:
            whole = self._reassembler.add(parse_ipv4(packet), now)
            if whole is None or whole.destination != self.address:
                return
            if whole.protocol == ICMP:
                self._receive_icmp(whole, now)
            elif whole.protocol == UDP:
                self._receive_udp(whole)
        except WireError:
            return  # a host drops what is damaged without a word

    def echoes(self) -> tuple[Echo, ...]:
        """All echo requests so far, in the order of their sending."""
        return tuple(sorted(self._echoes.values(), key=lambda echo: echo.at))

    def arrivals(self, source: str, source_port: int) -> int:
        """How many different datagrams of a stream have arrived here."""
        return len(self._arrived.get((source, source_port), ()))

    def flows(self, hosts: Mapping[str, "HostStack"]) -> tuple[Flow, ...]:
        """All streams sent from here; `hosts`, by address, tell what arrived."""
        found = []
        for stream in self._streams:
            receiver = hosts.get(stream.address)
            arrived = receiver.arrivals(self.address, stream.source_port) if receiver else 0
            errors = self._refused.get(stream.source_port, 0)
            job = stream.job
            found.append(Flow(job.at, self.name, stream.target, job.done, arrived, errors))
        return tuple(found)

    def _post(
        self,
        destination: str,
        protocol: int,
        payload: bytes,
        dont_fragment: bool,
        ttl: int = 64,
    ) -> None:
        self._identification = (self._identification + 1) & 0xFFFF
        packet = Ipv4Packet(
            self.address,
            destination,
            protocol,
            payload,
            ttl,
            identification=self._identification,
            dont_fragment=dont_fragment,
        )
        self._outbox.append(build_ipv4(packet))

    def _receive_icmp(self, packet: Ipv4Packet, now: float) -> None:
        message = parse_icmp(packet.payload)
        if isinstance(message, IcmpError):
            self._note_error(message, packet.source)
        elif not message.reply:
            self._post(packet.source, ICMP, build_icmp(replace(message, reply=True)), False)
        else:
            key = (message.identifier, message.sequence)
            echo = self._echoes.get(key)
            if echo is not None and echo.answered is None:
                self._echoes[key] = replace(echo, answered=now, ttl=packet.ttl)

    def _receive_udp(self, packet: Ipv4Packet) -> None:
        datagram = parse_udp(packet.payload, packet.source, packet.destination)
        if len(datagram.payload) >= _SEQUENCE.size:
            (number,) = _SEQUENCE.unpack_from(datagram.payload)
            self._arrived.setdefault((packet.source, datagram.source_port), set()).add(number)

    def _note_error(self, message: IcmpError, router: str) -> None:
        """Find out which of our packets an ICMP error speaks of."""
        original = parse_quoted(message.original)
        protocol, source_port, _ = flow_of(original)
        if protocol == UDP:
            self._refused[source_port] = self._refused.get(source_port, 0) + 1
        elif protocol == ICMP and len(original.payload) >= _ICMP_HEADER:
            identifier = int.from_bytes(original.payload[4:6], "big")
            sequence = int.from_bytes(original.payload[6:8], "big")
            echo = self._echoes.get((identifier, sequence))
            if echo is not None:
                self._echoes[identifier, sequence] = replace(
                    echo, error=_error_text(message, router)
                )


def _error_text(message: IcmpError, router: str) -> str:
    """Say what an ICMP error says, in ping's words; of one that ends a way also from whom it is."""
    if message.type == DESTINATION_UNREACHABLE:
        if message.code == FRAGMENTATION_NEEDED:
            return f"fragmentation needed (mtu {message.mtu})"
        return f"destination unreachable (code {message.code})"
    return f"time to live exceeded at {router}"


def forged(source: str, destination: str, size: int) -> bytes:
    """Make a packet of clear text as an outsider could, with so many octets of payload."""
    datagram = UdpDatagram(FORGED_PORT, FORGED_PORT, bytes(size))
    payload = build_udp(datagram, source, destination)
    return build_ipv4(Ipv4Packet(source, destination, UDP, payload))
