"""What hosts do of themselves in a real network: pings and streams out of their own namespace.

The packets are those of a `HostStack`, sent and received by raw sockets, so that a real host and
a simulated one send the same octets and count the same way. Echo requests that arrive are the
kernel's to answer, as is everything else a host does.
"""

import errno
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from struct import Struct
from typing import Any

from gwsim.lab.host import Host
from gwsim.lab.live.linux import CLONE_NEWNET, elsewhere, setns
from gwsim.lab.runtimes.hosts import PING_FIELDS, STREAM_FIELDS, Echo, Flow, HostStack
from gwsim.wire.fragments import fragment
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    FRAGMENTATION_NEEDED,
    ICMP,
    UDP,
    IcmpError,
    Ipv4Packet,
    UdpDatagram,
    build_icmp,
    build_ipv4,
    build_udp,
    parse_ipv4,
    quote,
)

_ICMP_FILTER = 1
_SOL_RAW = 255
_ECHO_REQUEST = 8
_WORD = Struct("=I")
_LONGEST = 1 << 16
_MTU = 1500


class RealHost:
    """One host; `network` is a descriptor of its namespace, None where that is this process's."""

    def __init__(self, host: Host, network: int | None) -> None:
        self.stack = HostStack(host.name, host.address)
        self._address = host.address
        self._network = network
        self._sinks: dict[int, socket.socket] = {}
        self._voice = self._socket(socket.SOCK_RAW, socket.IPPROTO_RAW)
        self._icmp = self._socket(socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self._icmp.setsockopt(_SOL_RAW, _ICMP_FILTER, _WORD.pack(1 << _ECHO_REQUEST))

    def listen(self, port: int) -> None:
        """Take datagrams that come to a port, unless something of the host's own does."""
        if port in self._sinks:
            return
        sink = self._socket(socket.SOCK_DGRAM, 0)
        try:
            sink.bind((self._address, port))
        except OSError:
            sink.close()
        else:
            self._sinks[port] = sink

    def readers(self) -> Iterable[tuple[socket.socket, Callable[[float], None]]]:
        """Give what may have something to read, with what reads it."""
        yield self._icmp, self._hear
        for port, sink in self._sinks.items():
            yield sink, partial(self._take, sink, port)

    def handle_timer(self, now: float) -> None:
        """Send what is due."""
        self.stack.handle_timer(now)
        for packet in self.stack.packets_to_send():
            self._send(packet, now)

    def _socket(self, kind: socket.SocketKind, protocol: int) -> socket.socket:
        """Make a socket that lives in the host's namespace."""
        if self._network is not None:
            setns(self._network, CLONE_NEWNET)
        made = socket.socket(socket.AF_INET, kind, protocol)
        made.setblocking(False)
        return made

    def _send(self, packet: bytes, now: float) -> None:
        parsed = parse_ipv4(packet)
        try:
            self._voice.sendto(packet, (parsed.destination, 0))
        except OSError as error:
            if error.errno == errno.EMSGSIZE:
                self._send_long(parsed, now)

    def _send_long(self, packet: Ipv4Packet, now: float) -> None:
        """Do what a kernel does with what its own link cannot carry."""
        if packet.dont_fragment:
            error = IcmpError(
                DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED, _MTU, original=quote(packet)
            )
            own = Ipv4Packet(self._address, self._address, ICMP, build_icmp(error))
            self.stack.receive(build_ipv4(own), now)
            return
        for piece in fragment(packet, _MTU):
            with suppress(OSError):
                self._voice.sendto(build_ipv4(piece), (packet.destination, 0))

    def _hear(self, now: float) -> None:
        """Take echo replies and errors."""
        with suppress(BlockingIOError):
            while True:
                self.stack.receive(self._icmp.recv(_LONGEST), now)

    def _take(self, sink: socket.socket, port: int, now: float) -> None:
        with suppress(BlockingIOError):
            while True:
                payload, (source, source_port) = sink.recvfrom(_LONGEST)
                datagram = UdpDatagram(source_port, port, payload)
                octets = build_udp(datagram, source, self._address)
                self.stack.receive(build_ipv4(Ipv4Packet(source, self._address, UDP, octets)), now)


class Hosts:
    """All hosts of a lab; `networks` are the descriptors of their namespaces, by name."""

    def __init__(self, hosts: Iterable[Host], networks: Mapping[str, int]) -> None:
        with elsewhere():
            self._hosts = {host.address: RealHost(host, networks[host.name]) for host in hosts}

    def ping(self, question: Mapping[str, Any], now: float) -> None:
        """Let a host ping; the question has what `HostStack.ping` takes, and its `source`."""
        said = {key: question[key] for key in PING_FIELDS}
        target = str(question["destination"])
        source = self._hosts[question["source"]].stack
        source.ping(self._name_of(target), target, now, **said)

    def stream(self, question: Mapping[str, Any], now: float) -> None:
        """Let a host stream to another, which takes what arrives."""
        said = {key: question[key] for key in STREAM_FIELDS}
        target = str(question["destination"])
        if target in self._hosts:
            with elsewhere():
                self._hosts[target].listen(int(question["port"]))
        source = self._hosts[question["source"]].stack
        source.stream(self._name_of(target), target, now, **said)

    def readers(self) -> Iterable[tuple[socket.socket, Callable[[float], None]]]:
        """Give all sockets that may have something to read."""
        for host in self._hosts.values():
            yield from host.readers()

    def next_timer(self) -> float | None:
        """Say when the next packet of any host is due."""
        timers = (host.stack.next_timer() for host in self._hosts.values())
        return min((timer for timer in timers if timer is not None), default=None)

    def handle_timer(self, now: float) -> None:
        """Send what is due."""
        for host in self._hosts.values():
            host.handle_timer(now)

    def echoes(self) -> tuple[Echo, ...]:
        """Give all echo requests of all hosts."""
        return tuple(echo for host in self._hosts.values() for echo in host.stack.echoes())

    def flows(self) -> tuple[Flow, ...]:
        """Give all streams of all hosts."""
        stacks = {address: host.stack for address, host in self._hosts.items()}
        return tuple(flow for stack in stacks.values() for flow in stack.flows(stacks))

    def _name_of(self, address: str) -> str:
        host = self._hosts.get(address)
        return address if host is None else host.stack.name
