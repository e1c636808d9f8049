"""NAT traversal: dialects, who is behind NAT, the float, mapping changes, encapsulation."""

import pytest

from gwsim.ike.config import VendorIds
from gwsim.ike.events import (
    ChildKeys,
    MessageSent,
    NatDetected,
    PeerMoved,
    PortFloated,
    Rejected,
)
from gwsim.ike.flaws import Flaw
from gwsim.ike.nat_traversal import DIALECTS, encapsulation
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import PayloadType
from gwsim.wire.payloads import NatDiscovery, SecurityAssociation, VendorId, payload_type
from tests.ike.forge import edited_clear, sa_of
from tests.ike.pair import Pair, connected, facing

PUBLIC = {"A": "192.0.2.7", "B": "192.0.2.8"}
PORTS = {500: 40500, 4500: 44500}


def behind(*sides: str, ports: dict[int, int] | None = None, **changes) -> Pair:
    """Put ends behind NAT; the other one knows the public address, and checks no identity."""
    ends = {"A": dict(changes.pop("a", {})), "B": dict(changes.pop("b", {}))}
    for side in sides:
        ends["B" if side == "A" else "A"]["remote"] = PUBLIC[side]
    pair = facing(a=ends["A"], b=ends["B"], check_peer_id=False, **changes)
    for side in sides:
        pair.nat(side, PUBLIC[side], ports)
    return pair


def detected(pair: Pair, side: str) -> tuple[bool, bool]:
    """What an end found out: whether itself, whether the peer is behind NAT."""
    found = pair.found(side, NatDetected)[-1]
    return found.local_behind_nat, found.peer_behind_nat


@pytest.mark.parametrize(
    ("sides", "seen_by_a", "seen_by_b"),
    [
        ("", (False, False), (False, False)),
        ("A", (True, False), (False, True)),
        ("B", (False, True), (True, False)),
        ("AB", (True, True), (True, True)),
    ],
)
@pytest.mark.parametrize("aggressive", [True, False])
def test_each_end_finds_out_who_is_behind_nat(sides, seen_by_a, seen_by_b, aggressive):
    pair = behind(*sides, ports=PORTS if sides == "A" else None, aggressive=aggressive)
    pair.initiate()
    assert pair.up()
    assert detected(pair, "A") == seen_by_a
    assert detected(pair, "B") == seen_by_b
    floated = 4500 if sides else 500
    assert pair.sa("A").local_port == pair.sa("B").local_port == floated
    assert [bool(pair.found(s, PortFloated)) for s in "AB"] == [bool(sides), False]
    udp = pair.found("A", ChildKeys)[0].udp
    assert udp == ((4500, 4500) if sides else None)


def test_the_initiator_floats_with_main_5_and_the_responder_answers_where_it_was_asked():
    pair = behind("A", ports=PORTS)
    pair.initiate()
    ports = {s.label: (s.datagram.source[1], s.datagram.destination[1]) for s in pair.said}
    assert ports["main-3"] == (500, 500)
    assert ports["main-4"] == (500, 40500)
    assert ports["main-5"] == (4500, 4500)
    assert ports["main-6"] == (4500, 44500)
    assert ports["quick-2"] == (4500, 44500)
    assert pair.found("B", ChildKeys)[0].udp == (4500, 44500)


@pytest.mark.parametrize(("sides", "port"), [("A", 0), ("", 500)])
def test_a_vendor_names_no_port_in_its_identity_once_it_has_floated(sides, port):
    pair = behind(*sides, id_port_floated=0)
    pair.initiate()
    assert pair.up()
    sent = {e.label: e.payloads[0] for s in "AB" for e in pair.found(s, MessageSent)}
    assert (sent["main-5"].port, sent["main-6"].port) == (port, port)


def test_the_initiator_floats_with_aggr_3():
    pair = behind("A", ports=PORTS, aggressive=True)
    pair.initiate()
    ports = {s.label: s.datagram.source[1] for s in pair.said}
    assert (ports["aggr-1"], ports["aggr-3"], ports["quick-1"]) == (500, 4500, 4500)


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_has_its_vendor_id_payload_numbers_and_modes(name):
    dialect = DIALECTS[name]
    pair = behind("A", dialects=(name,))
    pair.initiate()
    assert pair.up()
    assert pair.sa("A").nat_variant == pair.sa("B").nat_variant == name
    sent = {e.label: e.payloads for s in "AB" for e in pair.found(s, MessageSent)}
    for label in ("main-1", "main-2"):
        assert VendorId(dialect.vendor_id) in sent[label]
    number = PayloadType.NAT_D_DRAFT if dialect.draft else PayloadType.NAT_D
    for label in ("main-3", "main-4"):
        assert [payload_type(p) for p in sent[label]].count(number) == 2
    offer = next(p for p in sent["quick-1"] if isinstance(p, SecurityAssociation))
    assert offer.proposals[0].transforms[0].get(4) == dialect.tunnel


