"""From the outline of a capture to observations: what it shows, and what it would have shown.

A capture is taken somewhere on the way. A message that stands in it was sent; one that is missing
was not sent, or was lost before it got there, and in either case it did not arrive. That is all
that is claimed, and of missing ones only when the capture goes on long enough after the last one.
Vendors are known by their vendor IDs, as far as these say.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from gwsim.capture.reading.attempt import Attempt
from gwsim.capture.reading.dialogue import Dialogue
from gwsim.capture.reading.endings import ORDER, ending
from gwsim.lab.diagnose.observations import EndView, Observations, Sighting
from gwsim.lab.faults.stage import Where
from gwsim.wire.vendor_ids import name_of

PATIENCE = 15.0
"""Seconds without another message after which nothing more is expected of an attempt."""

_NAMES: tuple[tuple[str, str], ...] = (
    ("Cisco VPN 3000/ASA", "asa"),
    ("ScreenOS", "screenos"),
    ("NetScreen", "screenos"),
    ("FortiGate", "fortios"),
    ("Nortel Contivity", "contivity"),
    ("Cisco IOS", "ios"),
)
"""What a vendor ID's name begins with, and whose it is; an ASA sends that of IOS too."""

_READABLE = (*ORDER, "info-notify", "info-delete", "info-dpd", "info-dpd-ack")


def vendor_of(dialogue: Dialogue, end: str) -> str | None:
    """Say what one of two ends is by its vendor IDs, None if they do not tell."""
    attempts = dialogue.attempts.values()
    told = [name_of(d) or "" for attempt in attempts for d in attempt.vendor_ids.get(end, {})]
    for beginning, vendor in _NAMES:
        if any(name.startswith(beginning) for name in told):
            return vendor
    return None


def ends_of(dialogue: Dialogue) -> tuple[str, str]:
    """Give initiator and responder: who began the first attempt that there is, and the other."""
    for attempt in dialogue.attempts.values():
        return attempt.initiator, attempt.responder
    return dialogue.ends


def observed(
    dialogue: Dialogue, until: float, initiator: str | None = None, responder: str | None = None
) -> Observations | None:
    """Put what two ends said into observations; None if no phase 1 begins in the capture.

    `until` is when the capture ends. Vendors that are given take the place of those guessed.
    """
    first, second = ends_of(dialogue)
    attempts = [one for one in dialogue.attempts.values() if one.initiator == first]
    if not any(attempt.complete for attempt in attempts):
        return None
    return Observations(
        EndView(initiator or vendor_of(dialogue, first)),
        EndView(responder or vendor_of(dialogue, second)),
        tuple(_symptoms(dialogue, attempts[-1])),
        tuple(_sightings(attempts, first, until)),
    )


def _sightings(attempts: list[Attempt], initiator: str, until: float) -> Iterator[Sighting]:
    sent: Counter[tuple[str, Where]] = Counter()
    for attempt in attempts:
        for label, seen in attempt.labels.items():
            where = Where.INITIATOR if seen.sender == initiator else Where.RESPONDER
            sent[label, where] += seen.count
    for (label, where), count in sent.items():
        if label in _READABLE:
            yield Sighting(label, where, count)
    if until - _last(attempts) >= PATIENCE or _repeats(attempts):
        family = "aggr" if attempts[-1].mode.startswith("aggressive") else "main"
        for label in _missing(sent, family):
            where = Where.RESPONDER if label[-1] in "246" else Where.INITIATOR
            yield Sighting(label, where, 0, 0)


def _missing(sent: Iterable[tuple[str, Where]], family: str) -> Iterator[str]:
    there = {label for label, _ in sent}
    return (label for label in ORDER if label.startswith((family, "quick")) and label not in there)


def _last(attempts: Iterable[Attempt]) -> float:
    return max(seen.last for attempt in attempts for seen in attempt.labels.values())


def _repeats(attempts: Iterable[Attempt]) -> bool:
    return any(seen.count > 1 for attempt in attempts for seen in attempt.labels.values())


def _symptoms(dialogue: Dialogue, attempt: Attempt) -> Iterator[str]:
    found = ending(attempt, dialogue.flows)
    flows = [flow.packets for flow in dialogue.flows.values()]
    if found.up and any(flows) and not all(flows):
        yield "only goes one way"
