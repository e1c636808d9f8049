"""What every model of the scenario language has in common, and its small vocabulary.

Models are frozen and know no key but their own. Where a block is keyed by names the scenario
itself gives (gateways, labels, commands), those keys are the model's extras, with a type of
their own.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from gwsim.lab.units import NUMBER_SCHEMA
from gwsim.wire.ip import ALL_ONES, format_address, mask_of, parse_address
from gwsim.wire.labels import LABELS
from gwsim.wire.selector import Selector


class Model(BaseModel):
    """A block of a scenario: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


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
    selector = Selector.parse(text)
    if "/" not in text.split(maxsplit=1)[0] or selector.prefix is None or selector.service:
        raise ValueError(f"{text!r} is not a network; write it as 10.1.0.0/24")
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

States = Annotated[tuple[StateRef, ...], BeforeValidator(_as_list), OneOrMany()]
"""One state or a list of them."""
