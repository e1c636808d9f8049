"""What the container that speaks for a lab finds out by itself."""

from gwsim.lab.live.steward import effort


def test_work_takes_at_least_its_own_time():
    assert 0.9 < effort() < float("inf")
