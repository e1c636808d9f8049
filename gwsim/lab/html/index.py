"""The index of a batch of runs: which came out how, what was wrong in each, and its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.html.page import render
from gwsim.lab.runtimes.registry import SIM
from gwsim.lab.scenario import Scenario
from gwsim.lab.verdict import Verdict
from gwsim.vendors.registry import VENDORS


@dataclass(frozen=True, slots=True)
class Entry:
    """One run: where its page is, seen from the index, what was run and what came of it."""

    href: str
    scenario: Scenario
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Item:
    """A run as the index tells it."""

    href: str
    verdict: Verdict
    level: str
    gateways: str
    faults: tuple[str, ...]
    trouble: tuple[str, ...]


def index(entries: Sequence[Entry], runtime: str = SIM) -> str:
    """Write the index of runs: those that did not pass come first, else in their order."""
    items = [_item(entry) for entry in entries]
    words = [item.verdict.word for item in items]
    counts = [(word, words.count(word)) for word in ("passed", "failed", "error")]
    return render(
        "index.html",
        items=sorted(items, key=lambda item: item.verdict.passed),
        counts=[(word, number) for word, number in counts if number],
        runtime=runtime,
    )


def _item(entry: Entry) -> Item:
    scenario = entry.scenario
    gateways = (f"{n} ({VENDORS[g.vendor].title})" for n, g in scenario.gateways.items())
    return Item(
        href=quote(entry.href),
        verdict=entry.verdict,
        level=scenario.level,
        gateways=", ".join(gateways),
        faults=tuple(CATALOGUE[use.name].title for use in scenario.faults),
        trouble=tuple(_trouble(entry.verdict)),
    )


def _trouble(verdict: Verdict) -> list[str]:
    """Say in short what did not come out as it should."""
    bites = [f"{bite.fault}: {bite.words}" for bite in verdict.bites if not bite.ok]
    found = [
        f"{finding.place}: expected {finding.expected}, seen {_first_line(finding.seen)}"
        for finding in verdict.findings
    ]
    return [*(verdict.error.splitlines()[:1]), *bites, *found]


def _first_line(text: str) -> str:
    lines = text.strip().splitlines() or [""]
    return lines[0] + (" ..." if len(lines) > 1 else "")
