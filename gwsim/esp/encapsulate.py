"""One packet on its way out, once its pair of SAs has been found (RFC 4303 3.3)."""

from gwsim.esp import transport
from gwsim.esp.drops import Drop
from gwsim.esp.header import outer_dont_fragment
from gwsim.esp.inner import Inner
from gwsim.esp.outcomes import Sealed
from gwsim.esp.sa import SaPair
from gwsim.wire.ip import parse_address

IP_IN_IP = 4
"""The next header of tunnel mode."""


def encapsulate(pair: SaPair, packet: bytes, inner: Inner, df: str) -> Sealed | Drop:
    """Protect a packet that fits, in the mode of its pair, or say why that cannot be.

    `df` is the policy for the outer don't-fragment bit: "copy", "clear" or "set".
    """
    sa = pair.outbound
    if sa.exhausted:
        return Drop.SEQUENCE_EXHAUSTED
    if sa.exceeds(inner):
        return Drop.EXPIRED
    if sa.parameters.transport:
        if not _between_the_ends(pair, inner):
            return Drop.TRANSPORT_ENDS
        payload = sa.seal(transport.payload_of(packet, inner), inner.protocol)
    else:
        payload = sa.seal(packet[: inner.length], IP_IN_IP)
    sa.count(inner)
    connection, child = pair.child
    return Sealed(
        payload,
        sa.source,
        sa.destination,
        sa.udp,
        inner.tos,
        outer_dont_fragment(df, inner.dont_fragment),
        sa.spi,
        pair.inbound.spi,
        connection,
        child,
        inner,
    )


def _between_the_ends(pair: SaPair, inner: Inner) -> bool:
    """Say whether both gateways speak for themselves; only then has the packet its outer header."""
    sa = pair.outbound
    return inner.source == parse_address(sa.source) and inner.destination == parse_address(
        sa.destination
    )
