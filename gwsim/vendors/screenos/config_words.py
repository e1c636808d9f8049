"""Single words of a NetScreen's configuration: numbers, addresses, groups, units.

Every reader raises ValueError that says what is wrong with the word.
"""

from gwsim.ike.config import Identity
from gwsim.wire.ip import ALL_ONES, format_address, mask_of, parse_address
from gwsim.wire.numbers import Group, IdType
from gwsim.wire.selector import Selector

UNKNOWN = "not known here"
TOO_SHORT = "ends too soon"

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def network(address: str, prefix_or_mask: str) -> Selector:
    """Cut the host bits off an address by prefix length or mask; a host is no network."""
    first = parse_address(address)
    if "." in prefix_or_mask:
        mask = parse_address(prefix_or_mask)
    else:
        mask = mask_of(number(prefix_or_mask, 0, 32))
    hosts = mask ^ ALL_ONES
    if hosts & (hosts + 1):
        raise ValueError(f"{prefix_or_mask} is a mask with holes")
    if not hosts:
        return Selector(first, first, id_type=IdType.IPV4_ADDR)
    return Selector(first & mask, first & mask | hosts)


def halves(text: str) -> tuple[str, str]:
    """Cut `10.1.0.0/24` in two; an address alone is a host."""
    address, slash, rest = text.partition("/")
    return address, rest if slash else "32"


def number(text: str, lowest: int, highest: int) -> int:
    """Read a number between two bounds."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ValueError(f"{text!r} is not a number")
    if not lowest <= int(text) <= highest:
        raise ValueError(f"{text} is not a number from {lowest} to {highest}")
    return int(text)


def identity(text: str) -> Identity:
    """Read a phase 1 identity: an address, `user@name` or a name."""
    try:
        return Identity.address(format_address(parse_address(text)))
    except ValueError:
        return Identity(IdType.USER_FQDN if "@" in text else IdType.FQDN, text)


def seconds(unit: str, count: str) -> int:
    """Read a lifetime: `second 28800`, `hour 8`."""
    if unit.rstrip("s") not in _UNITS:
        raise ValueError(f"{unit!r} is not a unit of time")
    return number(count, 1, 0xFFFFFFFF) * _UNITS[unit.rstrip("s")]


def group(text: str) -> int:
    """Read a Diffie-Hellman group: `group2`."""
    named = number(text.removeprefix("group"), 1, 24)
    if named not in Group._value2member_map_:
        raise ValueError(f"{text!r} is not a group")
    return named


def short(hash_: str) -> str:
    """Give the short word for a hash, as predefined names have it."""
    return "sha" if hash_ == "sha-1" else hash_


def level(levels: dict[str, tuple[str, ...]], word: str) -> tuple[str, ...]:
    """Give the proposals of a security level."""
    if word.lower() not in levels:
        raise ValueError(f"{word!r} is not a security level")
    return levels[word.lower()]
