"""What a scenario says for later, done to a lab that runs, also when it says something else now."""

from datetime import UTC, datetime

import pytest

from gwsim.daemon.clock import Clock, Timing
from gwsim.daemon.door import DoorError
from gwsim.lab.live.acts import Reach
from gwsim.lab.live.player import Player
from gwsim.lab.plan import PlannedAct, RebindNat, Reconfigure
from tests.gateway.boxes import hq_config


class Stage:
    """A lab that writes down who is configured, and a clock that is set by hand."""

    def __init__(self, acts, down=()):
        self.now = 0.0
        self.done = []
        self.down = down
        clock = Clock(Timing(datetime(2026, 3, 1, tzinfo=UTC), 0.0), lambda: self.now)
        self.player = Player(clock, Reach(None, self.configure, None, self.internet), acts)

    def configure(self, node, config):
        if node in self.down:
            raise DoorError(f"nobody answers at {node}")
        self.done.append((self.now, node))

    def internet(self):
        raise DoorError("nobody answers at internet")

    def at(self, now):
        self.now = now
        self.player.act()
        return self.done


def acts(*planned):
    return [PlannedAct(at, Reconfigure(node, hq_config()), f"{node} moves") for at, node in planned]


def test_acts_are_done_when_their_time_comes_and_once():
    stage = Stage(acts((1, "a"), (2, "b"), (2, "c"), (9, "d")))
    assert stage.at(0.5) == []
    assert stage.at(2.0) == stage.at(2.5) == [(2.0, "a"), (2.0, "b"), (2.0, "c")]


def test_what_cannot_be_done_is_said_and_the_rest_is_done(capsys):
    rebind = PlannedAct(2, RebindNat("hq"), "the NAT of hq forgets its bindings")
    stage = Stage([*acts((1, "a")), rebind, *acts((3, "c"))], down=("a",))
    assert stage.at(3.0) == [(3.0, "c")]
    assert capsys.readouterr().err.splitlines() == [
        "a moves: not done, nobody answers at a",
        "the NAT of hq forgets its bindings: not done, nobody answers at internet",
    ]


def test_it_wakes_for_the_next_act_and_sleeps_for_ever_after_the_last(monkeypatch):
    monkeypatch.setattr("time.monotonic", lambda: 1.0)
    stage = Stage(acts((5, "a")))
    assert stage.player.patience() == pytest.approx(4.0)
    stage.at(5.0)
    assert stage.player.patience() is None


def test_a_changed_scenario_holds_from_now_on_and_nothing_is_lost_or_done_twice():
    stage = Stage(acts((1, "a"), (2, "b"), (9, "old")))
    stage.at(1.0)
    stage.now = 2.0
    stage.player.follow(acts((1, "a"), (2, "b"), (8, "new")))
    assert stage.at(10.0) == [(1.0, "a"), (2.0, "b"), (10.0, "new")]
