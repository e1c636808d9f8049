"""The world of a test: two sites, a plain router between them, and something at either end.

    pc 10.1.0.10 -- west 198.51.100.1 ==== internet ==== 203.0.113.1 east -- 10.2.0.10 server

West is ours (or whoever stands in its place), east is the real peer. The internet is a kernel
that routes; what it translates or blocks is said in nftables' own language. Nothing of gwsim
stands between the two ends. Each host has a second address, and each gateway one beside it, in the
upper half of the network.
"""

import json
from pathlib import Path
from typing import Any

from pyroute2.netlink.nfnetlink.nfctsocket import NFCTSocket

from gwsim.lab.live.ports import Port
from gwsim.lab.live.topology import Topology
from tests.peers.pinger import Pinger
from tests.peers.record import Record
from tests.peers.spaces import Spaces
from tests.peers.tunnel import (
    EAST,
    EAST_HOST,
    EAST_OTHER,
    EAST_PUBLIC,
    WEST,
    WEST_HOST,
    WEST_OTHER,
    WEST_PUBLIC,
)

_TOPOLOGY = Topology(
    nodes=("internet", "west", "east", "pc", "server"),
    bridges=(),
    cables=(
        (
            Port("west", "outside", (f"{WEST}/24",)),
            Port("internet", "to-west", (f"{EAST_PUBLIC}/24",)),
        ),
        (
            Port("east", "outside", (f"{EAST}/24",)),
            Port("internet", "to-east", (f"{WEST_PUBLIC}/24",)),
        ),
        (
            Port("west", "inside", ("10.1.0.1/24", "10.1.0.129/24")),
            Port("pc", "eth0", (f"{WEST_HOST}/24", f"{WEST_OTHER}/24")),
        ),
        (
            Port("east", "inside", ("10.2.0.1/24", "10.2.0.129/24")),
            Port("server", "eth0", (f"{EAST_HOST}/24", f"{EAST_OTHER}/24")),
        ),
    ),
    defaults=(
        ("west", EAST_PUBLIC),
        ("east", WEST_PUBLIC),
        ("pc", "10.1.0.1"),
        ("server", "10.2.0.1"),
    ),
)

_NAT = {
    # Who is behind it, its inside and its outside interface, its public and the private address.
    "west": ("to-west", "to-east", WEST_PUBLIC, WEST),
    "east": ("to-east", "to-west", EAST_PUBLIC, EAST),
}


class World:
    """Namespaces, cables and a record of each side of the internet; `folder` takes the journals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spaces = Spaces(_TOPOLOGY, folder / "holder")
        for node in ("internet", "west", "east"):
            self._set(node, "ip_forward", "1")
            for name in ("all", "default", "outside", "inside"):
                self._set(node, f"conf/{name}/rp_filter", "0", check=False)
        self.nft("add table ip path")
        self.pc = Pinger(self.spaces, "pc")
        self.server = Pinger(self.spaces, "server")
        self.west_side = Record(self.spaces, "internet", "to-west")
        self.east_side = Record(self.spaces, "internet", "to-east")

    def close(self) -> None:
        """Take everything away."""
        self.west_side.close()
        self.east_side.close()
        self.spaces.close()

    def begin(self) -> None:
        """Begin a case: the line is whole again, and what was on it is forgotten."""
        self.nft("delete table ip path; add table ip path")
        self.forget()
        for record in (self.west_side, self.east_side):
            record.restart()

    # the line

    def nft(self, text: str) -> None:
        """Give the internet's kernel its rules."""
        self.spaces.run("internet", "nft", "-f", "-", text=text)

    def hide(self, *sides: str) -> None:
        """Put sides behind a NAT: sources are masqueraded, 500 and 4500 reach the inside."""
        rules = [
            "add chain ip path before { type nat hook prerouting priority -100; }",
            "add chain ip path after { type nat hook postrouting priority 100; }",
        ]
        for side in sides:
            inside, outside, public, private = _NAT[side]
            rules.append(
                f"add rule ip path before iifname {outside} ip daddr {public}"
                f" udp dport {{ 500, 4500 }} dnat to {private}"
            )
            rules.append(
                f"add rule ip path after iifname {inside} oifname {outside} masquerade fully-random"
            )
        self.nft("\n".join(rules))

    def forget(self) -> None:
        """Let the internet's kernel forget all flows and whom it translates, as a reboot would."""
        self.spaces.do("internet", _forget)

    def block(self, port: int, towards: str = "") -> None:
        """Let nothing of a UDP port through, or nothing that goes towards a side."""
        out = f"oifname to-{towards} " if towards else ""
        rules = ["add chain ip path line { type filter hook forward priority 0; }"]
        for end in ("sport", "dport"):
            rules.append(f"add rule ip path line {out}udp {end} {port} drop")
        self.nft("\n".join(rules))

    # traffic

    def stream(self, *options: str) -> dict[str, Any]:
        """Let iperf3 send from the host in the west to that in the east; gives what it measured."""
        with self.spaces.running("server", "iperf3", "-s", "-1", "--forceflush") as server:
            assert server.stdout is not None
            while "listening" not in server.stdout.readline():
                assert server.poll() is None, "iperf3 does not listen"
            words = ("iperf3", "-c", EAST_HOST, "-J", *options)
            measured: dict[str, Any] = json.loads(self.spaces.run("pc", *words).stdout)
            return measured

    def _set(self, node: str, name: str, value: str, check: bool = True) -> None:
        path = f"/proc/sys/net/ipv4/{name}"
        self.spaces.run(node, "sh", "-c", f"echo {value} > {path}", check=check)


def _forget() -> None:
    with NFCTSocket() as flows:
        flows.flush()
