"""Impairments are checked values, and each message they fit is counted once."""

import pytest

from gwsim.ike.impairments import OF_PAYLOADS, Change, Impaired, Impairment
from gwsim.wire.numbers import PayloadType

KE = PayloadType.KEY_EXCHANGE


@pytest.mark.parametrize("label", ["main-3", "quick", "info", "any"])
def test_a_label_or_a_family_says_which_messages(label):
    assert Impairment(label, Change.TWICE).message == label


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match="no message label"):
        Impairment("main-9", Change.TWICE)
    with pytest.raises(ValueError, match="counted from 1"):
        Impairment("main-3", Change.TWICE, occurrences=frozenset({0}))


@pytest.mark.parametrize("change", sorted(OF_PAYLOADS))
def test_a_change_of_payloads_must_say_of_which(change):
    with pytest.raises(ValueError, match="needs a payload"):
        Impairment("main-3", change)
    assert Impairment("main-3", change, KE).payload == KE


def test_nothing_is_due_where_nothing_is_configured():
    assert Impaired().of("main-3") == ()


def test_only_what_is_of_a_message_is_due_in_it():
    main, quick = Impairment("main", Change.TWICE), Impairment("quick-1", Change.TWICE)
    impaired = Impaired((main, quick))
    assert impaired.of("main-5") == (main,)
    assert impaired.of("quick-1") == (quick,)
    assert impaired.of("quick-2") == ()


def test_an_occurrence_is_the_number_of_a_message():
    second = Impairment("main-3", Change.TWICE, occurrences=frozenset({2}))
    impaired = Impaired((second,))
    assert [impaired.turn_of(second) for _ in range(3)] == [False, True, False]


def test_what_stays_configured_goes_on_counting():
    stays = Impairment("main-3", Change.TWICE, occurrences=frozenset({2}))
    goes = Impairment("main-1", Change.TWICE, occurrences=frozenset({2}))
    impaired = Impaired((stays, goes))
    assert not impaired.turn_of(stays)
    assert not impaired.turn_of(goes)
    impaired.reconfigure((stays,))
    impaired.reconfigure((stays, goes))
    assert impaired.turn_of(stays)
    assert not impaired.turn_of(goes)
