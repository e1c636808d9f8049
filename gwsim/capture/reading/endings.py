"""Where an attempt stops, and what that means.

Meanings follow from who waits for whom: `_STOPS` has a row for each label that can be the last
one, `_NOTIFIES` one for each refusal in so many words. What a device's own screens say then is in
`gwsim explain`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gwsim.capture.reading.attempt import Attempt, Said
from gwsim.capture.reading.dialogue import Flow
from gwsim.capture.reading.nat import nat_verdict
from gwsim.ike.states import State
from gwsim.wire.numbers import NAT_T_PORT, NotifyType, is_error_notify, name_of
from gwsim.wire.payloads import Notification

ORDER = (
    *("main-1", "main-2", "main-3", "main-4", "main-5", "main-6"),
    *("aggr-1", "aggr-2", "aggr-3"),
    *("quick-1", "quick-2", "quick-3"),
)
"""The labels by which an attempt goes forward, in their order."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A label after which nothing came: the states of both ends, and the usual reasons.

    A state is None where an end has none, or has what it wants.
    """

    initiator: State | None
    responder: State | None
    reasons: tuple[str, ...]


_S = State
_STOPS: dict[str, Stop] = {
    "main-1": Stop(
        _S.MAIN_WAIT_2,
        None,
        (
            "main-1 does not arrive: no route, or a filter drops UDP 500 there or back",
            "the responder does no IKE on that interface, or is down",
            "it says nothing to peers it does not know, or to proposals it does not accept",
        ),
    ),
    "main-2": Stop(
        _S.MAIN_WAIT_2,
        _S.MAIN_WAIT_3,
        (
            "main-2 does not get back to the initiator: UDP 500 passes in one direction only",
            "the initiator does not accept what was chosen",
        ),
    ),
    "main-3": Stop(
        _S.MAIN_WAIT_4,
        _S.MAIN_WAIT_3,
        (
            "main-3 or its answer is lost on the way; it is larger than main-1",
            "the responder has no pre-shared key for this peer and says nothing",
        ),
    ),
    "main-4": Stop(
        _S.MAIN_WAIT_4,
        _S.MAIN_WAIT_5,
        (
            "main-4 does not get back to the initiator",
            "main-5 does not get here: after a NAT was found it goes to UDP 4500",
            "the initiator has no pre-shared key for this peer",
        ),
    ),
    "main-5": Stop(
        _S.MAIN_WAIT_6,
        _S.MAIN_WAIT_5,
        (
            "the pre-shared keys differ: the responder cannot read main-5",
            "it does not accept the initiator's identity, or has other credentials for it",
            "main-5 does not arrive, or main-6 is lost on the way back",
        ),
    ),
    "main-6": Stop(
        _S.ESTABLISHED,
        _S.ESTABLISHED,
        (
            "phase 1 is up, and nobody has begun a phase 2: no traffic that wants the tunnel,"
            " or main-6 was not accepted or did not arrive",
        ),
    ),
    "aggr-1": Stop(
        _S.AGGR_WAIT_2,
        None,
        (
            "aggr-1 does not arrive, or a filter drops UDP 500 there or back",
            "the responder does no aggressive mode, or none for this identity or proposal",
        ),
    ),
    "aggr-2": Stop(
        _S.AGGR_WAIT_2,
        _S.AGGR_WAIT_3,
        (
            "the pre-shared keys differ: the initiator finds HASH_R wrong and says no more",
            "aggr-2 does not get back, or aggr-3 does not get here: with a NAT it is on UDP 4500",
        ),
    ),
    "aggr-3": Stop(
        _S.ESTABLISHED,
        _S.ESTABLISHED,
        ("phase 1 is up, and nobody has begun a phase 2, or aggr-3 was not accepted",),
    ),
    "quick-1": Stop(
        _S.QUICK_WAIT_2,
        None,
        (
            "phase 2 does not fit: encryption or integrity, the PFS group, or the proxy IDs",
            "the answer is lost on the way",
        ),
    ),
    "quick-2": Stop(
        _S.QUICK_WAIT_2,
        _S.QUICK_WAIT_3,
        (
            "quick-2 does not get back, or quick-3 does not get here",
            "the initiator does not accept what was chosen, the lifetime or the proxy IDs",
        ),
    ),
}

_NOTIFIES: dict[int, str] = {
    NotifyType.NO_PROPOSAL_CHOSEN: "none of the offered proposals is configured there",
    NotifyType.ATTRIBUTES_NOT_SUPPORTED: "an attribute of the proposal is not supported there",
    NotifyType.INVALID_ID_INFORMATION: "the identity or the proxy IDs do not fit there",
    NotifyType.AUTHENTICATION_FAILED: "the identity or its proof was not accepted",
    NotifyType.INVALID_HASH_INFORMATION: "the proof is wrong: the pre-shared keys differ",
    NotifyType.PAYLOAD_MALFORMED: "a message could not be read: often the pre-shared keys differ",
    NotifyType.INVALID_KEY_INFORMATION: "there is no usable key for this peer there",
    NotifyType.INVALID_EXCHANGE_TYPE: "main or aggressive mode is not allowed there",
    NotifyType.UNSUPPORTED_EXCHANGE_TYPE: "main or aggressive mode is not supported there",
    NotifyType.INVALID_COOKIE: "that end does not know this negotiation any more",
    NotifyType.INVALID_SPI: "that end does not know this SA any more",
    NotifyType.INVALID_PAYLOAD_TYPE: "a payload was not understood there",
}

_NAT_STOPS = ("main-4", "aggr-2")


@dataclass(frozen=True, slots=True)
class Ending:
    """Where an attempt rests: its last label, the title, and what that means, line by line."""

    label: str
    up: bool
    title: str
    lines: tuple[str, ...]
    initiator: State | None = None
    responder: State | None = None


def ending(attempt: Attempt, flows: Mapping[str, Flow]) -> Ending:
    """Say where an attempt stops; `flows` are the ESP packets of both ends."""
    label = last_label(attempt)
    refusals = tuple(_refusals(attempt))
    if label == "quick-3":
        return Ending(label, True, "the tunnel is up", (*_traffic(flows, attempt), *refusals))
    flowing = any(flow.packets for flow in flows.values())
    if not label:
        traffic = tuple(_traffic(flows, attempt)) if flowing else ()
        return Ending(label, flowing, "its beginning is not in the capture", (*traffic, *refusals))
    stop = _STOPS[label]
    seen = attempt.labels[label]
    times = f", sent {seen.count} times" if seen.count > 1 else ""
    title = f"it stops after {label}{times}"
    if label in ("main-6", "aggr-3"):
        if any(flow.last > seen.last for flow in flows.values()):
            title = "phase 1 is up, and ESP goes on under SAs from before it"
            return Ending(label, True, title, (*_traffic(flows, attempt), *refusals))
        title = "it rests after phase 1"
    told = refusals or tuple(f"perhaps {reason}" for reason in stop.reasons)
    hints = tuple(_hints(attempt, label))
    return Ending(label, False, title, (*hints, *told), stop.initiator, stop.responder)


def last_label(attempt: Attempt) -> str:
    """Give the furthest an attempt has come, "" if none of its messages has an order."""
    if attempt.installed:
        # A later quick mode that hangs does not take away what the first one made.
        return "quick-3"
    reached = [label for label in ORDER if label in attempt.labels]
    return reached[-1] if reached else ""


def _traffic(flows: Mapping[str, Flow], attempt: Attempt) -> Iterator[str]:
    senders = [end for end, flow in flows.items() if flow.packets]
    for end, flow in flows.items():
        if flow.packets:
            how = "in UDP 4500" if flow.encapsulated else "as protocol 50"
            spis = ", ".join(f"0x{spi:08x}" for spi in flow.spis)
            yield f"ESP of {end}: {flow.packets} packets {how}, SPI {spis}"
    if len(senders) == 1:
        silent = next(end for end in flows if end not in senders)
        yield (
            f"no ESP of {silent}: what it sends is dropped on the way, it does not get what comes,"
            " or nothing comes back from behind it (routes, hosts)"
        )
    if not senders:
        yield "no ESP at all: no traffic, or it is dropped before it gets here"
    if attempt.quick_modes > attempt.installed:
        yield f"{attempt.quick_modes - attempt.installed} quick modes did not end well"


def _refusals(attempt: Attempt) -> Iterator[str]:
    """Say what was refused in so many words."""
    told: dict[str, None] = {}
    for said in attempt.said:
        if isinstance(said.payload, Notification) and is_error_notify(said.payload.notify_type):
            told[_refusal(said, said.payload.notify_type)] = None
    return iter(told)


def _refusal(said: Said, number: int) -> str:
    meaning = _NOTIFIES.get(number)
    return f"{said.sender} says {name_of(NotifyType, number)}" + (f": {meaning}" if meaning else "")


def _hints(attempt: Attempt, label: str) -> Iterator[str]:
    """Say what else the capture shows of a stop."""
    for end, hidden in attempt.hidden.items():
        if hidden.last >= attempt.labels[label].first and label not in ("main-6", "aggr-3"):
            yield (
                f"{end} answers with an encrypted notify ({hidden.count}), at least once after it:"
                " a refusal that only the ends can read; see their logs"
            )
    nat = nat_verdict(attempt)
    if label in _NAT_STOPS and nat.behind and attempt.floated is None:
        yield "a NAT was found, so the next message goes to UDP 4500: is that port blocked?"
    if attempt.labels[label].port == NAT_T_PORT and label in ("main-5", "aggr-3"):
        yield "it is on UDP 4500, which may be blocked on the way from here"
    before = ORDER[ORDER.index(label) - 1] if label in ORDER[1:] else ""
    earlier = attempt.labels.get(before)
    if earlier is not None and earlier.last > attempt.labels[label].first:
        yield (
            f"{before} comes again after {label}, {earlier.count} times in all: {label} does not"
            f" reach {earlier.sender}, or is dropped there without a word"
        )
