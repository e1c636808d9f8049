"""A NetScreen's temperament, seen on the wire."""

from dataclasses import replace

import pytest

from gwsim.gateway.outputs import UdpOut
from gwsim.ike.config import Phase1Transform
from gwsim.ike.events import CloseReason, MessageSent, PhaseOneClosed, PhaseTwoCompleted
from gwsim.ike.flaws import TABLE, Answer, Flaw
from gwsim.vendors.screenos.behaviour import BEHAVIOUR, DEFAULTS, REACTIONS
from gwsim.wire.numbers import NotifyType
from tests.vendors.screenos.pair import Pair


def sent(pair: Pair, name: str) -> list[MessageSent]:
    return [event for event in pair.events[name] if isinstance(event, MessageSent)]


def lost(output, sender):
    return isinstance(output, UdpOut) and sender == "hq"


def test_the_first_message_has_the_length_of_a_real_one():
    """One proposal, the box's own vendor ID, DPD and heartbeat: 156 octets."""
    first = sent(Pair().ping(1), "hq")[0]
    assert (first.label, first.length) == ("main-1", 156)
    lengths = {event.label: event.length for event in sent(Pair().ping(1), "hq")}
    assert (lengths["main-3"], lengths["main-5"]) == (184, 68)


def test_an_unanswered_message_is_resent_eleven_times_four_seconds_apart():
    pair = Pair(lost=lost).ping(100)
    assert [event.at for event in sent(pair, "hq")] == [4.0 * n for n in range(12)]
    closed = next(e for e in pair.events["hq"] if isinstance(e, PhaseOneClosed))
    assert (closed.at, closed.reason) == (48.0, CloseReason.RETRANSMIT_LIMIT)


def test_a_responder_resends_likewise():
    """The pattern by which a scanner that never sends main-3 knows a NetScreen."""
    pair = Pair(lost=lambda output, sender: output.label == "main-3").ping(60)
    times = [e.at for e in sent(pair, "branch") if e.label == "main-2"]
    own = [at - times[0] for at in times if not at % 1 > 0.02]
    assert own[:4] == pytest.approx([0, 4, 8, 12])


def test_a_second_initial_packet_is_discarded_and_main_2_keeps_its_own_time():
    """The initiator's main-1 comes every four seconds, and so does main-2, half a trip later."""
    pair = Pair(lost=lambda output, sender: sender == "branch").ping(10)
    assert not [e for e in sent(pair, "branch") if e.answers_duplicate]
    assert [round(e.at, 2) for e in sent(pair, "branch")] == [0.01, 4.01, 8.01]
    assert sum("second initial packet" in text for text in pair.log("branch")) == 2


@pytest.mark.parametrize(
    "branch_is",
    [
        {"psk": b"wrong"},
        {"remote": "9.9.9.9"},
        {"phase1": (Phase1Transform(7, 2, 5, 256),)},
        {"accept_main": False, "aggressive": True},
    ],
    ids=["key", "peer", "proposal", "mode"],
)
def test_nothing_is_answered_that_fails_before_phase_1_is_done(branch_is):
    pair = Pair(branch_is=branch_is).ping(60)
    assert not [e for e in sent(pair, "branch") if e.label.startswith("info")]
    assert any("Retransmission limit" in text for text in pair.log("hq"))


@pytest.mark.parametrize(
    ("branch_is", "notify"),
    [
        ({"pfs_group": 2}, NotifyType.NO_PROPOSAL_CHOSEN),
        ({"pairs": [("10.2.0.0/24", "10.1.0.0/16")]}, NotifyType.INVALID_ID_INFORMATION),
        ({"pairs": [("10.2.0.0/24 icmp", "10.1.0.0/24 icmp")]}, NotifyType.INVALID_ID_INFORMATION),
    ],
    ids=["pfs", "mask", "service"],
)
def test_a_failed_phase_2_is_answered_and_phase_1_stays(branch_is, notify):
    pair = Pair(branch_is=branch_is).ping(30)
    complaints = [e for e in sent(pair, "branch") if e.label == "info-notify"]
    assert [e.payloads[-1].notify_type for e in complaints] == [notify]
    assert all(e.encrypted for e in complaints)
    for name in ("hq", "branch"):
        assert "Active: 1, Dead: 0, Total 1" in pair.show(name, "get ike cookies")


def test_pfs_of_the_initiator_alone_is_refused_too():
    log = Pair({"pfs_group": 2}).ping(10).log("branch")
    assert any("Received DH group 2 instead of expected group 0 for PFS." in text for text in log)


def test_a_host_is_not_its_slash_32():
    pair = Pair(
        {"pairs": [("10.1.0.10/32", "10.2.0.0/24")]}, {"pairs": [("10.2.0.0/24", "10.1.0.10")]}
    ).ping(10)
    assert any("No policy exists for the proxy ID" in text for text in pair.log("branch"))


def test_the_lower_lifetime_is_used():
    pair = Pair(branch_is={"lifetime_seconds": 1800}).ping(10)
    done = [e for e in pair.events["branch"] if isinstance(e, PhaseTwoCompleted)]
    assert [e.lifetime_seconds for e in done] == [1800]


@pytest.mark.parametrize("lifetime", [3600, 180])
def test_ipsec_sas_are_renewed_ten_seconds_before_their_end(lifetime):
    pair = Pair({"lifetime_seconds": lifetime}, {"lifetime_seconds": lifetime}).ping(10)
    done = next(e for e in pair.events["hq"] if isinstance(e, PhaseTwoCompleted))
    assert done.rekey_in == pytest.approx(lifetime - 10)


def test_nothing_is_switched_on_that_a_new_box_has_off():
    assert DEFAULTS.dpd is None
    assert not DEFAULTS.nat_traversal
    assert DEFAULTS.replay_window == 0
    assert BEHAVIOUR.initial_contact == ()
    assert not DEFAULTS.accepts_other_mode


def test_reactions_are_about_flaws_of_the_table_and_never_clear():
    assert set(REACTIONS) <= set(TABLE)
    assert Answer.CLEAR not in REACTIONS.values()
    answers = {flaw: REACTIONS.get(flaw, TABLE[flaw].answer) for flaw in Flaw}
    known = {Flaw.MINOR_VERSION}
    loud = {f for f, a in answers.items() if a in (Answer.CLEAR, Answer.BEST)}
    assert loud <= known


def test_a_different_temperament_is_a_value_away():
    """The engine computes all of it from the value: with another schedule it behaves otherwise."""
    once = replace(BEHAVIOUR, phase1=replace(BEHAVIOUR.phase1, resends=(1.0,), give_up=2.0))
    pair = Pair(acts=once, lost=lost).ping(10)
    assert [event.at for event in sent(pair, "hq")] == [0.0, 1.0]
