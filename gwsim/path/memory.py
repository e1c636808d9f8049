"""What rules remember of the packets they have acted on: for replays, and for a dripping tap."""

from collections import deque

from gwsim.path.config import Rule, RuleAction
from gwsim.path.transit import Transit

MAX_REMEMBERED = 64
"""How many packets a rule can replay, from each side; older ones are forgotten."""


class Memory:
    """The memory of all rules of a path, by their names."""

    def __init__(self) -> None:
        self._past: dict[tuple[str, str], deque[Transit]] = {}
        self._free: dict[str, float] = {}

    def once_more(self, rule: Rule, transit: Transit) -> list[Transit]:
        """Give copies of the earlier packets from the same side in the order of the rule."""
        key = rule.name, transit.side_in
        past = self._past.setdefault(key, deque(maxlen=MAX_REMEMBERED))
        earlier = [before.again() for before in past]
        past.append(transit)
        return earlier if rule.action is RuleAction.REPLAY_FORWARD else earlier[::-1]

    def wait(self, rule: Rule, now: float) -> float:
        """Say how long a packet must wait for its turn, and take that turn."""
        at = max(now, self._free.get(rule.name, now))
        self._free[rule.name] = at + rule.seconds
        return at - now
