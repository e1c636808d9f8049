"""What an operator does to the box: commands, another configuration, a look at its keys."""

from dataclasses import replace

import pytest

from gwsim.gateway.commands import Clear, Initiate, Reboot, Rekey, SetLink, Shutdown
from gwsim.gateway.events import (
    DropCause,
    GatewayStarted,
    GatewayStopped,
    LinkChanged,
    PacketDropped,
    Reconfigured,
    TrafficPassed,
)
from gwsim.gateway.outputs import ClearOut, EspOut, UdpOut
from gwsim.ike.turn import Datagram
from tests.esp.planes import packet, ping
from tests.gateway.boxes import (
    BRANCH,
    HQ,
    PC,
    SERVER,
    TO_BRANCH,
    TO_HQ,
    Playbook,
    child_keys,
    connection,
    from_branch,
    hq_config,
    up,
)

IKE = 500
MAIN_1 = bytes(range(1, 60))


# the operator


def test_commands_reach_the_negotiator():
    play = Playbook(hq_config())
    play.command(Clear("ike", BRANCH)).command(Rekey("branch", 1))
    play.command(Initiate("branch")).command(Initiate("branch", "net"))
    assert play.endpoint.calls == [
        ("clear", "ike", BRANCH),
        ("rekey", "branch", 1),
        ("initiate", "branch", "net", "operator"),
        ("initiate", "branch", "net", "operator"),
    ]


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (Initiate("nobody"), "hq has no connection 'nobody', only \\['branch'\\]"),
        (Rekey("nobody"), "no connection 'nobody'"),
        (Initiate("branch", "none"), "branch has no child 'none', only \\['net'\\]"),
    ],
)
def test_a_command_about_nothing_is_refused_in_words(command, complaint):
    with pytest.raises(ValueError, match=complaint):
        Playbook(hq_config()).command(command)


def test_a_connection_without_children_cannot_be_initiated():
    play = Playbook(hq_config(connection={"children": ()}))
    with pytest.raises(ValueError, match="branch has no child"):
        play.command(Initiate("branch"))


def test_a_reboot_loses_everything_without_a_word():
    play = up().inside(packet()).sends(EspOut)
    play.at(5.0).command(Reboot()).sends()
    play.tells(GatewayStopped(at=5.0), GatewayStarted(at=5.0, reboot=True))
    assert len(play.endpoints) == 2
    assert play.endpoint.now == 5.0
    play.inside(packet()).sends().tells(DropCause.NO_SA)
    snapshot = play.gateway.snapshot(6.0)
    assert (snapshot.started, snapshot.tunnels[0].encapsulated) == (5.0, 0)


def test_while_it_boots_a_gateway_is_deaf_and_dumb():
    play = up().at(5.0).command(Reboot(down=10.0)).sends().tells(GatewayStopped(at=5.0))
    assert play.gateway.next_timer() == 15.0
    play.at(6.0).inside(packet()).sends().tells()
    play.esp(*from_branch(ping(PC, SERVER))).sends().tells()
    play.outside(ping(BRANCH, HQ)).sends().tells()
    play.udp(MAIN_1, (BRANCH, IKE), (HQ, IKE)).sends().tells()
    play.command(Initiate("branch")).timer().sends().tells()
    assert not play.gateway.snapshot(7.0).running
    assert play.endpoint.calls == []
    play.at(15.0).timer().sends().tells(GatewayStarted(at=15.0, reboot=True))
    assert play.gateway.snapshot(15.0).running
    assert play.endpoint.calls == [("timer", 15.0)]


def test_a_second_reboot_starts_the_wait_anew():
    play = Playbook(hq_config()).command(Reboot(down=10.0)).tells(GatewayStopped)
    play.at(5.0).command(Reboot(down=10.0)).tells()
    assert play.gateway.next_timer() == 15.0


def test_after_shutdown_a_gateway_stands_still_until_it_is_rebooted():
    play = up()
    play.endpoint.outbox.append(Datagram(MAIN_1, (HQ, IKE), (BRANCH, IKE), "info-delete"))
    play.command(Shutdown()).sends(UdpOut).tells(GatewayStopped(at=0.0))
    assert play.endpoint.calls == [("shutdown",)]
    assert play.gateway.next_timer() is None
    play.inside(packet()).sends().tells()
    play.at(9.0).command(Reboot()).tells(GatewayStarted(at=9.0, reboot=True))


def test_with_the_link_down_nothing_passes_outside_and_all_is_counted():
    play = up().command(SetLink(False)).tells(LinkChanged(at=0.0, up=False))
    play.command(SetLink(False)).tells()
    play.inside(packet()).sends().tells(DropCause.LINK_DOWN)
    play.negotiator(Datagram(MAIN_1, (HQ, IKE), (BRANCH, IKE), "info-dpd")).sends().tells()
    play.esp(*from_branch(ping(PC, SERVER))).sends().tells()
    play.outside(packet()).udp(MAIN_1, (BRANCH, IKE), (HQ, IKE)).sends().tells()
    snapshot = play.gateway.snapshot(0.0)
    assert (snapshot.link_up, snapshot.counters) == (False, (("link-down", 5),))
    assert snapshot.tunnels[0].encapsulated == 0
    play.command(SetLink(True)).tells(LinkChanged(at=0.0, up=True))
    play.inside(packet()).sends(EspOut).tells(TrafficPassed)


# configuration


def test_a_new_configuration_says_what_it_changes():
    play = Playbook(hq_config())
    second = connection("second", HQ, "192.0.2.1")
    old = play.gateway.config
    new = replace(
        hq_config(mtu=1400, queue=3),
        endpoint=replace(old.endpoint, connections=(*old.endpoint.connections, second)),
    )
    play.reconfigure(new).tells(Reconfigured(at=0.0, what=("mtu", "queue", "second")))
    assert play.endpoint.calls == [("reconfigure",)]
    assert play.gateway.config is new


def test_a_new_configuration_takes_effect_on_packets():
    play = Playbook(hq_config())
    play.reconfigure(hq_config(connection={"children": ()})).tells(Reconfigured)
    play.inside(packet()).sends(ClearOut(packet())).tells(TrafficPassed)


def test_a_box_that_is_down_finds_its_new_configuration_when_it_comes_back():
    play = Playbook(hq_config()).command(Reboot(down=10.0)).sends().tells(GatewayStopped)
    new = hq_config(endpoint={"enabled": False})
    play.reconfigure(new).tells(Reconfigured(at=0.0, what=("enabled",)))
    play.at(10.0).timer().tells(GatewayStarted)
    assert play.endpoint.config is new.endpoint


# keys


def test_keys_are_given_out_on_request():
    keys = up().gateway.exported_keys()
    assert [key.key for key in keys.ike] == [b"key"]
    assert [(key.spi, key.source, key.destination) for key in keys.esp] == [
        (TO_HQ, BRANCH, HQ),
        (TO_BRANCH, HQ, BRANCH),
    ]


def test_no_event_of_a_whole_life_shows_a_key():
    play = up().inside(packet()).sends(EspOut)
    keymat = child_keys().keymat_in[:16]
    told = repr(play._events) + repr(play.gateway.snapshot(1.0))
    assert repr(keymat)[2:-1] not in told
    assert keymat.hex() not in told
    assert not any(isinstance(event, PacketDropped) for event in play._events)
