"""The traffic selector: one side of what a tunnel carries.

Cisco calls a pair of them proxy identities, ScreenOS a proxy ID; on the wire each travels as an
identification payload of quick mode (RFC 2407 4.6.2). The engine compares them, the data plane
matches packets against them, the vendors print them.
"""

from dataclasses import dataclass

from gwsim.wire.errors import WireError
from gwsim.wire.ip import ALL_ONES, format_address, mask_of, parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.payloads import Identification

_PROTOCOLS = {"any": 0, "icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ah": 51}
_PROTOCOL_NAMES = {number: name for name, number in _PROTOCOLS.items()}
_SIZES: dict[int, int] = {
    IdType.IPV4_ADDR: 4,
    IdType.IPV4_ADDR_SUBNET: 8,
    IdType.IPV4_ADDR_RANGE: 8,
}


@dataclass(frozen=True, slots=True)
class Selector:
    """Addresses `first` to `last` (numbers, both included), a protocol and a port, 0 for any.

    `id_type` is the form it has in an identification payload: 1 address, 4 subnet, 7 range
    (IdType). It says how the selector is written, and does not change what traffic it means:
    two selectors are `==` when they are written alike, `same_traffic` when they mean the same.
    """

    first: int
    last: int
    protocol: int = 0
    port: int = 0
    id_type: int = IdType.IPV4_ADDR_SUBNET

    @classmethod
    def parse(cls, text: str) -> "Selector":
        """Read `10.1.0.0/24`, `10.1.0.10`, `10.1.0.5-10.1.0.9` or `any`, then maybe a service.

        The service stands after a blank: a protocol by name or number, and for tcp and udp maybe
        a port, as in `10.1.0.0/24 tcp/80`, `10.1.0.0/24 icmp`, `any 47`. Raises ValueError that
        says what is wrong, and for a subnet with host bits which one was meant.
        """
        words = text.split()
        if not 1 <= len(words) <= 2:
            raise ValueError(f"{text!r} is not a selector: addresses and maybe a service, no more")
        first, last, id_type = _parse_addresses(words[0])
        protocol, port = _parse_service(words[1]) if len(words) == 2 else (0, 0)
        return cls(first, last, protocol, port, id_type)

    @property
    def address(self) -> str:
        """The first address, dotted."""
        return format_address(self.first)

    @property
    def last_address(self) -> str:
        """The last address, dotted."""
        return format_address(self.last)

    @property
    def prefix(self) -> int | None:
        """The prefix length of the subnet these addresses are, None when they are none."""
        spread = self.first ^ self.last
        if spread & (spread + 1) or self.first & spread:
            return None
        return 32 - spread.bit_length()

    @property
    def mask(self) -> str:
        """The mask, dotted; for a range that is no subnet, that of the smallest one round it."""
        return format_address(mask_of(32 - (self.first ^ self.last).bit_length()))

    @property
    def service(self) -> str:
        """The protocol and port as `parse` reads them; empty when any service will do."""
        if not self.protocol and not self.port:
            return ""
        name = _PROTOCOL_NAMES.get(self.protocol, str(self.protocol))
        return f"{name}/{self.port}" if self.port else name

    def __str__(self) -> str:
        return f"{self._addresses()} {self.service}".rstrip()

    def _addresses(self) -> str:
        if self.id_type == IdType.IPV4_ADDR:
            return self.address
        if self.id_type == IdType.IPV4_ADDR_RANGE or self.prefix is None:
            return f"{self.address}-{self.last_address}"
        return f"{self.address}/{self.prefix}" if self.prefix else "any"

    def covers(self, other: "Selector") -> bool:
        """Say whether all traffic of the other one is traffic of this one."""
        return (
            self.first <= other.first
            and other.last <= self.last
            and self.protocol in (0, other.protocol)
            and self.port in (0, other.port)
        )

    def contains(self, address: int) -> bool:
        """Say whether an address lies in this selector, whatever the service."""
        return self.first <= address <= self.last

    def same_traffic(self, other: "Selector") -> bool:
        """Say whether both mean the same traffic, be it that they are written differently."""
        return (
            self.first == other.first
            and self.last == other.last
            and self.protocol == other.protocol
            and self.port == other.port
        )

    def matches(self, address: int, protocol: int, port: int) -> bool:
        """Say whether one end of a packet, its address, protocol and port, is in this selector."""
        return (
            self.first <= address <= self.last
            and (not self.protocol or self.protocol == protocol)
            and (not self.port or self.port == port)
        )

    @property
    def identification(self) -> Identification:
        """The identification payload that carries this selector (RFC 2407 4.6.2.2, .5, .8).

        Raises ValueError when the addresses cannot be written in the form of `id_type`.
        """
        first = self.first.to_bytes(4, "big")
        if self.id_type == IdType.IPV4_ADDR and self.first == self.last:
            data = first
        elif self.id_type == IdType.IPV4_ADDR_RANGE:
            data = first + self.last.to_bytes(4, "big")
        elif self.id_type == IdType.IPV4_ADDR_SUBNET and self.prefix is not None:
            data = first + mask_of(self.prefix).to_bytes(4, "big")
        else:
            span = f"{self.address} to {self.last_address}"
            raise ValueError(f"{span} has no identification of type {self.id_type}")
        return Identification(self.id_type, data, self.protocol, self.port)


