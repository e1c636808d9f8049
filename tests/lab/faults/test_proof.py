"""Witnesses find their proof in the record of a run, and say how far it came when there is none."""

from gwsim.gateway.events import DropCause
from gwsim.ike.flaws import Flaw
from gwsim.lab.faults.catalogue import CATALOGUE, parameters_of, rule_name, spans
from gwsim.lab.faults.fault import Evidence
from gwsim.lab.faults.proof import (
    arrivals,
    at_of,
    comparison,
    could_not_begin,
    dropped,
    either,
    left_clear,
    progress,
    refusal,
    rule_bit,
    translated,
)
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from tests.lab.scenarios_for_tests import with_fault

NAT = (
    ("outside: 203.0.113.1", "outside: 192.168.1.2, behind_nat: {public: 203.0.113.1}"),
    ("from: hq.server, to: branch.pc", "from: branch.pc, to: hq.server"),
)


def evidence(fault: str, *changes: tuple[str, str]) -> Evidence:
    loaded = load_text(with_fault(fault, *changes))
    scenario = loaded.scenario
    use = scenario.faults[0]
    assert use.name in CATALOGUE
    span = spans(scenario)[0]
    return Evidence(scenario, run(loaded).record, parameters_of(use), span, rule_name(scenario, 0))


def test_a_refusal_is_told_with_who_what_and_when() -> None:
    told = refusal((Flaw.UNDECRYPTABLE,), "none")(evidence("psk-mismatch"))
    assert told.bit
    assert told.why.startswith("branch refused main-5 at 1.0 s: payload malformed")


def test_a_refusal_that_was_not_is_told_with_how_far_things_came() -> None:
    told = refusal((Flaw.PEER_ID,), "no identity was refused")(evidence("dpd-off"))
    assert not told.bit
    assert told.why == "no identity was refused; phase 2 completed"


def test_a_comparison_is_told_with_both_values() -> None:
    told = comparison(1, ("hash",), "hash")(evidence("phase1-hash-mismatch"))
    assert told.why == "branch refused the proposal at 1.0 s: hash 2 offered, 1 wanted"
    assert not comparison(2, ("hash",), "hash")(evidence("phase1-hash-mismatch")).bit


def test_a_rule_is_asked_how_many_packets_it_touched() -> None:
    one = rule_bit("dropped")(evidence("drop: the 1st main-4"))
    assert (one.bit, one.why) == (True, "the path touched 1 packet (dropped)")
    two = rule_bit("dropped")(evidence("drop: main-1"))
    assert (two.bit, two.why) == (True, "the path touched 2 packets (dropped)")
    none = rule_bit("dropped")(evidence("drop: main-1 from branch"))
    assert (none.bit, none.why) == (False, "no packet of this kind was seen (dropped)")


def test_traffic_in_the_clear_is_told_with_the_gateway_it_left() -> None:
    told = left_clear(evidence("acl-missing: hq"))
    assert told.bit
    assert told.why == "4 packets left hq in clear text, the first at 1.0 s"
    backward = ("from: hq.server, to: branch.pc", "from: branch.pc, to: hq.server")
    assert not left_clear(evidence("acl-missing: hq", backward)).bit


def test_a_gateway_that_may_not_begin_is_told_with_the_reason() -> None:
    told = could_not_begin(evidence("answer-only-both"))
    assert told.bit
    assert told.why.startswith("hq could not start the tunnel at 1.0 s: ")
    assert not could_not_begin(evidence("dpd-off")).bit


def test_a_drop_is_told_with_its_cause() -> None:
    seen = evidence("corrupt: esp")
    told = dropped(DropCause.BAD_ICV, "none")(seen)
    assert told.bit
    assert "dropped a packet (bad-icv)" in told.why
    assert dropped(DropCause.REPLAYED, "no replay")(seen).why.startswith("no replay")


def test_of_several_witnesses_the_one_with_a_proof_speaks() -> None:
    seen = evidence("psk-mismatch")
    yes, no = refusal((Flaw.UNDECRYPTABLE,), "yes"), refusal((Flaw.PEER_ID,), "no")
    assert either(no, yes)(seen).bit
    assert either(no, no)(seen).why.startswith("no")


def test_progress_is_the_furthest_that_somebody_came() -> None:
    assert progress(evidence("dpd-off").record) == "phase 2 completed"
    assert progress(evidence("pfs-mismatch").record) == "phase 1 completed, phase 2 did not"
    assert progress(evidence("acl-missing: hq").record) == "no negotiation began"
    assert progress(evidence("psk-mismatch").record) == "a negotiation began"
    limit = (("at: 10s", "at: 60s"),)
    assert progress(evidence("psk-mismatch", *limit).record) == "a negotiation was given up"


def test_translations_and_arrivals_are_seen_on_the_path() -> None:
    assert translated(evidence("dpd-off", *NAT).record)
    seen = evidence("peer-down: {end: 3s}")
    assert not translated(seen.record)
    assert at_of(seen).name == "branch"
    found = [event.at for event in arrivals(seen, "branch")]
    assert found
    assert max(found) < 3
