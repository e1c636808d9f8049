"""The packet path of a gateway: everything that is ready is read at once, and leaves in batches.

The control path never sees ESP of known SAs; it gets what the batch form leaves to the reference.
A wake-up handles a bounded number of packets, so that no flood starves timers and negotiations.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from itertools import repeat
from struct import Struct

from gwsim.daemon.clock import Clock
from gwsim.daemon.joining import HEADER_LENGTH, runs
from gwsim.daemon.sockets import UDP_SEGMENT, Outgoing
from gwsim.daemon.tun import Tun
from gwsim.esp.batch import BUFFER, Batch
from gwsim.esp.opener import JOINED, Stretch
from gwsim.gateway.gateway import Gateway
from gwsim.wire.ip import HEADER_SIZE, format_address
from gwsim.wire.numbers import NAT_T_PORT

BUDGET = 440
"""Packets, or receives, that one wake-up handles."""

_ANCILLARY = 128
_SEGMENT = Struct("=H").pack
_SIZE = Struct("=i").unpack_from
_IPV4 = 4

_Alike = tuple[int, int, int, bytes]
"""Of a packet of protocol 50: octets after the header, version and length, TOS, source."""

_journal = logging.getLogger(__name__)


class PacketPath:
    """Moves packets between a TUN device, the sockets for ESP, and a gateway.

    `settle` is called whenever the gateway may have something to say. `unsent` counts packets the
    kernel refused.
    """

    def __init__(
        self,
        gateway: Gateway,
        clock: Clock,
        tun: Tun,
        settle: Callable[[], None],
        passed: Callable[[], None],
    ) -> None:
        self._gateway = gateway
        self._bulk = gateway.bulk
        self._clock = clock
        self._tun = tun
        self._settle = settle
        self._passed = passed
        self._bulk.sealer.leave_room(HEADER_LENGTH)
        self._header = bytearray(HEADER_SIZE)
        self.unsent = 0

    def use(self, nat_t: Outgoing, esp: Outgoing, address: str) -> None:
        """Work with these sockets, bound to this address, from now on."""
        self._nat_t, self._esp, self._address = nat_t, esp, address

    # outward

    def drain_inside(self) -> None:
        """Take packets of hosts from the TUN device until there are none."""
        now = self._clock.now()
        self._bulk.begin(now)
        sealer, left, more = self._bulk.sealer, BUDGET, True
        while more and left > 0:
            lengths, more = self._read(sealer.places)
            left -= len(lengths)
            for result in sealer.take(lengths):
                if isinstance(result, Batch):
                    self._send(result)
                    continue
                self._send(sealer.finish())
                self._one_inside(result, now)
                self._bulk.begin(now)
        self._send(sealer.finish())
        self._passed()

    def _read(self, places: list[list[memoryview]]) -> tuple[list[int], bool]:
        """Read a packet to each place; give their lengths, and whether there may be more."""
        lengths: list[int] = []
        try:
            lengths.extend(map(os.readv, repeat(self._tun.fileno()), places))
        except BlockingIOError:
            return lengths, False
        return lengths, True

    def _one_inside(self, packet: bytes, now: float) -> None:
        if packet and packet[0] >> 4 == _IPV4:
            self._gateway.receive_inside(packet, now)
            self._settle()

    def _send(self, batch: Batch | None) -> None:
        if batch is None:
            return
        sa = batch.pair.outbound
        if sa.udp is None:
            self._esp.mark(batch.tos, batch.dont_fragment)
            self._one_by_one(batch, self._esp.socket, (sa.destination, 0))
            return
        self._nat_t.mark(batch.tos, batch.dont_fragment)
        peer = (sa.destination, sa.udp[1])
        if batch.count == 1:
            self._one_by_one(batch, self._nat_t.socket, peer)
            return
        segment = [(socket.IPPROTO_UDP, UDP_SEGMENT, _SEGMENT(batch.stride))]
        try:
            self._nat_t.socket.sendmsg([batch.octets], segment, 0, peer)
        except BlockingIOError:
            self.unsent += batch.count
        except OSError as error:
            # The kernel cuts nothing where the MTU of the way out is smaller than a packet.
            _journal.debug("a batch was refused: %s", error)
            self._one_by_one(batch, self._nat_t.socket, peer)

    def _one_by_one(self, batch: Batch, out: socket.socket, peer: tuple[str, int]) -> None:
        stride = batch.stride
        for start in range(0, len(batch.octets), stride):
            try:
                out.sendto(batch.octets[start : start + stride], peer)
            except OSError:
                self.unsent += 1

    # inward

    def drain_nat_t(self) -> None:
        """Take datagrams from port 4500 until there are none."""
        now = self._clock.now()
        self._bulk.begin(now)
        opener = self._bulk.opener
        receive, buffers = self._nat_t.socket.recvmsg_into, [opener.buffer]
        try:
            for _ in range(BUDGET):
                size, ancillary, _, origin = receive(buffers, _ANCILLARY)
                length, tos = size, 0
                for level, _, value in ancillary:
                    if level == socket.IPPROTO_UDP:
                        length = _SIZE(value)[0]
                    else:
                        tos = value[0]
                self._open(size, length, origin, tos, now)
        except BlockingIOError:
            pass
        except OSError as error:
            _journal.debug("port 4500: %s", error)
        self._passed()

    def _open(self, size: int, length: int, origin: tuple[str, int], tos: int, now: float) -> None:
        """Open what one receive gave: datagrams of a length, and one that may be shorter."""
        count, rest = divmod(size, length) if length else (1, 0)
        self._open_like(count, length, origin, tos, now)
        if rest:
            self._bulk.opener.shift(count * length, rest)
            self._open_like(1, rest, origin, tos, now)

    def _open_like(
        self, count: int, length: int, origin: tuple[str, int], tos: int, now: float
    ) -> None:
        opener, index = self._bulk.opener, 0
        while index < count:
            self._write(opener.open(index, count, length, origin, True, tos))
            if opener.stray is None:
                break
            stray, index = opener.stray, opener.next
            to = (self._address, NAT_T_PORT)
            self._gateway.receive_udp(stray, origin, to, now, tos)
            self._settle()
            self._bulk.begin(now)

    def drain_esp(self) -> None:
        """Take packets of IP protocol 50 until there are none."""
        now = self._clock.now()
        self._bulk.begin(now)
        try:
            for alike, count in self._received_alike():
                self._open_received(alike, count, now)
        except OSError as error:
            _journal.debug("protocol 50: %s", error)
        self._passed()

    def _received_alike(self) -> Iterator[tuple[_Alike, int]]:
        """Receive packets; give how many alike lie at the front of the opener's buffer."""
        opener, header = self._bulk.opener, self._header
        buffer, receive = memoryview(opener.buffer), self._esp.socket.recvmsg_into
        alike, count, end = None, 0, 0
        for _ in range(BUDGET):
            try:
                size = receive([header, buffer[end:]])[0] - HEADER_SIZE
            except BlockingIOError:
                break
            found = (size, header[0], header[1], bytes(header[12:16]))
            if found == alike and count < JOINED and end + size < BUFFER:
                count, end = count + 1, end + size
                continue
            if alike is not None:
                yield alike, count
            opener.shift(end, size)
            alike, count, end = found, 1, size
        if alike is not None:
            yield alike, count

    def _open_received(self, alike: _Alike, count: int, now: float) -> None:
        size, first, tos, address = alike
        opener, options = self._bulk.opener, (first & 15) * 4 - HEADER_SIZE
        source, index = format_address(int.from_bytes(address, "big")), 0
        while index < count:
            if options:
                payload = bytes(opener.buffer[index * size + options : (index + 1) * size])
                index += 1
            else:
                self._write(opener.open(index, count, size, (source, 0), False, tos))
                if opener.stray is None:
                    break
                payload, index = opener.stray, opener.next
            self._gateway.receive_esp(payload, source, self._address, now, tos)
            self._settle()
            self._bulk.begin(now)

    def route(self, packet: bytes) -> None:
        """Give a packet to the kernel to route."""
        octets = memoryview(packet)
        self._write([Stretch([octets], octets, len(octets))])

    def _write(self, opened: list[Stretch]) -> None:
        for stretch in opened:
            for run in runs(stretch):
                try:
                    os.writev(self._tun.fileno(), run.buffers())
                except OSError:
                    self.unsent += len(run.packets)
