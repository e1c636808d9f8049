"""ESP packets from outside, opened in batches: the way in of the batch form (see `batch`)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from struct import Struct

from gwsim.crypto.esp_rows import OpeningRows, RowCipher, in_rows
from gwsim.esp.batch import BUFFER, REMEMBERED, SPARE, Flow, far_from_end, row_cipher
from gwsim.esp.encapsulate import IP_IN_IP
from gwsim.esp.inner import Inner, read_inner
from gwsim.esp.replay import ReplayWindow
from gwsim.esp.sa import SaPair
from gwsim.wire.encapsulation import ESP_HEADER_SIZE
from gwsim.wire.errors import WireError
from gwsim.wire.ip import HEADER_SIZE

JOINED = 64
"""Packets that the kernel joins into one receive at most."""

_MAY_CHANGE_INNER = 1  # ECT(1) or CE on the outside (RFC 6040 4.2)

_ALIKE = "BxH5xB2xQ"  # version, length, protocol, addresses
_KEY = Struct("!" + _ALIKE).unpack_from
_NUMBERED = "II"  # SPI, sequence number
_NUMBERS = Struct("!" + _NUMBERED).unpack_from
_TRAILERS = tuple(bytes((*range(1, n + 1), n, IP_IN_IP)) for n in range(256))


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Packets from inside that lie in a buffer, the first at its start, `stride` octets apart."""

    packets: list[memoryview]
    octets: memoryview
    stride: int


@dataclass(frozen=True, slots=True, eq=False)
class _Tray:
    """Rows for packets of one length; `views` are what was in them, by the inner length."""

    rows: OpeningRows
    count: int
    views: dict[int, list[memoryview]] = field(default_factory=dict)

    def of(self, plain: memoryview, size: int) -> list[memoryview]:
        """Give where the packets inside are, of this many octets each."""
        if size not in self.views:
            start, row = self.rows.start, self.rows.row
            firsts = range(start, start + self.count * row, row)
            self.views[size] = [plain[at : at + size] for at in firsts]
        return self.views[size]


