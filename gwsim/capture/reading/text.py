"""An outline in plain text, for people: a ladder for each dialogue, and what it comes to."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from textwrap import wrap

from gwsim.capture.ladder import WIDTH, Ladder, ladder_text
from gwsim.capture.reading.attempt import Attempt
from gwsim.capture.reading.dialogue import Dialogue, since
from gwsim.capture.reading.endings import Ending, ending
from gwsim.capture.reading.nat import nat_verdict
from gwsim.capture.reading.outline import Outline
from gwsim.capture.reading.terms import (
    LIFETIME,
    Offer,
    differences,
    identity_text,
    nearest_offers,
    offers,
)
from gwsim.ike.states import State
from gwsim.wire.numbers import NotifyType, Protocol, name_of
from gwsim.wire.payloads import Notification, SecurityAssociation
from gwsim.wire.vendor_ids import name_of as vendor_name

_INDENT = 12
_CHOICE: dict[str, str] = {"main-1": "main-2", "aggr-1": "aggr-2", "quick-1": "quick-2"}
_TITLES: dict[str, str] = {"main-1": "phase 1", "aggr-1": "phase 1", "quick-1": "phase 2"}


Shown = Callable[[str, State, str], str]
"""What the device at an address shows in a state of main or aggressive mode, "" if unknown."""


def _nothing_shown(_end: str, _state: State, _mode: str) -> str:
    return ""


def outline_text(outline: Outline, width: int = WIDTH) -> str:
    """Write everything down, `width` columns wide."""
    parts = [head_text(outline, width)]
    parts += [dialogue_text(dialogue, outline.start, width) for dialogue in outline.dialogues]
    return "\n".join(parts)


def head_text(outline: Outline, width: int = WIDTH) -> str:
    """Say what the capture is, and what of it is not drawn."""
    if not outline.frames:
        return "the capture holds no frame\n"
    length = outline.end - outline.start
    lines = [f"{outline.frames} frames in {length:.1f} s from {_calendar(outline.start)} on"]
    if outline.others:
        counts = ", ".join(f"{name} {count}" for name, count in outline.others.most_common())
        lines.append(f"not drawn: {counts}")
    if outline.beyond:
        lines.append(f"not drawn: {outline.beyond} packets of more pairs than can be followed")
    if outline.cut_off:
        lines.append("the file ends in the middle of a frame; what is before it was read")
    if not outline.dialogues:
        ikev2 = any(name.startswith("IKEv2") for name in outline.others)
        why = "; there is IKEv2, which is none of its business" if ikev2 else ""
        lines.append(f"no IKEv1 and no ESP in it{why}")
    return "".join(f"{line}\n" for text in lines for line in wrap(text, width))


def _calendar(at: float) -> str:
    """Write a moment as people do; a damaged file may have one that is in no calendar."""
    try:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return f"second {at:.0f}"


def dialogue_text(
    dialogue: Dialogue, start: float, width: int = WIDTH, shown: Shown = _nothing_shown
) -> str:
    """Draw the ladder of one dialogue, and say below what it comes to.

    `shown` says what the device at an address shows in a state, if anybody knows.
    """
    attempts = list(dialogue.attempts.values())
    lines = [f"{dialogue.ends[0]} and {dialogue.ends[1]}{_summary(dialogue)}", ""]
    lines += [_drawn(dialogue, start, width).rstrip("\n"), ""]
    if attempts:
        lines += _facts(dialogue, attempts, width, shown)
    else:
        lines += _fact("outcome", ("no IKE: the SAs are older than the capture",), width)
    return "\n".join(lines) + "\n"


def _summary(dialogue: Dialogue) -> str:
    parts = [f"{dialogue.messages} IKE messages"]
    attempts = len(dialogue.attempts) + dialogue.forgotten
    if attempts > 1:
        parts.append(f"{attempts} attempts at phase 1")
    if dialogue.doubles:
        parts.append(f"{dialogue.doubles} packets seen twice, counted once")
    return f" ({', '.join(parts)})"


def _drawn(dialogue: Dialogue, start: float, width: int) -> str:
    head, tail = dialogue.rows
    text = ladder_text(Ladder(dialogue.ends, (), since(head, start)), width)
    if tail:
        rest = ladder_text(Ladder(dialogue.ends, (), since(tail, start)), width)
        missing = f"{'...':>10}   {dialogue.left_out} rows are left out here\n"
        text += (missing if dialogue.left_out else "") + rest.partition("\n")[2]
    return text


def _facts(dialogue: Dialogue, attempts: list[Attempt], width: int, shown: Shown) -> Iterator[str]:
    latest = attempts[-1]
    for end in dialogue.ends:
        names = _vendors(attempts, end)
        if names:
            yield from _fact("vendor IDs", (f"{end}: {', '.join(names)}",), width)
    for offered, title in _TITLES.items():
        yield from _fact(title, _negotiated(latest, offered), width)
    yield from _fact("both offer", _compared(attempts), width)
    yield from _fact("identities", tuple(_identities(attempts)), width)
    yield from _fact("NAT", nat_verdict(latest).lines, width)
    yield from _fact("notifies", tuple(_notifies(attempts)), width)
    yield from _fact("errors", tuple(dialogue.errors), width)
    found = ending(latest, dialogue.flows)
    title = _title(dialogue, attempts, found)
    yield from _fact("outcome", (title, *_states(found, latest, shown), *found.lines), width)


def _title(dialogue: Dialogue, attempts: list[Attempt], found: Ending) -> str:
    """Say how it ended, and whether other attempts ended alike."""
    if len(attempts) == 1:
        return found.title
    labels = {ending(attempt, dialogue.flows).label for attempt in attempts}
    alike = "as all others" if len(labels) == 1 else "unlike some others"
    return f"the last attempt of {len(attempts)}, {alike}: {found.title}"


def _fact(title: str, lines: Iterable[str], width: int) -> Iterator[str]:
    """Write lines beside a title, nothing if there are none."""
    for number, line in enumerate(lines):
        first = f"{title if not number else '':<{_INDENT}}"
        hanging = " " * (_INDENT + 2)
        yield from wrap(line, width, initial_indent=first, subsequent_indent=hanging)


def _vendors(attempts: Iterable[Attempt], end: str) -> list[str]:
    told = dict.fromkeys(d for attempt in attempts for d in attempt.vendor_ids.get(end, {}))
    return list(dict.fromkeys(vendor_name(data) or f"unknown {data.hex()}" for data in told))


def _negotiated(attempt: Attempt, offered: str) -> tuple[str, ...]:
    """Say what was offered and what was chosen of it."""
    sa, choice = attempt.offers.get(offered), attempt.choices.get(_CHOICE[offered])
    lines = []
    if offered == "quick-1" and attempt.selectors:
        lines = [f"between {' and '.join(identity_text(one) for one in attempt.selectors)}"]
    if sa is None:
        chosen = offers(choice) if choice else ()
        return tuple(f"chosen: {one.text}; the offer is not in the capture" for one in chosen)
    found = offers(sa)
    lines += [f"offered {number}: {offer.text}" for number, offer in enumerate(found, 1)]
    return (*lines, _chosen(found, choice)) if choice else (*lines, "chosen: nothing")


def _identities(attempts: Iterable[Attempt]) -> Iterator[str]:
    """Say what both ends call themselves, as far as it could be read."""
    told = {end: name for attempt in attempts for end, name in attempt.identities.items()}
    return (f"{end} calls itself {identity_text(name)}" for end, name in told.items())


def _chosen(offered: tuple[Offer, ...], choice: SecurityAssociation) -> str:
    chosen = offers(choice)
    if len(chosen) != 1:
        return f"chosen: {len(chosen)} transforms, where there should be one"
    for number, offer in enumerate(offered, 1):
        if offer == chosen[0]:
            return f"chosen: offer {number}"
    for number, offer in enumerate(offered, 1):
        found = differences(offer, chosen[0])
        if all(difference.startswith(LIFETIME) for difference in found):
            return f"chosen: offer {number}, but with another {'; '.join(found)}"
    nearest = min((differences(offer, chosen[0]) for offer in offered), key=len, default=())
    return f"chosen: {chosen[0].text}, which was not offered ({'; '.join(nearest)})"


def _compared(attempts: Iterable[Attempt]) -> tuple[str, ...]:
    """Hold what one end offers against what the other one offers, if both have."""
    by_end: dict[str, tuple[Offer, ...]] = {}
    for attempt in attempts:
        for label in ("main-1", "aggr-1"):
            if label in attempt.offers:
                by_end[attempt.initiator] = offers(attempt.offers[label])
    if len(by_end) < 2:
        return ()
    (one, some), (other, others) = by_end.items()
    return tuple(f"{found} ({one} and {other})" for found in nearest_offers(some, others))


def _notifies(attempts: Iterable[Attempt]) -> Iterator[str]:
    counted: dict[str, int] = {}
    for attempt in attempts:
        for said in attempt.said:
            if isinstance(said.payload, Notification):
                what = name_of(NotifyType, said.payload.notify_type)
            else:
                what = f"delete of {name_of(Protocol, said.payload.protocol_id)} SAs"
            how = "in the clear" if said.clear else "encrypted"
            text = f"{said.sender}: {what}, {how}"
            counted[text] = counted.get(text, 0) + 1
        for end, hidden in attempt.hidden.items():
            text = f"{end}: encrypted, unreadable without keys"
            counted[text] = counted.get(text, 0) + hidden.count
    return (f"{text}, {count} times" if count > 1 else text for text, count in counted.items())


def _states(found: Ending, attempt: Attempt, shown: Shown) -> tuple[str, ...]:
    told = []
    for role, end, state in (
        ("initiator", attempt.initiator, found.initiator),
        ("responder", attempt.responder, found.responder),
    ):
        if state is not None:
            word = shown(end, state, attempt.mode)
            told.append(f"{role} in {state}" + (f" ({word})" if word else ""))
    return (f"by the protocol that is: {', '.join(told)}",) if told else ()
