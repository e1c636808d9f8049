"""`debug ike detail` as a sender: what the real transcript does not have."""

from dataclasses import replace

from gwsim.gateway.commands import Clear
from gwsim.ike.config import Phase2Transform
from gwsim.vendors.screenos import VENDOR
from gwsim.wire.numbers import NotifyType
from tests.vendors.screenos.pair import Pair


def test_a_resend_says_how_often_and_how_long():
    lines = Pair(lost=lambda output, sender: sender == "branch").ping(9).debug("hq")
    assert lines[-6:] == [
        "IKE<2.2.2.2> re-trans timer expired, msg retry (1) (3/1)",
        "IKE<2.2.2.2> Initiator sending IPv4 IP 2.2.2.2/port 500",
        "IKE<2.2.2.2> Send Phase 1 packet (len=156)",
        "IKE<2.2.2.2> re-trans timer expired, msg retry (2) (3/1)",
        "IKE<2.2.2.2> Initiator sending IPv4 IP 2.2.2.2/port 500",
        "IKE<2.2.2.2> Send Phase 1 packet (len=156)",
    ]


def test_a_responder_builds_its_messages_likewise():
    lines = Pair().ping(1).debug("branch")
    assert "IKE<1.1.1.1> Phase 1 MM Responder constructing 2nd message." in lines
    assert "IKE<1.1.1.1> Responder sending IPv4 IP 1.1.1.1/port 500" in lines
    assert "IKE<1.1.1.1        > Xmit*: [HASH] [SA] [NONCE] [ID] [ID]" in lines
    assert not [line for line in lines if "Policy have separate SA" in line]


def test_nat_traversal_and_deletes_have_their_tags():
    own = {"nat_traversal": True}
    identity = VENDOR.behaviour
    pair = Pair(own, own, public="5.5.5.5", acts=replace(identity, check_peer_id=False)).ping(5)
    lines = pair.order("hq", Clear()).run(6).debug("hq")
    assert "IKE<2.2.2.2        > Xmit : [KE] [NONCE] [NATD] [NATD]" in lines
    assert "IKE<2.2.2.2> Construct [NATD]" in lines
    assert "IKE<2.2.2.2> Initiator sending IPv4 IP 2.2.2.2/port 4500" in lines
    assert "IKE<2.2.2.2        > Xmit*: [HASH] [DELETE]" in lines


def test_a_notification_sent_is_named_and_an_initial_contact_logged():
    announces = replace(VENDOR.behaviour, initial_contact=("main-5",))
    pair = Pair(acts=announces).ping(5)
    assert "IKE<2.2.2.2> Construct [NOTIF] (INITIAL-CONTACT)" in pair.debug("hq")
    assert "IKE<2.2.2.2>: Sent initial contact notification message." in pair.log("hq")
    assert NotifyType.INITIAL_CONTACT == 24578


def test_a_custom_proposal_has_a_number_behind_the_predefined_ones():
    phase1 = tuple(replace(t, encryption=7, key_bits=256) for t in VENDOR.defaults.phase1)
    lines = Pair({"phase1": phase1}, {"phase1": phase1}).ping(1).debug("hq")
    profile = "<00000007 00000002 00000001 00000002>"
    assert f"find profile[0]={profile} for p1 proposal (id 16), xauth(0)" in lines


def test_each_transform_of_an_offer_is_told():
    own = {"transforms": (Phase2Transform(12, 2, 128), Phase2Transform(3, 1))}
    lines = Pair(own, own).ping(1).debug("hq")
    assert [line for line in lines if "atts<" in line] == [
        "IKE<2.2.2.2> atts<00000003 00000000 0000000c 00000002 00000001 00000000>",
        "IKE<2.2.2.2> atts<00000003 00000000 00000003 00000001 00000001 00000000>",
    ]
