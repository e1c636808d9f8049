"""What was agreed on is named in words, and weak choices are marked."""

from dataclasses import replace

from gwsim.ike.events import ProposalAccepted
from gwsim.lab.html.agreed import agreed, weak_in, weaknesses
from tests.lab.html.runs import HEALTHY, judged


def accepted(phase):
    events = judged(HEALTHY).record.gateway("hq").events
    return next(e for e in events if isinstance(e, ProposalAccepted) and e.phase == phase)


def test_both_phases_are_named():
    assert agreed(accepted(1)) == "aes-cbc-256, sha1, modp-1024"
    assert agreed(accepted(2)) == "aes-cbc-256, hmac-sha1, no PFS"
    assert agreed(replace(accepted(2), group=14)).endswith(", modp-2048")
    assert agreed(replace(accepted(2), transform=1, authentication=None)) == "aes-cbc-256, no PFS"


def test_weak_choices_are_marked_each_once():
    assert weaknesses(accepted(2)) == ()
    assert weaknesses(replace(accepted(2), encryption=2)) == ("DES: 56-bit key",)
    assert weak_in([accepted(1), accepted(1), accepted(2)]) == ("group 2: 1024-bit MODP",)


def test_an_unknown_transform_is_not_judged():
    assert weaknesses(replace(accepted(2), encryption=250)) == ()
