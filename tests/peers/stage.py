"""A world with our daemon in the west and a real peer in the east, and what every case does there.

A case agrees on a tunnel, lets one of them begin, looks at both ends, sends real traffic and looks
at the wire. Daemons live on from case to case, as real ones do.
"""

from pathlib import Path

from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import Rejected
from tests.peers.ours import Ours
from tests.peers.spaces import eventually
from tests.peers.strongswan import AS_IT_IS, Charon, StrongSwan
from tests.peers.tunnel import EAST_HOST, WEST_HOST, Tunnel
from tests.peers.world import World

VENDORS = ("asa", "ios", "screenos", "fortios")
"""Who plays the west, in turn."""

ODD_SIZES = (1, 2, 7, 8, 13, 15, 16, 17, 31, 57, 255, 256, 511, 1000, 1273, 1371, 1372, 1373, 1400)
"""Payloads of a ping in octets, both sides of every block and of the longest that needs no cut."""

LONG_SIZES = (1472, 1473, 2961, 4999)
"""Payloads that leave their host whole or in pieces, and need more of them in a tunnel."""

_REST = 0.5
"""Seconds without a packet after which no more are expected."""


class Stage:
    """One world and who is in it."""

    def __init__(self, folder: Path, how: Charon = AS_IT_IS, speed: float = 1.0) -> None:
        self.world = World(folder)
        self.theirs = StrongSwan(self.world.spaces, "east", "east", folder / "east", how)
        self.ours = Ours(self.world.spaces, "west", folder / "west", speed=speed)
        self._log = 0

    def open(self) -> None:
        """Start both."""
        self.theirs.start()
        self.ours.start()

    def close(self) -> None:
        """End both and take the world away."""
        self.ours.stop()
        self.theirs.stop()
        self.world.close()

    def agree(self, tunnel: Tunnel, vendor: str = "ios", theirs: Tunnel | None = None) -> None:
        """Begin a case: nothing is up, and both are told the tunnel (or `theirs` another one)."""
        self.ours.clear()
        self.theirs.clear()
        assert eventually(lambda: not self.ours.states())
        self.ours.configure(tunnel, vendor)
        self.theirs.configure(theirs or tunnel)
        self.world.begin()
        self.ours.news()
        self._log = len(self.theirs.log())

    def begin(self, initiator: str) -> None:
        """Let `ours` or `theirs` bring every child up; it is up at both ends when this returns."""
        end = self.ours if initiator == "ours" else self.theirs
        for child in range(len(self.snapshot().tunnels)):
            assert end.initiate(child), self.story()
        assert eventually(self.both_up), self.story()

    def bring_up(
        self, tunnel: Tunnel, initiator: str, vendor: str = "ios", theirs: Tunnel | None = None
    ) -> None:
        """Agree on a tunnel and bring it up."""
        self.agree(tunnel, vendor, theirs)
        self.begin(initiator)

    def both_up(self) -> bool:
        """Say whether everything is up at both ends."""
        wanted = len(self.snapshot().tunnels)
        return (
            all(tunnel.up for tunnel in self.snapshot().tunnels)
            and self.theirs.states() == ["ESTABLISHED"]
            and self.theirs.children() == ["INSTALLED"] * wanted
        )

    def snapshot(self) -> Snapshot:
        """The whole state of ours."""
        return self.ours.snapshot()

    def carries(self) -> None:
        """Send pings both ways; all come back, all are counted, none is seen on the line."""
        before = self.counted()
        assert self.world.pc.ping(EAST_HOST, size=57) == 3, self.story()
        assert self.world.server.ping(WEST_HOST, size=1200) == 3, self.story()
        out, back = (now - then for now, then in zip(self.counted(), before, strict=True))
        assert (out, back) == (6, 6)
        self.nothing_in_clear()

    def nothing_in_clear(self, *sources: str) -> None:
        """Look at both sides of the internet: protected packets both ways, and no others at all.

        With `sources` only what these have sent must not be there. Packets are not counted here,
        for a kernel may hand several over as one.
        """
        for record in (self.world.west_side, self.world.east_side):
            assert len({seen.source for seen in record.esp()}) >= 2
            clear = record.clear_text()
            assert [seen for seen in clear if not sources or seen.source in sources] == []

    def counted(self) -> tuple[int, int]:
        """Count packets out of and into the IPsec SAs that ours has now."""
        pairs = self.snapshot().ipsec
        return sum(p.outbound.packets for p in pairs), sum(p.inbound.packets for p in pairs)

    def counted_at_rest(self) -> tuple[int, int]:
        """Count packets once no more come: iperf3 ends when all is written, not when it is sent."""
        counts = [self.counted()]

        def has_come_to_rest() -> bool:
            counts.append(self.counted())
            return counts[-1] == counts[-2]

        assert eventually(has_come_to_rest, pause=_REST), counts
        return counts[-1]

    def log(self) -> str:
        """What the peer wrote down in this case."""
        return self.theirs.log()[self._log :]

    def story(self) -> str:
        """Tell what happened in this case, for somebody who wonders why it failed."""
        refused = [event for event in self.ours.news() if isinstance(event, Rejected)]
        seen = " ".join(seen.label for seen in self.world.west_side.seen())
        snapshot = self.snapshot()
        sas = "\n".join(f"{pair.outbound} {pair.inbound}" for pair in snapshot.ipsec)
        return (
            f"ours refused: {refused}\ndropped: {snapshot.counters}\ncounted: {sas}\n"
            f"on the line: {seen}\nthe peer:\n{self.log()}"
        )
