"""Whom a container knows by name: the nodes of its lab, and nobody outside.

An engine's name server also asks those of its machine, which would be a way out of the lab; and
where it finds none, programs that look for a name (`tcpdump` or `traceroute` without `-n`) wait for
it at every address. So nobody asks it once a container has found its interfaces.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pyroute2 import IPRoute

from gwsim.lab.live.order import container_name

ENGINE = "127.0.0.11"
"""The name server that an engine puts into each container."""

_LOCAL_TABLE = 255
_HOSTS = Path("/etc/hosts")


def know_each_other(addresses: Mapping[str, str], file: Path = _HOSTS) -> None:
    """Write the file in which a container looks up names; raises OSError where it may not."""
    file.write_text("".join(hosts_lines(addresses)), encoding="ascii")


def hosts_lines(addresses: Mapping[str, str]) -> Iterator[str]:
    """Give the lines of such a file: `hq.server` is also `hq-server`, its container."""
    yield "127.0.0.1 localhost\n"
    for node, address in addresses.items():
        names = dict.fromkeys((node, container_name(node)))
        yield f"{address} {' '.join(names)}\n"


def ask_nobody() -> None:
    """Close the way to the engine's name server; it opens again when the container starts anew."""
    with IPRoute() as ipr:
        ipr.route("replace", dst=f"{ENGINE}/32", type="unreachable", table=_LOCAL_TABLE)