def from_identification(payload: Identification) -> Selector:
    """Read the selector that an identification payload carries (RFC 2407 4.6.2).

    A subnet's address may have host bits; they are cut off, as gateways do. Raises WireError at
    octet 0 for types other than address, subnet and range of IPv4, for data of another size, for
    a mask with holes and for a range that runs backwards.
    """
    data, id_type = payload.data, payload.id_type
    size = _SIZES.get(id_type)
    if size is None:
        raise WireError(0, f"identification type {id_type} is no IPv4 selector")
    if len(data) != size:
        raise WireError(0, f"identification type {id_type} has {size} octets, not {len(data)}")
    first = int.from_bytes(data[:4], "big")
    second = int.from_bytes(data[4:], "big")
    if id_type == IdType.IPV4_ADDR:
        last = first
    elif id_type == IdType.IPV4_ADDR_RANGE:
        last = second
    else:
        hosts = second ^ ALL_ONES
        if hosts & (hosts + 1):
            raise WireError(0, f"{format_address(second)} is a mask with holes")
        first &= second
        last = first | hosts
    if last < first:
        raise WireError(0, f"a range from {format_address(first)} down to {format_address(last)}")
    return Selector(first, last, payload.protocol, payload.port, id_type)


def _parse_addresses(text: str) -> tuple[int, int, int]:
    """Give first and last address and the ID type that fits how they were written."""
    if text == "any":
        return 0, ALL_ONES, IdType.IPV4_ADDR_SUBNET
    if "/" in text:
        return _parse_subnet(text)
    if "-" in text:
        low, _, high = text.partition("-")
        first, last = parse_address(low), parse_address(high)
        if last < first:
            raise ValueError(f"the range {text} runs backwards")
        return first, last, IdType.IPV4_ADDR_RANGE
    address = parse_address(text)
    return address, address, IdType.IPV4_ADDR


def _parse_subnet(text: str) -> tuple[int, int, int]:
    written, _, length = text.partition("/")
    address = parse_address(written)
    if not (length.isascii() and length.isdigit() and len(length) <= 2 and int(length) <= 32):
        raise ValueError(f"{text!r} has no prefix length of 0 to 32")
    prefix = int(length)
    mask = mask_of(prefix)
    if address & ~mask:
        subnet = f"{format_address(address & mask)}/{prefix}"
        raise ValueError(f"{text} has host bits set; the subnet is {subnet}, the host {written}")
    return address, address | (mask ^ ALL_ONES), IdType.IPV4_ADDR_SUBNET


def _parse_service(text: str) -> tuple[int, int]:
    name, slash, port = text.partition("/")
    protocol = _PROTOCOLS.get(name.lower())
    if protocol is None:
        protocol = _number(name, 255, f"{name!r} is not a protocol")
    return protocol, _number(port, 65535, f"{port!r} is not a port") if slash else 0


def _number(text: str, highest: int, complaint: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= highest):
        raise ValueError(f"{complaint}, a number up to {highest}")
    return int(text)
