"""Expectations about log lines, debug lines included: a text, a pattern, how many."""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from gwsim.lab.expect.evidence import Subject, Witness
from gwsim.lab.expect.probe import Probe, Seen
from gwsim.lab.expectations import LogExpectation
from gwsim.vendors.vendor import LogLine

_LIKENESS = 0.4
_MOST_COMPARED = 500


def log_probes(subject: Subject, wanted: tuple[LogExpectation, ...]) -> Iterator[Probe]:
    """Give a probe for each expected line."""
    for index, entry in enumerate(wanted):
        yield _probe(subject, index, entry)


def _probe(subject: Subject, index: int, entry: LogExpectation) -> Probe:
    witness = subject.witness
    matches = _matcher(entry, witness)
    matching = [line.at for line in witness.lines if matches(line)]
    sought = entry.text if entry.text is not None else f"/{entry.pattern}/"

    def look(since: float, until: float) -> Seen:
        number = sum(since <= at <= until for at in matching)
        text = "1 such line" if number == 1 else f"{number or 'no'} such lines"
        ok = number in entry.wanted
        if not number and not ok:
            text += _nearest(sought, witness, since, until)
        return Seen(ok, text)

    number = "" if str(entry.wanted) == "at least 1" else f" ({entry.wanted})"
    expected = f"log line {sought!r}{number}"
    return subject.probe(("log", index), expected, look, lambda: matching, adds_up=True)


def _matcher(entry: LogExpectation, witness: Witness) -> Callable[[LogLine], bool]:
    """Give the test for one line: its bare text, or the line as printed with time and number."""
    if entry.text is not None:
        text = entry.text
        return lambda line: text in line.text or text in witness.written(line)
    pattern = re.compile(entry.pattern or "")
    return lambda line: bool(pattern.search(line.text) or pattern.search(witness.written(line)))


def _nearest(sought: str, witness: Witness, since: float, until: float) -> str:
    """Say which line came nearest, if one is near: a wrong word is seen at once beside it."""
    texts = dict.fromkeys(line.text for line in witness.lines if since <= line.at <= until)
    rated = [(_likeness(sought, text), text) for text in list(texts)[-_MOST_COMPARED:]]
    likeness, text = max(rated, default=(0.0, ""))
    return f"; the nearest is {text!r}" if likeness > _LIKENESS else ""


def _likeness(sought: str, text: str) -> float:
    matcher = SequenceMatcher(None, sought.lower(), text.lower(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() > _LIKENESS else 0.0
