"""Running a table: speaking when it is our turn, hearing when it is the peer's.

Also what belongs to every exchange alike: resending what stays unanswered by the vendor's
schedule, and answering a duplicate with the stored reply. The waiting side resends; a duplicate is
recognised by its octets (RFC 2408 5.1). When both ends wait, their timers run out together: then a
resend may be answer enough to the peer's own.
"""

from functools import partial
from typing import Any

from gwsim.ike import crafting, messages, post
from gwsim.ike.alterations import Pieces, join
from gwsim.ike.config import Schedule
from gwsim.ike.crafting import Draft
from gwsim.ike.events import (
    DuplicateReceived,
    PortFloated,
    StateChanged,
)
from gwsim.ike.exchange import Protection, Step
from gwsim.ike.flaws import TABLE, Flaw, Refused
from gwsim.ike.inbound import Arrival, Inbound
from gwsim.ike.sa import IkeSa, Negotiation, Sent, need
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer
from gwsim.ike.turn import Turn, Written
from gwsim.wire.payloads import Payload, SecurityAssociation

TOGETHER = 0.5
"""Seconds by which two timers that were set with one exchange of messages may differ."""


def speak(n: Negotiation, turn: Turn) -> None:
    """Send what the table says is ours to send, then note where we rest."""
    steps = n.exchange.steps
    while n.position < len(steps) and steps[n.position].sender is n.role:
        _say(n, turn, steps[n.position])
    if n.position < len(steps):
        _await(n)
    _rest(n, turn)


def _say(n: Negotiation, turn: Turn, step: "Step[Any]") -> None:
    _float_if_due(n.ike, turn, step.label)
    payloads = step.build(n, turn)
    n.position += 1
    written = _write(n, turn, step, payloads)
    schedule = _schedule(n, turn) if n.position < len(n.exchange.steps) else None
    n.sent = Sent(written, step.label, n.exchange.number, turn.now, schedule)
    post.send(n.ike, turn, n.sent, n.role, n.resting)


def _write(n: Negotiation, turn: Turn, step: "Step[Any]", payloads: list[Payload]) -> Written:
    """Put a message into octets, as it should be or with what this gateway writes wrongly."""
    encrypted, pads = step.protection is not Protection.CLEAR, turn.behaviour.always_pads
    header = messages.envelope(n, payloads, encrypted)
    due = turn.impaired.of(step.label)
    if not due:
        return Written(messages.compose(n, payloads, encrypted, pads), header, tuple(payloads))

    def settle(pieces: Pieces) -> bytes:
        crafting.adopt(n, pieces, first=step is n.exchange.steps[0])
        return step.prove(n, join(pieces)) if step.prove else b""

    protect = partial(messages.protect, n, pads) if encrypted else None
    older = n.ike.earlier_id(n.message_id)
    return crafting.write(
        Draft(header, tuple(payloads), settle, protect, older), due, turn.impaired
    )


def _rest(n: Negotiation, turn: Turn) -> None:
    """Bring the state in line with the position and report the change."""
    new = need(n.exchange.state(n.role, n.position), "a state to rest in")
    old, n.state = n.resting, new
    turn.emit(
        StateChanged(
            **n.head(turn.now),
            phase=n.exchange.phase,
            role=n.role,
            old=old,
            new=new,
            exchange=n.exchange.name,
            message_id=n.message_id,
        )
    )


def hear(n: Negotiation, turn: Turn, arrival: Arrival) -> None:
    """Take the message the table awaits. Raises `Refused`.

    Nothing of the negotiation changes when the message is refused.
    """
    step = awaited(n)
    header, data, encrypted = arrival.header, arrival.data, arrival.header.encrypted
    if n.sent is not None and data == n.sent.written.data:
        raise Refused(Flaw.UNEXPECTED, f"our own {n.sent.label} has come back")
    messages.check_envelope(n, step, header)
    iv = n.iv if encrypted else b""
    message = post.open_message(n.ike, turn, arrival, iv, lambda _: step.label, n.role, n.resting)
    messages.check_payloads(step, message, proven=not encrypted or n.ike.up)
    _take(n, turn, step, message, data)
    if encrypted:
        _move_iv(n, data)
    n.received.append(data)
    n.position += 1
    n.waiting = False
    n.timers.stop(Timer.RESEND, Timer.GIVE_UP)


