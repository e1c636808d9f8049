"""Verdicts as text for people, as JSON for programs and as JUnit XML for CI.

Functions of values to text; whoever calls them writes the text where it belongs.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from textwrap import indent
from xml.etree import ElementTree

from gwsim.lab.outcomes import Outcome
from gwsim.lab.verdict import Bite, Finding, Verdict

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_SEEN = 40


def verdict_text(verdict: Verdict) -> str:
    """Tell how a scenario came out: one line when it passed, everything known when it did not."""
    head = f"{verdict.word.upper()} {verdict.file} (seed {verdict.seed})"
    parts = [head]
    if verdict.error:
        parts.append(indent(verdict.error, "  "))
    parts += [indent(bite_text(bite), "  ") for bite in verdict.bites if not bite.ok]
    told: tuple[str, ...] = ()
    for finding in verdict.findings:
        parts.append(indent(finding_text(finding, finding.before != told), "  "))
        told = finding.before
    parts += [indent(tunnel_text(tunnel), "  ") for tunnel in verdict.tunnels]
    parts += [indent(f"warning: {warning}", "  ") for warning in verdict.warnings]
    return "\n".join(parts)


def finding_text(finding: Finding, messages: bool = True) -> str:
    """Tell an unmet expectation: its line, what was expected, what was seen, what came before.

    `messages` False leaves the last messages out, where they have just been told.
    """
    who = f"{finding.gateway}: " if finding.gateway else ""
    lines = [finding.place + (f": {finding.line}" if finding.line else "")]
    lines.append(f"  expected  {who}{finding.expected}")
    lines.append(f"  seen      {_hanging(finding.seen)}")
    lines.append(f"  at        {finding.at:.3f} s")
    if finding.before and messages:
        lines.append("  the last messages up to then")
        lines += [f"    {line}" for line in finding.before]
    return "\n".join(lines)


def tunnel_text(tunnel: Outcome) -> str:
    """Tell what became of a tunnel: whether it came up, what it carried, what was refused."""
    head = f"{' - '.join(tunnel.ends)} {tunnel.word}: {tunnel.told}"
    return "\n".join([head, *(f"  {refusal}" for refusal in tunnel.refusals)])


def bite_text(bite: Bite) -> str:
    """Tell whether a fault made itself felt."""
    said = "bit" if bite.bit else "did not bite"
    wish = "" if bite.ok else (", though it should" if bite.wanted else ", though it should not")
    return f"{bite.place}: fault {bite.fault} {said}{wish}: {bite.words}"


def _hanging(text: str) -> str:
    """Set what was seen under its own beginning; a long screen is cut."""
    lines = text.splitlines() or [""]
    if len(lines) > _MOST_SEEN:
        left = len(lines) - _MOST_SEEN
        lines = [*lines[:_MOST_SEEN], f"... and {left} more lines"]
    return ("\n" + " " * 12).join(lines)


def totals(verdicts: Sequence[Verdict]) -> str:
    """Sum up a batch in one sentence."""
    words = [verdict.word for verdict in verdicts]
    counts = [f"{words.count(word)} {word}" for word in ("passed", "failed", "error")]
    told = [count for count in counts if not count.startswith("0 ")]
    simulated = sum(verdict.simulated for verdict in verdicts)
    elapsed = sum(verdict.elapsed for verdict in verdicts)
    return f"{', '.join(told) or 'nothing run'}; {simulated:.0f} s simulated in {elapsed:.2f} s"


def to_json(verdicts: Sequence[Verdict]) -> str:
    """Give verdicts as a JSON document, ending in a newline."""
    scenarios = [
        {**asdict(verdict), "verdict": verdict.word, "passed": verdict.passed}
        for verdict in verdicts
    ]
    document = {"passed": all(verdict.passed for verdict in verdicts), "scenarios": scenarios}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def to_junit(verdicts: Sequence[Verdict]) -> str:
    """Give verdicts as JUnit XML: one test case for each scenario, a broken-off run is an error."""
    suite = ElementTree.Element(
        "testsuite",
        name="gwsim",
        tests=str(len(verdicts)),
        failures=str(sum(verdict.word == "failed" for verdict in verdicts)),
        errors=str(sum(verdict.word == "error" for verdict in verdicts)),
        skipped="0",
        time=f"{sum(verdict.elapsed for verdict in verdicts):.3f}",
    )
    for verdict in verdicts:
        _add_case(suite, verdict)
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _add_case(suite: ElementTree.Element, verdict: Verdict) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=_printable(verdict.file),
        name=verdict.name,
        time=f"{verdict.elapsed:.3f}",
    )
    if not verdict.passed:
        kind = "error" if verdict.error else "failure"
        told = ElementTree.SubElement(case, kind, message=_printable(_message(verdict)))
        told.text = _printable(verdict_text(verdict))


def _message(verdict: Verdict) -> str:
    if verdict.error:
        return verdict.error.splitlines()[0]
    wrong = [bite_text(bite) for bite in verdict.bites if not bite.ok]
    wrong += [f"{finding.place}: expected {finding.expected}" for finding in verdict.findings]
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return wrong[0] + more


def _printable(text: str) -> str:
    """Replace what XML cannot hold, as a hostile peer's words in a log line might."""
    return _UNPRINTABLE.sub("?", text)
