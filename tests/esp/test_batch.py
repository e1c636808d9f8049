"""The batch form and the per-packet form: the same octets, the same counters, taking turns."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.crypto.esp import EspSuite
from gwsim.esp import sealer as sealer_module
from gwsim.esp.batch import Batch
from gwsim.esp.dataplane import DataPlane, Settings
from gwsim.esp.inner import Inner
from gwsim.esp.opener import Opener
from gwsim.esp.outcomes import Opened, Sealed
from gwsim.esp.sa import SaPair
from gwsim.esp.sealer import Sealer
from gwsim.esp.selectors import admits
from gwsim.wire.selector import Selector
from tests.esp.planes import (
    AES_SHA1,
    BRANCH,
    GCM,
    HQ,
    NULL_SHA1,
    PC,
    SERVER,
    SUITES,
    TO_BRANCH,
    TO_HQ,
    branch,
    hq,
    packet,
)

EXAMPLES = 40
"""For each of ten suites; most of what is tried is the same code for all of them."""

PORTS = (4500, 4500)
ORIGIN = (HQ, 4500)
hosts = st.sampled_from(
    [(SERVER, PC), ("10.1.0.11", PC), (SERVER, "10.2.0.11"), (SERVER, "10.9.0.1")]
)
packets = st.builds(
    lambda ends, size, tos, df, protocol, more: packet(
        size, *ends, protocol, tos=tos, dont_fragment=df, more_fragments=more
    ),
    hosts,
    st.one_of(st.integers(20, 1600), st.just(1400), st.just(64)),
    st.sampled_from([0, 0, 0, 0x48, 2]),
    st.booleans(),
    st.sampled_from([200, 200, 6]),
    st.sampled_from([False, False, False, True]),
)

bursts = st.one_of(
    st.lists(packets, max_size=6),
    st.builds(
        lambda streams: [content for content, count in streams for _ in range(count)],
        st.lists(st.tuples(packets, st.sampled_from([1, 2, 50])), max_size=3),
    ),
)


@dataclass
class BulkSender:
    """A sealer over a data plane, with the reference for what it leaves alone."""

    plane: DataPlane
    sent: list[tuple[bytes, int, bool]] = field(default_factory=list)
    in_batches: int = 0

    def __post_init__(self) -> None:
        self.sealer = Sealer(self.find)

    def find(self, inner: Inner) -> tuple[SaPair, int, str] | None:
        found = self.plane.carrier(inner, 0.0)
        return None if found is None else (*found, self.plane.settings.df)

    def send(self, *contents: bytes) -> None:
        """Let packets be read that are all there already."""
        waiting = list(contents)
        while waiting:
            lengths = [read(waiting.pop(0), place) for place in self.sealer.places if waiting]
            for result in self.sealer.take(lengths):
                self.put(result)

    def put(self, result: Batch | bytes) -> None:
        if isinstance(result, Batch):
            self.note(result)
            return
        self.note(self.sealer.finish())
        for outcome in self.plane.outbound(result, 0.0):
            if isinstance(outcome, Sealed):
                self.sent.append((outcome.payload, outcome.tos, outcome.dont_fragment))

    def flush(self) -> None:
        self.note(self.sealer.finish())

    def note(self, batch: Batch | None) -> None:
        if batch is not None:
            assert len(batch.octets) == batch.stride * batch.count
            for i in range(batch.count):
                octets = bytes(batch.octets[i * batch.stride : (i + 1) * batch.stride])
                self.sent.append((octets, batch.tos, batch.dont_fragment))
            self.in_batches += batch.count


def read(content: bytes, place: list[memoryview], before: bytes = b"") -> int:
    """Do what `os.readv` does."""
    octets = before + content
    for buffer in place:
        count = min(len(octets), len(buffer))
        buffer[:count] = octets[:count]
        octets = octets[count:]
    assert not octets
    return len(before) + len(content)


@dataclass
class BulkReceiver:
    """An opener over a data plane, with the reference for its strays."""

    plane: DataPlane
    opened: list[bytes] = field(default_factory=list)
    in_batches: int = 0

    def __post_init__(self) -> None:
        self.opener = Opener(self.plane.pair, self.admit)

    def admit(self, pair: SaPair, inner: Inner) -> bool:
        return admits(
            pair.inbound.parameters.local, pair.inbound.parameters.remote, inner, inbound=True
        )

    def receive(self, octets: bytes, length: int, tos: int = 0) -> None:
        """Take what one receive gave: packets of a length, the last one maybe shorter."""
        self.opener.buffer[: len(octets)] = octets
        count, rest = divmod(len(octets), length)
        self.take(count, length, tos)
        if rest:
            self.opener.shift(count * length, rest)
            self.take(1, rest, tos)

    def take(self, count: int, length: int, tos: int) -> None:
        index = 0
        while index < count:
            stretches = self.opener.open(index, count, length, ORIGIN, True, tos)
            opened = [packet for stretch in stretches for packet in stretch.packets]
            for stretch in stretches:
                for i, one in enumerate(stretch.packets):
                    assert stretch.octets[i * stretch.stride :][: len(one)] == one
            self.opened += map(bytes, opened)
            self.in_batches += len(opened)
            if self.opener.stray is None:
                return
            outcome = self.plane.inbound(self.opener.stray, HQ, BRANCH, PORTS, tos)
            if isinstance(outcome, Opened):
                self.opened.append(outcome.packet)
            index = self.opener.next


def reference_sent(plane: DataPlane, contents: list[bytes]) -> list[tuple[bytes, int, bool]]:
    outcomes = [outcome for content in contents for outcome in plane.outbound(content, 0.0)]
    return [(o.payload, o.tos, o.dont_fragment) for o in outcomes if isinstance(o, Sealed)]


def state_of(plane: DataPlane, spi: int) -> tuple[object, ...]:
    pair = plane.pair(spi)
    assert pair is not None
    inbound, outbound = pair.inbound, pair.outbound
    return (
        outbound.sequence,
        outbound.packets,
        outbound.octets,
        outbound.errors,
        inbound.packets,
        inbound.octets,
        inbound.errors,
        inbound.window.top,
        inbound.window.bits,
        pair.asked,
        plane.drops,
        plane.requests(),
    )


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
@settings(max_examples=EXAMPLES)
@given(bursts=st.lists(bursts, max_size=4), df=st.sampled_from(["copy", "clear", "set"]))
def test_sealing_gives_the_octets_of_the_reference(
    suite: EspSuite, bursts: list[list[bytes]], df: str
) -> None:
    """However packets come: alone, or many that are alike with a few others among them."""
    reference, bulk = (hq(Settings(HQ, df=df), suite=suite, udp=PORTS) for _ in range(2))
    sender = BulkSender(bulk)
    for burst in bursts:
        sender.send(*burst)
        sender.flush()
    contents = [content for burst in bursts for content in burst]
    assert sender.sent == reference_sent(reference, contents)
    assert state_of(bulk, TO_HQ) == state_of(reference, TO_HQ)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
@settings(max_examples=EXAMPLES)
@given(
    sizes=st.lists(st.tuples(st.integers(20, 1400), st.integers(1, 40)), max_size=4),
    damage=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 2000)), max_size=6),
    repeats=st.lists(st.integers(0, 300), max_size=6),
    tos=st.sampled_from([0, 0, 2, 3]),
)
def test_opening_gives_the_packets_of_the_reference(
    suite: EspSuite,
    sizes: list[tuple[int, int]],
    damage: list[tuple[int, int]],
    repeats: list[int],
    tos: int,
) -> None:
    sender = hq(suite=suite, udp=PORTS)
    contents = [packet(size) for size, count in sizes for _ in range(count)]
    wire = [payload for payload, _, _ in reference_sent(sender, contents)]
    for index, place in damage:
        if index < len(wire):
            octets = bytearray(wire[index])
            octets[place % len(octets)] ^= 1
            wire[index] = bytes(octets)
    for index in repeats:
        if index < len(wire):
            wire.append(wire[index])
    reference = branch(suite=suite, udp=PORTS)
    expected = [reference.inbound(one, HQ, BRANCH, PORTS, tos) for one in wire]
    receiver = BulkReceiver(branch(suite=suite, udp=PORTS))
    for run in runs_of_equal_length(wire):
        receiver.receive(b"".join(run), len(run[0]), tos)
    assert receiver.opened == [one.packet for one in expected if isinstance(one, Opened)]
    assert state_of(receiver.plane, TO_BRANCH) == state_of(reference, TO_BRANCH)


def runs_of_equal_length(wire: list[bytes]) -> list[list[bytes]]:
    """What a kernel would join: packets of one length, and one shorter after them."""
    runs: list[list[bytes]] = []
    for one in wire:
        last = runs[-1] if runs else []
        if last and len(last) < 40 and len(last[-1]) == len(last[0]) >= len(one):
            last.append(one)
        else:
            runs.append([one])
    return runs


@pytest.mark.parametrize("suite", [AES_SHA1, GCM, NULL_SHA1], ids=lambda suite: suite.name)
def test_a_stream_really_goes_in_batches(suite: EspSuite) -> None:
    sender = BulkSender(hq(suite=suite, udp=PORTS))
    receiver = BulkReceiver(branch(suite=suite, udp=PORTS))
    contents = [packet(1300) for _ in range(500)]
    sender.send(*contents)
    sender.flush()
    wire = [payload for payload, _, _ in sender.sent]
    for i in range(0, 500, 40):
        receiver.receive(b"".join(wire[i : i + 40]), len(wire[0]))
    assert receiver.opened == contents
    assert (sender.in_batches, receiver.in_batches) == (500, 500)
    (flow,) = sender.sealer.touched
    assert (flow.packets, flow.octets) == (500, 500 * 1300)


def test_packets_of_a_stream_are_read_many_at_a_time_and_others_still_come_whole() -> None:
    plane, reference = hq(udp=PORTS), hq(udp=PORTS)
    sender = BulkSender(plane)
    sender.send(*[packet(1000)] * 44)
    assert len(sender.sealer.places) == 44
    contents = [*[packet(1000)] * 5, packet(1400), packet(64), *[packet(1000)] * 3]
    sender.send(*contents)
    sender.flush()
    assert sender.in_batches == 44 + len(contents)
    assert sender.sent == reference_sent(reference, [*[packet(1000)] * 44, *contents])


@pytest.mark.parametrize("suite", [AES_SHA1, GCM, NULL_SHA1], ids=lambda suite: suite.name)
def test_a_reader_may_have_octets_of_its_own_before_each_packet(suite: EspSuite) -> None:
    plane, reference = (hq(suite=suite, udp=PORTS) for _ in range(2))
    sender = BulkSender(plane)
    sender.sealer.leave_room(10)
    contents = [packet(700)] * 100
    waiting = list(contents)
    while waiting:
        places = sender.sealer.places
        lengths = [read(waiting.pop(), place, bytes(10)) for place in places if waiting]
        for result in sender.sealer.take(lengths):
            sender.put(result)
    sender.flush()
    assert sender.in_batches > 90
    assert sender.sent == reference_sent(reference, contents)


def test_the_reference_may_take_turns_with_batches_at_any_packet() -> None:
    plane, reference = hq(udp=PORTS), hq(udp=PORTS)
    sender = BulkSender(plane)
    for number in range(100):
        if number % 7 == 0:
            sender.flush()
            sender.sent += reference_sent(plane, [packet(700)])
        else:
            sender.send(packet(700))
    sender.flush()
    assert sender.sent == reference_sent(reference, [packet(700)] * 100)


def test_near_the_end_of_its_volume_a_pair_is_left_to_the_reference() -> None:
    plane, reference = (hq(udp=PORTS, kilobytes=300) for _ in range(2))
    contents = [packet(1000) for _ in range(400)]
    sender = BulkSender(plane)
    sender.send(*contents)
    sender.flush()
    assert 0 < sender.in_batches < 300
    assert sender.sent == reference_sent(reference, contents)
    assert state_of(plane, TO_HQ) == state_of(reference, TO_HQ)


def test_near_the_last_sequence_number_a_pair_is_left_to_the_reference() -> None:
    settings = Settings(HQ, last_sequence=300)
    plane, reference = (hq(settings, udp=PORTS) for _ in range(2))
    contents = [packet(100) for _ in range(350)]
    sender = BulkSender(plane)
    sender.send(*contents)
    sender.flush()
    assert 0 < sender.in_batches < 300
    assert len(sender.sent) == 300
    assert sender.sent == reference_sent(reference, contents)
    assert state_of(plane, TO_HQ) == state_of(reference, TO_HQ)


def test_extended_sequence_numbers_and_transport_mode_are_the_references_business() -> None:
    ends = {"local": Selector.parse(HQ), "remote": Selector.parse(BRANCH)}
    for plane, content in (
        (hq(udp=PORTS, esn=True), packet(100)),
        (hq(udp=PORTS, transport=True, **ends), packet(100, HQ, BRANCH)),
    ):
        sender = BulkSender(plane)
        sender.send(content)
        assert sender.in_batches == 0
        assert len(sender.sent) == 1


def test_a_packet_from_another_port_is_left_to_the_reference_which_follows_the_peer() -> None:
    plane = branch(udp=PORTS)
    receiver = BulkReceiver(plane)
    (one,) = reference_sent(hq(udp=PORTS), [packet(100)])
    receiver.opener.buffer[: len(one[0])] = one[0]
    receiver.opener.open(0, 1, len(one[0]), (HQ, 1024), True, 0)
    assert receiver.opener.stray == one[0]


def test_protocol_50_is_taken_from_anywhere_but_not_where_udp_was_agreed() -> None:
    (one,) = reference_sent(hq(), [packet(100)])
    for plane, taken in ((branch(), True), (branch(udp=PORTS), False)):
        receiver = BulkReceiver(plane)
        receiver.opener.buffer[: len(one[0])] = one[0]
        receiver.opener.open(0, 1, len(one[0]), ("203.0.113.77", 0), False, 0)
        assert (receiver.opener.stray is None) is taken


@given(st.binary(max_size=200))
def test_noise_is_all_stray(noise: bytes) -> None:
    receiver = BulkReceiver(branch(udp=PORTS))
    receiver.opener.buffer[: len(noise)] = noise
    receiver.opener.open(0, 1, len(noise), ORIGIN, True, 0)
    assert receiver.opener.stray == noise


def test_a_stray_in_a_batch_is_dealt_with_before_what_follows_it() -> None:
    """Behind a batch it would have fallen out of a narrow window."""
    sent = reference_sent(hq(udp=PORTS), [packet(100, SERVER, f"10.2.0.{n}") for n in range(1, 41)])
    receiver = BulkReceiver(branch(udp=PORTS, replay_window=32))
    admit = receiver.opener._admit
    receiver.opener._admit = lambda pair, inner: (
        inner.summary[1] != "10.2.0.2" and admit(pair, inner)
    )
    receiver.receive(b"".join(payload for payload, _, _ in sent), len(sent[0][0]))
    assert (len(receiver.opened), receiver.in_batches) == (40, 39)


def test_what_is_remembered_of_packets_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer_module, "REMEMBERED", 3)
    sender, reference = BulkSender(hq(udp=PORTS)), hq(udp=PORTS)
    contents = [packet(100, SERVER, f"10.2.0.{n}") for n in range(1, 21)]
    for content in contents:
        sender.send(content)
        sender.flush()
        assert len(sender.sealer._slots) <= 3
    assert sender.in_batches == 20
    assert sender.sent == reference_sent(reference, contents)


def test_forgetting_loses_no_packet_and_no_number() -> None:
    sender = BulkSender(hq(udp=PORTS))
    reference = hq(udp=PORTS)
    for _ in range(30):
        for _ in range(5):
            sender.send(packet(300))
        sender.flush()
        sender.sealer.forget()
    assert sender.sent == reference_sent(reference, [packet(300)] * 150)
