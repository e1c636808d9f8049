"""A diagnosis for people and for programs."""

import json
from collections.abc import Iterator

from gwsim.lab.diagnose.diagnosis import Ranking
from gwsim.lab.diagnose.discriminator import Discriminator, place_words
from gwsim.lab.diagnose.observables import Kind
from gwsim.lab.diagnose.ranking import Candidate
from gwsim.lab.faults.stage import Where
from gwsim.vendors.registry import VENDORS

_FEW = 3
"""How many contradictions are told for each cause."""

_LOOKS: dict[Kind, str] = {
    Kind.ENDING: "does it come out as {text!r}?",
    Kind.STAY: "does it stand at {text}?",
    Kind.STATE: "does it ever pass {text}?",
    Kind.SCREEN: "is there a line like {text!r}?",
    Kind.LOG: "is there a message like {text!r}?",
    Kind.DEBUG: "is there a message like {text!r}?",
    Kind.WIRE: "is this so: {text}?",
}


def to_text(ranking: Ranking, top: int = 5) -> str:
    """Write the causes on the first places, why not others, and what to look at next."""
    return "\n".join(_lines(ranking, top))


def _lines(ranking: Ranking, top: int) -> Iterator[str]:
    yield _seen(ranking)
    for line in ranking.unknown:
        yield f"  nobody knows: {line}"
    shown = [one for one in ranking.candidates if ranking.place(one) <= top][: 2 * top]
    for one in shown:
        yield ""
        yield from _candidate(ranking, one)
    more = [one.cause for one in ranking.first if one not in shown]
    if more:
        yield ""
        yield f" 1. likewise: {', '.join(more)}"
    yield ""
    yield from _next(ranking)


def _seen(ranking: Ranking) -> str:
    ends = (
        f"{where.value} {VENDORS[vendor].title if vendor else 'unknown'}"
        for where in (Where.INITIATOR, Where.RESPONDER)
        for vendor in (ranking.told.end(where).vendor,)
    )
    count = sum(claim.holds for claim in ranking.claims)
    return f"{', '.join(ends)}; understood {count} observation{'s' if count != 1 else ''}"


def _candidate(ranking: Ranking, one: Candidate) -> Iterator[str]:
    places = " or ".join(_PLACES[where] for where in one.places)
    yield f"{ranking.place(one):2}. {one.cause}: {one.title} ({places})"
    if one.contradictions:
        yield f"    fits {one.fit:.0%}; against it:"
        yield from (f"      {text}" for text in one.contradictions[:_FEW])
        if len(one.contradictions) > _FEW:
            yield f"      ... and {len(one.contradictions) - _FEW} more"
    else:
        chance = ", as chance may have it" if one.chance else ""
        yield f"    fits everything that was seen{chance}"
    if one in ranking.first:
        yield f"    repair: {one.repair}"


_PLACES = {
    Where.INITIATOR: "at the initiator",
    Where.RESPONDER: "at the responder",
    Where.BOTH: "at both, or on the way between them",
}


def _next(ranking: Ranking) -> Iterator[str]:
    alike = len(ranking.first)
    look = ranking.next_look
    if alike > 1:
        yield f"What was seen cannot tell the {alike} causes on the first place apart."
    if look is None:
        if alike > 1:
            yield "Nor can anything else that these two devices show."
        return
    yield f"Look next: {place_words(look.thing, ranking.told)}, `{look.command}`:"
    yield f"  {_LOOKS[look.thing.kind].format(text=look.thing.text)}" + _doubt(look)
    for word, causes in (("yes", look.there), ("no", look.missing), ("either", look.maybe)):
        if causes:
            yield f"    {word + ':':<8}{', '.join(causes)}"


def _doubt(look: Discriminator) -> str:
    return " (its wording is believed, not proven)" if look.believed else ""


def to_json(ranking: Ranking) -> str:
    """Write a diagnosis as JSON."""
    look = ranking.next_look
    data = {
        "understood": [claim.text for claim in ranking.claims if claim.holds],
        "unknown": list(ranking.unknown),
        "causes": [_entry(ranking, one) for one in ranking.candidates],
        "next": None if look is None else _look(look),
    }
    return json.dumps(data, indent=2)


def _entry(ranking: Ranking, one: Candidate) -> dict[str, object]:
    return {
        "place": ranking.place(one),
        "cause": one.cause,
        "fault": one.fault,
        "title": one.title,
        "at": [where.value for where in one.places],
        "fit": round(one.fit, 3),
        "contradictions": list(one.contradictions),
        "chance": one.chance,
        "repair": one.repair,
    }


def _look(look: Discriminator) -> dict[str, object]:
    return {
        "kind": look.thing.kind.value,
        "at": look.thing.end.value,
        "text": look.thing.text,
        "command": look.command,
        "yes": list(look.there),
        "no": list(look.missing),
        "either": list(look.maybe),
        "bits": round(look.gain, 3),
        "believed": look.believed,
    }
