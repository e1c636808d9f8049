"""`gwsim diagnose`: from what a person sees to the causes that it can have."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.options import Jobs, Json, require
from gwsim.cli.output import complain, stop, write
from gwsim.cli.progress import watched
from gwsim.ike.states import State
from gwsim.lab.diagnose.diagnosis import diagnose as diagnosed
from gwsim.lab.diagnose.diagnosis import pairs_for
from gwsim.lab.diagnose.knowledge import Knowledge, Pair, is_kept, parts, together
from gwsim.lab.diagnose.observations import EndView, Observations
from gwsim.lab.diagnose.reading import counter_name
from gwsim.lab.diagnose.report import to_json, to_text
from gwsim.lab.diagnose.symptoms import endings
from gwsim.lab.matrix.cell import Cell
from gwsim.lab.nearest import hint
from gwsim.vendors.registry import VENDORS

Words = list[str] | None
Files = list[str] | None

_FEW = 5
"""How many causes are told before all that is wanted has been computed."""

_COUNTER = re.compile(r"\s*([A-Za-z][\w -]*?)\s*=\s*(\d+)\s*")


def _vendor(end: str) -> object:
    text = f"The vendor of the {end}: {', '.join(VENDORS)}; not given: unknown."
    return typer.Option(metavar="VENDOR", help=text)


def _many(metavar: str, text: str) -> object:
    return typer.Option(metavar=metavar, help=f"{text} Repeatable.")


def diagnose(
    initiator: Annotated[str, _vendor("end that begins")] = "",
    responder: Annotated[str, _vendor("end that answers")] = "",
    state: Annotated[Words, _many("STATE", "What the initiator stands at, or `none`.")] = None,
    responder_state: Annotated[Words, _many("STATE", "The same of the responder.")] = None,
    passed: Annotated[Words, _many("STATE", "What the initiator was seen in.")] = None,
    responder_passed: Annotated[Words, _many("STATE", "The same of the responder.")] = None,
    flapping: Annotated[
        bool | None, typer.Option("--flapping/--not-flapping", help="It comes up and goes again.")
    ] = None,
    log: Annotated[Files, _many("FILE", "Lines of the initiator's log, - for stdin.")] = None,
    responder_log: Annotated[Files, _many("FILE", "The same of the responder.")] = None,
    line: Annotated[Words, _many("TEXT", "One line of the initiator's log.")] = None,
    responder_line: Annotated[Words, _many("TEXT", "The same of the responder.")] = None,
    screen: Annotated[Files, _many("FILE", "A screen of the initiator, - for stdin.")] = None,
    responder_screen: Annotated[Files, _many("FILE", "The same of the responder.")] = None,
    counter: Annotated[Words, _many("NAME=N", "A counter of the initiator: decaps=0.")] = None,
    responder_counter: Annotated[Words, _many("NAME=N", "The same of the responder.")] = None,
    symptom: Annotated[Words, _many("WORDS", "Plain words: 'ping fails one way'.")] = None,
    top: Annotated[
        int, typer.Option(metavar="N", min=1, max=100, help="How many places are shown.")
    ] = 5,
    jobs: Jobs = 2,
    json: Json = False,
) -> None:
    """Rank the causes of what you see, and say what to look at next.

    What is known of a pair of vendors is computed the first time it is wanted and then kept.
    """
    told = Observations(
        EndView(
            known_vendor(initiator),
            _states(state, initiator),
            _states(passed, initiator),
            flapping,
            (*_lines(log), *(line or ())),
            _texts(screen),
            _counters(counter),
        ),
        EndView(
            known_vendor(responder),
            _states(responder_state, responder),
            _states(responder_passed, responder),
            None,
            (*_lines(responder_log), *(responder_line or ())),
            _texts(responder_screen),
            _counters(responder_counter),
        ),
        _symptoms(symptom),
    )
    if told == Observations(EndView(told.initiator.vendor), EndView(told.responder.vendor)):
        stop("say what you see: --state, --log, --line, --screen, --counter or --symptom")
    if not initiator and not responder:
        stop("say what at least one of the two is: --initiator or --responder")
    known = known_of(told, jobs)
    ranking = diagnosed(told, known)
    if not ranking.claims:
        stop("none of these lines is known:\n" + "\n".join(ranking.unknown))
    write(to_json(ranking) if json else to_text(ranking, top))


def known_of(told: Observations, jobs: int) -> Knowledge:
    """Give what is known of the pairs of vendors in question; says so if it must be computed.

    When that takes several pairs, what the first one comes to is told while the others are under
    way. Like the progress it goes to standard error.
    """
    pairs = pairs_for(told)
    missing = [pair for pair in pairs if not is_kept(pair)]
    if missing:
        names = ", ".join(f"{one}-{other}" for one, other in missing)
        complain(f"computing what is known of {names}; this is kept for the next time")
    there: list[Knowledge] = []
    for part in parts(pairs, jobs, _watch_pair):
        there.append(part)
        if len(there) == 1 < len(pairs) and missing:
            _tell_first(told, pairs[0], part)
    return together(there)


def _tell_first(told: Observations, pair: Pair, part: Knowledge) -> None:
    """Tell what one pair of vendors comes to, and that this is not the last word."""
    ranking = diagnosed(told, part, look_further=False)
    if not ranking.claims:
        return
    causes = ", ".join(one.cause for one in ranking.first[:_FEW])
    more = len(ranking.first) - _FEW
    also = f" and {more} more" if more > 0 else ""
    complain(f"if they are {pair[0]} and {pair[1]}: {causes}{also}; going on with the others")


def _watch_pair(pair: Pair) -> Callable[[Iterator[Cell], int], Iterator[Cell]]:
    return partial(watched, what=f"{pair[0]}-{pair[1]}")


def known_vendor(word: str) -> str | None:
    """Give the name of a vendor, None for an empty word; ends the program for any other."""
    if not word:
        return None
    name = word.lower()
    require(name, VENDORS, "vendor")
    return name


def _states(words: Words, vendor: str) -> tuple[str, ...]:
    """Check words for states: the vendor's own where it is known, else anybody's."""
    chosen = [VENDORS[vendor.lower()]] if vendor.lower() in VENDORS else list(VENDORS.values())
    known = [word for one in chosen for word in one.state_words] + [*State.__members__, "none"]
    folded = {word.lower(): word for word in known}
    found = []
    for word in words or ():
        if word.lower() not in folded:
            stop(f"no {vendor or 'vendor'} calls a state {word!r}{hint(word.upper(), known)}")
        found.append(folded[word.lower()])
    return tuple(found)


def _texts(files: Files) -> tuple[str, ...]:
    return tuple(_read(file) for file in files or ())


def _lines(files: Files) -> Sequence[str]:
    return [line for text in _texts(files) for line in text.splitlines()]


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        stop(f"{file}: cannot be read: {error.strerror}")


def _counters(words: Words) -> dict[str, int]:
    found = {}
    for word in words or ():
        said = _COUNTER.fullmatch(word)
        if said is None:
            stop(f"{word!r} is no counter; write it like decaps=0")
        try:
            found[counter_name(said[1].lower())] = int(said[2])
        except ValueError as error:
            stop(str(error))
    return found


def _symptoms(words: Words) -> tuple[str, ...]:
    for said in words or ():
        try:
            endings(said)
        except ValueError as error:
            stop(str(error))
    return tuple(words or ())
