"""A container's interfaces, made those of its node.

An engine names and numbers interfaces as it likes. Each network calls this container by the name
that the interface is to have (an alias, which the engine's name server knows), so each is found by
asking for that name; then it loses the engine's address and gets the scenario's. The engine's
networks are therefore no more than wires: their own addresses are never seen on them.
"""

import socket
import struct
import time
from pathlib import Path
from socket import AF_INET
from typing import Any

from pyroute2 import IPRoute
from pyroute2.netlink.exceptions import NetlinkError

from gwsim.daemon.sockets import MARK
from gwsim.lab.live.ports import Port
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.wire.ip import ICMP, IcmpEcho, build_icmp

_PATIENCE = 10.0
_PAUSE = 0.05
_TRIES = 120


def settle(ports: tuple[Port, ...], default: str) -> None:
    """Give interfaces their names and addresses, and the container its way out.

    Raises RuntimeFailure, in words, for what this container has not been given.
    """
    try:
        with IPRoute() as ipr:
            found = {port.name: _index(ipr, port.name) for port in ports}
            for index in found.values():
                ipr.link("set", index=index, state="down")
            for port in ports:
                _set_up(ipr, found[port.name], port)
            # The engine's own way is gone with its addresses; who is given no other has none.
            if default:
                ipr.route("replace", dst="0.0.0.0/0", gateway=default, family=AF_INET)
    except NetlinkError as error:
        raise RuntimeFailure(
            f"this container may not set up its interfaces ({error}):"
            " it takes `--cap-add NET_ADMIN`"
        ) from None
    # A link-local address would send neighbour discovery into every capture.
    for name in ("all", "default"):
        setting = Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6")
        try:
            setting.write_text("1", encoding="ascii")
        except OSError:
            continue  # read-only here; the engine has switched IPv6 off already


def _index(ipr: Any, name: str) -> int:
    """Find an interface by its name, by the alias of its address, or as the only one."""
    links = {link["index"]: link.get("ifname") for link in ipr.get_links()}
    plugged = {index: own for index, own in links.items() if own != "lo"}
    by_name = [index for index, own in plugged.items() if own == name]
    if by_name:
        return int(by_name[0])
    engine = {a.get("local") or a.get("address"): a["index"] for a in ipr.get_addr(family=AF_INET)}
    address = _alias(name)
    if address in engine:
        return int(engine[address])
    wired = set(engine.values()) & set(plugged)
    if len(wired) == 1:
        return int(wired.pop())
    raise RuntimeFailure(
        f"no interface is the one called {name}: connect this container to its network"
        f" under the alias {name}"
    )


def _alias(name: str) -> str:
    """Ask the engine which address of this container goes by a name; it may need a moment."""
    patience = time.monotonic() + _PATIENCE
    while time.monotonic() < patience:
        try:
            return socket.gethostbyname(name)
        except OSError:
            time.sleep(_PAUSE)
    return ""


def _set_up(ipr: Any, index: int, port: Port) -> None:
    ipr.flush_addr(index=index)
    ipr.link("set", index=index, ifname=port.name, **port.link)
    for address in port.addresses:
        text, _, prefix = address.partition("/")
        ipr.addr("add", index=index, address=text, prefixlen=int(prefix))
    ipr.link("set", index=index, state="up")


def reaches(neighbour: str, seconds: float = 30.0) -> bool:
    """Say whether a neighbour answers an echo request before so many seconds are over."""
    with socket.socket(AF_INET, socket.SOCK_RAW, ICMP) as voice:
        # A gateway that protects everything would protect this as well; it is about the wire.
        voice.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, MARK)
        until = time.monotonic() + seconds
        voice.settimeout(seconds / _TRIES)
        while time.monotonic() < until:
            try:
                voice.sendto(build_icmp(IcmpEcho(0x6777, 1, bytes(8))), (neighbour, 0))
                answer, (source, _) = voice.recvfrom(256)
                (kind,) = struct.unpack_from("B", answer, (answer[0] & 15) * 4)
            except OSError:
                time.sleep(_PAUSE)
                continue
            if source == neighbour and kind == 0:
                return True
    return False
