"""The temperament of a FortiGate, read from what it does on the wire.

The lengths are those of captures between two FortiGates (`aes128-sha256`, groups 14 and 5).
"""

from itertools import pairwise

import pytest

from gwsim.gateway.commands import Clear
from gwsim.ike.config import Phase1Transform
from gwsim.ike.events import DpdSent, MessageSent, PhaseOneCompleted, PhaseTwoCompleted
from gwsim.vendors.fortios.behaviour import BEHAVIOUR, DEFAULTS, REACTIONS
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import NotifyType
from gwsim.wire.payloads import Nonce, Notification, VendorId
from tests.vendors.fortios.pair import Pair

AGGRESSIVE = {"aggressive": True}
OTHER = (Phase1Transform(5, 2, 2),)


def sent(pair, name, label):
    return [e for e in pair.events[name] if isinstance(e, MessageSent) and e.label == label]


def notifies(pair, name):
    found = sent(pair, name, "info-notify")
    return [(event.payloads[-1].notify_type, event.encrypted) for event in found]


def vendor_ids_of(message):
    return [p.data for p in message.payloads if isinstance(p, VendorId)]


def lengths(pair):
    events = [e for name in pair.events for e in pair.events[name] if isinstance(e, MessageSent)]
    return {event.label: event.length for event in events}


def test_main_mode_has_the_lengths_of_the_capture():
    assert lengths(Pair().ping(1.0)) == {
        "main-1": 572,
        "main-2": 192,
        "main-3": 380,
        "main-4": 380,
        "main-5": 108,
        "main-6": 92,
        # The capture's has 32 more: it offers ChaCha20-Poly1305 as well.
        "quick-1": 588,
        "quick-2": 444,
        "quick-3": 76,
    }


def test_aggressive_mode_has_the_lengths_of_the_capture():
    found = lengths(Pair(AGGRESSIVE, AGGRESSIVE).ping(1.0))
    # The capture's first message has 16 more: its nonce is longer than all others.
    assert (found["aggr-1"], found["aggr-2"], found["aggr-3"]) == (704, 592, 172)


def test_a_refusal_of_phase_2_has_the_length_of_the_capture():
    assert lengths(Pair(branch_is={"pfs_group": 5}).ping(1.0))["info-notify"] == 92


def test_vendor_ids_go_out_in_the_order_of_the_capture():
    pair = Pair().ping(1.0)
    assert vendor_ids_of(sent(pair, "hq", "main-1")[0]) == [
        vendor_ids.NAT_T_RFC,
        vendor_ids.NAT_T_DRAFT_03,
        vendor_ids.NAT_T_DRAFT_02,
        vendor_ids.NAT_T_DRAFT_02_NEWLINE,
        vendor_ids.NAT_T_DRAFT_01,
        vendor_ids.NAT_T_DRAFT_00,
        vendor_ids.DPD,
        vendor_ids.FRAGMENTATION,
        vendor_ids.FRAGMENTATION_MAIN_AND_AGGRESSIVE,
        vendor_ids.FORTIGATE,
    ]
    assert vendor_ids_of(sent(pair, "branch", "main-2")[0]) == [
        vendor_ids.NAT_T_RFC,
        vendor_ids.DPD,
        vendor_ids.FORTIGATE,
        vendor_ids.FRAGMENTATION,
        vendor_ids.FRAGMENTATION_MAIN_AND_AGGRESSIVE,
    ]
    for name, label in (("hq", "main-3"), ("branch", "main-4"), ("hq", "main-5")):
        assert vendor_ids_of(sent(pair, name, label)[0]) == []


def test_nonces_are_short_and_an_identity_names_neither_protocol_nor_port():
    pair = Pair().ping(1.0)
    (nonce,) = [p for p in sent(pair, "hq", "main-3")[0].payloads if isinstance(p, Nonce)]
    identity = sent(pair, "hq", "main-5")[0].payloads[0]
    assert (len(nonce.data), identity.protocol, identity.port) == (16, 0, 0)


def test_the_first_contact_is_told_with_the_proof():
    pair = Pair().ping(1.0)
    kinds = [p.notify_type for p in sent(pair, "hq", "main-5")[0].payloads[2:]]
    assert kinds == [NotifyType.INITIAL_CONTACT]


@pytest.mark.parametrize(("name", "label"), [("hq", "main-1"), ("branch", "main-2")])
def test_both_roles_resend_after_six_and_twelve_seconds_and_give_up_after_thirty(name, label):
    pair = Pair(lost=lambda output, sender: sender == name).ping(5.0)
    pair.lost = lambda output, sender: True
    pair.run(80.0)
    own = [e for e in sent(pair, name, label) if not e.answers_duplicate]
    assert [round(e.at - own[0].at, 2) for e in own][:3] == [0, 6, 18]
    assert len(own) == 3
    assert pair.view(name).snapshot.ike.sas == ()


