"""What happened in a run, each kind of thing once: first when, last when, how often."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gwsim.capture.trace import IN_FLIGHT, NOT_SENT, TraceEntry
from gwsim.gateway.events import (
    DropCause,
    GatewayStarted,
    LinkChanged,
    PacketDropped,
    Reconfigured,
)
from gwsim.ike.events import (
    AcquireFailed,
    CloseReason,
    DpdFailed,
    Event,
    GaveUp,
    NatDetected,
    NotifyReceived,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    ProposalAccepted,
    Rejected,
)
from gwsim.lab.html.agreed import agreed, weaknesses
from gwsim.lab.html.standing import awaited
from gwsim.lab.record import Record
from gwsim.wire.numbers import NotifyType, is_error_notify, name_of

INTERNET = "the internet"
"""Who did what the path did."""

_MOST_STOPS = 4
_IN_ORDER = frozenset(
    {
        CloseReason.REKEYED,
        CloseReason.PEER_DELETE,
        CloseReason.CLEARED,
        CloseReason.SHUTDOWN,
        CloseReason.RECONFIGURED,
        CloseReason.PHASE1_GONE,
        CloseReason.LAST_CHILD_GONE,
    }
)
"""Ends that somebody wanted, here or there; what is wrong, if anything, is told elsewhere."""

_TOLD_OTHERWISE = frozenset({CloseReason.RETRANSMIT_LIMIT, CloseReason.HALF_OPEN_TIMEOUT})


@dataclass(frozen=True, slots=True)
class Turn:
    """One kind of thing that happened `count` times from `at` until `last` (seconds).

    `who` is a gateway's name or the internet, `tone` is `good`, `bad` or `note`.
    """

    at: float
    last: float
    count: int
    who: str
    tone: str
    words: str


def course(record: Record, trace: Sequence[TraceEntry]) -> tuple[Turn, ...]:
    """Tell the course of a run in the order in which each kind of thing first happened."""
    found: dict[tuple[str, str], Turn] = {}
    for turn in sorted(_all(record, trace), key=lambda turn: turn.at):
        key = turn.who, turn.words
        if key in found:
            found[key] = replace(found[key], last=turn.at, count=found[key].count + 1)
        else:
            found[key] = turn
    return tuple(found.values())


def stops(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Pick where it stops: the first things that went wrong."""
    return tuple(turn for turn in turns if turn.tone == "bad")[:_MOST_STOPS]


def _all(record: Record, trace: Sequence[TraceEntry]) -> Iterator[Turn]:
    for planned in record.acts:
        yield Turn(planned.at, planned.at, 1, "", "note", planned.text)
    for gateway in record.gateways:
        for event in gateway.events:
            told = _told(event)
            if told is not None:
                yield Turn(event.at, event.at, 1, gateway.name, *told)
    for entry in trace:
        if entry.fate == NOT_SENT:
            words = f"cannot send {entry.label}: its line is down"
            yield Turn(entry.at, entry.at, 1, entry.source_node, "bad", words)
        elif not entry.delivered and entry.fate != IN_FLIGHT:
            yield Turn(entry.at, entry.at, 1, INTERNET, "bad", _undelivered(entry))


def _undelivered(entry: TraceEntry) -> str:
    what = entry.label or f"clear {entry.protocol}"
    sender = f" from {entry.source_node}" if entry.source_node else ""
    return f"does not deliver {what}{sender} ({entry.fate})"


def _told(event: Event) -> tuple[str, str] | None:
    """Give tone and words of an event that tells something to people, else None."""
    match event:
        case PhaseOneCompleted():
            return "good", f"completes phase 1 as {event.role.value} ({event.exchange} mode)"
        case PhaseTwoCompleted():
            return "good", f"completes phase 2: {event.local} to {event.remote}"
        case ProposalAccepted():
            return "note", _agreed(event)
        case NatDetected() if event.local_behind_nat or event.peer_behind_nat:
            who = "itself" if event.local_behind_nat else "the peer"
            both = event.local_behind_nat and event.peer_behind_nat
            return "note", f"sees {'both ends' if both else who} behind NAT"
        case GatewayStarted() if event.reboot:
            return "bad", "has rebooted and forgotten everything"
        case LinkChanged():
            return ("note", "has its line back") if event.up else ("bad", "loses its line")
        case Reconfigured():
            return "note", f"is configured anew: {', '.join(event.what) or 'nothing changes'}"
        case _:
            return _trouble(event)


def _trouble(event: Event) -> tuple[str, str] | None:
    match event:
        case Rejected():
            return "bad", _rejected(event)
        case AcquireFailed():
            return "bad", f"cannot begin a tunnel: {event.why}"
        case GaveUp():
            return "bad", _gave_up(event)
        case DpdFailed():
            return "bad", f"gets no answer to {event.missed} probes: the peer counts as dead"
        case NotifyReceived() if is_error_notify(event.notify_type):
            word = name_of(NotifyType, event.notify_type)
            return "bad", f"is told {word}" + ("" if event.acted else ", and does nothing about it")
        case PhaseOneClosed() if event.reason not in _TOLD_OTHERWISE:
            return _ended(1, event.reason)
        case PhaseTwoClosed():
            return _ended(2, event.reason)
        case PacketDropped():
            return _dropped(event)
        case _:
            return None


def _agreed(event: ProposalAccepted) -> str:
    weak = "; ".join(weaknesses(event))
    return f"agrees on phase {event.phase}: {agreed(event)}" + (f" (weak: {weak})" if weak else "")


def _rejected(event: Rejected) -> str:
    answer = "no answer" if event.notify is None else name_of(NotifyType, event.notify)
    why = f", {event.why}" if event.why else ""
    return f"refuses {event.label or 'a message'}: {event.flaw.value}{why} (its reply: {answer})"


def _gave_up(event: GaveUp) -> str:
    tries = {0: "", 1: ", having sent its own message again once"}
    sent = tries.get(event.attempts, f", having sent its own message again {event.attempts} times")
    return f"gives up waiting for {awaited(event.state)}{sent}: {event.reason.value}"


def _dropped(event: PacketDropped) -> tuple[str, str]:
    """A packet that finds no SA yet is no trouble of its own: it is what asks for a tunnel."""
    if event.cause is DropCause.NO_SA and not event.inbound:
        return "note", "drops a packet from inside, for which there is no IPsec SA"
    side = "from outside" if event.inbound else "from inside"
    return "bad", f"drops a packet {side}: {event.cause.value}"


def _ended(phase: int, reason: CloseReason) -> tuple[str, str]:
    tone = "note" if reason in _IN_ORDER else "bad"
    return tone, f"ends phase {phase}: {reason.value}"
