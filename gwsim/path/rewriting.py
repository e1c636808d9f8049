"""Changing octets of a packet in its place: addresses, ports, a flipped bit.

All checksums are mended by what changed (RFC 1624), never made anew: a packet that was damaged
before stays recognisable as damaged, options and everything else stay what they were, and a UDP
datagram without a checksum keeps none.
"""

from random import Random
from struct import Struct

from gwsim.wire.ip import ICMP, TCP, UDP, checksum, parse_address

_PORT = Struct("!H")
_SOURCE = 12
_DESTINATION = 16
_CHECKSUM_AT: dict[int, int] = {ICMP: 2, TCP: 16, UDP: 6}
_TRANSPORT_HEADER: dict[int, int] = {TCP: 20}
_PSEUDO_HEADER = (TCP, UDP)
_ICMP_IDENTIFIER = 4
_QUOTE = 8


def mended(carried: int, old: bytes, new: bytes) -> int:
    """Give the checksum that goes with `new` octets where `carried` went with `old` ones.

    Both are of one even length and start at an even offset (RFC 1624 3). The result is never 0,
    which would say to UDP that there is none; the sums of 0 and 0xFFFF are equal.
    """
    # 2**16 is 1 modulo 2**16 - 1: the remainder of a whole number is the sum of its words.
    total = (carried ^ 0xFFFF) - int.from_bytes(old, "big") + int.from_bytes(new, "big")
    return 0xFFFF - total % 0xFFFF


class Rewriting:
    """One packet being changed; `octets` gives it when all is done.

    `transport` is the offset behind the IPv4 header, `whole` whether the transport header is
    there (it is not in later fragments).
    """

    def __init__(self, data: bytes) -> None:
        self._data = bytearray(data)
        self._protocol = data[9]
        self.transport = (data[0] & 15) * 4
        self.whole = not int.from_bytes(data[6:8], "big") & 0x1FFF

    @property
    def octets(self) -> bytes:
        """The packet as it is now."""
        return bytes(self._data)

    def source(self, address: str, port: int | None = None) -> None:
        """Change the source address, and the port when one is given."""
        self._address(_SOURCE, address)
        if port is not None:
            self._replace(self.transport, _PORT.pack(port))

    def destination(self, address: str, port: int | None = None) -> None:
        """Change the destination address, and the port when one is given."""
        self._address(_DESTINATION, address)
        if port is not None:
            self._replace(self.transport + 2, _PORT.pack(port))

    def identifier(self, number: int) -> None:
        """Change the identifier of an ICMP echo, which is what a NAT has there for a port."""
        self._replace(self.transport + _ICMP_IDENTIFIER, _PORT.pack(number))

    def quote(self, text: "Rewriting") -> None:
        """Put another quotation, as long as the one that is there, into an ICMP error."""
        self._replace(self.transport + _QUOTE, text.octets)

    def quoted(self) -> "Rewriting":
        """Give what an ICMP error quotes, to be changed by itself."""
        return Rewriting(bytes(self._data[self.transport + _QUOTE :]))

    def flip(self, rng: Random, mend: bool) -> None:
        """Flip one bit behind the transport header, or in the packet's last octets if it is short.

        `mend` makes the transport checksum fit again, where there is one.
        """
        header = _TRANSPORT_HEADER.get(self._protocol, 8) if self.whole else 0
        start = self.transport + header
        if start >= len(self._data):
            start = self.transport
        if start >= len(self._data):
            return
        at = rng.randrange(start, len(self._data))
        value = self._data[at] ^ 1 << rng.randrange(8)
        if mend:
            self._replace(at, bytes([value]))
        else:
            self._data[at] = value

    def _address(self, at: int, address: str) -> None:
        old = bytes(self._data[at : at + 4])
        new = parse_address(address).to_bytes(4, "big")
        self._data[at : at + 4] = new
        self._data[10:12] = bytes(2)
        self._data[10:12] = _PORT.pack(checksum(bytes(self._data[: self.transport])))
        if self._protocol in _PSEUDO_HEADER:
            self._mend(old, new)

    def _replace(self, at: int, new: bytes) -> None:
        """Change octets behind the IPv4 header."""
        old = bytes(self._data[at : at + len(new)])
        self._data[at : at + len(new)] = new
        odd = (at - self.transport) % 2
        tail = (len(new) + odd) % 2
        self._mend(bytes(odd) + old + bytes(tail), bytes(odd) + new + bytes(tail))

    def _mend(self, old: bytes, new: bytes) -> None:
        offset = _CHECKSUM_AT.get(self._protocol)
        if offset is None or not self.whole:
            return
        at = self.transport + offset
        if at + 2 > len(self._data):
            return
        carried = int.from_bytes(self._data[at : at + 2], "big")
        if carried or self._protocol != UDP:
            self._data[at : at + 2] = _PORT.pack(mended(carried, old, new))
