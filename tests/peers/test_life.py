"""The life of a tunnel with strongSwan: probes, renewal under traffic, deletes, deaths, returns."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from gwsim.ike.events import DpdFailed, DpdReceived, DpdSent, Event
from tests.peers.pinger import Pinger
from tests.peers.spaces import eventually
from tests.peers.stage import VENDORS, Stage
from tests.peers.strongswan import PROGRAMS
from tests.peers.tunnel import EAST_HOST, WEST_HOST, Tunnel

pytestmark = pytest.mark.needs(*PROGRAMS)

BOTH = pytest.mark.parametrize("by", ["ours", "theirs"])
PINGS = 150

OUTLIVED = ("ios", "screenos")
"""Vendors whose IPsec SAs live on when the ISAKMP SA they came from is deleted."""


@contextmanager
def traffic(stage: Stage) -> Iterator[None]:
    """Ping both ways, a hundred times a second, until everything is sent: nothing may be lost."""
    answered: dict[str, int] = {}

    def send(pinger: Pinger, address: str) -> None:
        answered[address] = pinger.ping(address, PINGS, every=0.01)

    ends = ((stage.world.pc, EAST_HOST), (stage.world.server, WEST_HOST))
    threads = [Thread(target=send, args=end) for end in ends]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
    assert answered == {EAST_HOST: PINGS, WEST_HOST: PINGS}, stage.story()


@BOTH
@pytest.mark.parametrize("phase", [1, 2])
@pytest.mark.parametrize("vendor", VENDORS)
def test_renewal_loses_nothing(stage: Stage, vendor: str, phase: int, by: str) -> None:
    """Each phase is renewed twice by one end while both hosts send; no packet is lost."""
    stage.bring_up(Tunnel(), "ours", vendor)
    stage.carries()
    end = stage.ours if by == "ours" else stage.theirs
    known = [fresh(stage, phase)]
    with traffic(stage):
        for _ in range(2):
            end.rekey(phase)
            assert eventually(lambda: fresh(stage, phase) not in known), stage.story()
            known.append(fresh(stage, phase))
    stage.nothing_in_clear()
    assert stage.ours.children() == 1
    # A strongSwan that still has the old one renews both when told so, and leaves one unfinished.
    assert stage.ours.states().count("ESTABLISHED") == 1
    if phase == 1:
        newest = next(sa for sa in stage.snapshot().ike.sas if not sa.replaced)
        assert newest.initiator_cookie in stage.theirs.sas()
        assert newest.role == ("initiator" if by == "ours" else "responder")


def fresh(stage: Stage, phase: int) -> object:
    """Give what tells the newest SA from those before it."""
    snapshot = stage.snapshot()
    if phase == 1:
        return next(
            sa.initiator_cookie for sa in snapshot.ike.sas[::-1] if sa.state == "ESTABLISHED"
        )
    return next(p.negotiated.outbound_spi for p in snapshot.ipsec[::-1] if not p.negotiated.retired)


@BOTH
@pytest.mark.parametrize("phase", [1, 2])
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_delete_is_obeyed(stage: Stage, vendor: str, phase: int, by: str) -> None:
    """What one end deletes is gone at the other, and traffic brings all of it back."""
    stage.bring_up(Tunnel(), by, vendor)
    stage.carries()
    (stage.ours if by == "ours" else stage.theirs).delete(phase)
    assert eventually(lambda: gone(stage, phase)), stage.story()
    if phase == 1 and by == "ours" and vendor in OUTLIVED:
        # strongSwan ends its IPsec SAs with their ISAKMP SA, and nobody tells ours.
        assert (stage.ours.children(), stage.theirs.children()) == (1, [])
        stage.ours.clear()
    assert back(stage)


def back(stage: Stage) -> bool:
    """Let traffic bring the tunnel up again; of the first packets strongSwan may drop some."""
    stage.world.pc.ping(EAST_HOST, 2, every=0.2, patience=0.2)
    return (
        stage.world.pc.ping(EAST_HOST) == 3
        and stage.ours.children() == 1
        and stage.theirs.children() == ["INSTALLED"]
    )


def gone(stage: Stage, phase: int) -> bool:
    """Whether neither end has any SA of a phase."""
    if phase == 1:
        return not stage.ours.states() and not stage.theirs.states()
    return not stage.ours.children() and not stage.theirs.children()


@pytest.mark.parametrize("prober", ["ours", "theirs"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_who_probes_is_answered(stage: Stage, vendor: str, prober: str) -> None:
    """One end at a time: whoever is probed hears of the peer and does not probe itself."""
    often, seldom = Tunnel(dpd=0.4 if prober == "ours" else 1), Tunnel(dpd=30)
    ours, theirs = (often, seldom) if prober == "ours" else (seldom, often)
    stage.bring_up(ours, "ours", vendor, theirs)
    asked, answered = (DpdSent, DpdReceived) if prober == "ours" else (DpdReceived, DpdSent)
    happened: list[Event] = []

    def both() -> bool:
        happened.extend(stage.ours.news())
        return {(asked, False), (answered, True)} <= {
            (type(event), event.ack)
            for event in happened
            if isinstance(event, DpdSent | DpdReceived)
        }

    assert eventually(both), stage.story()
    assert all(event.accepted for event in happened if isinstance(event, DpdReceived))
    stage.carries()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_peer_that_was_killed_and_is_back(stage: Stage, vendor: str) -> None:
    """Its death is noticed by unanswered probes; when it is back, traffic finds the way again."""
    stage.agree(Tunnel(dpd=0.4), vendor, theirs=Tunnel())
    stage.begin("theirs")
    stage.carries()
    stage.theirs.stop(signal.SIGKILL)
    try:
        assert eventually(lambda: not stage.ours.states() and not stage.ours.children())
        assert any(isinstance(event, DpdFailed) for event in stage.ours.news())
    finally:
        stage.theirs.start()
    stage.theirs.configure(Tunnel())
    assert back(stage), stage.story()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_peer_that_starts_anew_says_so(stage: Stage, vendor: str) -> None:
    """Without a word it died; back again, its INITIAL-CONTACT makes ours forget what was."""
    stage.bring_up(Tunnel(), "theirs", vendor)
    before = fresh(stage, 1), fresh(stage, 2)
    stage.theirs.stop(signal.SIGKILL)
    stage.theirs.start()
    stage.theirs.configure(Tunnel())
    assert stage.theirs.initiate(), stage.story()
    assert "N(INITIAL_CONTACT)" in stage.log()
    assert eventually(lambda: (fresh(stage, 1), fresh(stage, 2)) != before)
    assert len(stage.snapshot().ike.sas) == 1
    assert len(stage.snapshot().ipsec) == 1
    stage.carries()


@pytest.mark.parametrize("vendor", VENDORS)
def test_ours_that_was_killed_and_is_back(stage: Stage, vendor: str) -> None:
    """strongSwan serves the new life; whoever says INITIAL-CONTACT is believed by it."""
    stage.bring_up(Tunnel(), "ours", vendor)
    stage.ours.stop(signal.SIGKILL)
    stage.ours.start()
    assert stage.ours.initiate(), stage.story()
    said = "N(INITIAL_CONTACT)" in stage.log()
    assert said == (vendor != "screenos")
    # Said in quick-1, as an ASA does, it is not heard.
    assert len(stage.theirs.states()) == (1 if vendor in ("ios", "fortios") else 2)
    stage.carries()
