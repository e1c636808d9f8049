"""Where attempts stop, and what is said of it."""

import pytest

from gwsim.capture.reading import endings as under_test
from gwsim.capture.reading.attempt import Attempt, Said
from gwsim.capture.reading.dialogue import Flow
from gwsim.capture.reading.endings import ending
from gwsim.ike.states import State
from gwsim.wire.numbers import NotifyType
from gwsim.wire.payloads import Notification
from tests.capture.reading.stories import dialogue_of
from tests.path.packets import BRANCH, HQ

NO_ESP = {HQ: Flow(), BRANCH: Flow()}


def attempt(*labels, **options):
    """An attempt of these messages, sent by turns."""
    made = Attempt(b"initiate", HQ, BRANCH, 0.0, True)
    for number, label in enumerate(labels):
        sender = BRANCH if label[-1] in "246" else HQ
        made.note(label, sender, float(number), options.get("port", 500))
        made.quick_modes += label == "quick-1"
        made.installed += label == "quick-3"
    return made


def text(found):
    return "\n".join((found.title, *found.lines))


@pytest.mark.parametrize(
    ("story", "label", "words"),
    [
        ("healthy/asa-screenos", "quick-3", "the tunnel is up"),
        ("contact/udp-500-blocked", "main-1", "a filter drops UDP 500"),
        ("contact/answers-lost", "main-1", "sent 4 times"),
        ("phase1/main-3-lost", "main-3", "lost on the way"),
        ("phase1/psk-mismatch", "main-5", "the pre-shared keys differ"),
        ("phase1/psk-mismatch-aggressive", "aggr-2", "the pre-shared keys differ"),
        ("phase2/pfs-only-screenos-asa-initiates", "quick-1", "with an encrypted notify"),
        ("traffic/esp-blocked-one-way", "quick-3", "no ESP of"),
    ],
)
def test_stories_stop_where_they_do_and_are_explained(story, label, words):
    dialogue = dialogue_of(story)
    found = ending(list(dialogue.attempts.values())[-1], dialogue.flows)
    assert found.label == label
    assert words in text(found)


def test_an_answer_that_comes_again_tells_that_the_next_message_is_missing():
    dialogue = dialogue_of("nat/udp-4500-blocked", "branch-outside")
    found = ending(next(iter(dialogue.attempts.values())), dialogue.flows)
    assert "main-4 comes again after main-5, 4 times in all" in text(found)
    assert "it is on UDP 4500, which may be blocked" in text(found)


def test_before_the_float_the_blocked_port_is_suspected():
    dialogue = dialogue_of("nat/udp-4500-blocked", "hq-outside")
    found = ending(next(iter(dialogue.attempts.values())), dialogue.flows)
    assert found.label == "main-4"
    assert "the next message goes to UDP 4500" in text(found)


def test_a_refusal_in_so_many_words_takes_the_place_of_guesses():
    made = attempt("main-1")
    made.said.append(Said(1.0, BRANCH, Notification(NotifyType.NO_PROPOSAL_CHOSEN), True))
    made.said.append(Said(1.0, BRANCH, Notification(NotifyType.INITIAL_CONTACT), True))
    found = ending(made, NO_ESP)
    assert found.lines == (
        f"{BRANCH} says NO-PROPOSAL-CHOSEN: none of the offered proposals is configured there",
    )


def test_a_refusal_nobody_has_words_for_is_named_alone():
    made = attempt("main-1")
    made.said.append(Said(1.0, BRANCH, Notification(NotifyType.SITUATION_NOT_SUPPORTED), True))
    assert ending(made, NO_ESP).lines == (f"{BRANCH} says SITUATION-NOT-SUPPORTED",)


@pytest.mark.parametrize("label", under_test.ORDER[:-1])
def test_every_label_that_can_be_the_last_one_is_explained(label):
    found = ending(attempt(label), NO_ESP)
    assert found.label == label
    assert not found.up
    assert found.initiator in (*State, None)
    assert found.lines


def test_esp_both_ways_one_way_and_none():
    up = attempt("quick-1", "quick-2", "quick-3")
    both = {HQ: Flow(3, spis={7: 3}), BRANCH: Flow(2, spis={8: 2}, encapsulated=True)}
    assert ending(up, both).lines == (
        f"ESP of {HQ}: 3 packets as protocol 50, SPI 0x00000007",
        f"ESP of {BRANCH}: 2 packets in UDP 4500, SPI 0x00000008",
    )
    assert f"no ESP of {BRANCH}" in text(ending(up, {HQ: Flow(3), BRANCH: Flow()}))
    assert "no ESP at all" in text(ending(up, NO_ESP))


def test_a_quick_mode_that_hangs_does_not_take_the_tunnel_away():
    made = attempt("quick-1", "quick-2", "quick-3", "quick-1")
    found = ending(made, NO_ESP)
    assert found.up
    assert "1 quick modes did not end well" in found.lines


def test_phase_1_renewed_while_esp_goes_on_is_up():
    made = attempt("main-5", "main-6")
    assert ending(made, {HQ: Flow(9, 0.0, 99.0), BRANCH: Flow()}).up
    assert ending(made, NO_ESP).title == "it rests after phase 1"


def test_what_began_before_the_capture_is_said_so():
    found = ending(Attempt(b"initiate", HQ, BRANCH, 0.0, False), {HQ: Flow(1), BRANCH: Flow()})
    assert found.title == "its beginning is not in the capture"
    assert found.up
