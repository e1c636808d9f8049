"""All that two addresses say to each other in a capture: rows of a ladder, attempts, counts.

Whatever a capture holds, memory stays bounded: of the rows the first and the last are kept, of
attempts the latest, and of messages digests, to know those that come again.
"""

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from gwsim.capture.ladder import Fold, Row
from gwsim.capture.notation import ENCRYPTED, condensed, payload_list
from gwsim.capture.reading.attempt import Attempt
from gwsim.capture.reading.datagrams import Datagram, Kind
from gwsim.capture.reading.unsealing import Unsealing
from gwsim.capture.trace import DELIVERED
from gwsim.wire.codec import HEADER_SIZE, Header, parse_header, parse_payloads
from gwsim.wire.encapsulation import parse_esp
from gwsim.wire.errors import WireError
from gwsim.wire.labels import Labeller, informational_label
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT
from gwsim.wire.payloads import Payload

FIRST_ROWS = 240
LAST_ROWS = 80
MOST_ATTEMPTS = 64
MOST_DIGESTS = 4096
MOST_SPIS = 64

SAME_MOMENT = 0.05
"""Seconds within which the same octets are one message seen twice, as on a mirrored port."""

AT_ONCE = 0.002
"""The same, where packets have no number of their own."""


@dataclass(slots=True)
class Flow:
    """ESP in one direction: packets, when first and last, and their SPIs, the first ones."""

    packets: int = 0
    first: float = 0.0
    last: float = 0.0
    spis: dict[int, int] = field(default_factory=dict)
    encapsulated: bool = False


