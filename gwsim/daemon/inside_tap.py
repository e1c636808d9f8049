"""What passes between a gateway and its hosts, kept for whoever captures it."""

import asyncio
import socket
from collections.abc import Iterable
from functools import partial

from gwsim.capture.wanted import InsidePacket
from gwsim.daemon.clock import Clock
from gwsim.daemon.eventlog import EventLog

REMEMBERED = 60_000
"""Packets that are kept."""

_LONGEST = 1 << 16
_BUDGET = 128
_ALL = 0x0003
_IPV4 = 0x0800


class InsideTap:
    """Listens on interfaces, from `open` to `close`; `packets` is what it heard."""

    def __init__(self, clock: Clock) -> None:
        self.packets: EventLog[InsidePacket] = EventLog(REMEMBERED)
        self._clock = clock
        self._sockets: list[socket.socket] = []

    def open(self, interfaces: Iterable[str]) -> None:
        """Begin to listen; raises OSError."""
        self._loop = asyncio.get_running_loop()
        for name in interfaces:
            # Who asks for one protocol does not see what leaves.
            tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL))
            self._sockets.append(tap)
            tap.setblocking(False)
            tap.bind((name, _ALL))
            self._loop.add_reader(tap.fileno(), partial(self._drain, tap))

    def close(self) -> None:
        """Listen no longer."""
        for tap in self._sockets:
            self._loop.remove_reader(tap.fileno())
            tap.close()
        self._sockets.clear()

    def catch_up(self) -> None:
        """Take what has come but was not heard yet."""
        for tap in self._sockets:
            self._drain(tap)

    def _drain(self, tap: socket.socket) -> None:
        now = self._clock.now()
        for _ in range(_BUDGET):
            try:
                packet, (_, protocol, direction, *_) = tap.recvfrom(_LONGEST)
            except OSError:
                return  # nothing more, or the interface is down
            if protocol == _IPV4 and direction in _DIRECTIONS:
                inbound = direction == socket.PACKET_HOST
                self.packets.extend((InsidePacket(now, inbound, packet),))


_DIRECTIONS = (socket.PACKET_HOST, socket.PACKET_OUTGOING)
"""What is for the gateway to route, and what it sends; the rest is between its hosts."""
