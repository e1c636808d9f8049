"""The temperament of a router, read from what it does on the wire."""

from gwsim.gateway.commands import Clear
from gwsim.ike.config import Phase1Transform
from gwsim.ike.events import MessageSent, PhaseOneCompleted, PhaseTwoCompleted
from gwsim.vendors.ios.behaviour import BEHAVIOUR, DEFAULTS, IOS_ID, REACTIONS
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import NotifyType
from gwsim.wire.payloads import VendorId
from tests.vendors.ios.pair import Pair


def sent(pair, name, label):
    return [e for e in pair.events[name] if isinstance(e, MessageSent) and e.label == label]


def notifies(pair, name):
    found = sent(pair, name, "info-notify")
    return [(event.payloads[-1].notify_type, event.encrypted) for event in found]


def vendor_ids_of(message):
    return [p.data for p in message.payloads if isinstance(p, VendorId)]


def test_vendor_ids_go_out_in_the_order_of_the_device():
    pair = Pair().ping(1.0)
    assert vendor_ids_of(sent(pair, "hq", "main-1")[0]) == [
        vendor_ids.NAT_T_RFC,
        vendor_ids.NAT_T_DRAFT_07,
        vendor_ids.NAT_T_DRAFT_03,
        vendor_ids.NAT_T_DRAFT_02_NEWLINE,
    ]
    assert vendor_ids_of(sent(pair, "branch", "main-2")[0]) == [vendor_ids.NAT_T_RFC]
    who = [vendor_ids.CISCO_UNITY, vendor_ids.DPD, IOS_ID]
    assert vendor_ids_of(sent(pair, "hq", "main-3")[0]) == [*who, vendor_ids.XAUTH]
    assert vendor_ids_of(sent(pair, "branch", "main-4")[0]) == who
    assert vendor_ids_of(sent(pair, "hq", "main-5")[0]) == []


def test_both_roles_resend_five_times_ten_seconds_apart():
    pair = Pair(lost=lambda output, sender: True).ping(80.0)
    assert [e.at for e in sent(pair, "hq", "main-1")] == [0, 10, 20, 30, 40, 50]
    pair = Pair(lost=lambda output, sender: sender == "branch").ping(5.0)
    pair.lost = lambda output, sender: True
    pair.run(80.0)
    times = [round(e.at, 2) for e in sent(pair, "branch", "main-2")]
    assert times == [0.01, 10.01, 20.01, 30.01, 40.01, 50.01]
    assert pair.view("branch").snapshot.ike.sas == ()


def test_with_two_keys_both_ends_go_on_resending():
    pair = Pair(branch_is={"psk": b"another"}).ping(75.0)
    for name, label in (("hq", "main-5"), ("branch", "main-4")):
        own = [e for e in sent(pair, name, label) if not e.answers_duplicate]
        assert [round(e.at - own[0].at) for e in own] == [0, 10, 20, 30, 40, 50]


def test_an_identity_names_no_port_behind_a_nat():
    for nat, port in (("5.5.5.5", 0), ("", 500)):
        pair = Pair(public=nat).ping(1.0)
        for name, label in (("hq", "main-5"), ("branch", "main-6")):
            assert sent(pair, name, label)[0].payloads[0].port == port


def test_keepalives_are_off_until_they_are_set():
    assert DEFAULTS.dpd is None
    assert sent(Pair().ping(100.0), "hq", "info-dpd") == []


def test_pfs_is_demanded_only_by_whoever_has_it():
    for hq, branch, up in ((None, None, 1), (2, 2, 1), (2, None, 1), (None, 2, 0), (2, 5, 0)):
        pair = Pair({"pfs_group": hq}, {"pfs_group": branch}).ping(5.0)
        assert len(pair.view("hq").snapshot.ipsec) == up


def test_a_part_of_the_own_proxy_ids_is_accepted_and_not_the_whole_for_a_part():
    part, whole = ("10.2.0.0/25", "10.1.0.0/24"), ("10.2.0.0/24", "10.1.0.0/24")
    for asks, has, up in ((part, whole, 1), (whole, part, 0)):
        pair = Pair({"pairs": [asks[::-1]]}, {"pairs": [has]}).ping(5.0)
        assert len(pair.view("branch").snapshot.ipsec) == up


