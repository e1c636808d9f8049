"""The temperament of a PIX, where it is not a router's."""

from gwsim.ike.events import MessageSent, PhaseTwoCompleted
from gwsim.wire import vendor_ids
from gwsim.wire.payloads import VendorId
from tests.vendors.ios.pix.pair import Pair


def sent(pair, name, label):
    return [e for e in pair.events[name] if isinstance(e, MessageSent) and e.label == label]


def test_both_roles_resend_five_times_five_seconds_apart():
    """The pattern by which a scanner knows a PIX 6.3."""
    pair = Pair(lost=lambda output, sender: True).ping(60)
    assert [e.at for e in sent(pair, "hq", "main-1")] == [0, 5, 10, 15, 20, 25]
    pair = Pair(lost=lambda output, sender: sender == "branch").ping(2)
    pair.lost = lambda output, sender: True
    times = [round(e.at, 2) for e in sent(pair.run(60), "branch", "main-2")]
    assert times == [0.01, 5.01, 10.01, 15.01, 20.01, 25.01]
    assert pair.view("branch").snapshot.ike.sas == ()


def test_it_does_not_say_that_it_is_a_router():
    message = sent(Pair().ping(1), "hq", "main-3")[0]
    ids = [p.data for p in message.payloads if isinstance(p, VendorId)]
    assert ids == [vendor_ids.CISCO_UNITY, vendor_ids.DPD, vendor_ids.XAUTH]


def test_ipsec_sas_live_for_eight_hours():
    done = next(e for e in Pair().ping(1).events["hq"] if isinstance(e, PhaseTwoCompleted))
    assert (done.lifetime_seconds, done.lifetime_kilobytes) == (28800, 4_608_000)
    assert done.rekey_in == 28770


def test_nat_traversal_is_of_its_time_and_switched_on_by_hand():
    assert len(sent(Pair().ping(1), "hq", "main-1")[0].payloads) == 1
    own = {"nat_traversal": True}
    ids = [p.data for p in sent(Pair(own, own).ping(1), "hq", "main-1")[0].payloads[1:]]
    assert ids == [vendor_ids.NAT_T_DRAFT_03, vendor_ids.NAT_T_DRAFT_02_NEWLINE]
