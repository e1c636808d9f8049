"""The table of mistakes: each is told to one gateway, and its proof says what became of it."""

import pytest

from gwsim.ike.config import Schedule
from gwsim.ike.impairments import Change
from gwsim.lab.faults import mistakes_in_messages, mistakes_in_payloads
from gwsim.lab.faults.crafted import FAULTS
from gwsim.lab.faults.fault import Theme
from gwsim.lab.faults.mistake import Mistake
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.vendors.asa.behaviour import BEHAVIOUR
from tests.lab.faults.configured import gateways, plan
from tests.lab.scenarios_for_tests import with_fault

MISTAKES = (*mistakes_in_payloads.MISTAKES, *mistakes_in_messages.MISTAKES)


def test_there_are_more_than_thirty_of_them() -> None:
    assert len(MISTAKES) > 30
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES)
    assert all(fault.theme is Theme.CRAFTED for fault in FAULTS)


def test_every_change_the_engine_knows_is_the_subject_of_a_fault() -> None:
    """But for the one that needs another fault first, by which a message is refused."""
    told = {mistake.change for mistake in MISTAKES} | {Change.WITHHOLD, Change.FLOOD}
    assert told == set(Change) - {Change.COPY_NOTIFY_SPIS}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_to_one_gateway(mistake: Mistake) -> None:
    hq, branch = gateways(f"{mistake.name}: {{at: hq}}")
    [told] = hq.endpoint.impairments
    assert branch.endpoint.impairments == ()
    assert (told.change, told.value, told.message) == (
        mistake.change,
        mistake.value,
        mistake.message,
    )


def test_a_message_can_be_named_and_mistakes_add_up() -> None:
    hq, _ = gateways("ke-omit: {at: hq, message: the 2nd main-3}\n  - ids-one: {at: hq}")
    first, second = hq.endpoint.impairments
    assert (first.message, first.occurrences) == ("main-3", frozenset({2}))
    assert second.change is Change.FIRST_ONLY


@pytest.mark.parametrize(
    ("message", "sender"), [("main-3", "hq"), ("the 2nd quick-1", "hq"), ("main-4", "branch")]
)
def test_a_message_that_is_named_tells_who_sends_it(message: str, sender: str) -> None:
    told = [one.name for one in gateways(f"ke-zero: {message}") if one.endpoint.impairments]
    assert told == [sender]


def proof(fault: str) -> str:
    [bite] = run(load_text(with_fault(fault))).verdict.bites
    return str(bite.words)


def test_the_proof_names_message_mistake_and_consequence() -> None:
    assert proof("ke-omit: {at: hq}") == (
        "hq sent main-3 at 1.0 s (the key exchange payload is missing); "
        "branch refused it: payload missing, main-3 without KEY-EXCHANGE"
    )
    assert proof("isakmp-flag-bogus").endswith("(a reserved flag in the header); nobody refused it")
    assert "(AES without its key length)" in proof("key-length-omit")


def test_habits_are_a_matter_of_behaviour() -> None:
    behaviours = {
        name: gateways(f"{name}: {{at: hq}}")[0].endpoint.behaviour
        for name in (
            "suppress-retransmits",
            "timeout-on-retransmit",
            "ignore-soft-expire",
            "ignore-hard-expire",
        )
    }
    silent, hasty, idle, lasting = behaviours.values()
    assert silent.phase1 == silent.quick == Schedule((), BEHAVIOUR.phase1.give_up)
    assert hasty.phase1 == hasty.quick == Schedule((), BEHAVIOUR.phase1.resends[0])
    assert idle.phase2_rekey.fraction is None
    assert idle.phase1_rekey.fraction is None
    assert not lasting.enforce_lifetime


@pytest.mark.parametrize(
    ("fault", "action", "seconds"),
    [
        ("replay-forward", "replay-forward", 0.0),
        ("replay-backward: udp/4500", "replay-backward", 0.0),
        ("drip: 3s", "drip", 3.0),
    ],
)
def test_what_somebody_in_between_does_is_a_rule(fault: str, action: str, seconds: float) -> None:
    [rule] = plan(fault).path.rules
    assert (rule.action, rule.seconds) == (action, seconds)
    assert rule.match.port in (500, 4500)
