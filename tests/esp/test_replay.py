"""The anti-replay window, held against a plain set of numbers, and ESN against the RFC's cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.esp.drops import Drop
from gwsim.esp.replay import ReplayWindow

HALF = 1 << 32


def accept(window: ReplayWindow, sequence: int) -> Drop | None:
    cause = window.check(sequence)
    if cause is None:
        window.update(sequence)
    return cause


@pytest.mark.parametrize("width", [-1, 1, 31, 2049])
def test_other_widths_are_refused(width):
    with pytest.raises(ValueError, match="32 to 2048"):
        ReplayWindow(width)


@pytest.mark.parametrize("width", [32, 64, 1024, 2048])
def test_a_fresh_window_takes_any_number_but_zero(width):
    assert ReplayWindow(width).check(1) is None
    assert ReplayWindow(width).check(4_000_000_000) is None
    assert ReplayWindow(width).check(0) is Drop.REPLAYED


def test_a_number_is_taken_once():
    window = ReplayWindow(64)
    assert [accept(window, n) for n in (1, 2, 2, 1, 3)] == [
        None,
        None,
        Drop.REPLAYED,
        Drop.REPLAYED,
        None,
    ]


def test_the_window_has_exactly_its_width():
    window = ReplayWindow(32)
    window.update(100)
    assert window.check(69) is None
    assert window.check(68) is Drop.TOO_OLD


def test_after_four_packets_the_bitmap_is_the_one_an_asa_shows():
    """0x0000001F: four packets, and number 0 which counts as seen."""
    window = ReplayWindow(64)
    for sequence in range(1, 5):
        window.update(sequence)
    assert (window.top, window.bits) == (4, 0x1F)


def test_a_jump_beyond_the_window_leaves_only_the_newest():
    for jump in (64, 1024, 2048, 4_000_000_000):
        window = ReplayWindow(64)
        window.update(1)
        window.update(1 + jump)
        assert (window.top, window.bits) == (1 + jump, 1)


def test_an_authentic_number_left_of_the_window_does_not_disturb_it():
    window = ReplayWindow(32)
    window.update(100)
    window.update(1)
    assert (window.top, window.bits) == (100, 1)


def test_width_zero_refuses_nothing_but_remembers_the_highest():
    window = ReplayWindow(0)
    assert [accept(window, n) for n in (5, 5, 1, 0, 9)] == [None] * 5
    assert window.top == 9


@given(
    st.sampled_from([32, 64, 100, 1024, 2048]),
    st.lists(st.integers(1, 3000) | st.integers(1, 0xFFFFFFFF), max_size=60),
)
def test_it_answers_as_a_set_of_all_numbers_seen_would(width, numbers):
    window, seen, top = ReplayWindow(width), {0}, 0
    for number in numbers:
        if number <= top - width:
            expected = Drop.TOO_OLD
        elif number in seen:
            expected = Drop.REPLAYED
        else:
            expected = None
            seen.add(number)
            top = max(top, number)
        assert accept(window, number) is expected
        assert window.bits < 1 << width


@pytest.mark.parametrize(
    ("top", "low", "whole"),
    [
        (0, 1, 1),
        (0, 0xFFFFFFFF, None),
        (1000, 937, 937),
        (1000, 936, HALF + 936),
        (1000, 2000, 2000),
        (0xFFFFFFFF, 5, HALF + 5),
        (0xFFFFFFFF, 0xFFFFFFC0, 0xFFFFFFC0),
        (HALF + 10, 0xFFFFFFF0, 0xFFFFFFF0),
        (HALF + 10, 11, HALF + 11),
        (HALF + 10, 0xFFFFFFCB, 0xFFFFFFCB),
        (HALF + 10, 0xFFFFFFCA, HALF + 0xFFFFFFCA),
        (HALF + 63, 0, HALF),
        (HALF + 63, 0xFFFFFFFF, HALF + 0xFFFFFFFF),
        (7 * HALF + 100, 50, 7 * HALF + 50),
    ],
)
def test_the_high_half_is_the_one_of_rfc_4303_appendix_a2(top, low, whole):
    window = ReplayWindow(64)
    window.top = top
    assert window.extend(low) == whole


@given(st.integers(1, 1 << 40), st.integers(-63, HALF - 64), st.sampled_from([0, 64]))
def test_a_number_near_the_window_is_reconstructed(top, ahead, width):
    """Anything from the window's left edge to nearly a whole low half ahead comes back whole."""
    window = ReplayWindow(width)
    window.top = top
    number = top + ahead
    if number >= 0:
        assert window.extend(number % HALF) == number
