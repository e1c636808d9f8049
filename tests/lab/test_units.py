"""Durations, shares, volumes and expected numbers are read as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.durations import duration, duration_text
from gwsim.lab.units import Count, count, fraction, volume

ANYTHING = st.one_of(
    st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text())
)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90s", 90),
        ("2m", 120),
        ("1h", 3600),
        ("1h30m", 5400),
        ("250ms", 0.25),
        ("1.5s", 1.5),
        ("15", 15),
        (15, 15),
        (0.5, 0.5),
        ("1d", 86400),
        (" 3s ", 3),
    ],
)
def test_durations_carry_units_and_bare_numbers_are_seconds(
    written: object, seconds: float
) -> None:
    assert duration(written) == seconds


@pytest.mark.parametrize(
    "written", ["", "s", "3 weeks", "1s2", "-1s", "1e9", "367d", True, None, [], -1, 1e99, math.nan]
)
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="duration"):
        duration(written)


@given(st.integers(min_value=0, max_value=10**9))
def test_a_duration_written_out_reads_as_itself(milliseconds: int) -> None:
    assert duration(duration_text(milliseconds / 1000)) == pytest.approx(milliseconds / 1000)


def test_a_duration_is_written_in_its_largest_whole_unit() -> None:
    written = [duration_text(s) for s in (0, 0.25, 90, 120, 7200, 86400)]
    assert written == ["0s", "250ms", "90s", "2m", "2h", "1d"]


@pytest.mark.parametrize(
    ("written", "share"), [("5%", 0.05), ("0.5", 0.5), (1, 1), ("12.5 %", 0.125)]
)
def test_shares_are_percentages_or_numbers_up_to_one(written: object, share: float) -> None:
    assert fraction(written) == pytest.approx(share)


@pytest.mark.parametrize("written", ["150%", 2, "x", True, None, -0.1, math.nan])
def test_what_is_no_share_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="not a share"):
        fraction(written)


@pytest.mark.parametrize(
    ("written", "kilobytes"), [(4608000, 4608000), ("100MB", 100_000), ("4gb", 4_000_000), ("7", 7)]
)
def test_volumes_are_kilobytes(written: object, kilobytes: int) -> None:
    assert volume(written) == kilobytes


@pytest.mark.parametrize("written", [0, -1, "0", "5TB", True, None, 2**40, "9999999999GB"])
def test_what_is_no_volume_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="not a volume"):
        volume(written)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        (4, 4, 4),
        ("4", 4, 4),
        ("= 4", 4, 4),
        (">= 3", 3, None),
        (">3", 4, None),
        ("<= 3", 0, 3),
        ("< 3", 0, 2),
        ("3..5", 3, 5),
        ("3-5", 3, 5),
        ("none", 0, 0),
        ("some", 1, None),
        (Count(1, 2), 1, 2),
    ],
)
def test_expected_numbers_have_limits(written: object, low: int, high: int | None) -> None:
    assert count(written) == Count(low, high)


@pytest.mark.parametrize("written", ["many", "5..3", "< 0", -1, True, None, 1.5, ">"])
def test_what_is_no_expected_number_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"not a number|less than 0"):
        count(written)


def test_a_count_knows_its_members_and_says_so() -> None:
    assert 3 in Count(3, None)
    assert 2 not in Count(3, None)
    assert 6 not in Count(3, 5)
    words = [str(Count(*limits)) for limits in ((4, 4), (3, None), (0, 2), (3, 5))]
    assert words == ["4", "at least 3", "at most 2", "3 to 5"]


@given(ANYTHING)
def test_readers_take_anything_and_raise_nothing_but_value_error(value: object) -> None:
    for read in (duration, fraction, volume, count):
        try:
            read(value)
        except ValueError as error:
            assert str(error)
