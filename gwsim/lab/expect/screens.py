"""Expectations about what a command shows: words, patterns, and values beside their captions."""

import re
from collections.abc import Iterator

from gwsim.lab.expect.evidence import Subject
from gwsim.lab.expect.probe import Look, Probe, Seen
from gwsim.lab.expectations import ScreenExpectation
from gwsim.lab.units import count

_NUMERIC = re.compile(r"(>=|<=|>|<|==?) ?[0-9]+|[0-9]+ ?\.\. ?[0-9]+")

_TRUTH = {True: ("yes", "on", "true"), False: ("no", "off", "false")}


def screen_probes(subject: Subject, command: str, wanted: ScreenExpectation) -> Iterator[Probe]:
    """Give the probes for one command of one block."""
    screen = _Screen(subject, command)
    for text in wanted.contains or ():
        yield screen.contains(text)
    for text in wanted.lacks or ():
        yield screen.lacks(text)
    for pattern in wanted.pattern or ():
        yield screen.pattern(pattern)
    if wanted.empty is not None:
        yield screen.empty(wanted.empty)
    for caption, value in wanted.named.items():
        yield screen.value(caption, value)


class _Screen:
    """One command of one gateway, and the probes that look at its screen."""

    def __init__(self, subject: Subject, command: str) -> None:
        self._subject = subject
        self._command = command

    def contains(self, text: str) -> Probe:
        """Expect that the screen contains a text, blanks in any number."""
        pattern = _loosely(text)

        def look(_since: float, moment: float) -> Seen:
            return Seen(bool(pattern.search(self._text(moment))), self._shown(moment))

        return self._probe("contains", f"contains {text!r}", look)

    def lacks(self, text: str) -> Probe:
        """Expect that the screen does not contain a text."""
        pattern = _loosely(text)

        def look(_since: float, moment: float) -> Seen:
            return Seen(not pattern.search(self._text(moment)), self._shown(moment))

        return self._probe("lacks", f"lacks {text!r}", look)

    def pattern(self, text: str) -> Probe:
        """Expect that a regular expression finds something on the screen."""
        pattern = re.compile(text, re.MULTILINE)

        def look(_since: float, moment: float) -> Seen:
            return Seen(bool(pattern.search(self._text(moment))), self._shown(moment))

        return self._probe("pattern", f"matches /{text}/", look)

    def empty(self, wanted: bool) -> Probe:
        """Expect that the screen shows nothing at all, or something."""

        def look(_since: float, moment: float) -> Seen:
            return Seen((not self._text(moment).strip()) is wanted, self._shown(moment))

        return self._probe("empty", f"shows {'nothing' if wanted else 'something'}", look)

    def value(self, caption: str, wanted: bool | int | str) -> Probe:
        """Expect a value beside a caption; where the caption stands often, one match is enough."""

        def look(_since: float, moment: float) -> Seen:
            found = values(self._text(moment), caption)
            seen = ", ".join(f"{caption} {first_word(text)}" for text in found)
            ok = any(fits(text, wanted) for text in found)
            return Seen(ok, seen or f"no {caption!r} on the screen:\n{self._shown(moment)}")

        word = _TRUTH[wanted][0] if isinstance(wanted, bool) else wanted
        return self._probe(caption, f"shows {caption} {word}", look)

    def _probe(self, key: str, what: str, look: Look) -> Probe:
        expected = f"{self._command!r} {what}"
        return self._subject.probe((self._command, key), expected, look, self._subject.snapshots)

    def _text(self, moment: float) -> str:
        return self._subject.witness.screen(self._command, moment)

    def _shown(self, moment: float) -> str:
        return self._text(moment).strip("\n") or "an empty screen"


def _loosely(text: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, text.split())))


def values(text: str, caption: str) -> list[str]:
    """Find what stands beside a caption, to the end of the line, wherever the caption stands.

    Case and the number of blanks do not matter, and more words may stand before it: `encaps`
    finds the 4 of `#pkts encaps: 4`, `role` finds the word of `Role    : initiator`.
    """
    words = r"\s+".join(map(re.escape, caption.split()))
    pattern = rf"(?<!\w){words}(?!\w)(?:[ \t]*[:=][ \t]*|[ \t]+)([^\n]*)"
    return [found.strip() for found in re.findall(pattern, text, re.IGNORECASE)]


def fits(text: str, wanted: bool | int | str) -> bool:
    """Say whether what stands beside a caption begins with the expected number or word.

    YAML makes truth values of `yes`, `no`, `on` and `off`; as devices show them they are words.
    """
    if isinstance(wanted, bool):
        return any(fits(text.lower(), word) for word in _TRUTH[wanted])
    if isinstance(wanted, str) and not _NUMERIC.fullmatch(wanted.strip()):
        return re.match(rf"{re.escape(wanted.strip())}(?!\w)", text) is not None
    digits = re.match(r"[0-9]+", text)
    return digits is not None and int(digits[0]) in count(wanted)


def first_word(text: str) -> str:
    """Give the value alone out of what stands beside a caption."""
    return re.split(r"[ \t,;)]", text, maxsplit=1)[0]
