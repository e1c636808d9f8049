"""The shared clock: engine time from the machine's, and back."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.daemon.clock import Clock, Timing

CALENDAR = datetime(2026, 3, 1, tzinfo=UTC)


@given(
    epoch=st.floats(0, 1e6),
    speed=st.floats(0.1, 100),
    later=st.floats(0, 1e5),
)
def test_real_and_engine_time_are_inverse(epoch: float, speed: float, later: float) -> None:
    clock = Clock(Timing(CALENDAR, epoch, speed), lambda: epoch + later)
    assert clock.now() == pytest.approx(later * speed, abs=1e-4)
    assert clock.real(clock.now()) == pytest.approx(epoch + later, abs=1e-6)


def test_two_nodes_with_one_epoch_agree() -> None:
    one, other = (Clock(Timing(CALENDAR, 5.0, 4.0), lambda: 7.5) for _ in range(2))
    assert one.now() == other.now() == 10.0


def test_without_an_epoch_time_begins_with_the_node() -> None:
    assert Clock(Timing(CALENDAR), lambda: 1234.0).now() == 0.0


def test_where_nobody_says_how_time_passes_it_passes_as_it_does() -> None:
    moments = iter((100.0, 107.0))
    assert Clock(Timing(CALENDAR), lambda: next(moments)).now() == 7.0


@pytest.mark.parametrize("speed", [0.0, -1.0])
def test_time_must_pass(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Timing(CALENDAR, 0.0, speed)


def test_time_stands_still_until_somebody_tells_when_it_begins() -> None:
    clock = Clock(Timing(CALENDAR, math.inf, 4.0), lambda: 7.5)
    assert clock.now() == 0.0
    assert clock.real(3.0) == math.inf
    clock.begin(7.0, 6.0)
    assert (clock.epoch, clock.now(), clock.speed) == (7.0, 3.0, 6.0)