def test_the_modes_of_a_transport_child():
    for name, dialect in DIALECTS.items():
        pair = behind("A", dialects=(name,), transport=True)
        pair.initiate()
        assert pair.up()
        assert encapsulation(sa_of(pair, "A"), transport=True) == dialect.transport
    plain = connected(transport=True)
    assert encapsulation(sa_of(plain, "A"), transport=True) == 2
    assert encapsulation(sa_of(plain, "A"), transport=False) == 1


@pytest.mark.parametrize(
    ("ours", "theirs", "chosen"),
    [
        (("draft-02", "draft-03", "rfc3947"), ("draft-02", "rfc3947"), "rfc3947"),
        (("draft-02", "draft-03"), ("rfc3947", "draft-02", "draft-03"), "draft-03"),
        (("draft-02",), ("draft-02", "rfc3947"), "draft-02"),
        (("draft-02",), ("rfc3947",), ""),
    ],
)
def test_the_newest_common_dialect_is_spoken(ours, theirs, chosen):
    pair = facing(a={"dialects": ours}, b={"dialects": theirs})
    pair.initiate()
    assert pair.up()
    assert pair.sa("A").nat_variant == pair.sa("B").nat_variant == chosen


def test_the_other_spelling_of_draft_02_is_understood():
    """The draft's text hashed its name with a newline at the end; some send it without."""
    pair = facing(b={"dialects": ("draft-02",)}, a={"dialects": ("draft-02",)})

    def respelt(payloads):
        old, new = vendor_ids.NAT_T_DRAFT_02_NEWLINE, vendor_ids.NAT_T_DRAFT_02
        return [VendorId(new) if p == VendorId(old) else p for p in payloads]

    pair.alter("A main-1", lambda data: edited_clear(data, respelt))
    pair.initiate()
    assert pair.sa("B").nat_variant == "draft-02"


@pytest.mark.parametrize("off", ["a", "b"])
def test_nat_t_off_on_one_side_means_no_float_even_with_nat(off):
    pair = behind("A", **{off: {"nat_traversal": False}})
    pair.initiate()
    assert pair.up()
    assert not pair.found("A", NatDetected) + pair.found("B", NatDetected)
    assert pair.sa("A").local_port == 500
    assert pair.found("A", ChildKeys)[0].udp is None


def test_vendor_ids_without_nat_d_come_to_nothing():
    pair = facing()

    def stripped(payloads):
        return [p for p in payloads if not isinstance(p, NatDiscovery)]

    pair.alter("A main-3", lambda data: edited_clear(data, stripped))
    pair.initiate()
    assert pair.sa("B").nat_variant == ""
    assert not pair.found("B", NatDetected)


def test_a_single_nat_d_tells_of_our_own_side_only():
    pair = behind("A", "B")

    def halved(payloads):
        first = next(p for p in payloads if isinstance(p, NatDiscovery))
        return [p for p in payloads if not isinstance(p, NatDiscovery) or p is first]

    pair.alter("B main-4", lambda data: edited_clear(data, halved))
    pair.initiate()
    assert detected(pair, "A") == (True, False)


def test_a_peer_with_several_addresses_sends_several_source_hashes():
    pair = facing()

    def more(payloads):
        return [*payloads, NatDiscovery(bytes(20))]

    pair.alter("A main-3", lambda data: edited_clear(data, more))
    pair.initiate()
    assert detected(pair, "B") == (False, False)


@pytest.mark.parametrize("side", ["a", "b"])
@pytest.mark.parametrize("aggressive", [True, False])
def test_forced_encapsulation_feigns_a_nat(side, aggressive):
    pair = facing(aggressive=aggressive, **{side: {"force_encapsulation": True}})
    pair.initiate()
    assert pair.up()
    assert pair.sa("A").local_port == pair.sa("B").local_port == 4500
    assert pair.found("A", ChildKeys)[0].udp == (4500, 4500)


