"""One packet on its way in, once its pair of SAs has been found (RFC 4303 3.4, RFC 4301 5.2).

The checks stand in the order in which they are made: replay window, ICV, window update, padding,
next header, inner header, selectors.
"""

from dataclasses import dataclass
from typing import NamedTuple

from gwsim.crypto.errors import BadIcv, BadPadding
from gwsim.crypto.esp import unpad
from gwsim.esp import transport
from gwsim.esp.drops import Drop
from gwsim.esp.encapsulate import IP_IN_IP
from gwsim.esp.header import inner_tos, with_tos
from gwsim.esp.inner import Inner, read_inner
from gwsim.esp.sa import SaPair
from gwsim.esp.selectors import admits

NO_NEXT_HEADER = 59
"""The next header of a dummy packet (RFC 4303 2.6)."""


class Arrival(NamedTuple):
    """An ESP packet as it came: `sequence` is the half of the number that was sent."""

    payload: bytes
    source: str
    destination: str
    udp: tuple[int, int] | None
    tos: int
    spi: int
    sequence: int


class Content(NamedTuple):
    """What was inside; `newest` says that no packet with a higher number came before."""

    packet: bytes
    inner: Inner
    newest: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is nothing to go on, with the inner header if it could be read.

    `cause` None means a dummy, which nobody wants.
    """

    cause: Drop | None
    inner: Inner | None = None


def decapsulate(pair: SaPair, arrival: Arrival) -> Content | Refusal:
    """Authenticate, open and check a packet; updates window and counters of its SA."""
    sa, window = pair.inbound, pair.inbound.window
    esn = sa.parameters.esn
    sequence = window.extend(arrival.sequence) if esn else arrival.sequence
    if sequence is None:
        return Refusal(Drop.TOO_OLD)
    cause = window.check(sequence)
    if cause is not None:
        return Refusal(cause)
    newest = sequence > window.top
    try:
        plaintext = sa.cipher.open(arrival.payload, sequence >> 32 if esn else None)
        window.update(sequence)
        content, next_header = unpad(plaintext)
    except BadIcv:
        return Refusal(Drop.BAD_ICV)
    except BadPadding:
        # Both sources of it come after the ICV, so the number is used up either way.
        window.update(sequence)
        return Refusal(Drop.BAD_PADDING)
    if next_header == NO_NEXT_HEADER:
        return Refusal(None)
    return _accept(pair, arrival, content, next_header, newest)


def _accept(
    pair: SaPair, arrival: Arrival, content: bytes, next_header: int, newest: bool
) -> Content | Refusal:
    """Check what came out of an authentic packet, and count it."""
    sa = pair.inbound
    try:
        if sa.parameters.transport:
            packet, inner = _from_transport(arrival, content, next_header)
        elif next_header == IP_IN_IP:
            inner = read_inner(content)
            packet = content[: inner.length]
        else:
            return Refusal(Drop.MALFORMED)
    except ValueError:
        return Refusal(Drop.MALFORMED)
    if not sa.parameters.transport:
        tos = inner_tos(inner.tos, arrival.tos)
        if tos is None:
            return Refusal(Drop.CONGESTION, inner)
        if tos != inner.tos:
            packet = with_tos(packet, inner.header_length, tos)
    if not _expected(pair, inner):
        return Refusal(Drop.BAD_SELECTOR, inner)
    if sa.exceeds(inner):
        return Refusal(Drop.EXPIRED, inner)
    sa.count(inner)
    return Content(packet, inner, newest)


def _from_transport(arrival: Arrival, content: bytes, next_header: int) -> tuple[bytes, Inner]:
    nat = arrival.udp is not None
    packet = transport.rebuild(content, next_header, arrival.source, arrival.destination, nat)
    return packet, read_inner(packet)


def _expected(pair: SaPair, inner: Inner) -> bool:
    """Say whether a packet is what the SA was negotiated for.

    In transport mode through a NAT the selectors hold addresses from before the translation, and
    the ICV has proved who sent the packet: only its service is compared (RFC 3948 3.1.2).
    """
    parameters = pair.inbound.parameters
    local, remote = parameters.local, parameters.remote
    if parameters.transport and parameters.udp is not None:
        inner = inner._replace(source=remote.first, destination=local.first)
    return admits(local, remote, inner, inbound=True)
