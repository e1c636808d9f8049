"""Packets at a node as a pcap stream, for tcpdump and Wireshark to read.

Capturing here and not in tcpdump itself works for ordinary users too: it would want to become a
user that a namespace does not have.
"""

import os
import select
import socket
import time
from struct import Struct
from typing import IO

_HEADER = Struct("=IHHiIII")
_RECORD = Struct("=IIII")
_MAGIC = 0xA1B2C3D4
_RAW_IP = 101
_LONGEST = 1 << 16
_ALL = 0x0003
_IPV4 = 0x0800


def open_tap(interface: str = "") -> socket.socket:
    """Listen to the IPv4 packets of an interface of this namespace, "" for all; raises OSError."""
    # Who asks for one protocol does not see what leaves.
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL))
    if interface:
        tap.bind((interface, _ALL))
    return tap


def copy_packets(tap: socket.socket, target: IO[bytes], lifeline: IO[bytes] | None = None) -> None:
    """Write what is heard, each packet at once, until nobody reads any more.

    With a `lifeline` it ends with that too: as soon as there is nothing more to come from it.
    """
    try:
        target.write(_HEADER.pack(_MAGIC, 2, 4, 0, 0, _LONGEST, _RAW_IP))
        target.flush()
        while _wait(tap, lifeline):
            packet, (_, protocol, *_) = tap.recvfrom(_LONGEST)
            if protocol != _IPV4:
                continue
            seconds, rest = divmod(time.time(), 1)
            size = len(packet)
            target.write(_RECORD.pack(int(seconds), int(rest * 1e6), size, size) + packet)
            target.flush()
    except BrokenPipeError:
        return


def _wait(tap: socket.socket, lifeline: IO[bytes] | None) -> bool:
    """Wait for a packet; False when the lifeline has ended instead."""
    if lifeline is None:
        return True
    while True:
        ready, _, _ = select.select([tap.fileno(), lifeline.fileno()], [], [])
        if tap.fileno() in ready:
            return True
        if not os.read(lifeline.fileno(), _LONGEST):
            return False
