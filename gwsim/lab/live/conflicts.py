"""Whether somebody else has an address of this container: the engine's machine, for one.

A machine answers for all addresses that it has on every bridge of its own, the lab's wires
included. So each container asks for its own addresses, as RFC 5227 (section 2.1) has it, and
nobody should answer.
"""

import socket
from contextlib import suppress
from struct import Struct

from gwsim.lab.live.ports import Port

_ARP = 0x0806
_BROADCAST = b"\xff" * 6
_FRAME = Struct("!6s6sHHHBBH6s4s6s4s")
_ETHERNET, _IPV4 = 1, 0x0800
_REQUEST = 1


class Probe:
    """Asks on every interface, at once; `conflict` tells later whether anybody answered.

    Raises OSError where it may not ask.
    """

    def __init__(self, ports: tuple[Port, ...]) -> None:
        self._asked: list[tuple[socket.socket, Port, set[bytes]]] = []
        for port in ports:
            heard = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ARP))
            heard.bind((port.name, _ARP))
            heard.setblocking(False)
            own = {socket.inet_aton(address.partition("/")[0]) for address in port.addresses}
            for address in own:
                heard.send(probe(heard.getsockname()[4], address))
            self._asked.append((heard, port, own))

    def conflict(self) -> str:
        """Name an address that somebody else has, and ask no more; "" where there is none."""
        found = ""
        for heard, port, own in self._asked:
            mine = heard.getsockname()[4]
            with suppress(BlockingIOError), heard:
                while not found:
                    other = claimed(heard.recv(_FRAME.size), mine)
                    if other in own:
                        found = f"{socket.inet_ntoa(other)} on its interface {port.name}"
        self._asked.clear()
        return found


def probe(hardware: bytes, address: bytes) -> bytes:
    """Give the frame that asks who has an address, and claims none itself."""
    head = (_BROADCAST, hardware, _ARP, _ETHERNET, _IPV4, 6, 4, _REQUEST)
    return _FRAME.pack(*head, hardware, bytes(4), bytes(6), address)


def claimed(frame: bytes, own: bytes) -> bytes:
    """Give the address that the sender of an ARP frame says it has; b"" for one of our own."""
    if len(frame) < _FRAME.size:
        return b""
    sender, address = _FRAME.unpack(frame)[8:10]
    return b"" if sender == own else bytes(address)