@pytest.mark.parametrize(
    ("wrong", "hq_stays"),
    [
        ({"psk": b"another"}, "MAIN_WAIT_6"),
        ({"psk": None}, "MAIN_WAIT_2"),
        ({"phase1": OTHER}, "MAIN_WAIT_2"),
        (AGGRESSIVE, "MAIN_WAIT_2"),
    ],
)
def test_what_is_wrong_with_phase_1_is_met_with_silence(wrong, hq_stays):
    pair = Pair(branch_is=wrong).ping(5.0)
    assert notifies(pair, "branch") == []
    assert pair.view("hq").snapshot.ike.sas[0].state == hq_stays


@pytest.mark.parametrize(
    ("hq", "branch", "up"), [(None, None, 1), (14, 14, 1), (14, None, 0), (None, 14, 0), (14, 5, 0)]
)
def test_pfs_must_be_set_alike(hq, branch, up):
    pair = Pair({"pfs_group": hq}, {"pfs_group": branch}).ping(5.0)
    assert len(pair.view("hq").snapshot.ipsec) == up
    refused = [] if up else [(NotifyType.NO_PROPOSAL_CHOSEN, True)]
    assert notifies(pair, "branch") == refused


def test_selectors_must_mean_the_same_and_no_word_is_said_of_others():
    for asks, has, up in (
        (("10.1.0.10", "10.2.0.0/24"), ("10.2.0.0/24", "10.1.0.10/32"), 1),
        (("10.1.0.0/24", "10.2.0.0/25"), ("10.2.0.0/24", "10.1.0.0/24"), 0),
        (("10.1.0.0/24", "10.2.0.0/24"), ("10.2.0.0/25", "10.1.0.0/24"), 0),
    ):
        pair = Pair({"pairs": [asks]}, {"pairs": [has]}).ping(5.0)
        assert len(pair.view("branch").snapshot.ipsec) == up
        assert notifies(pair, "branch") == []


def test_a_failed_phase_2_leaves_phase_1_alone():
    pair = Pair(branch_is={"pfs_group": 5}).ping(40.0)
    for name in ("hq", "branch"):
        assert [sa.state for sa in pair.view(name).snapshot.ike.sas] == ["ESTABLISHED"]


def test_a_phase_1_that_ends_takes_its_ipsec_sas_along():
    pair = Pair().ping(1.0).order("hq", Clear("ike")).run(2.0)
    for name in ("hq", "branch"):
        snapshot = pair.view(name).snapshot
        assert (len(snapshot.ike.sas), len(snapshot.ipsec)) == (0, 0)


def test_both_phases_are_renewed_five_minutes_before_their_end_by_a_responder_later():
    pair = Pair().ping(1.0)
    for name, margin in (("hq", 300), ("branch", 270)):
        phase1 = next(e for e in pair.events[name] if isinstance(e, PhaseOneCompleted))
        phase2 = next(e for e in pair.events[name] if isinstance(e, PhaseTwoCompleted))
        assert phase1.rekey_in == DEFAULTS.phase1_lifetime - margin
        assert phase2.rekey_in == DEFAULTS.phase2_lifetime - margin


def test_probes_on_demand_count_from_one():
    pair = Pair().ping(1.0)
    pair.lost = lambda output, sender: sender == "branch"
    pair.ping(100.0)
    probes = [e for e in pair.events["hq"] if isinstance(e, DpdSent)]
    assert [e.sequence for e in probes] == [1, 2, 3]
    assert [round(b.at - a.at) for a, b in pairwise(probes)] == [20, 20]
    quiet = Pair().ping(300.0)
    assert sent(quiet, "hq", "info-dpd") == []


def test_dead_peers_are_forgotten():
    pair = Pair().ping(1.0)
    pair.lost = lambda output, sender: True
    pair.ping(100.0)
    assert pair.view("hq").snapshot.ipsec == ()


def test_a_refused_offer_names_the_spi_that_was_offered():
    pair = Pair(branch_is={"pfs_group": 5}).ping(1.0)
    (event,) = sent(pair, "branch", "info-notify")
    (notify,) = [p for p in event.payloads if isinstance(p, Notification)]
    assert (notify.protocol_id, len(notify.spi)) == (3, 4)


def test_defaults_are_those_of_a_new_tunnel():
    assert DEFAULTS.pfs_group == 14
    assert (DEFAULTS.phase1_lifetime, DEFAULTS.phase2_lifetime) == (86400, 43200)
    assert [t.group for t in DEFAULTS.phase1] == [14, 5] * 4
    assert (DEFAULTS.replay_window, DEFAULTS.phase2_kilobytes) == (2048, None)
    assert BEHAVIOUR.half_open_timeout == BEHAVIOUR.phase1.give_up == 30.0


def test_reactions_cannot_be_changed_by_accident():
    assert type(REACTIONS).__name__ == "mappingproxy"