class Dialogue:
    """Two addresses, the one that was heard first on the left."""

    def __init__(self, first: Datagram, unsealing: Unsealing) -> None:
        self.ends = (first.source, first.destination)
        self.first = self.last = first.at
        self.messages = 0
        self.doubles = 0
        self.left_out = 0
        self.attempts: OrderedDict[bytes, Attempt] = OrderedDict()
        self.forgotten = 0
        self.flows: dict[str, Flow] = {end: Flow() for end in self.ends}
        self.errors: list[str] = []
        self._fold = Fold()
        self._head: list[Row] = []
        self._tail: deque[Row] = deque(maxlen=LAST_ROWS)
        self._labeller = Labeller()
        self._digests: OrderedDict[bytes, tuple[int, Datagram]] = OrderedDict()
        self._sequence: deque[tuple[str, int, int]] = deque(maxlen=MOST_SPIS)
        self._keepalives: dict[str, Datagram] = {}
        self._unsealing = unsealing

    @property
    def rows(self) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        """The first rows and the last ones; between them `left_out` are missing."""
        for row in self._fold.rest():
            self._keep(row)
        return tuple(self._head), tuple(self._tail)

    def take(self, datagram: Datagram) -> None:
        """Take the next datagram between these two, or an ICMP error about one."""
        self.last = datagram.at
        match datagram.kind:
            case Kind.IKE:
                self._take_ike(datagram)
            case Kind.ESP:
                self._take_esp(datagram)
            case Kind.KEEPALIVE:
                self._take_keepalive(datagram)
            case Kind.ICMP:
                self._add(datagram, "icmp", remarks=(datagram.note,))
                if datagram.note not in self.errors and len(self.errors) < MOST_SPIS:
                    self.errors.append(datagram.note)

    def _take_keepalive(self, datagram: Datagram) -> None:
        before = self._keepalives.get(datagram.source)
        self._keepalives[datagram.source] = datagram
        if before is not None and _same(before, datagram):
            self.doubles += 1
        else:
            self._add(datagram, "keepalive")

    # messages

    def _take_ike(self, datagram: Datagram) -> None:
        message = datagram.payload
        attempt = self._repeats(datagram)
        if attempt is None:
            self.doubles += 1
            return
        self.messages += 1
        # Without its marker a message is labelled alike whatever its port.
        label = self._labeller.label(message, IKE_PORT, IKE_PORT, datagram.source)
        try:
            header = parse_header(message)
        except WireError as error:
            self._add(datagram, "unknown", remarks=(error.reason,))
            return
        under = self._attempt(header, label, datagram)
        payloads, text, remarks = self._open(header, datagram, under)
        # An informational message goes by what could be read of it.
        label = informational_label(payloads) if label == "info" else label
        if not attempt:
            under.learn(label, datagram.source, datagram.at, payloads, not header.encrypted)
            _count_quick(under, label)
        under.note(label, datagram.source, datagram.at, datagram.ports[1])
        remarks = (*remarks, *_floated(under, datagram))
        self._add(datagram, label, text, remarks, attempt)

    def _repeats(self, datagram: Datagram) -> int | None:
        """Count how often these octets came before; None for one message that is seen twice."""
        digest = blake2b(datagram.payload, digest_size=12, key=datagram.source.encode()).digest()
        before = self._digests.get(digest)
        if before is not None and _same(before[1], datagram):
            return None
        count = 0 if before is None else before[0] + 1
        self._digests[digest] = count, replace(datagram, payload=b"")
        self._digests.move_to_end(digest)
        if len(self._digests) > MOST_DIGESTS:
            self._digests.popitem(last=False)
        return count

    def _attempt(self, header: Header, label: str, datagram: Datagram) -> Attempt:
        """Find the attempt a message is part of, or begin one."""
        found = self.attempts.get(header.initiator_cookie)
        if found is None:
            answers = label in ("main-2", "main-4", "main-6", "aggr-2")
            source, other = datagram.source, datagram.destination
            initiator, responder = (other, source) if answers else (source, other)
            complete = label in ("main-1", "aggr-1")
            found = Attempt(header.initiator_cookie, initiator, responder, datagram.at, complete)
            self.attempts[header.initiator_cookie] = found
            if len(self.attempts) > MOST_ATTEMPTS:
                self.attempts.popitem(last=False)
                self.forgotten += 1
        if any(header.responder_cookie):
            found.responder_cookie = header.responder_cookie
        return found

    def _open(
        self, header: Header, datagram: Datagram, under: Attempt
    ) -> tuple[Sequence[Payload], str, tuple[str, ...]]:
        """Give the payloads of a message, how they are written, and what is wrong with them."""
        message = datagram.payload
        if header.encrypted:
            payloads = self._unsealing.payloads(header, message, under)
            text = ENCRYPTED if payloads is None else payload_list(payloads, encrypted=True)
            return payloads or (), condensed(text), ()
        remarks: tuple[str, ...] = ()
        if header.length != len(message) and not datagram.cut:
            remarks = (f"claims {header.length} octets, has {len(message)}",)
        try:
            parsed = parse_payloads(header.next_payload, message, HEADER_SIZE)
        except WireError as error:
            why = "cut off by the capture" if datagram.cut else f"malformed: {error.reason}"
            return (), "", (*remarks, why)
        clear = [item.payload for item in parsed]
        self._unsealing.watch(header, clear, under, datagram.source)
        return clear, condensed(payload_list(clear, encrypted=False)), remarks

    # ESP

    def _take_esp(self, datagram: Datagram) -> None:
        spi, sequence = parse_esp(datagram.payload)
        key = (datagram.source, spi, sequence)
        if key in self._sequence:
            self.doubles += 1
            return
        self._sequence.append(key)
        flow = self.flows[datagram.source]
        flow.first = flow.first if flow.packets else datagram.at
        flow.packets += 1
        flow.last = datagram.at
        flow.encapsulated = datagram.ports != (0, 0)
        if spi in flow.spis or len(flow.spis) < MOST_SPIS:
            flow.spis[spi] = flow.spis.get(spi, 0) + 1
        self._add(datagram, "esp")

    # rows

    def _add(
        self,
        datagram: Datagram,
        label: str,
        payloads: str = "",
        remarks: tuple[str, ...] = (),
        attempt: int = 0,
    ) -> None:
        again = (f"(again {attempt})",) if attempt else ()
        row = Row(
            at=datagram.at,
            until=datagram.at,
            source=datagram.source,
            target=datagram.destination if datagram.destination in self.ends else self.ends[0],
            label=label,
            length=datagram.length,
            payloads=payloads,
            fate=DELIVERED,
            attempt=attempt,
            remarks=(*again, *remarks),
        )
        for done in self._fold.add(row):
            self._keep(done)

    def _keep(self, row: Row) -> None:
        if len(self._head) < FIRST_ROWS:
            self._head.append(row)
            return
        self.left_out += len(self._tail) == LAST_ROWS
        self._tail.append(row)


def since(rows: Sequence[Row], start: float) -> tuple[Row, ...]:
    """Give rows with times that count from a moment."""
    return tuple(replace(row, at=row.at - start, until=row.until - start) for row in rows)


def _same(one: Datagram, other: Datagram) -> bool:
    """Say whether datagrams of the same octets are one packet, seen twice.

    Who sends again numbers its packets anew; where nobody numbers them, only time tells.
    """
    apart = abs(other.at - one.at)
    if apart >= SAME_MOMENT or one.identification != other.identification:
        return False
    numbered = one.identification != 0 or one.interface != other.interface
    return numbered or apart < AT_ONCE


def _floated(under: Attempt, datagram: Datagram) -> tuple[str, ...]:
    """Note the first message of an attempt on port 4500, and give the remark on it."""
    if NAT_T_PORT not in datagram.ports or under.floated is not None:
        return ()
    under.floated = datagram.at
    return ("on UDP 4500",)


def _count_quick(under: Attempt, label: str) -> None:
    if label == "quick-1":
        under.quick_modes += 1
    elif label == "quick-3":
        under.installed += 1
    if label.startswith("quick"):
        under.last_quick = label
