"""The file that tells a node what it is: a configuration, a clock and where its doors are.

Whoever starts a node writes it, mode 0600, for it holds pre-shared keys. It is JSON of the frozen
values themselves; octets stand in base64.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.daemon.clock import Timing
from gwsim.gateway.config import GatewayConfig
from gwsim.path.config import PathConfig


@dataclass(frozen=True, slots=True)
class GatewayFile:
    """A gateway: its configuration and its doors, all of them paths.

    `control` is the unix socket it answers on, `log` the file for the vendor's log ("": none),
    `hints` the socket of the internet node that wants to know labels ("": nobody does). `tun` is
    the name of its device for packets of hosts, also the prefix of those it needs besides.
    `capture` is what it keeps for a capture: packets inside, keys of SAs that are gone.
    """

    config: GatewayConfig
    timing: Timing
    control: str
    log: str = ""
    hints: str = ""
    tun: str = "gwsim"
    capture: Wanted = NOTHING
    kind: Literal["gateway"] = "gateway"


@dataclass(frozen=True, slots=True)
class InternetFile:
    """What lies between the gateways; fields as for a gateway.

    `hints` is the socket on which it hears labels. Each side is found on the interface that has
    an address in the same network as the side's first address. With a `capture` of packets its
    events tell of the internet's ports too.
    """

    config: PathConfig
    timing: Timing
    control: str
    hints: str = ""
    tun: str = "gwnet"
    capture: Wanted = NOTHING
    kind: Literal["internet"] = "internet"


T = TypeVar("T")

NodeFile = GatewayFile | InternetFile

_SETTINGS = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64", ser_json_inf_nan="strings")


@cache
def _nodes() -> TypeAdapter[tuple[NodeFile]]:
    return TypeAdapter(tuple[Annotated[NodeFile, Field(discriminator="kind")]], config=_SETTINGS)


@cache
def _gateways() -> TypeAdapter[tuple[GatewayConfig]]:
    return TypeAdapter(tuple[GatewayConfig], config=_SETTINGS)


@cache
def _paths() -> TypeAdapter[tuple[PathConfig]]:
    return TypeAdapter(tuple[PathConfig], config=_SETTINGS)


def node_to_json(node: NodeFile) -> str:
    """Give the JSON form of a node file."""
    return _nodes().dump_json((node,), fallback=_plain, warnings=False).decode()


def node_from_json(text: str) -> NodeFile:
    """Read a node file back, equal to what it was; raises ValueError, in words, for others."""
    return _read(_nodes(), text)


def gateway_config_to_json(config: GatewayConfig) -> str:
    """Give the JSON form of a gateway's configuration, keys included."""
    return _gateways().dump_json((config,), fallback=_plain, warnings=False).decode()


def gateway_config_from_json(text: str) -> GatewayConfig:
    """Read a gateway's configuration back; raises ValueError for anything else."""
    return _read(_gateways(), text)


def path_config_to_json(config: PathConfig) -> str:
    """Give the JSON form of a path's configuration."""
    return _paths().dump_json((config,)).decode()


def path_config_from_json(text: str) -> PathConfig:
    """Read a path's configuration back; raises ValueError for anything else."""
    return _read(_paths(), text)


def write_node(node: NodeFile, path: Path) -> None:
    """Write a node file that nobody but its owner can read, in one step."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(node_to_json(node))
    fresh.replace(path)


def read_node(path: Path) -> NodeFile:
    """Read a node file; raises OSError, or ValueError with the file's name in it."""
    try:
        return node_from_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _plain(value: object) -> object:
    """Give what pydantic can write for what it cannot: a read-only mapping is one all the same."""
    return dict(value) if isinstance(value, Mapping) else value


def _read(adapter: TypeAdapter[tuple[T]], text: str) -> T:
    try:
        return adapter.validate_json(text)[0]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"][1:]))
        raise ValueError(f"{place or 'the whole'}: {first['msg']}") from None
