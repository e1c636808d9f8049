"""What the container that speaks for a lab finds out by itself."""

from gwsim.lab.live import steward
from gwsim.lab.live.steward import effort


def clock(*moments):
    """A clock that shows these moments, one each time somebody looks."""
    return iter(moments).__next__


def test_effort_is_how_much_longer_work_takes_than_it_should(monkeypatch):
    monkeypatch.setattr(steward, "_SAMPLE", 0.5)
    monkeypatch.setattr("time.monotonic", clock(100.0, 102.0))
    monkeypatch.setattr("time.process_time", clock(7.0, 7.25, 7.5))
    assert effort() == 4.0
