"""The temperament of an ASA, read from what it does on the wire."""

from gwsim.ike.config import PfsPolicy, ProxyPolicy
from gwsim.ike.events import MessageSent, PhaseOneCompleted, PhaseTwoCompleted
from gwsim.vendors.asa.behaviour import BEHAVIOUR, DEFAULTS, IOS_SPOOF, REACTIONS
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import NotifyType
from gwsim.wire.payloads import Notification, VendorId
from tests.vendors.asa.pair import BRANCH, Pair


def sent(pair, name, label):
    return [e for e in pair.events[name] if isinstance(e, MessageSent) and e.label == label]


def vendor_ids_of(message):
    return [p.data for p in message.payloads if isinstance(p, VendorId)]


def test_main_mode_messages_are_as_long_as_those_captured():
    """168, 128 and 304 octets: SA with one transform of group 2, vendor IDs, NAT-D."""
    pair = Pair().ping(1.0)
    assert sent(pair, "hq", "main-1")[0].length == 168
    assert sent(pair, "branch", "main-2")[0].length == 128
    assert sent(pair, "hq", "main-3")[0].length == 304
    assert sent(pair, "branch", "main-4")[0].length == 304


def test_vendor_ids_go_out_in_the_order_of_the_device():
    pair = Pair().ping(1.0)
    assert vendor_ids_of(sent(pair, "hq", "main-1")[0]) == [
        vendor_ids.NAT_T_DRAFT_02_NEWLINE,
        vendor_ids.NAT_T_DRAFT_03,
        vendor_ids.NAT_T_RFC,
        vendor_ids.FRAGMENTATION_MAIN_AND_AGGRESSIVE,
    ]
    assert vendor_ids_of(sent(pair, "hq", "main-3")[0]) == [
        vendor_ids.CISCO_UNITY,
        vendor_ids.XAUTH,
        IOS_SPOOF,
        vendor_ids.CISCO_ASA,
    ]
    assert vendor_ids_of(sent(pair, "hq", "main-5")[0]) == [vendor_ids.DPD]
    assert vendor_ids.name_of(IOS_SPOOF) == "Cisco IOS"


def test_an_unanswered_message_goes_out_at_0_8_16_and_24_and_is_given_up_at_32():
    pair = Pair(lost=lambda output, sender: True).ping(60.0)
    assert [e.at for e in sent(pair, "hq", "main-1")] == [0.0, 8.0, 16.0, 24.0]
    assert pair.texts("hq", "752012")
    assert pair.log("hq", "752012")[0].at == 32.0


def test_a_waiting_responder_resends_by_the_same_schedule():
    pair = Pair(lost=lambda output, sender: sender == "branch").ping(5.0)
    pair.lost = lambda output, sender: True
    pair.run(60.0)
    assert [round(e.at, 2) for e in sent(pair, "branch", "main-2")] == [0.01, 8.01, 16.01, 24.01]


def test_the_initiator_renews_before_the_responder():
    pair = Pair().ping(1.0)
    for name, phase1, phase2 in (("hq", 64800, 24480), ("branch", 82080, 27360)):
        events = pair.events[name]
        assert [e.rekey_in for e in events if isinstance(e, PhaseOneCompleted)] == [phase1]
        assert [e.rekey_in for e in events if isinstance(e, PhaseTwoCompleted)] == [phase2]


def test_initial_contact_rides_in_the_first_quick_mode_only():
    pair = Pair({"dpd": None}, {"dpd": None}).ping(24490.0)
    contacts = [
        [p for p in e.payloads if isinstance(p, Notification)] for e in sent(pair, "hq", "quick-1")
    ]
    assert [len(c) for c in contacts] == [1, 0]
    assert contacts[0][0].notify_type == NotifyType.INITIAL_CONTACT


