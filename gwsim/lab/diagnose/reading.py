"""From pasted text and plain words to claims: this can be seen, that cannot.

A line is recognised by its pattern, whatever stands before it (time stamps, host names); a few
words out of a line are recognised in every line that has them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gwsim.gateway.events import DropCause
from gwsim.lab.diagnose.knowledge import Knowledge, numbers
from gwsim.lab.diagnose.observables import WEIGHTS, Kind, Observable, wire_texts
from gwsim.lab.diagnose.observations import EndView, Observations, Sighting
from gwsim.lab.diagnose.symptoms import endings
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.patterns import NAME, pattern
from gwsim.lab.matrix.screens import log_commands, same_screen
from gwsim.lab.nearest import hint
from gwsim.vendors.registry import VENDORS, match

_LEAST = 6
"""How many characters of a line must be given for it to be looked for inside others."""

_ALIKE = 0.7
"""The share of words that two lines must have in common to be taken for the same message."""

_PROMPT = re.compile(r"\s*\S*?(?:#|->|>|\$)\s*([a-z].*)")
"""A prompt and what was typed behind it."""

_COUNTERS = {
    "encapsulated": "encaps",
    "encrypted": "encaps",
    "encrypt": "encaps",
    "tx": "encaps",
    "decapsulated": "decaps",
    "decrypted": "decaps",
    "decrypt": "decaps",
    "rx": "decaps",
}


def counter_name(name: str) -> str:
    """Give the counter that somebody means, by the name that causes are computed with.

    Raises ValueError for a counter that no gateway has.
    """
    short = _COUNTERS.get(name, name)
    known = {*_COUNTERS.values(), *(cause.value for cause in DropCause)}
    if short in known:
        return short
    remedy = hint(name, sorted({*known, *_COUNTERS})) or f"; there are {', '.join(sorted(known))}"
    raise ValueError(f"no gateway counts {name!r}{remedy}")


@dataclass(frozen=True, slots=True)
class Claim:
    """Something a person has seen (`holds`), or has not: one of the things `any_of`.

    `text` is how it was said, `weight` how much it counts against a cause that says otherwise.
    """

    text: str
    any_of: frozenset[int]
    holds: bool
    weight: float

    def contradicted(self, seen: frozenset[int], loose: frozenset[int] = frozenset()) -> bool:
        """Say whether a cell says otherwise; what is `loose` there may be seen, and may not."""
        if self.holds:
            return self.any_of.isdisjoint(seen) and self.any_of.isdisjoint(loose)
        return any(number in seen and number not in loose for number in self.any_of)


@dataclass(frozen=True, slots=True)
class Read:
    """What observations come to; `unknown` are lines that no cell has."""

    claims: tuple[Claim, ...]
    unknown: tuple[str, ...]


@lru_cache(maxsize=16)
def reader_of(knowledge: Knowledge, end: Where) -> "Reader":
    """Give the reader of one end; it is made once."""
    return Reader(knowledge, end)


class Reader:
    """Knows all patterns of one end, of the kinds that pasted text can be about."""

    def __init__(self, knowledge: Knowledge, end: Where) -> None:
        self._things = knowledge.things
        self._by_text: dict[str, set[int]] = defaultdict(set)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._named: list[tuple[re.Pattern[str], str]] = []
        for number, thing in enumerate(knowledge.things):
            if thing.end is end and thing.kind in (Kind.LOG, Kind.DEBUG, Kind.SCREEN):
                self._by_text[thing.text].add(number)
        for text in self._by_text:
            for word in set(text.split()):
                self._by_word[word].add(text)
            if NAME in text:
                parts = map(re.escape, text.split(NAME))
                self._named.append((re.compile(r"\S+".join(parts)), text))

    def log_line(self, line: str) -> frozenset[int]:
        """Recognise a line of a log or debug; empty when nobody knows it."""
        return self._of_kind(self._find(pattern(line)), (Kind.LOG, Kind.DEBUG))

    def screen(self, text: str, command: str = "") -> dict[str, frozenset[int]]:
        """Recognise a screen; without a `command` it is the one that most of its lines are of.

        Where several have as many, it is the one that is known first.
        """
        found: dict[str, frozenset[int]] = {}
        for line in text.splitlines():
            known = self._of_kind(self._exact(pattern(line)), (Kind.SCREEN,))
            if known:
                found[line.strip()] = known
        votes = Counter(self._things[n].command for known in found.values() for n in sorted(known))
        best = command or max(votes, key=lambda name: votes[name], default="")
        chosen = {
            line: frozenset(n for n in known if self._things[n].command == best)
            for line, known in found.items()
        }
        return {line: known for line, known in chosen.items() if known}

    def _of_kind(self, texts: Iterable[str], kinds: Sequence[Kind]) -> frozenset[int]:
        numbers = (number for text in texts for number in self._by_text[text])
        return frozenset(number for number in numbers if self._things[number].kind in kinds)

    def _exact(self, general: str) -> set[str]:
        if general in self._by_text:
            return {general}
        return {text for known, text in self._named if known.fullmatch(general)}

    def _find(self, general: str) -> set[str]:
        """Look for a line as it is, behind a prefix, as a part of others, and by its words."""
        words = general.split(" ")
        for start in range(len(words)):
            found = self._exact(" ".join(words[start:]))
            if found:
                return found
        for start in range(1 + len(words) // 2):
            found = self._inside(" ".join(words[start:]))
            if found:
                return found
        return self._alike(set(words))

    def _inside(self, part: str) -> set[str]:
        """Give the lines of which a text is a part."""
        low = part.lower()
        if len(low) < _LEAST:
            return set()
        return {text for text in self._by_text if low in text.lower()}

    def _alike(self, words: set[str]) -> set[str]:
        shared: Counter[str] = Counter()
        for word in words:
            shared.update(self._by_word.get(word, ()))
        best = [
            (count / len(words | set(text.split())), text) for text, count in shared.most_common(50)
        ]
        top = max(best, default=(0.0, ""))
        return {text for score, text in best if score == top[0] >= _ALIKE}


def read(told: Observations, knowledge: Knowledge) -> Read:
    """Make claims of observations. Raises ValueError for a symptom nobody understands.

    A message that stands in a log a hundred times is one claim.
    """
    known = numbers(knowledge)
    claims: list[Claim] = []
    unknown: list[str] = []
    for where in (Where.INITIATOR, Where.RESPONDER):
        view = told.end(where)
        claims += _words(view, where, known)
        lines, strange = _lines(view, reader_of(knowledge, where))
        unknown += strange
        claims += (_claim(found, text, knowledge) for found, text in lines.items())
        seen = frozenset(number for found in lines for number in found)
        claims += _missing(view, where, seen, knowledge)
    claims += _symptoms(told.symptoms, known)
    claims += _wire(told.wire, known)
    once = {(claim.any_of, claim.holds): claim for claim in reversed(claims)}
    return Read(tuple(reversed(once.values())), tuple(unknown))


def _claim(found: frozenset[int], text: str, knowledge: Knowledge) -> Claim:
    weight = max(knowledge.things[number].weight for number in found)
    return Claim(text, found, True, weight)


def _words(view: EndView, where: Where, known: Mapping[Observable, int]) -> Iterator[Claim]:
    """Make claims of states, flapping and counters; an unknown word contradicts every cause."""

    def claim(kind: Kind, text: str, said: str, holds: bool = True) -> Claim:
        thing = Observable(kind, where, text)
        found = frozenset({known[thing]} if thing in known else ())
        return Claim(said, found, holds, thing.weight)

    for word in view.state:
        yield claim(Kind.STAY, word, f"{where.value}: {word}")
        if word != "none":
            yield claim(Kind.STATE, word, f"{where.value}: {word} is passed")
    for word in view.passed:
        yield claim(Kind.STATE, word, f"{where.value}: {word} is passed")
    if view.flapping is not None:
        text = "phase 1 comes up again and again"
        yield claim(Kind.FLAPPING, text, f"{where.value}: {text}", view.flapping)
    for name, count in view.counters.items():
        short = counter_name(name)
        said = f"{where.value}: {short} {count}"
        yield claim(Kind.COUNTER, f"{short} not 0", said, count > 0)


def _lines(view: EndView, reader: Reader) -> tuple[dict[frozenset[int], str], list[str]]:
    """Recognise the lines of a log, of screens, and of screens that are a log.

    Gives what each line can be with the first line that is it, and the lines nobody knows.
    """
    known: dict[frozenset[int], str] = {}
    unknown = []
    logged = list(view.log)
    for screen in view.screens:
        command, rest = typed(screen, view.vendor)
        if view.vendor and command in log_commands(VENDORS[view.vendor]):
            logged += rest.splitlines()
            continue
        for line, found in reader.screen(rest, command).items():
            known.setdefault(found, line)
    for line in dict.fromkeys(line.strip() for line in logged):
        found = reader.log_line(line) if line else frozenset()
        if found:
            known.setdefault(found, line)
        elif line:
            unknown.append(line)
    return known, unknown


def typed(screen: str, vendor: str | None) -> tuple[str, str]:
    """Take from a pasted screen the command that was typed, where its first line shows it.

    What stands behind a prompt (`ciscoasa# sh cry isa sa`) is resolved as the device would;
    screens that several commands print alike go by one of them.
    """
    first, _, rest = screen.lstrip("\n").partition("\n")
    prompt = _PROMPT.match(first)
    if vendor is None or prompt is None:
        return "", screen
    command = match(VENDORS[vendor], prompt[1])
    if not isinstance(command, str):
        return "", screen
    return same_screen(VENDORS[vendor], command) or command, rest


def _missing(
    view: EndView, where: Where, seen: frozenset[int], knowledge: Knowledge
) -> Iterator[Claim]:
    """Claim the absence of everything that is not there, of the kinds that are there in full."""
    for number, thing in enumerate(knowledge.things):
        if thing.end is where and thing.kind in view.whole and number not in seen:
            text = f"{where.value}: nowhere {thing.text!r}"
            yield Claim(text, frozenset({number}), False, thing.weight)


def _symptoms(said: Iterable[str], known: Mapping[Observable, int]) -> Iterator[Claim]:
    for words in said:
        meant = (Observable(Kind.ENDING, Where.BOTH, ending.value) for ending in endings(words))
        found = frozenset(known[thing] for thing in meant if thing in known)
        yield Claim(words, found, True, WEIGHTS[Kind.ENDING])


def _wire(seen: Iterable[Sighting], known: Mapping[Observable, int]) -> Iterator[Claim]:
    for one in seen:
        if not one.sent:
            thing = Observable(Kind.WIRE, one.sender, f"{one.label} arrives")
            found = frozenset({known[thing]} if thing in known else ())
            yield Claim(f"{one.sender.value}: {one.label} is not seen", found, False, thing.weight)
            continue
        arrived = one.sent if one.arrived is None else one.arrived
        said = set(wire_texts(one.label, one.sent, arrived))
        for text in (f"{one.label} sent", f"{one.label} repeated", f"{one.label} never arrives"):
            thing = Observable(Kind.WIRE, one.sender, text)
            if text.endswith("arrives") and one.arrived is None:
                continue
            if text.endswith("repeated") and one.sent == 1:
                continue  # a capture ends when somebody ends it, not when all has been said
            found = frozenset({known[thing]} if thing in known else ())
            yield Claim(f"{one.sender.value}: {text}", found, text in said, thing.weight)
