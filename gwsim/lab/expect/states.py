"""Expectations about states: where a gateway stands, what it passed, what it never was.

Every word (the vendor's, the engine's, a neutral one) becomes the spells in which it was true;
all questions are questions about spells.
"""

from collections.abc import Callable, Iterator

from gwsim.ike.states import State
from gwsim.lab.expect.evidence import Subject
from gwsim.lab.expect.probe import Probe, Seen
from gwsim.lab.expectations import GatewayExpectation
from gwsim.lab.history import Spell

_NOTHING = "no negotiation at all"


class Story:
    """The history of a gateway with the peer or peers a block speaks of."""

    def __init__(self, subject: Subject) -> None:
        witness = subject.witness
        self.stays = tuple(stay for stay in witness.stays if subject.means(stay.peer))
        self.pairs = tuple(pair for pair in witness.pairs if subject.means(pair.peer))

    def moments(self) -> Iterator[float]:
        """List all moments at which anything here changed."""
        for spell in (*(s.spell for s in self.stays), *(p.spell for p in self.pairs)):
            yield spell.since
            yield spell.until

    def spells(self, word: str, role: str | None = None) -> tuple[Spell, ...]:
        """Give the spells in which a word was true, of negotiations in one role if it is given."""
        if word in _NEUTRAL:
            return self._sweep(_NEUTRAL[word])
        return tuple(
            stay.spell
            for stay in self.stays
            if stay.called(word) and (role is None or stay.role == role)
        )

    def words_at(self, moment: float) -> str:
        """Say where the gateway stands at a moment, in its vendor's words."""
        standing = [
            f"{stay.word or stay.state.value} ({stay.role.value})"
            for stay in self.stays
            if stay.spell.holds(moment) and (stay.word or stay.phase == 1)
        ]
        return ", ".join(dict.fromkeys(standing)) or _NOTHING

    def words_within(self, since: float, until: float) -> str:
        """Say through which states of phase 1 the gateway went in a span."""
        words = [
            stay.word or stay.state.value
            for stay in self.stays
            if stay.phase == 1 and stay.spell.touches(since, until)
        ]
        return _folded(words) or _NOTHING

    def _sweep(self, holds: Callable[["Story", float], bool]) -> tuple[Spell, ...]:
        """Find the spells of a condition that can only change when something here changes."""
        found: list[Spell] = []
        begun: float | None = None
        for point in sorted({0.0, *self.moments()}):
            now = holds(self, point)
            if now and begun is None:
                begun = point
            elif not now and begun is not None:
                found.append(Spell(begun, point))
                begun = None
        return tuple(found) if begun is None else (*found, Spell(begun))


def _folded(words: list[str]) -> str:
    """Write words in a row, neighbours that repeat themselves once, with their number."""
    runs: list[tuple[str, int]] = []
    for word in words:
        if runs and runs[-1][0] == word:
            runs[-1] = (word, runs[-1][1] + 1)
        else:
            runs.append((word, 1))
    return ", ".join(word if times == 1 else f"{word} ({times} times)" for word, times in runs)


def _has_pair(story: Story, moment: float) -> bool:
    return any(pair.spell.holds(moment) for pair in story.pairs)


def _has_phase1(story: Story, moment: float, established: bool) -> bool:
    return any(
        stay.phase == 1
        and (not established or stay.state is State.ESTABLISHED)
        and stay.spell.holds(moment)
        for stay in story.stays
    )


_NEUTRAL: dict[str, Callable[[Story, float], bool]] = {
    "up": lambda story, moment: _has_pair(story, moment) and _has_phase1(story, moment, True),
    "down": lambda story, moment: not _has_pair(story, moment),
    "none": lambda story, moment: not _has_phase1(story, moment, False),
}


def state_probes(subject: Subject, wanted: GatewayExpectation) -> Iterator[Probe]:
    """Give the probes for role, state, passed, never and flapping of one block."""
    story = Story(subject)
    if wanted.state is not None:
        yield _state(subject, story, wanted.state, wanted.role)
    elif wanted.role is not None:
        yield _role(subject, story, wanted.role)
    if wanted.passed is not None:
        yield _passed(subject, story, wanted.passed)
    for word in wanted.never or ():
        yield _never(subject, story, word)
    if wanted.flapping is not None:
        yield _flapping(subject, story, wanted.flapping.state, wanted.flapping.at_least)


def _state(subject: Subject, story: Story, words: tuple[str, ...], role: str | None) -> Probe:
    spells = [spell for word in words for spell in story.spells(word, role)]

    def look(_since: float, moment: float) -> Seen:
        ok = any(spell.holds(moment) or spell.since == moment for spell in spells)
        return Seen(ok, story.words_at(moment))

    expected = f"state {' or '.join(words)}" + (f" as {role}" if role else "")
    return subject.probe(("state",), expected, look, story.moments)


def _role(subject: Subject, story: Story, role: str) -> Probe:
    """Whoever has no negotiation any more has the role of the last one."""

    def look(_since: float, moment: float) -> Seen:
        begun = [stay for stay in story.stays if stay.phase == 1 and stay.spell.since <= moment]
        last = begun[-1].role.value if begun else _NOTHING
        return Seen(last == role, last)

    return subject.probe(("role",), f"role {role}", look, story.moments)


def _passed(subject: Subject, story: Story, words: tuple[str, ...]) -> Probe:
    chapters = [(word, sorted(story.spells(word))) for word in words]

    def look(since: float, until: float) -> Seen:
        seen = story.words_within(since, until)
        last: tuple[float, str] = (0.0, "")
        for word, spells in chapters:
            later = (
                spell.since
                for spell in spells
                if spell.touches(since, until)
                and spell.since >= last[0]
                and (spell.since, word) != last
            )
            begun = next(later, None)
            if begun is None:
                return Seen(False, f"{seen}; {word} is missing")
            last = begun, word
        return Seen(True, seen)

    expected = f"to pass {', '.join(words)} in this order"
    return subject.probe(("passed",), expected, look, story.moments, adds_up=True)


def _never(subject: Subject, story: Story, word: str) -> Probe:
    spells = story.spells(word)

    def look(since: float, until: float) -> Seen:
        hit = [spell.since for spell in spells if spell.touches(since, until)]
        if hit:
            return Seen(False, f"{word} at {max(since, min(hit)):.3f} s")
        return Seen(True, story.words_within(since, until))

    return subject.probe(("never",), f"never {word}", look, story.moments, adds_up=True)


def _flapping(subject: Subject, story: Story, word: str, at_least: int) -> Probe:
    spells = story.spells(word)

    def look(since: float, until: float) -> Seen:
        times = sum(since <= spell.since <= until for spell in spells)
        return Seen(times >= at_least, f"{word} entered {times} times")

    expected = f"{word} entered at least {at_least} times"
    return subject.probe(("flapping",), expected, look, story.moments, adds_up=True)
