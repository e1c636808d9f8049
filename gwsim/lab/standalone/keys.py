"""Pre-shared keys that stand outside of a configuration: a file of them, and the environment.

Devices print stars in place of keys. The file has a line for each peer, its address or name, then
its key as it is up to the end of the line; `any` is who has no fixed address, `#` begins a remark::

    203.0.113.1  correct horse battery staple
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import Connection
from gwsim.lab.nearest import instead
from gwsim.lab.standalone.configuration import ConfigurationError

VARIABLE = "GWSIM_PSK"
"""The environment variable with the key of every peer that has no other."""

ANY = "any"

_REMOVED = b"<removed>"


def read_keys(path: Path) -> dict[str, bytes]:
    """Read a file of keys, by peer. Raises ConfigurationError, with the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigurationError(f"{path}: cannot be read: {reason}") from None
    found: dict[str, bytes] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        peer, _, key = line.strip().partition(" ")
        if not key.strip():
            raise ConfigurationError(f"{path}:{number}: a peer, a blank and its key are wanted")
        if peer in found:
            raise ConfigurationError(f"{path}:{number}: {peer} is here for the second time")
        found[peer] = key.strip().encode()
    return found


def with_keys(config: GatewayConfig, keys: Mapping[str, bytes], fallback: str) -> GatewayConfig:
    """Give every peer its key: of the file, else of the configuration, else the fallback.

    Raises ConfigurationError for a peer that has none, and for a key that is nobody's.
    """
    peers = config.endpoint.connections
    _check_peers(keys, peers)
    keyed = tuple(replace(one, psk=_key(one, keys, fallback)) for one in peers)
    without = [_word(one) for one in keyed if one.psk is None]
    if without:
        raise ConfigurationError(
            f"no key is known for {', '.join(without)}: devices do not print them; give a file with"
            f" a line `{without[0]} KEY` as --keys FILE, or set {VARIABLE}"
        )
    return replace(config, endpoint=replace(config.endpoint, connections=keyed))


def _key(peer: Connection, keys: Mapping[str, bytes], fallback: str) -> bytes | None:
    for name in (peer.name, _word(peer)):
        if name in keys:
            return keys[name]
    if peer.psk is None or hidden(peer.psk):
        return fallback.encode() if fallback else None
    return peer.psk


def hidden(key: bytes) -> bool:
    """Say whether this is what a device prints in place of a key."""
    return key == _REMOVED or not key.strip(b"*")


def _word(peer: Connection) -> str:
    return peer.remote or ANY


def _check_peers(keys: Mapping[str, bytes], peers: Iterable[Connection]) -> None:
    known = [word for peer in peers for word in dict.fromkeys((peer.name, _word(peer)))]
    for name in keys:
        if name not in known:
            raise ConfigurationError(
                f"there is no peer {name} for that key; {instead(name, known)}"
            )
