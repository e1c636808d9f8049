"""The batch form of the data plane: the packets of a flow, many at a time, in buffers made before.

The per-packet form (`DataPlane.outbound` and `inbound`) decides and is the reference. This form
does only what is sure to come out the same: tunnel mode between known addresses, inside the
window, far from every limit, nothing odd in any header. Whatever else comes it leaves alone, with
no counter moved, for the reference to deal with. Both work on the same pairs of SAs and may take
turns at any packet. `sealer` does it on the way out, `opener` on the way in.

One thing it does not check because the kernel does, of every packet that it routes to a TUN device
or takes from one: the checksum of the inner header.
"""

from dataclasses import dataclass

from gwsim.crypto.esp_rows import RowCipher
from gwsim.esp.inner import Inner
from gwsim.esp.sa import InboundSa, OutboundSa, SaPair

BUFFER = 1 << 16
"""Octets that go through one call of a socket at most, headers included."""

SPARE = 4096
"""Octets of a buffer behind those, for rows that are cut before it is known how full they are."""

MOST = 44
"""Packets in a batch at most: what one call carries at 1460 octets each."""

REMEMBERED = 4096
"""Flows that are known at a time at most."""

_MARGIN = 2 * BUFFER


@dataclass(slots=True, eq=False)
class Flow:
    """Packets like `inner` on one pair of SAs; what passed of them and was not reported yet."""

    pair: SaPair
    inbound: bool
    inner: Inner
    packets: int = 0
    octets: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Sealed packets, `stride` octets each, end to end; `octets` are good until the next call."""

    pair: SaPair
    octets: memoryview
    stride: int
    count: int
    tos: int
    dont_fragment: bool


def row_cipher(pair: SaPair, sa: InboundSa | OutboundSa) -> RowCipher | None:
    """Give the row form of an SA's cipher, None where the batch form does not apply."""
    parameters = sa.parameters
    if parameters.transport or parameters.esn:
        return None
    return sa.cipher.rows()


def far_from_end(pair: SaPair, sa: InboundSa | OutboundSa) -> bool:
    """Say whether a batch more cannot reach a limit at which something would have to happen."""
    octets = sa.octets + _MARGIN
    known = pair.asked or pair.retired
    if octets >= (sa.limit if known else sa.soft):
        return False
    if isinstance(sa, InboundSa):
        return True
    return sa.sequence + 2 * MOST < (sa.last if known else sa.renew_at)