@dataclass(slots=True, eq=False)
class _Receiver:
    """One pair of SAs as it receives: rows by the length of packets, flows by what headers say."""

    pair: SaPair
    window: ReplayWindow
    cipher: RowCipher
    trays: dict[tuple[int, bool], _Tray | None] = field(default_factory=dict)
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
        self.buffer = bytearray(2 * BUFFER)
        self._in = memoryview(self.buffer)
        self._plain = bytearray(BUFFER + SPARE)
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
    ) -> list[Stretch]:
        """Open packets of `length` octets from `origin`, number `first` to the last of `count`.

        Gives the packets inside, good until the next receive. `tos` is that octet of all outer
        headers; `udp` says whether there was a UDP header.
        """
        self.stray = None
        opened: list[Stretch] = []
        index = first
        if length >= ESP_HEADER_SIZE and not tos & _MAY_CHANGE_INNER:
            opened = self._open(first, count, length, origin, udp)
            index += sum(len(stretch.packets) for stretch in opened)
        if index < count:
            self.stray = bytes(self._in[index * length : (index + 1) * length])
            self.next = index + 1
        return opened

    def _open(
        self, index: int, count: int, length: int, origin: tuple[str, int], udp: bool
    ) -> list[Stretch]:
        """Open what is sure; give the packets before the first that is not."""
        opened: list[Stretch] = []
        while index < count:
            spi, _ = _NUMBERS(self.buffer, index * length)
            receiver = self._receiver(spi, origin, udp)
            tray = self._tray(receiver, length, count)
            if receiver is None or tray is None:
                break
            layout = in_rows(_NUMBERED, length, count - index)
            numbers = layout.unpack_from(self.buffer, index * length)
            spis, sequences = numbers[::2], numbers[1::2]
            if spis.count(spi) < len(spis):
                other = next(i for i, found in enumerate(spis) if found != spi)
                sequences = sequences[:other]
            packets = self._open_run(receiver, tray, index, sequences)
            octets = self._out[index * tray.rows.row + tray.rows.start :]
            opened.append(Stretch(packets, octets, tray.rows.row))
            if len(packets) < len(sequences):
                break
            index += len(packets)
        return opened

    def _open_run(
        self, receiver: _Receiver, tray: _Tray, index: int, sequences: tuple[int, ...]
    ) -> list[memoryview]:
        """Open packets of one SA: all in one go if they follow each other, or one by one."""
        window, first, genuine = receiver.window, sequences[0], index
        if first > window.top and sequences == tuple(range(first, first + len(sequences))):
            genuine = tray.rows.open(index, index + len(sequences))
            alike = self._alike(receiver, tray, index, genuine - index)
            if alike:
                window.update(first)
                window.advance(len(alike) - 1)
                return alike
        opened: list[memoryview] = []
        for at, sequence in enumerate(sequences, index):
            if sequence <= window.top and window.check(sequence) is not None:
                break
            if at >= genuine and tray.rows.open(at, at + 1) == at:
                break
            packet = self._one(receiver, tray, at)
            if packet is None:
                break
            window.update(sequence)
            opened.append(packet)
        return opened

    def _alike(self, receiver: _Receiver, tray: _Tray, index: int, count: int) -> list[memoryview]:
        """Give the packets in rows if they are of one flow; nothing if that is not so."""
        if count < 2:
            return []
        row, at = tray.rows.row, index * tray.rows.row + tray.rows.start
        key, padding = _KEY(self._plain, at), self._plain[(index + 1) * row - 2]
        size = row - tray.rows.start - 2 - padding
        known = receiver.flows.get(key) or self._flow(receiver, key, at, at + size)
        if known is None or known[1] != size:
            return []
        layout = in_rows(f"{_ALIKE}{size - HEADER_SIZE}x{padding + 2}s", row, count)
        if layout.unpack_from(self._plain, at) != (*key, _TRAILERS[padding]) * count:
            return []
        self._note(known[0], count, size)
        return tray.of(self._out, size)[index : index + count]

    def _one(self, receiver: _Receiver, tray: _Tray, index: int) -> memoryview | None:
        """Give the packet in a row, None if it is for the reference."""
        plain, row = self._plain, tray.rows.row
        at, end = index * row + tray.rows.start, (index + 1) * row
        padding = plain[end - 2]
        finish = end - 2 - padding
        key = _KEY(plain, at)
        known = receiver.flows.get(key) or self._flow(receiver, key, at, finish)
        if known is None or known[1] != finish - at or plain[finish:end] != _TRAILERS[padding]:
            return None
        self._note(known[0], 1, finish - at)
        return self._out[at:finish]

    def _note(self, flow: Flow, count: int, size: int) -> None:
        if not flow.packets:
            self.touched.append(flow)
        sa, octets = flow.pair.inbound, count * size
        flow.packets += count
        flow.octets += octets
        sa.packets += count
        sa.octets += octets

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
        if len(receiver.flows) >= REMEMBERED:
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
            cipher = row_cipher(pair, pair.inbound) if pair else None
            if pair is None or cipher is None:
                return None
            receiver = _Receiver(pair, pair.inbound.window, cipher)
            self._receivers[spi] = receiver
        pair = receiver.pair
        if (pair.inbound.parameters.udp is not None) is not udp or (udp and origin != pair.peer):
            return None
        return receiver if far_from_end(pair, pair.inbound) else None

    def _tray(self, receiver: _Receiver | None, length: int, count: int) -> _Tray | None:
        """Give rows for packets of this length: one, or as many as ever come at once."""
        if receiver is None:
            return None
        key = (length, count > 1)
        if key not in receiver.trays:
            if len(receiver.trays) >= REMEMBERED:
                receiver.trays.clear()
            most = max(count, min(JOINED, BUFFER // length)) if count > 1 else 1
            rows = receiver.cipher.opening(self.buffer, self._plain, length, most)
            receiver.trays[key] = None if rows is None else _Tray(rows, most)
        return receiver.trays[key]