def test_after_the_float_port_500_is_deaf():
    pair = behind("A")
    pair.initiate()
    quick = pair.last("A quick-1").data
    pair.hand("B", quick, (PUBLIC["A"], 500), port=500)
    assert pair.found("B", Rejected)[-1].flaw is Flaw.PORT
    pair.hand("B", quick, (PUBLIC["A"], 4500), port=4500)
    assert len(pair.found("B", Rejected)) == 1


def test_main_5_lost_on_4500_leaves_both_where_the_card_says():
    pair = behind("A")
    pair.drop("A main-5", None)
    pair.initiate()
    assert (pair.states("A"), pair.states("B")) == (["MAIN_WAIT_6"], ["MAIN_WAIT_5"])
    assert pair.sa("A").local_port == 4500
    assert pair.sa("B").local_port == 500


# mapping changes


def moved(pair: Pair) -> Pair:
    """Let the NAT forget its binding and find another."""
    pair.nats[0].ports = {500: 50500, 4500: 54500}
    return pair


def test_authentic_ike_from_a_new_port_moves_the_peer_and_its_children():
    pair = behind("A", ports=dict(PORTS))
    pair.initiate()
    moved(pair)
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    (told,) = pair.found("B", PeerMoved)
    assert (told.old, told.new) == ((PUBLIC["A"], 44500), (PUBLIC["A"], 54500))
    assert pair.sa("B").peer_port == 54500
    assert {c.peer_port for c in pair.snapshot("B").children} == {54500}
    assert pair.up()


def test_a_protected_informational_from_a_new_port_moves_the_peer_as_well():
    pair = behind("A", ports=dict(PORTS))
    pair.initiate()
    moved(pair)
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    pair.settle()
    assert len(pair.found("B", PeerMoved)) == 1


def test_authentic_esp_from_a_new_port_moves_the_peer():
    pair = behind("A", ports=dict(PORTS))
    pair.initiate()
    spi = pair.children("B")[0].inbound_spi
    new = (PUBLIC["A"], 54500)
    for _ in range(2):
        pair.act("B", lambda end: end.peer_moved(spi, new, pair.now))
    assert len(pair.found("B", PeerMoved)) == 1
    assert (pair.sa("B").peer_port, pair.children("B")[0].peer_port) == (54500, 54500)
    pair.act("B", lambda end: end.peer_moved(12345, ("192.0.2.99", 1), pair.now))
    assert pair.sa("B").peer_port == 54500


def test_what_cannot_be_authenticated_moves_nobody():
    pair = behind("A", ports=dict(PORTS))
    pair.initiate()
    last = pair.last("A quick-3").data
    pair.hand("B", last[:-1] + bytes([last[-1] ^ 1]), ("192.0.2.66", 6666), port=4500)
    pair.hand("B", last, ("192.0.2.66", 6666), port=4500)
    assert not pair.found("B", PeerMoved)
    assert pair.sa("B").peer_port == 44500


# renewals behind NAT


@pytest.mark.parametrize("side", "AB")
def test_phase_1_is_renewed_where_the_old_one_talks(side):
    """From either end, through the mapping that exists, on port 4500 from the first message."""
    pair = behind("A", ports=dict(PORTS))
    pair.probing = True
    pair.initiate()
    pair.forget()
    pair.act(side, lambda end: end.rekey("peer", 1, pair.now))
    pair.run(30)
    assert {s.datagram.source[1] for s in pair.said} == {4500}
    assert not pair.found(side, PortFloated)
    assert len(pair.snapshot("A").sas) == len(pair.snapshot("B").sas) == 1
    assert pair.sa("B").peer_port == 44500
    assert pair.up()
    assert pair.lost == []
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(30)
    assert pair.up()
    assert pair.found("A", ChildKeys)[-1].udp == (4500, 4500)


def test_an_initiator_may_announce_more_ids_than_it_speaks_dialects():
    announced = (vendor_ids.NAT_T_RFC, vendor_ids.NAT_T_DRAFT_02, vendor_ids.NAT_T_DRAFT_00)
    pair = facing(vendor_ids=VendorIds(nat_t=announced))
    pair.initiate()
    sent = {m.label: m for side in "AB" for m in pair.found(side, MessageSent)}
    ids = [p.data for p in sent["main-1"].payloads if isinstance(p, VendorId)]
    assert tuple(ids[: len(announced)]) == announced
    answered = [p.data for p in sent["main-2"].payloads if isinstance(p, VendorId)]
    assert answered[0] == vendor_ids.NAT_T_RFC
    assert not set(announced[1:]) & set(answered)
