"""What a claim about a scenario is checked against: its run, in the words claims are made in."""

from functools import cache, cached_property

from gwsim.gateway.events import PacketDropped
from gwsim.lab.expect.evidence import Evidence, Subject, Witness
from gwsim.lab.expect.states import Story
from gwsim.lab.library import find_scenario
from gwsim.lab.messages import trace_of
from gwsim.lab.runner import run
from gwsim.vendors.registry import VENDORS


class Seen:
    """One scenario's run."""

    def __init__(self, name: str) -> None:
        self.run = run(find_scenario(name))
        self.record = self.run.record
        self._evidence = Evidence(self.record, VENDORS)

    @cached_property
    def trace(self):
        return trace_of(self.record)

    def of(self, gateway: str) -> Witness:
        return self._evidence.of(gateway)

    def passed(self, gateway: str) -> list[str]:
        """The states of phase 1 it went through, in its vendor's words."""
        return [stay.word or stay.state.value for stay in self._phase1(gateway)]

    def rests(self, gateway: str) -> str:
        """Where it stood longest."""
        stays = [stay for stay in self._phase1(gateway)]
        spans = {
            stay: min(stay.spell.until, self.record.duration) - stay.spell.since for stay in stays
        }
        return max(spans, key=spans.__getitem__).word or "" if spans else "none"

    def since(self, gateway: str, word: str) -> float:
        """When it first came into a state."""
        return next(s.spell.since for s in self._phase1(gateway) if s.word == word)

    def _phase1(self, gateway: str):
        return [stay for stay in self.of(gateway).stays if stay.phase == 1]

    def up(self, gateway: str) -> bool:
        """Whether it ended with both phases up."""
        spells = Story(Subject((), self.of(gateway))).spells("up")
        return any(spell.holds(self.record.duration) for spell in spells)

    def labels(self) -> list[str]:
        """All messages in order, repeated ones once for each time; clear text has none."""
        return [entry.label for entry in self.trace if entry.label]

    def count(self, label: str) -> int:
        return self.labels().count(label)

    def first(self, label: str):
        return next(entry for entry in self.trace if entry.label == label)

    def payloads(self, label: str) -> list[str]:
        """The payloads of a message; `*` first when it was encrypted."""
        return self.first(label).payloads.split()

    def logs(self, gateway: str, text: str) -> bool:
        return any(text in line.text for line in self.of(gateway).lines if not line.debug)

    def debugs(self, gateway: str, *texts: str) -> bool:
        """Say whether its debug output has these pieces of lines, in this order."""
        lines = iter(line.text for line in self.of(gateway).lines)
        return all(any(text in line for line in lines) for text in texts)

    def carried(self, source: str, destination: str) -> int:
        return self.record.protected(source, destination)

    def drops(self, gateway: str) -> list[str]:
        return [event.cause.value for event in self.record.gateway(gateway).of(PacketDropped)]

    def config(self, gateway: str):
        found = self.record.gateway(gateway).config
        assert found is not None
        return found


seen = cache(Seen)
