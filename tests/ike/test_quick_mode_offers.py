"""Quick mode's proposals: suites, modes, sequence numbers, and what is done when none will do."""

from dataclasses import replace

import pytest

from gwsim.ike.config import Phase2Transform
from gwsim.ike.events import (
    ChildKeys,
    CloseReason,
    NotifyReceived,
    PhaseOneClosed,
    ProposalAccepted,
    ProposalRefused,
    Rejected,
    SpiAllocated,
)
from gwsim.ike.flaws import Flaw
from gwsim.wire.numbers import NotifyType
from tests.ike.configs import ADDRESS, ESP_AES_SHA, selector, two_children
from tests.ike.pair import facing


def refused_at_b(pair) -> Rejected:
    """Give the last refusal at B."""
    return pair.found("B", Rejected)[-1]


@pytest.mark.parametrize(
    "transform",
    [
        Phase2Transform(2, 1),
        Phase2Transform(3, 2),
        Phase2Transform(11, 2),
        Phase2Transform(12, 5, 256),
        Phase2Transform(12, 7, 192),
        Phase2Transform(13, 2, 128),
        Phase2Transform(20, None, 256),
    ],
)
def test_suites(transform):
    pair = facing(transforms=(transform,))
    pair.initiate()
    assert pair.up()
    keys = pair.found("B", ChildKeys)[0]
    assert (keys.transform, keys.key_bits, keys.authentication) == (
        transform.transform,
        transform.key_bits,
        transform.authentication,
    )


@pytest.mark.parametrize("transport", [True, False])
def test_transport_and_tunnel(transport):
    pair = facing(transport=transport)
    pair.initiate()
    assert pair.up()
    assert {pair.found(s, ChildKeys)[0].transport for s in "AB"} == {transport}


@pytest.mark.parametrize("ends", ["peers", "networks"])
def test_a_vendor_may_keep_transport_mode_to_the_peers_themselves(ends):
    hosts = [selector(ADDRESS[side]) for side in "AB"]
    a = {"child_local": hosts[0], "child_remote": hosts[1]} if ends == "peers" else {}
    b = {"child_local": hosts[1], "child_remote": hosts[0]} if ends == "peers" else {}
    pair = facing(a=a, b=b, transport=True, transport_needs_peers=True)
    pair.initiate()
    assert pair.up()
    for side in "AB":
        assert pair.found(side, ChildKeys)[0].transport is (ends == "peers")
        assert pair.children(side)[0].transport is (ends == "peers")


def test_transport_against_tunnel_is_refused_with_the_reason():
    pair = facing(a={"transport": True})
    pair.initiate()
    assert refused_at_b(pair).why == "encapsulation mode: offered transport, wanted tunnel"
    assert refused_at_b(pair).flaw is Flaw.NO_PROPOSAL_PHASE2


def test_extended_sequence_numbers():
    pair = facing(esn=True)
    pair.initiate()
    assert {pair.found(s, ChildKeys)[0].esn for s in "AB"} == {True}


def test_extended_sequence_numbers_on_the_responder_only_are_not_used():
    pair = facing(b={"esn": True})
    pair.initiate()
    assert pair.up()
    assert {pair.found(s, ChildKeys)[0].esn for s in "AB"} == {False}


def test_the_96_bit_mistake_goes_to_the_data_plane_of_who_makes_it():
    pair = facing(a={"truncated_sha256": True}, transforms=(Phase2Transform(12, 5, 128),))
    pair.initiate()
    assert [pair.found(s, ChildKeys)[0].truncated_sha256 for s in "AB"] == [True, False]


def test_the_mistake_concerns_sha_256_alone():
    pair = facing(truncated_sha256=True)
    pair.initiate()
    assert not pair.found("A", ChildKeys)[0].truncated_sha256


@pytest.mark.parametrize("transforms", [(Phase2Transform(3, 2), ESP_AES_SHA)])
def test_one_of_several_transforms(transforms):
    pair = facing(a={"transforms": transforms})
    pair.initiate()
    assert pair.up()
    accepted = next(e for e in pair.found("B", ProposalAccepted) if e.phase == 2)
    assert (accepted.transform, accepted.policy) == (2, 1)


def test_nothing_acceptable_is_answered_under_protection_and_phase_1_stays():
    pair = facing(a={"transforms": (Phase2Transform(3, 1),)})
    pair.initiate()
    assert pair.labels()[6:] == ["A quick-1", "B info-notify"]
    refused = pair.found("B", ProposalRefused)[0]
    assert [(c.attribute, c.offered, c.wanted) for c in refused.comparisons] == [
        ("transform", 3, 12),
        ("key length", None, 128),
        ("authentication", 1, 2),
    ]
    notified = pair.found("A", NotifyReceived)[0]
    assert notified.notify_type == NotifyType.NO_PROPOSAL_CHOSEN
    assert (notified.protected, notified.phase, notified.acted) == (True, 2, True)
    assert notified.spi == pair.found("A", SpiAllocated)[0].spi.to_bytes(4, "big")
    assert pair.sa("A").quick_modes == pair.sa("B").quick_modes == ()


@pytest.mark.parametrize("side", "AB")
def test_a_vendor_that_tears_phase_1_down_when_phase_2_fails(side):
    changes = {"transforms": (Phase2Transform(3, 1),)}
    tears = {"phase2_failure_deletes_phase1": True}
    pair = facing(a={**changes, **(tears if side == "A" else {})}, b=tears if side == "B" else {})
    pair.initiate()
    closed = pair.found(side, PhaseOneClosed)[0]
    assert closed.reason is CloseReason.PHASE2_FAILED
    assert pair.states("A") == pair.states("B") == []
    assert pair.last(f"{side} info-delete")


def test_phase_1_stays_while_another_quick_mode_is_busy_or_a_child_is_up():
    children = {s: two_children(s) for s in "AB"}
    broken = replace(children["A"][0], transforms=(Phase2Transform(3, 1),))
    pair = facing(
        a={"children": (broken, children["A"][1]), "phase2_failure_deletes_phase1": True},
        b={"children": children["B"]},
    )
    pair.act("A", lambda end: end.initiate("peer", "web", 0.0))
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    pair.settle()
    assert pair.up()
    assert [c.child for c in pair.children("A")] == ["lan"]
    pair.initiate(child="web")
    assert pair.up()