def test_the_mode_of_a_transform_set_is_ignored_for_traffic_of_others():
    mode = {"transport": True}
    pair = Pair(mode, mode).ping(5.0)
    assert [sa.negotiated.transport for sa in pair.view("hq").snapshot.ipsec] == [False]
    pair = Pair(mode).ping(5.0)
    assert len(pair.view("hq").snapshot.ipsec) == 1


def test_a_failed_phase_2_leaves_phase_1_alone():
    pair = Pair(branch_is={"pfs_group": 2}).ping(5.0)
    for name in ("hq", "branch"):
        assert [sa.state for sa in pair.view(name).snapshot.ike.sas] == ["ESTABLISHED"]


def test_ipsec_sas_outlive_the_isakmp_sa():
    pair = Pair().ping(1.0).order("hq", Clear("ike")).run(2.0)
    for name in ("hq", "branch"):
        snapshot = pair.view(name).snapshot
        assert (len(snapshot.ike.sas), len(snapshot.ipsec)) == (0, 1)


def test_a_missing_key_is_noticed_at_the_first_message():
    pair = Pair(branch_is={"psk": None}).ping(5.0)
    assert sent(pair, "branch", "main-2") == []
    assert notifies(pair, "branch") == [(NotifyType.NO_PROPOSAL_CHOSEN, False)]
    assert pair.view("hq").snapshot.ike.sas[0].state == "MAIN_WAIT_2"


def test_proxy_ids_that_fit_no_crypto_map_are_no_proposal_to_choose_either():
    pair = Pair(branch_is={"pairs": [("10.2.0.0/25", "10.9.0.0/24")]}).ping(5.0)
    assert notifies(pair, "branch") == [(NotifyType.NO_PROPOSAL_CHOSEN, True)]


def test_a_clear_refusal_is_not_believed():
    other = (Phase1Transform(1, 2, 2),)
    pair = Pair(branch_is={"phase1": other}).ping(25.0)
    assert len(sent(pair, "branch", "info-notify")) == 3
    assert [e.at for e in sent(pair, "hq", "main-1")] == [0, 10, 20]


def test_an_isakmp_sa_is_not_renewed_and_a_pair_thirty_seconds_before_its_end():
    pair = Pair().ping(1.0)
    for name, rekey_in in (("hq", 3570.0), ("branch", 3580.0)):
        completed = [e for e in pair.events[name] if isinstance(e, PhaseTwoCompleted)]
        assert [round(e.rekey_in, 6) for e in completed] == [rekey_in]
        phase1 = next(e for e in pair.events[name] if isinstance(e, PhaseOneCompleted))
        assert phase1.rekey_in is None
    pair.run(3600.0)
    assert len(sent(pair, "hq", "quick-1")) == 2
    assert sent(pair, "branch", "quick-1") == []


def test_a_short_isakmp_sa_ends_and_the_next_quick_mode_makes_another():
    short = (Phase1Transform(1, 2, 1, lifetime_seconds=600),)
    pair = Pair({"phase1": short}, {"phase1": short}).ping(700.0)
    assert pair.view("hq").snapshot.ike.sas == ()
    pair.run(3580.0)
    snapshot = pair.view("hq").snapshot
    assert (len(snapshot.ike.sas), len(sent(pair, "hq", "main-1"))) == (1, 2)


def test_defaults_are_those_of_a_policy_nobody_has_filled_in():
    policy = DEFAULTS.phase1[0]
    assert (policy.encryption, policy.hash, policy.group) == (1, 2, 1)
    assert (DEFAULTS.phase1_lifetime, DEFAULTS.phase2_lifetime) == (86400, 3600)
    assert DEFAULTS.phase2_kilobytes == 4_608_000
    assert BEHAVIOUR.half_open_timeout > BEHAVIOUR.phase1.give_up


def test_reactions_cannot_be_changed_by_accident():
    assert type(REACTIONS).__name__ == "mappingproxy"
