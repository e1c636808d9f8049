"""`show crypto isakmp sa`: layout to the last blank, types, states and rekeying."""

from dataclasses import replace

import pytest

from gwsim.ike.config import Phase1Transform
from gwsim.ike.states import State
from gwsim.vendors.asa.show_isakmp import ikev1_sa, ikev1_sa_detail, is_rekey, isakmp_sa, shown
from gwsim.vendors.asa.states import UNSHOWN
from tests.vendors.asa.pair import Pair


def row(screen, label):
    line = next(line for line in screen.splitlines() if f"{label}" in line)
    return line.partition(f"{label}")[2].partition(":")[2].split()[0]


def test_an_established_sa(golden):
    golden("show_crypto_isakmp_sa__up", Pair().ping(1.0).show("hq", "show crypto isakmp sa"))


def test_an_initiator_nobody_answers(golden):
    pair = Pair(lost=lambda output, sender: True).ping(5.0)
    golden("show_crypto_isakmp_sa__msg2", pair.show("hq", "show crypto isakmp sa"))


def test_detail_adds_algorithms_and_lifetimes(golden):
    policy = (Phase1Transform(7, 2, 2, 256),)
    pair = Pair({"phase1": policy}, {"phase1": policy}).ping(427.0)
    golden("show_crypto_ikev1_sa_detail__up", pair.show("hq", "show crypto ikev1 sa detail"))
    assert pair.show("hq", "show crypto isakmp sa detail") == (
        pair.show("hq", "show crypto ikev1 sa detail") + "\nThere are no IKEv2 SAs\n"
    )


def test_without_an_sa():
    view = Pair().view("hq")
    assert ikev1_sa(view) == "\nThere are no IKEv1 SAs\n"
    assert isakmp_sa(view) == "\nThere are no IKEv1 SAs\n\nThere are no IKEv2 SAs\n"


@pytest.mark.parametrize(
    ("changes", "lost", "seen_by_hq", "seen_by_branch"),
    [
        ({}, lambda o, s: True, ("user", "initiator", "MM_WAIT_MSG2"), None),
        (
            {},
            lambda o, s: s == "branch",
            ("user", "initiator", "MM_WAIT_MSG2"),
            ("user", "responder", "MM_WAIT_MSG3"),
        ),
        (
            {"branch_is": {"psk": None}},
            lambda o, s: False,
            ("user", "initiator", "MM_WAIT_MSG4"),
            None,
        ),
        (
            {"branch_is": {"psk": b"another"}},
            lambda o, s: False,
            ("L2L", "initiator", "MM_WAIT_MSG6"),
            ("L2L", "responder", "MM_WAIT_MSG5"),
        ),
        (
            {"hq_is": {"aggressive": True}},
            lambda o, s: o.label == "aggr-2",
            ("user", "initiator", "AM_WAIT_MSG2"),
            ("L2L", "responder", "AM_WAIT_MSG3"),
        ),
        (
            {"hq_is": {"aggressive": True}},
            lambda o, s: False,
            ("L2L", "initiator", "AM_ACTIVE"),
            ("L2L", "responder", "AM_ACTIVE"),
        ),
    ],
)
def test_type_role_and_state_at_every_place_where_a_negotiation_rests(
    changes, lost, seen_by_hq, seen_by_branch
):
    """The type is `user` until the tunnel-group is known."""
    pair = Pair(lost=lost, **changes).ping(5.0)
    for name, expected in (("hq", seen_by_hq), ("branch", seen_by_branch)):
        screen = pair.show(name, "show crypto ikev1 sa")
        if expected is None:
            assert screen == "\nThere are no IKEv1 SAs\n"
        else:
            found = tuple(row(screen, label) for label in ("Type   ", "Role   ", "State  "))
            assert found == expected


def test_a_tunnel_counts_one_active_and_one_rekey_sa_while_it_is_renewed():
    pair = Pair({"dpd": None}, {"dpd": None}).ping(64801.0)
    screen = pair.show("hq", "show crypto isakmp sa")
    assert "   Active SA: 1\n    Rekey SA: 1 (" in screen
    assert "Total IKE SA: 2\n" in screen
    assert [line.split()[2] for line in screen.splitlines() if "Rekey   :" in line] == ["yes", "no"]
    pair.run(64900.0)
    assert "   Active SA: 1\n    Rekey SA: 0 (" in pair.show("hq", "show crypto isakmp sa")


def test_a_renewal_under_way_counts_as_the_rekey():
    sa = Pair().ping(1.0).view("hq").snapshot.ike.sas[0]
    assert not is_rekey(sa)
    assert is_rekey(replace(sa, rekeying=True, established=None, state="MAIN_WAIT_2"))
    assert not is_rekey(replace(sa, rekeying=True))
    assert is_rekey(replace(sa, replaced=True))


def test_states_without_a_word_are_not_shown():
    view = Pair().ping(1.0).view("hq")
    sa = view.snapshot.ike.sas[0]
    for state in State:
        ike = replace(view.snapshot.ike, sas=(replace(sa, state=state.value),))
        assert bool(shown(replace(view.snapshot, ike=ike))) == (state not in UNSHOWN)


def test_the_number_keeps_its_four_columns():
    view = Pair().ping(1.0).view("hq")
    many = replace(view.snapshot.ike, sas=view.snapshot.ike.sas * 12)
    screen = ikev1_sa(replace(view, snapshot=replace(view.snapshot, ike=many)))
    assert "\n1   IKE Peer: 203.0.113.1\n" in screen
    assert "\n12  IKE Peer: 203.0.113.1\n" in screen


def test_detail_of_a_half_open_sa_shows_what_is_agreed_and_nothing_else():
    waiting = Pair(lost=lambda output, sender: True).ping(5.0).view("hq")
    assert ikev1_sa_detail(waiting) == ikev1_sa(waiting)
    agreed = Pair(branch_is={"psk": None}).ping(5.0).view("hq")
    assert "    Encrypt : 3des            Hash    : SHA       \n" in ikev1_sa_detail(agreed)
    assert "Remaining" not in ikev1_sa_detail(agreed)
