"""NAT traversal with strongSwan: a NAT before either end or both, or one that is only claimed.

User-space ESP always travels in UDP, so strongSwan claims to be behind a NAT whether it is or not.
"""

import pytest

from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT
from tests.peers.spaces import eventually
from tests.peers.stage import VENDORS, Stage
from tests.peers.strongswan import PROGRAMS
from tests.peers.tunnel import EAST, EAST_PUBLIC, WEST, WEST_HOST, WEST_PUBLIC, Tunnel

pytestmark = pytest.mark.needs(*PROGRAMS)

BOTH = pytest.mark.parametrize("initiator", ["ours", "theirs"])
MODES = pytest.mark.parametrize("aggressive", [False, True], ids=["main", "aggressive"])
PLACES = {"before ours": {"west"}, "before theirs": {"east"}, "before both": {"west", "east"}}


def through(stage: Stage, hidden: set[str], initiator: str, vendor: str, **more: object) -> None:
    """Bring a tunnel up through NATs and see what the line shows of it."""
    tunnel = Tunnel(hidden=frozenset(hidden)).told(**more)
    stage.agree(tunnel, vendor)
    stage.world.hide(*hidden)
    stage.begin(initiator)


@BOTH
@MODES
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_nat(stage: Stage, vendor: str, place: str, aggressive: bool, initiator: str) -> None:
    hidden = PLACES[place]
    through(stage, hidden, initiator, vendor, aggressive=aggressive)
    [sa] = stage.snapshot().ike.sas
    assert (sa.nat_local, sa.nat_peer) == ("west" in hidden, True)
    assert sa.peer == (EAST_PUBLIC if "east" in hidden else EAST)
    assert sa.nat_variant == ("draft-02" if vendor == "screenos" else "rfc3947")
    stage.carries()
    seen_from_east = {seen.source for seen in stage.world.east_side.seen()}
    assert seen_from_east == {WEST_PUBLIC if "west" in hidden else WEST, EAST}


@BOTH
def test_the_conversation_moves_to_4500(stage: Stage, initiator: str) -> None:
    through(stage, {"west"}, initiator, "ios")
    own = [seen for seen in stage.world.west_side.messages() if seen.of_west]
    early = ("main-1", "main-2", "main-3", "main-4")
    assert {seen.ports[0] for seen in own if seen.label in early} == {IKE_PORT}
    assert {seen.ports[0] for seen in own if seen.label not in early} == {NAT_T_PORT}
    # On the far side of the NAT our ports are others.
    far = [seen for seen in stage.world.east_side.messages() if seen.source == WEST_PUBLIC]
    if initiator == "ours":
        assert not {IKE_PORT, NAT_T_PORT} & {seen.ports[0] for seen in far}


@BOTH
@MODES
@pytest.mark.parametrize("vendor", VENDORS)
def test_encapsulation_that_both_insist_on(
    stage: Stage, vendor: str, aggressive: bool, initiator: str
) -> None:
    stage.bring_up(Tunnel(forced=True, aggressive=aggressive), initiator, vendor)
    [sa] = stage.snapshot().ike.sas
    assert (sa.nat_local, sa.nat_peer) == (True, True)
    stage.carries()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_peer_whose_nat_forgets(stage: Stage, vendor: str) -> None:
    """The peer's packets come from another port in mid-life; ours follows once one is authentic."""
    through(stage, {"east"}, "theirs", vendor)
    stage.carries()
    before = stage.snapshot().ike.sas[0].peer_port
    stage.world.forget()
    assert eventually(lambda: stage.world.server.ping(WEST_HOST) == 3), stage.story()
    assert stage.snapshot().ike.sas[0].peer_port != before
