"""Messages as they leave and as they come: each is told of, whatever becomes of it.

Exchanges differ in what they say and expect; that a message goes out as often as it is to, and
that one which came is reported even when it cannot be read, is the same for all.
"""

from collections.abc import Callable

from gwsim.ike.events import MessageReceived, MessageSent
from gwsim.ike.flaws import Refused
from gwsim.ike.inbound import Arrival, Inbound
from gwsim.ike.messages import read, unreadable
from gwsim.ike.sa import IkeSa, Sent
from gwsim.ike.states import Role, State
from gwsim.ike.turn import Datagram, Turn
from gwsim.wire.codec import Parsed
from gwsim.wire.errors import WireError
from gwsim.wire.payloads import Payload


def send(
    sa: IkeSa,
    turn: Turn,
    sent: Sent,
    role: Role,
    state: State | None,
    answers_duplicate: bool = False,
) -> bool:
    """Send a message and report it; False for one that is withheld."""
    written = sent.written
    if not written.copies:
        return False
    sa.last_exchange = sent.exchange_type
    turn.emit(
        MessageSent(
            **sa.head(turn.now),
            label=sent.label,
            exchange_type=sent.exchange_type,
            message_id=written.header.message_id,
            encrypted=written.header.encrypted,
            length=len(written.data),
            payloads=written.payloads,
            local=sa.local,
            remote=sa.remote,
            initiator_cookie=sa.initiator_cookie.hex(),
            responder_cookie=sa.responder_cookie.hex(),
            role=role,
            state=state,
            attempt=0 if answers_duplicate else sent.attempt,
            answers_duplicate=answers_duplicate,
            altered=written.altered,
        )
    )
    for data in (*written.before, *[written.data] * written.copies):
        turn.send(Datagram(data, sa.local, sa.remote, sent.label))
    return True


def open_message(
    sa: IkeSa,
    turn: Turn,
    arrival: Arrival,
    iv: bytes,
    label: Callable[[tuple[Payload, ...]], str],
    role: Role,
    state: State | None,
) -> Inbound:
    """Decrypt (if encrypted) and parse what came, and report it under the `label` of its payloads.

    One that cannot be read is reported without payloads. Raises `Refused`.
    """
    header, parsed = arrival.header, list[Parsed]()
    try:
        body, parsed = read(sa.keys, iv, header, arrival.data)
    except WireError as bad:
        raise Refused(unreadable(bad, header.encrypted, sa.up), str(bad)) from None
    finally:
        payloads = tuple(p.payload for p in parsed)
        _report_received(sa, turn, arrival, payloads, label(payloads), role, state)
    return Inbound(header, tuple(parsed), body, *arrival.ends)


def _report_received(
    sa: IkeSa,
    turn: Turn,
    arrival: Arrival,
    payloads: tuple[Payload, ...],
    label: str,
    role: Role,
    state: State | None,
) -> None:
    header, (source, destination) = arrival.header, arrival.ends
    sa.last_exchange = header.exchange_type
    turn.emit(
        MessageReceived(
            **sa.head(turn.now),
            label=label,
            exchange_type=header.exchange_type,
            message_id=header.message_id,
            encrypted=header.encrypted,
            length=len(arrival.data),
            payloads=payloads,
            local=destination,
            remote=source,
            initiator_cookie=header.initiator_cookie.hex(),
            responder_cookie=header.responder_cookie.hex(),
            role=role,
            state=state,
        )
    )
