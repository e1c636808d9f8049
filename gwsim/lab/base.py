"""What every model of the scenario language has in common, and its small vocabulary.

Models are frozen and know no key but their own. Where a block is keyed by names the scenario
itself gives (gateways, labels, commands), those keys are the model's extras, with a type of
their own.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from gwsim.lab.units import NUMBER_SCHEMA
from gwsim.wire.ip import ALL_ONES, format_address, mask_of, parse_address
from gwsim.wire.labels import LABELS
from gwsim.wire.selector import Selector


class Model(BaseModel):
    """A block of a scenario: frozen, and an unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: object, info: ValidationInfo) -> object:
        """Refuse `yes` where a number is wanted; to Python it would be 1."""
        if isinstance(value, bool) and info.field_name in _numbers_of(cls):
            raise ValueError(f"a number is wanted here, not {'yes' if value else 'no'}")
        return value


@lru_cache(maxsize=128)
def _numbers_of(model: type[BaseModel]) -> frozenset[str]:
    """Name the fields that are a mere number, maybe within limits, and not of a form of its own."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if not _has_form(field.metadata) and _is_number(field.annotation)
    )


def _is_number(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        return not _has_form(metadata) and _is_number(inner)
    if get_origin(annotation) in (Union, UnionType):
        return all(_is_number(arm) or arm is NoneType for arm in get_args(annotation))
    return annotation in (int, float)


def _has_form(metadata: list[Any]) -> bool:
    return any(isinstance(mark, BeforeValidator) for mark in metadata)


class OpenModel(Model):
    """A block with keys of its own and further ones named by the scenario (see `named`)."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    @property
    def named(self) -> dict[str, Any]:
        """The entries under names the scenario gives, in the order in which they were written."""
        return dict(self.__pydantic_extra__ or {})


class Kind(StrEnum):
    """What a word of a scenario can refer to; a loader looks it up and finds the nearest."""

    GATEWAY = "gateway"
    HOST = "host"
    DESTINATION = "destination"
    VENDOR = "vendor"
    FAULT = "fault of this scenario"
    STATE = "state"
    LABEL = "message label"
    DIRECTION = "direction"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Refers:
    """Marks a text in a model as a word that must exist elsewhere."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """Says in the JSON Schema that one entry may stand where a list is meant."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Give the list's schema, or that of one of its entries."""
        listed = handler(core_schema)
        return {"anyOf": [listed["items"], listed]}


@dataclass(frozen=True, slots=True)
class AlsoWritten:
    """Says in the JSON Schema how else a value may be written: the names of other `FORMS`."""

    forms: tuple[str, ...]

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Give the value's own schema and the other forms."""
        return {"anyOf": [handler(core_schema), *(FORMS[name] for name in self.forms)]}


FORMS: dict[str, JsonSchemaValue] = {
    "text": {"type": "string"},
    "digits": {"type": "integer"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "yes": {"const": True},
    "no": {"const": False},
    "number": NUMBER_SCHEMA,
}
"""Simpler forms in which some blocks may be written, as JSON Schemas."""


def _address(text: str) -> str:
    return format_address(parse_address(text))


def _network(text: str) -> str:
    address, slash, prefix = text.partition("/")
    if not slash or not prefix.isdecimal() or " " in text:
        raise ValueError(f"{text!r} is not a network; write it as {_with_prefix(address, prefix)}")
    Selector.parse(text)
    return text


def _with_prefix(address: str, mask: str) -> str:
    """Write a network that was given with a mask as it is written here, else an example."""
    try:
        length = f"{parse_address(mask):032b}".rstrip("0").count("1")
        network = parse_address(address)
    except ValueError:
        return "10.1.0.0/24"
    fits = mask_of(length) == parse_address(mask) and not network & ~mask_of(length)
    return f"{address}/{length}" if fits else "10.1.0.0/24"


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    return text


def _selector(text: str) -> str:
    return str(Selector.parse(text))


def _service(text: str) -> str:
    return Selector.parse(f"any {text}").service


def _direction(text: str) -> str:
    return "->".join(end.strip() for end in text.split("->"))


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def network_range(text: str) -> tuple[int, int]:
    """Give the first and last address of a network as numbers."""
    address, _, prefix = text.partition("/")
    first = parse_address(address)
    return first, first | (mask_of(int(prefix)) ^ ALL_ONES)


NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
"""What a gateway or a host may be called."""

Name = Annotated[str, StringConstraints(pattern=rf"^{NAME.pattern}$")]
"""The name of a gateway or host: a letter, then letters, digits, `-` and `_`, 32 at most."""

Address = Annotated[str, AfterValidator(_address)]
"""An IPv4 address, dotted."""

Network = Annotated[str, AfterValidator(_network)]
"""An IPv4 network, `10.1.0.0/24`."""

SelectorText = Annotated[str, AfterValidator(_selector)]
"""One end of a tunnel's traffic: `10.1.0.0/24`, `10.1.0.10`, `any`, maybe a service behind it."""

Service = Annotated[str, AfterValidator(_service)]
"""A protocol and maybe a port: `icmp`, `tcp/80`, `47`."""

Networks = Annotated[tuple[Network, ...], BeforeValidator(_as_list), OneOrMany()]
"""One network or a list of them."""

Words = Annotated[tuple[str, ...], BeforeValidator(_as_list), OneOrMany()]
"""One word or a list of them."""

Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression in Python's notation, found anywhere in what it is compared with."""

Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_as_list), OneOrMany()]
"""One regular expression or a list of them."""

GatewayRef = Annotated[str, Refers(Kind.GATEWAY)]
"""The name of a gateway of the scenario."""

HostRef = Annotated[str, Refers(Kind.HOST)]
"""A host: `hq.server`, or `hq` for the first one behind it."""

DestinationRef = Annotated[str, Refers(Kind.DESTINATION)]
"""A host, or any address."""

StateRef = Annotated[str, Refers(Kind.STATE)]
"""A state: the vendor's word, the engine's, or a neutral one."""

LabelRef = Annotated[
    str, Refers(Kind.LABEL), WithJsonSchema({"type": "string", "enum": list(LABELS)})
]
"""A message label: `main-4`."""

DirectionRef = Annotated[str, Refers(Kind.DIRECTION), AfterValidator(_direction)]
"""One way through a tunnel: `hq->branch`."""

CounterRef = Annotated[str, Refers(Kind.COUNTER)]
"""A counter of a gateway: a cause of drops (`bad-icv`), or of its tunnels (`encapsulated`)."""

States = Annotated[
    tuple[StateRef, ...], BeforeValidator(_as_list), Field(min_length=1), OneOrMany()
]
"""One state or a list of them."""