def _take(n: Negotiation, turn: Turn, step: "Step[Any]", message: Inbound, data: bytes) -> None:
    try:
        step.take(n, turn, message)
    except Refused as refused:
        refused.proven = True
        offer = message.maybe(SecurityAssociation)
        refused.spi = offer.proposals[0].spi if offer and offer.proposals else b""
        if TABLE[refused.flaw].fatal and message.header.encrypted:
            # The peer's IV has moved on with this message, and the notify in answer starts there.
            _move_iv(n, data)
        raise


def _move_iv(n: Negotiation, data: bytes) -> None:
    n.iv = data[-need(n.ike.keys, "keys").block_size :]


def awaited(n: Negotiation) -> "Step[Any]":
    """Give the step the peer is expected to send, or refuse: nothing is awaited."""
    if n.position >= len(n.exchange.steps):
        raise Refused(Flaw.UNEXPECTED, f"{n.exchange.name} mode is finished")
    step: Step[Any] = n.exchange.steps[n.position]
    return step


def answer_duplicate(n: Negotiation, turn: Turn, data: bytes) -> bool:
    """Recognise a repeated datagram; True when it was one, answered or not."""
    if data not in n.received:
        return False
    steps = n.exchange.steps
    said_last = steps[n.position - 1].sender is n.role
    latest = said_last and data == n.received[-1]
    if n.exchange.phase == 1 and len(n.received) == 1:
        latest = latest and turn.behaviour.answers_second_initial
    theirs = [s.label for s in steps if s.sender is not n.role]
    turn.emit(
        DuplicateReceived(
            **n.head(turn.now),
            label=theirs[n.received.index(data)],
            phase=n.exchange.phase,
            role=n.role,
            state=n.state,
            answered=latest and need(n.sent, "something sent").written.copies > 0,
        )
    )
    if latest and not _resends_now(n, turn):
        sent = need(n.sent, "something sent")
        post.send(n.ike, turn, sent, n.role, n.resting, answers_duplicate=True)
    return True


def _resends_now(n: Negotiation, turn: Turn) -> bool:
    """Say whether the schedule has just sent the message again, or will, and that is enough."""
    if turn.behaviour.answers_beside_resend:
        return False
    last, due = need(n.sent, "something sent").resent, n.timers.at(Timer.RESEND)
    moments = [at for at in (last, due) if at is not None]
    return any(abs(turn.now - at) < TOGETHER for at in moments)


def resend(n: Negotiation, turn: Turn) -> None:
    """Send the unanswered message again and arm the next attempt."""
    sent = need(n.sent, "something sent")
    sent.attempt += 1
    sent.resent = turn.now
    post.send(n.ike, turn, sent, n.role, n.resting)
    _await(n)


def _await(n: Negotiation) -> None:
    """Arm the resend and give-up timers of an unanswered message, if it is ours to resend."""
    sent = need(n.sent, "something sent")
    if sent.schedule is None:
        return
    n.waiting = True
    if sent.attempt < len(sent.schedule.resends):
        n.timers.set(Timer.RESEND, sent.first + sent.schedule.resends[sent.attempt])
    n.timers.set(Timer.GIVE_UP, sent.first + sent.schedule.give_up)


def _schedule(n: Negotiation, turn: Turn) -> Schedule | None:
    b = turn.behaviour
    if n.exchange.phase == 1:
        return b.phase1 if n.role is Role.INITIATOR else b.phase1_responder
    return b.quick if n.role is Role.INITIATOR else b.quick_responder


def _float_if_due(sa: IkeSa, turn: Turn, label: str) -> None:
    """The initiator floats with its first message after NAT detection (RFC 3947 4)."""
    if label not in ("main-5", "aggr-3") or not sa.nat or sa.floated:
        return
    sa.float_ports()
    turn.emit(PortFloated(**sa.head(turn.now), local=sa.local, remote=sa.remote))
