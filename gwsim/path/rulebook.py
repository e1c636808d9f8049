"""Which rules apply to a packet, in their order, and how often each has acted.

A rule counts the packets that fit it, so that it can mean the second one only. Fragments and the
packet they are of count once, and what was decided for the first of them holds for all.
"""

from collections import OrderedDict
from random import Random

from gwsim.path.config import Match, Rule, RuleAction
from gwsim.path.line import chance
from gwsim.path.transit import Transit
from gwsim.wire.labels import generalises

MAX_DECISIONS = 1024
"""For how many packets in fragments the decision is remembered."""


class Rulebook:
    """The rules of a path at work; `bites` counts for each, by name, the packets it acted on."""

    def __init__(self, rules: tuple[Rule, ...], rng: Random) -> None:
        self.bites: dict[str, int] = {}
        self._rng = rng
        self._rules: tuple[Rule, ...] = ()
        self._seen: dict[str, int] = {}
        self._decided: OrderedDict[tuple[int, int], tuple[Rule, ...]] = OrderedDict()
        self.reconfigure(rules)

    def reconfigure(self, rules: tuple[Rule, ...]) -> None:
        """Go by other rules; one that stays as it was goes on counting, bites are kept."""
        self._seen = {
            rule.name: self._seen[rule.name] if rule in self._rules else 0 for rule in rules
        }
        self._rules = rules
        for rule in rules:
            self.bites.setdefault(rule.name, 0)

    def judge(self, transit: Transit, now: float) -> tuple[Rule, ...]:
        """Give the rules that act on a packet, in order; nothing follows a drop, which is alone."""
        if not transit.is_fragment:
            return self._judge(transit, now)
        key = transit.number, transit.copy
        if key not in self._decided:
            self._decided[key] = self._judge(transit, now)
            if len(self._decided) > MAX_DECISIONS:
                self._decided.popitem(last=False)
        return self._decided[key]

    def _judge(self, transit: Transit, now: float) -> tuple[Rule, ...]:
        acting: list[Rule] = []
        for rule in self._rules:
            if not self._applies(rule, transit, now):
                continue
            if rule.action is RuleAction.DROP:
                acting = [rule]
                break
            acting.append(rule)
        for rule in acting:
            self.bites[rule.name] += 1
        return tuple(acting)

    def _applies(self, rule: Rule, transit: Transit, now: float) -> bool:
        match = rule.match
        if not (match.start <= now < match.end and fits(match, transit)):
            return False
        self._seen[rule.name] += 1
        if match.occurrences is not None and self._seen[rule.name] not in match.occurrences:
            return False
        return chance(match.probability, self._rng)


def fits(match: Match, transit: Transit) -> bool:
    """Say whether a packet is of the kind a rule is about, whenever and however often it comes."""
    return (
        match.protocol in (None, transit.protocol)
        and match.port in (None, transit.source_port, transit.destination_port)
        and match.from_side in ("", transit.side_in)
        and match.to_side in ("", transit.side_out)
        and (not match.label or (bool(transit.label) and generalises(match.label, transit.label)))
    )