def test_a_peer_without_tunnel_group_is_noticed_at_the_key_exchange():
    pair = Pair(branch_is={"psk": None}).ping(5.0)
    assert len(sent(pair, "branch", "main-2")) == 1
    assert sent(pair, "branch", "main-4") == []


def test_a_failed_phase_2_takes_phase_1_with_it():
    pair = Pair(branch_is={"pfs_group": 2}).ping(5.0)
    assert pair.view("hq").snapshot.ike.sas == ()
    assert pair.view("branch").snapshot.ike.sas == ()


def test_pfs_must_be_set_alike_on_both_ends():
    assert BEHAVIOUR.pfs is PfsPolicy.EXACT
    for hq, branch, up in ((None, None, 1), (2, 2, 1), (2, None, 0), (None, 2, 0), (2, 5, 0)):
        pair = Pair({"pfs_group": hq}, {"pfs_group": branch}).ping(5.0)
        assert len(pair.view("hq").snapshot.ipsec) == up


def test_proxy_ids_must_mirror_but_a_host_is_its_slash_32():
    assert BEHAVIOUR.proxy is ProxyPolicy.EXACT
    host = [("10.2.0.10", "10.1.0.0/24")]
    for pairs, up in (
        ([("10.1.0.0/24", "10.2.0.10/32")], 1),
        ([("10.1.0.0/24", "10.2.0.10")], 1),
        ([("10.1.0.0/24", "10.2.0.0/24")], 0),
        ([("10.1.0.10", "10.2.0.10")], 0),
    ):
        pair = Pair({"pairs": pairs}, {"pairs": host}).ping(5.0)
        assert len(pair.view("hq").snapshot.ipsec) == up


def test_a_dead_peer_is_found_in_sixteen_seconds_and_both_phases_end():
    pair = Pair().ping(3.0)
    pair.lost = lambda output, sender: True
    pair.run(30.0)
    assert len(sent(pair, "hq", "info-dpd")) == DEFAULTS.dpd.count
    snapshot = pair.view("hq").snapshot
    assert (snapshot.ike.sas, snapshot.ipsec) == ((), ())


def test_nat_keepalives_follow_each_other_by_twenty_seconds():
    pair = Pair(public="198.51.100.9").ping(1.0)
    sa = pair.view("hq").snapshot.ike.sas[0]
    assert (sa.nat_local, sa.local_port, sa.peer_port) == (True, 4500, 4500)
    assert BEHAVIOUR.keepalive == 20.0


def test_a_clear_refusal_is_not_believed():
    """The initiator goes on although it is told in clear that nothing is acceptable."""
    pair = Pair(branch_is={"phase1": _group_5()}).ping(20.0)
    assert [e.at for e in sent(pair, "hq", "main-1")] == [0.0, 8.0, 16.0]
    assert pair.view("hq").snapshot.ike.sas[0].state == "MAIN_WAIT_2"


def _group_5():
    return tuple(type(t)(t.encryption, t.hash, 5) for t in DEFAULTS.phase1)


def test_defaults_are_those_of_a_policy_nobody_has_filled_in():
    policy = DEFAULTS.phase1[0]
    assert (policy.encryption, policy.hash, policy.group) == (5, 2, 2)
    assert (DEFAULTS.phase1_lifetime, DEFAULTS.phase2_lifetime) == (86400, 28800)
    assert DEFAULTS.phase2_kilobytes == 4_608_000
    assert DEFAULTS.queue == 0


def test_reactions_cannot_be_changed_by_accident():
    assert type(REACTIONS).__name__ == "mappingproxy"


def test_the_peer_is_known_by_its_address_whatever_it_calls_itself():
    """Behind NAT the initiator's identity is its private address; an ASA does not mind."""
    pair = Pair(public="198.51.100.9").ping(2.0)
    sa = pair.view("branch").snapshot.ike.sas[0]
    assert (sa.peer, sa.peer_id) == ("198.51.100.9", "192.168.7.2")
    assert pair.view("hq").snapshot.ike.sas[0].peer == BRANCH
