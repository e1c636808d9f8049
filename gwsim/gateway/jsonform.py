"""Frozen values to JSON and back, by the types their fields are declared with.

Text, numbers, truth values and None stand for themselves, octets are hex, a tuple is a list, a
dataclass an object with its fields, an enumeration its value. An ISAKMP payload is
`{"type": 10, "data": "..."}`: the number it travels under and its body as on the wire. What was
made by `encode` comes back equal from `decode`.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import lru_cache
from math import inf
from struct import Struct
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from gwsim.wire.codec import build_body, parse_payloads
from gwsim.wire.payloads import Payload, payload_type

_GENERIC_HEADER = Struct("!BBH").pack
_LONGEST_BODY = 0xFFFF - 4


def encode(value: object) -> Any:
    """Give the JSON form of a value; raises TypeError for what has none."""
    if isinstance(value, Payload):
        return {"type": int(payload_type(value)), "data": build_body(value).hex()}
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if is_dataclass(value):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def decode(hint: Any, value: object, where: str) -> Any:
    """Read a value of the type `hint` from its JSON form.

    `where` names it in complaints. Raises ValueError for anything that is not such a value; a
    field may only be missing when it has a default.
    """
    if isinstance(hint, UnionType):
        return _decode_union(hint, value, where)
    if get_origin(hint) is tuple:
        return _decode_tuple(get_args(hint), value, where)
    if isinstance(hint, type) and is_dataclass(hint):
        return _decode_dataclass(hint, value, where)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return _decode_simple(hint, value, where)


def _decode_union(hint: UnionType, value: object, where: str) -> Any:
    if hint == Payload:
        return _decode_payload(value, where)
    kinds = get_args(hint)
    if value is None and NoneType in kinds:
        return None
    others = [kind for kind in kinds if kind is not NoneType]
    return decode(others[0], value, where)


def _decode_tuple(kinds: tuple[Any, ...], value: object, where: str) -> Any:
    if not isinstance(value, list):
        raise ValueError(f"{where} is not a list")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    if len(kinds) != len(value):
        raise ValueError(f"{where} has {len(value)} items, not {len(kinds)}")
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(decode(kind, item, f"{where}[{n}]") for n, (kind, item) in pairs)


def _decode_dataclass(kind: type, value: object, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where} is not an object")
    known = _fields_of(kind)
    for name in value:
        if name not in known:
            raise ValueError(f"{where} has no field {name!r}")
    found = {}
    for name, (field, hint) in known.items():
        if name in value:
            found[name] = decode(hint, value[name], f"{where}.{name}")
        elif field.default is MISSING:
            raise ValueError(f"{where} lacks {name!r}")
    return kind(**found)


@lru_cache(maxsize=256)
def _fields_of(kind: type) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return {field.name: (field, hints[field.name]) for field in fields(kind)}


def _decode_payload(value: object, where: str) -> Payload:
    if not isinstance(value, Mapping) or set(value) != {"type", "data"}:
        raise ValueError(f"{where} is not a payload with type and data")
    number = decode(int, value["type"], f"{where}.type")
    body = decode(bytes, value["data"], f"{where}.data")
    if not 0 < number < 256 or len(body) > _LONGEST_BODY:
        raise ValueError(f"{where} is no payload that could travel")
    (parsed,) = parse_payloads(number, _GENERIC_HEADER(0, 0, len(body) + 4) + body)
    return parsed.payload


def _decode_simple(hint: Any, value: object, where: str) -> Any:
    if hint is bytes and isinstance(value, str):
        return bytes.fromhex(value)
    allowed = (int, float) if hint is float else hint
    if hint is bytes or not isinstance(value, allowed):
        raise ValueError(f"{where} is {value!r}, not {hint.__name__}")
    # To Python True is a number, and 1e999 one that cannot be written again.
    if (isinstance(value, bool) and hint is not bool) or value in (inf, -inf):
        raise ValueError(f"{where} is {value!r}, not {hint.__name__}")
    return value
