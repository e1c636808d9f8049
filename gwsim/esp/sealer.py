"""Packets from inside, sealed in batches: the way out of the batch form (see `batch`).

They are read one by one into the row where each will be sealed; while a stream of packets that are
alike lasts, as many are read as fit into a batch before anybody looks at the first.

    plain   [headroom | packet | trailer] [headroom | packet | trailer] ...
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from operator import setitem
from struct import Struct

from gwsim.crypto.esp import pad
from gwsim.crypto.esp_rows import RowCipher, SealingRows, in_rows, run
from gwsim.esp.batch import BUFFER, MOST, REMEMBERED, SPARE, Batch, Flow, far_from_end, row_cipher
from gwsim.esp.encapsulate import IP_IN_IP
from gwsim.esp.header import outer_dont_fragment
from gwsim.esp.inner import Inner, read_inner
from gwsim.esp.sa import SaPair
from gwsim.wire.encapsulation import ESP_HEADER_SIZE
from gwsim.wire.errors import WireError
from gwsim.wire.ip import HEADER_SIZE

_UDP_HEADER_SIZE = 8
_LARGEST_SEND = BUFFER - 1 - HEADER_SIZE - _UDP_HEADER_SIZE

HEADROOM = 16
"""Octets before each packet that is read, as many as the longest IV has."""

_ALIKE = "HH2xHxB2xQ"  # version and TOS, length, DF, protocol, addresses
_KEY = Struct("!" + _ALIKE).unpack_from


@dataclass(frozen=True, slots=True, eq=False)
class _Tray:
    """Rows for packets that leave on one SA, equally long once padded, with like outer headers.

    Packet i, with what comes before it, is read to `singly[i]` when nothing is read after it, and
    else to `together[i]`, whose second part takes what does not fit into the row.
    """

    pair: SaPair
    rows: SealingRows
    singly: list[list[memoryview]]
    together: list[list[memoryview]]
    tos: int
    dont_fragment: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Slot:
    """What is known of all packets that share a key: their flow, their rows, their trailer.

    `ends[i]` is where the trailer of row i belongs, once that was needed.
    """

    flow: Flow
    tray: _Tray
    length: int
    padded: int
    trailer: bytes
    ends: list[slice] = field(default_factory=list)


class Sealer:
    """Seals packets from inside: read them to `places`, then `take` them by their lengths.

    `find` gives, for a packet's header, the pair that carries it, the longest packet that fits
    and the policy for the outer DF bit, or None. `touched` lists flows with something to report.
    """

    def __init__(self, find: Callable[[Inner], tuple[SaPair, int, str] | None]) -> None:
        self._find = find
        self._before = 0
        self._plain = bytearray(3 * BUFFER)
        self._view = memoryview(self._plain)
        self._beyond = memoryview(bytearray(MOST * BUFFER))
        self._sealed = bytearray(BUFFER + SPARE)
        self._out = memoryview(self._sealed)
        self.touched: list[Flow] = []
        self._slots: dict[tuple[int, ...], _Slot] = {}
        self._trays: dict[tuple[int, int, int, bool], _Tray] = {}
        self._count = self._octets = 0
        self._together = False
        self.forget()

    def leave_room(self, before: int) -> None:
        """From now on expect as many octets of the reader's before each packet, HEADROOM at most.

        They count as part of the length that was read.
        """
        self._before = before
        self.forget()

    def forget(self) -> None:
        """Look everything up anew from now on; call `finish` before."""
        self._slots.clear()
        self._trays.clear()
        self._tray: _Tray | None = None
        self._stream: _Tray | None = None
        self._at = HEADROOM
        self._place = [self._view[self._at - self._before :]]

    @property
    def places(self) -> list[list[memoryview]]:
        """The buffers to read the next packets to, one list of them for each packet."""
        self._together = self._stream is not None and not self._count
        if not self._together or self._stream is None:
            return [self._place]
        self._begin(self._stream)
        return self._stream.together

    def take(self, lengths: list[int]) -> Iterator[Batch | bytes]:
        """Take the packets that were read to the first of `places`.

        A batch is to be sent at once. Octets are a packet as it came: `finish`, then let the
        reference have it. All come in the order in which they were read.
        """
        if not self._together:
            for read in lengths:
                yield from self._take(read)
            return
        if not lengths:
            return
        alike = self._take_alike(lengths)
        rest = [self._lifted(i, lengths[i]) for i in range(alike, len(lengths))]
        if len(rest) > alike:
            self._stream = None
        if alike:
            yield from self._advance(alike)
        for octets in rest:
            self._place[0][: len(octets)] = octets
            yield from self._take(len(octets))

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
        self._begin(tray)
        if not far_from_end(tray.pair, sa) or len(self._slots) > REMEMBERED:
            self.forget()
        octets = self._out[: count * rows.stride]
        return Batch(tray.pair, octets, rows.stride, count, tray.tos, tray.dont_fragment)

    def _begin(self, tray: _Tray) -> None:
        self._tray, self._at, self._place = tray, tray.rows.start, tray.singly[0]

    def _take(self, read: int) -> Iterator[Batch | bytes]:
        """Take the packet at `_place`."""
        at, length = self._at, read - self._before
        key = _KEY(self._plain, at)
        slot = self._slots.get(key) or self._open(key, at, length)
        if slot is None or slot.length != length:
            yield bytes(self._view[at : at + length])
            return
        batch, tray = None, slot.tray
        if tray is not self._tray:
            batch = self.finish()
            self._begin(tray)
            self._plain[self._at : self._at + length] = self._plain[at : at + length]
        end = self._at + length
        self._plain[end : self._at + slot.padded] = slot.trailer
        self._note(slot, 1)
        if batch is not None:
            yield batch
        yield from self._advance(1)

    def _take_alike(self, lengths: list[int]) -> int:
        """Take packets of the stream from the first row on; give how many were like the first."""
        tray, length = self._stream, lengths[0] - self._before
        if tray is None:
            return 0
        start, row = tray.rows.start, tray.rows.row
        key = _KEY(self._plain, start)
        slot = self._slots.get(key)
        if slot is None or slot.tray is not tray or slot.length != length:
            return 0
        count = len(lengths)
        if lengths.count(lengths[0]) < count:
            count = next(i for i, other in enumerate(lengths) if other != lengths[0])
        if in_rows(_ALIKE, row, count).unpack_from(self._plain, start) != key * count:
            return 0
        if not slot.ends:
            firsts = range(start, start + row * len(tray.singly), row)
            slot.ends.extend(slice(at + length, at + slot.padded) for at in firsts)
        run(map(setitem, repeat(self._plain), slot.ends[:count], repeat(slot.trailer)))
        self._note(slot, count)
        return count

    def _note(self, slot: _Slot, count: int) -> None:
        flow, octets = slot.flow, slot.length * count
        if not flow.packets:
            self.touched.append(flow)
        flow.packets += count
        flow.octets += octets
        self._octets += octets

    def _advance(self, count: int) -> Iterator[Batch]:
        """Go on behind packets that were taken; a full tray is a batch, and may begin a stream."""
        tray = self._tray
        assert tray is not None
        self._count += count
        if self._count < len(tray.singly):
            self._at += count * tray.rows.row
            self._place = tray.singly[self._count]
            return
        self._stream = tray
        batch = self.finish()
        if batch is not None:
            yield batch

    def _lifted(self, index: int, read: int) -> bytes:
        """Give a packet that was read among others, with what comes before it."""
        assert self._stream is not None
        row, beyond = self._stream.together[index]
        return bytes(row[:read]) + bytes(beyond[: max(0, read - len(row))])

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
        cipher = row_cipher(pair, pair.outbound)
        if cipher is None or length > room or not far_from_end(pair, pair.outbound):
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
        if key not in self._trays:
            suite = pair.outbound.parameters.suite
            stride = ESP_HEADER_SIZE + suite.iv_length + padded + suite.icv_length
            capacity = min(MOST, _LARGEST_SEND // stride)
            if capacity < 2:
                return None
            rows = cipher.sealing(self._plain, self._sealed, padded, capacity, HEADROOM)
            self._trays[key] = self._tray_of(pair, rows, capacity, tos, dont_fragment)
        return self._trays[key]

    def _tray_of(
        self, pair: SaPair, rows: SealingRows, capacity: int, tos: int, dont_fragment: bool
    ) -> _Tray:
        firsts = [i * rows.row + rows.start - self._before for i in range(capacity)]
        singly = [[self._view[at:]] for at in firsts]
        room = rows.row - rows.start + self._before
        together = [
            [self._view[at : at + room], self._beyond[i * BUFFER : (i + 1) * BUFFER]]
            for i, at in enumerate(firsts)
        ]
        return _Tray(pair, rows, singly, together, tos, dont_fragment)
