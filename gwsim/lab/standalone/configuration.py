"""A configuration file as the configuration of one gateway.

Either the text of a device, as its own command prints it, or YAML in the language of scenarios:
`gateways` and `tunnels`, where peers need no vendor. What cannot be used is told line by line and
never stops the reading; what cannot be a gateway at all is a ConfigurationError.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gwsim.gateway.config import GatewayConfig
from gwsim.lab.compile import standing
from gwsim.lab.load import Loaded, load_source
from gwsim.lab.nearest import hint, nearest
from gwsim.lab.source import ScenarioError, Source, parse_source
from gwsim.vendors.registry import VENDORS
from gwsim.vendors.vendor import ConfigText, Ignored

YAML = "yaml"
"""What our own form is called among the vendors."""

MOST_OCTETS = 4 << 20
"""What a configuration may have."""

_SUFFIXES = (".yaml", ".yml")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_ABOUT_TUNNELS = re.compile(
    r"\b(crypto|ipsec|ike\w*|isakmp|vpn|tunnel(-group)?|group-policy|access-list|policy)\b"
)
_ABOUT_OTHERS = re.compile(
    r"\b(crypto (ca|key|pki|engine)|policy-map|service-policy|dynamic-access-policy)\b"
)
_KEY = re.compile(r"\bkey is\b")
_UNKNOWN = "not known here"


class ConfigurationError(ValueError):
    """A file is no configuration of a gateway; the text says where and what to do."""


@dataclass(frozen=True, slots=True)
class Standalone:
    """What a file came to.

    `unused` are lines about tunnels, or about anything we know, that are not in the configuration;
    `foreign` counts the others, on matters that are nothing to a tunnel. `keyless` says that a key
    stands there in a form that only the device can read.
    """

    config: GatewayConfig
    unused: tuple[str, ...] = ()
    foreign: int = 0
    keyless: bool = False


def read_configuration(path: Path, vendor: str = "", name: str = "") -> Standalone:
    """Read a file; `vendor` says whose it is where it does not tell by itself.

    `name` is the gateway's, in YAML the one of several that is meant. Raises ConfigurationError,
    or ScenarioError for YAML with mistakes in it.
    """
    text = _text(path)
    kind = vendor or _vendor_of(path, text)
    if kind == YAML:
        return Standalone(_from_yaml(parse_source(text, str(path)), name))
    reader = _readers().get(kind)
    if reader is None:
        near = hint(kind, (*_readers(), YAML))
        raise ConfigurationError(f"no configuration of {kind!r} can be read here{near}")
    return _from_device(path, text, reader, name)


def _readers() -> dict[str, ConfigText]:
    found = ((name, vendor.config_text) for name, vendor in VENDORS.items())
    return {name: text for name, text in found if text is not None}


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            octets = file.read(MOST_OCTETS + 1)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from None
    if len(octets) > MOST_OCTETS:
        raise ConfigurationError(f"{path}: larger than {MOST_OCTETS >> 20} MiB")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("latin-1")  # an old device's banner or description


def _vendor_of(path: Path, text: str) -> str:
    if path.suffix in _SUFFIXES:
        return YAML
    found = [name for name, reader in _readers().items() if reader.sign.search(text)]
    if len(found) == 1:
        return found[0]
    choice = " or ".join(found) if found else ", ".join((*_readers(), YAML))
    raise ConfigurationError(
        f"{path}: this does not tell which device it is of; say it with --vendor ({choice})"
    )


# the text of a device


def _from_device(path: Path, text: str, reader: ConfigText, name: str) -> Standalone:
    try:
        reading = reader.read(text)
    except ValueError as error:
        raise ConfigurationError(
            f"{path}: {error}; the whole output of `{reader.command}` is wanted"
        ) from None
    told = [line for line in reading.ignored if _matters(line)]
    unused = tuple(f"{path}:{line.number}: {line.text.strip()}: {line.why}" for line in told)
    config = replace(reading.config, name=name) if name else reading.config
    if not _NAME.fullmatch(config.name):
        raise ConfigurationError(f"{path}: {config.name!r} is no name for a gateway; see --name")
    if not config.endpoint.connections:
        raise ConfigurationError(
            "\n".join((*unused, f"{path}: there is no whole tunnel to any peer in this file"))
        )
    keyless = any(_KEY.search(line.why) for line in reading.ignored)
    return Standalone(config, unused, len(reading.ignored) - len(told), keyless)


def _matters(line: Ignored) -> bool:
    if line.why != _UNKNOWN:
        return True
    return bool(_ABOUT_TUNNELS.search(line.text)) and not _ABOUT_OTHERS.search(line.text)


# our own form


def _from_yaml(source: Source, name: str) -> GatewayConfig:
    """Read `gateways` and `tunnels`, or a whole scenario as it stands at its beginning."""
    gateways = source.data.get("gateways")
    specs = gateways if isinstance(gateways, dict) else {}
    own = _own(source, specs, name)
    loaded = _completed(source, specs, own)
    config = next(one for one in standing(loaded.scenario, 0.0)[0] if one.name == own)
    if not config.endpoint.connections:
        problem = source.problem(("tunnels",), f"no tunnel is one of {own}")
        raise ScenarioError((problem,))
    return config


def _own(source: Source, specs: Mapping[str, Any], name: str) -> str:
    """Find which gateway is meant: the one of that name, or the only one that has a vendor."""
    devices = [key for key, spec in specs.items() if isinstance(spec, dict) and "vendor" in spec]
    if name in specs:
        return name
    if not name and len(devices) == 1:
        return devices[0]
    if name:
        message = f"there is no gateway {name!r}"
        raise ScenarioError((source.problem(("gateways",), message, nearest(name, specs)),))
    choice = ", ".join(devices or specs)
    message = f"which gateway is this one? Say it with --name ({choice}), or give peers no vendor"
    raise ScenarioError((source.problem(("gateways",), message),))


def _completed(source: Source, specs: Mapping[str, Any], own: str) -> Loaded:
    """Fill in what a scenario needs and a gateway does not: a title, and vendors of peers."""
    vendor = specs[own].get("vendor") if isinstance(specs[own], dict) else None
    gateways = {
        key: {"vendor": vendor, **spec} if isinstance(spec, dict) and vendor else spec
        for key, spec in specs.items()
    }
    data = {"name": "standalone", "title": own, **source.data, "gateways": gateways}
    return load_source(replace(source, data=data))
