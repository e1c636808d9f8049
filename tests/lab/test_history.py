"""The history of negotiations is read out of events alone."""

import math

from gwsim.ike.events import CloseReason, QuickModeClosed
from gwsim.ike.states import Role, State
from gwsim.lab.history import Spell, pairs, stays

from .expect.made import TOY, closed, paired, started, state, unpaired


def test_a_spell_holds_from_its_begin_to_before_its_end():
    spell = Spell(2.0, 5.0)
    assert [spell.holds(t) for t in (1.9, 2.0, 4.9, 5.0)] == [False, True, True, False]


def test_a_spell_touches_a_span_be_it_for_an_instant():
    assert Spell(3.0, 3.0).touches(3.0, 3.0)
    assert Spell(3.0, 9.0).touches(0.0, 3.0)
    assert not Spell(3.0, 9.0).touches(9.0, 10.0)
    assert not Spell(3.0, 9.0).touches(0.0, 2.9)


def test_each_change_ends_the_stay_before():
    history = stays(
        [state(1.0, State.MAIN_WAIT_2), state(2.0, State.MAIN_WAIT_4), closed(34.0)], TOY
    )
    assert [(s.word, s.spell) for s in history] == [
        ("TWO", Spell(1.0, 2.0)),
        ("FOUR", Spell(2.0, 34.0)),
    ]


def test_two_negotiations_do_not_disturb_each_other():
    history = stays(
        [state(1.0, State.MAIN_WAIT_2), state(1.5, State.MAIN_WAIT_2, sa=2), closed(3.0)], TOY
    )
    assert [s.spell for s in history] == [Spell(1.0, 3.0), Spell(1.5, math.inf)]


def test_a_reboot_ends_everything():
    events = [state(1.0, State.ESTABLISHED), paired(2.0, 100), started(9.0)]
    assert stays(events, TOY)[0].spell == Spell(1.0, 9.0)
    assert pairs(events)[0].spell == Spell(2.0, 9.0)


def test_a_closed_state_is_an_end_and_no_stay():
    history = stays([state(1.0, State.MAIN_WAIT_2), state(4.0, State.CLOSED)], TOY)
    assert [s.spell for s in history] == [Spell(1.0, 4.0)]


def test_installed_sas_outlive_phase_1_but_half_a_quick_mode_does_not():
    events = [
        state(1.0, State.ESTABLISHED),
        state(2.0, State.INSTALLED, phase=2, message_id=7),
        paired(2.0, 100, message_id=7),
        state(3.0, State.QUICK_WAIT_2, phase=2, message_id=8),
        closed(5.0),
        unpaired(8.0, 100),
    ]
    assert [s.spell for s in stays(events, TOY)] == [
        Spell(1.0, 5.0),
        Spell(2.0, 8.0),
        Spell(3.0, 5.0),
    ]


def test_a_quick_mode_that_fails_ends_its_stay():
    failed = QuickModeClosed(
        at=4.0, sa=1, role=Role.INITIATOR, state=State.QUICK_WAIT_2, message_id=8, child="c",
        local="", remote="", reason=CloseReason.PEER_REFUSED,
    )  # fmt: skip
    history = stays([state(3.0, State.QUICK_WAIT_2, phase=2, message_id=8), failed], TOY)
    assert [s.spell for s in history] == [Spell(3.0, 4.0)]


def test_a_state_the_vendor_does_not_show_keeps_the_engines_name():
    [stay] = stays([state(1.0, State.MAIN_WAIT_3)], TOY)
    assert stay.word is None
    assert stay.called("MAIN_WAIT_3")
    assert not stay.called("THREE")


def test_pairs_live_from_completion_to_close_and_may_overlap():
    events = [paired(1.0, 100), paired(5.0, 200), unpaired(6.0, 100), unpaired(6.0, 999)]
    assert [(p.inbound_spi, p.spell) for p in pairs(events)] == [
        (100, Spell(1.0, 6.0)),
        (200, Spell(5.0, math.inf)),
    ]
