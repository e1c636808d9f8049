"""The batch form of the data plane: the packets of a flow, many at a time, in buffers made before.

The per-packet form (`DataPlane.outbound` and `inbound`) decides and is the reference. This form
does only what is sure to come out the same: tunnel mode between known addresses, inside the
window, far from every limit, nothing odd in any header. Whatever else comes it leaves alone, with
no counter moved, for the reference to deal with. Both work on the same pairs of SAs and may take
turns at any packet.

One thing it does not check because the kernel does, of every packet that it routes to a TUN device
or takes from one: the checksum of the inner header.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from struct import Struct

from gwsim.crypto.esp import pad
from gwsim.crypto.esp_rows import OpeningRows, RowCipher, SealingRows
from gwsim.esp.encapsulate import IP_IN_IP
from gwsim.esp.header import outer_dont_fragment
from gwsim.esp.inner import Inner, read_inner
from gwsim.esp.replay import ReplayWindow
from gwsim.esp.sa import InboundSa, OutboundSa, SaPair
from gwsim.wire.encapsulation import ESP_HEADER_SIZE
from gwsim.wire.errors import WireError
from gwsim.wire.ip import HEADER_SIZE

BUFFER = 1 << 16
"""Octets that go through one call of a socket at most, headers included."""

MOST = 44
"""Packets in a batch at most: what one call carries at 1460 octets each."""

JOINED = 64
"""Packets that the kernel joins into one receive at most."""

_LARGEST_SEND = BUFFER - 1 - HEADER_SIZE - 8
_SPARE = 4096
_MARGIN = 2 * BUFFER
_REMEMBERED = 4096
_MAY_CHANGE_INNER = 1  # ECT(1) or CE on the outside (RFC 6040 4.2)
_LONGEST_IV = 16

_OUTWARD = Struct("!HH2xHxB2xQ").unpack_from
_INWARD = Struct("!BxH5xB2xQ").unpack_from
_ESP = Struct("!II").unpack_from
_TRAILERS = tuple(bytes((*range(1, n + 1), n, IP_IN_IP)) for n in range(256))


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


@dataclass(frozen=True, slots=True, eq=False)
class _Tray:
    """Rows for packets that leave on one SA, equally long once padded, with like outer headers.

    `places[i]` is where the packet for row i is read to.
    """

    pair: SaPair
    rows: SealingRows
    places: list[list[memoryview]]
    capacity: int
    tos: int
    dont_fragment: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Slot:
    """What is known of all packets that share a key: their flow, their rows, their trailer."""

    flow: Flow
    tray: _Tray
    length: int
    padded: int
    trailer: bytes


class Sealer:
    """Seals packets from inside: read each into `place`, then `take` it by its length.

    `find` gives, for a packet's header, the pair that carries it, the longest packet that fits
    and the policy for the outer DF bit, or None. `touched` lists flows with something to report.
    """

    def __init__(self, find: Callable[[Inner], tuple[SaPair, int, str] | None]) -> None:
        self._find = find
        self._plain = bytearray(3 * BUFFER)
        self._view = memoryview(self._plain)
        self._sealed = bytearray(BUFFER + _SPARE)
        self._out = memoryview(self._sealed)
        self.touched: list[Flow] = []
        self._slots: dict[tuple[int, ...], _Slot] = {}
        self._trays: dict[tuple[int, int, int, bool], _Tray] = {}
        self._count = self._octets = 0
        self.forget()

    def forget(self) -> None:
        """Look everything up anew from now on; call `finish` before."""
        self._slots.clear()
        self._trays.clear()
        self._tray: _Tray | None = None
        self._at = _LONGEST_IV
        self.place = [self._view[_LONGEST_IV:]]

    def take(self, length: int) -> Batch | bytes | None:
        """Take the packet that was just read.

        Mostly gives None. A batch is to be sent at once; it holds what came before this packet,
        or also this one. Octets are the packet itself: `finish`, then let the reference have it.
        """
        at = self._at
        key = _OUTWARD(self._plain, at)
        slot = self._slots.get(key) or self._open(key, at, length)
        if slot is None or slot.length != length:
            return bytes(self._view[at : at + length])
        finished, tray = None, slot.tray
        if tray is not self._tray:
            finished = self.finish()
            start = tray.rows.start
            self._plain[start : start + length] = self._plain[at : at + length]
            self._tray, at = tray, start
        self._plain[at + length : at + slot.padded] = slot.trailer
        flow = slot.flow
        if not flow.packets:
            self.touched.append(flow)
        flow.packets += 1
        flow.octets += length
        self._octets += length
        self._count = count = self._count + 1
        if count == tray.capacity:
            return self.finish()
        self._at = at + tray.rows.row
        self.place = tray.places[count]
        return finished

    def finish(self) -> Batch | None:
        """Seal what was taken and not given back yet; None when there is nothing."""
        tray, count = self._tray, self._count
        if tray is None or not count:
            return None
        rows, sa = tray.rows, tray.pair.outbound
        rows.seal(count, sa.spi, sa.sequence + 1)
        sa.sequence += count
        sa.packets += count
        sa.octets += self._octets
        self._count = self._octets = 0
        self._at = rows.start
        self.place = tray.places[0]
        if not _far_from_end(tray.pair, sa) or len(self._slots) > _REMEMBERED:
            self.forget()
        octets = self._out[: count * rows.stride]
        return Batch(tray.pair, octets, rows.stride, count, tray.tos, tray.dont_fragment)

    def _open(self, key: tuple[int, ...], at: int, length: int) -> _Slot | None:
        """Find out what becomes of packets of this key; None when that is for the reference."""
        try:
            inner = read_inner(bytes(self._view[at : at + length]))
        except WireError:
            return None
        found = self._find(inner)
        if found is None or inner.fragment or inner.header_length != HEADER_SIZE:
            return None
        pair, room, policy = found
        cipher = _row_cipher(pair, pair.outbound)
        if cipher is None or length > room or not _far_from_end(pair, pair.outbound):
            return None
        block = pair.outbound.parameters.suite.block_size
        padded = -(-(length + 2) // block) * block
        dont_fragment = outer_dont_fragment(policy, inner.dont_fragment)
        tray = self._tray_for(pair, cipher, padded, inner.tos, dont_fragment)
        if tray is None:
            return None
        trailer = pad(bytes(length), IP_IN_IP, block)[length:]
        slot = _Slot(Flow(pair, False, inner), tray, length, padded, trailer)
        self._slots[key] = slot
        return slot

    def _tray_for(
        self, pair: SaPair, cipher: RowCipher, padded: int, tos: int, dont_fragment: bool
    ) -> _Tray | None:
        key = (pair.inbound.spi, padded, tos, dont_fragment)
        found = self._trays.get(key)
        if found is not None:
            return found
        suite = pair.outbound.parameters.suite
        stride = ESP_HEADER_SIZE + suite.iv_length + padded + suite.icv_length
        capacity = min(MOST, _LARGEST_SEND // stride)
        if capacity < 2:
            return None
        rows = cipher.sealing(self._plain, self._sealed, padded, capacity)
        places = [[self._view[i * rows.row + rows.start :]] for i in range(capacity)]
        tray = _Tray(pair, rows, places, capacity, tos, dont_fragment)
        self._trays[key] = tray
        return tray


@dataclass(slots=True, eq=False)
class _Receiver:
    """One pair of SAs as it receives: rows by the length of packets, flows by what headers say."""

    pair: SaPair
    window: ReplayWindow
    cipher: RowCipher
    rows: dict[tuple[int, bool], OpeningRows | None] = field(default_factory=dict)
    flows: dict[tuple[int, ...], tuple[Flow, int]] = field(default_factory=dict)
    alike: dict[tuple[int, ...], Flow] = field(default_factory=dict)


class Opener:
    """Opens ESP packets: receive them into `buffer`, end to end and equally long, then `open`.

    `find` gives the pair of an inbound SPI, `admit` says whether packets of a header may pass on
    a pair to a host inside. Opening stops at a packet for the reference, the `stray`; when it has
    been dealt with, `open` goes on from `next`.
    """

    def __init__(
        self,
        find: Callable[[int], SaPair | None],
        admit: Callable[[SaPair, Inner], bool],
    ) -> None:
        self._find, self._admit = find, admit
        self.buffer = bytearray(BUFFER + _SPARE)
        self._in = memoryview(self.buffer)
        self._plain = bytearray(BUFFER + _SPARE)
        self._out = memoryview(self._plain)
        self._receivers: dict[int, _Receiver] = {}
        self.stray: bytes | None = None
        self.next = 0
        self.touched: list[Flow] = []

    def forget(self) -> None:
        """Look everything up anew from now on."""
        self._receivers.clear()

    def shift(self, start: int, length: int) -> None:
        """Put a packet that is shorter than those before it to the front of the buffer."""
        self.buffer[:length] = self.buffer[start : start + length]

    def open(
        self, first: int, count: int, length: int, origin: tuple[str, int], udp: bool, tos: int
    ) -> list[memoryview]:
        """Open packets of `length` octets from `origin`, number `first` to the last of `count`.

        Gives the packets inside, good until the next receive. `tos` is that octet of all outer
        headers; `udp` says whether there was a UDP header.
        """
        # This loop is the hottest there is: what can be looked up before it is.
        opened: list[memoryview] = []
        self.stray = None
        current, receiver, rows = 0, None, None
        buffer, plain, out, header, inner = self.buffer, self._plain, self._out, _ESP, _INWARD
        odd = length < ESP_HEADER_SIZE or tos & _MAY_CHANGE_INNER
        for index in range(first, count):
            spi, sequence = (0, 0) if odd else header(buffer, index * length)
            if spi != current:
                current, receiver = spi, self._receiver(spi, origin, udp)
                rows = self._rows(receiver, length, count)
            if receiver is not None and rows is not None:
                window = receiver.window
                fresh = sequence > window.top or window.check(sequence) is None
                if fresh and rows.open(index):
                    start, end = rows.starts[index], rows.ends[index]
                    padding = plain[end - 2]
                    finish = end - 2 - padding
                    key = inner(plain, start)
                    known = receiver.flows.get(key) or self._flow(receiver, key, start, finish)
                    if (
                        known is not None
                        and known[1] == finish - start
                        and plain[finish:end] == _TRAILERS[padding]
                    ):
                        window.update(sequence)
                        self._count(*known)
                        opened.append(out[start:finish])
                        continue
            self.stray = bytes(self._in[index * length : (index + 1) * length])
            self.next = index + 1
            break
        return opened

    def _count(self, flow: Flow, size: int) -> None:
        if not flow.packets:
            self.touched.append(flow)
        flow.packets += 1
        flow.octets += size
        sa = flow.pair.inbound
        sa.packets += 1
        sa.octets += size

    def _flow(
        self, receiver: _Receiver, key: tuple[int, ...], start: int, finish: int
    ) -> tuple[Flow, int] | None:
        """Find the flow of packets of this header, and their size; None if they are refused."""
        try:
            inner = read_inner(bytes(self._out[start : max(start, finish)]))
        except WireError:
            return None
        if inner.header_length != HEADER_SIZE or not self._admit(receiver.pair, inner):
            return None
        if len(receiver.flows) >= _REMEMBERED:
            receiver.flows.clear()
            receiver.alike.clear()
        alike = key[2:]
        flow = receiver.alike.setdefault(alike, Flow(receiver.pair, True, inner))
        receiver.flows[key] = (flow, inner.length)
        return receiver.flows[key]

    def _receiver(self, spi: int, origin: tuple[str, int], udp: bool) -> _Receiver | None:
        """Find who receives this SPI from there; None when the reference should look at it."""
        receiver = self._receivers.get(spi)
        if receiver is None:
            pair = self._find(spi)
            cipher = _row_cipher(pair, pair.inbound) if pair else None
            if pair is None or cipher is None:
                return None
            receiver = _Receiver(pair, pair.inbound.window, cipher)
            self._receivers[spi] = receiver
        pair = receiver.pair
        if (pair.inbound.parameters.udp is not None) is not udp or (udp and origin != pair.peer):
            return None
        return receiver if _far_from_end(pair, pair.inbound) else None

    def _rows(self, receiver: _Receiver | None, length: int, count: int) -> OpeningRows | None:
        """Give rows for packets of this length: one, or as many as ever come at once."""
        if receiver is None:
            return None
        key = (length, count > 1)
        if key not in receiver.rows:
            if len(receiver.rows) >= _REMEMBERED:
                receiver.rows.clear()
            most = max(count, min(JOINED, BUFFER // length)) if count > 1 else 1
            receiver.rows[key] = receiver.cipher.opening(self.buffer, self._plain, length, most)
        return receiver.rows[key]


def _row_cipher(pair: SaPair, sa: InboundSa | OutboundSa) -> RowCipher | None:
    """Give the row form of an SA's cipher, None where the batch form does not apply."""
    parameters = sa.parameters
    if parameters.transport or parameters.esn:
        return None
    return sa.cipher.rows()


def _far_from_end(pair: SaPair, sa: InboundSa | OutboundSa) -> bool:
    """Say whether a batch more cannot reach a limit at which something would have to happen."""
    octets = sa.octets + _MARGIN
    known = pair.asked or pair.retired
    if octets >= (sa.limit if known else sa.soft):
        return False
    if isinstance(sa, InboundSa):
        return True
    return sa.sequence + 2 * MOST < (sa.last if known else sa.renew_at)
