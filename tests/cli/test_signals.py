"""A program that is told to end clears away first, and is not broken off in that."""

import os
import signal

import pytest

from gwsim.cli.signals import ended_in_order

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def handlers():
    return [signal.getsignal(number) for number in NUMBERS]


@pytest.mark.parametrize(
    ("number", "end"),
    [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit), (signal.SIGHUP, SystemExit)],
)
def test_the_first_signal_ends_and_what_is_cleared_away_then_is_left_in_peace(number, end):
    before, cleared = handlers(), False
    with pytest.raises(end) as ended, ended_in_order():
        try:
            os.kill(os.getpid(), number)
        finally:
            for again in NUMBERS:
                os.kill(os.getpid(), again)
            cleared = True
    assert cleared
    assert end is KeyboardInterrupt or ended.value.code == 128 + number
    assert handlers() == before


def test_afterwards_signals_mean_what_they_meant_before():
    before = handlers()
    with ended_in_order():
        assert handlers() != before
    assert handlers() == before
