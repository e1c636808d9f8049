"""Real gateways, recorded: our initiator takes what they answered and says what was said to them.

The recordings are those of tests/crypto and tests/wire, whose files name their sources. Private
values and nonces of the recorded initiator are put into ours; everything else it does itself.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from gwsim.crypto import dh, skeyid
from gwsim.ike.config import Phase1Transform
from gwsim.ike.events import ChildKeys, NotifyReceived, Rejected
from gwsim.ike.flaws import Flaw
from gwsim.wire.codec import Header, build_message, parse_header, parse_payloads
from gwsim.wire.numbers import ExchangeType, NotifyType
from gwsim.wire.payloads import (
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    SecurityAssociation,
)
from gwsim.wire.proposals import parse_security_association
from gwsim.wire.selector import from_identification
from tests.ike.forge import keys_of, opened, sa_of
from tests.ike.pair import Pair, facing
from tests.wire.captures import CHECK_POINT_MAIN_2, CLEAR_NOTIFY, NETSCREEN_AGGR_2

DATA = Path(__file__).parents[1] / "crypto" / "data"
RECORD = json.loads((DATA / "main_mode.json").read_text())
WIRE = {label: bytes.fromhex(octets) for label, octets in RECORD["messages"].items()}
AGGRESSIVE = json.loads((DATA / "aggressive_mode.json").read_text())

PLAIN = {
    "dialects": (),
    "initial_contact": (),
    "check_peer_id": False,
    "nonce_length": 8,
}


def payloads_of(label: str) -> list[Any]:
    """The payloads of a recorded message in the clear."""
    header = parse_header(WIRE[label])
    return [p.payload for p in parse_payloads(header.next_payload, WIRE[label][28:])]


def posing(cookie: bytes, **changes: Any) -> Pair:
    """Our initiator A with the recorded cookie; nobody is at the other end."""
    pair = facing(a={**PLAIN, **changes})
    pair.drop("", None)
    pair.initiate()
    sa_of(pair, "A").initiator_cookie = cookie
    return pair


def in_main_mode() -> Pair:
    """Let our initiator hear the recorded main-2, main-4 and main-6."""
    phase1 = (Phase1Transform(7, 2, 2, 128, lifetime_seconds=28800),)
    pair = posing(WIRE["main-2"][:8], psk=RECORD["psk"].encode(), phase1=phase1)
    sa = sa_of(pair, "A")
    sa.sa_body = WIRE["main-1"][32:]
    sa.pair = dh.key_pair(2, int(RECORD["initiator_private"], 16))
    sa.own_nonce = next(p.data for p in payloads_of("main-3") if isinstance(p, Nonce))
    pair.hand("A", WIRE["main-2"])
    pair.hand("A", WIRE["main-4"])
    assert pair.states("A") == ["MAIN_WAIT_6"]
    # From here on the recorded initiator's main-5 counts, which names another identity.
    keys_of(pair, "A").last_block = WIRE["main-5"][-16:]
    pair.hand("A", WIRE["main-6"])
    return pair


def test_a_recorded_main_mode():
    """Our main-3 is the recorded one to the last octet, and HASH_R of the gateway is accepted."""
    pair = in_main_mode()
    assert pair.last("main-3").data == WIRE["main-3"]
    assert pair.states("A") == ["ESTABLISHED"]
    assert not pair.found("A", Rejected)
    sa, keys = sa_of(pair, "A"), keys_of(pair, "A")
    iv = skeyid.phase1_iv(2, *sa.public_values(), 16)
    assert [type(p) for p in opened(keys, iv, WIRE["main-5"])] == [Identification, Hash]


def in_quick_mode(as_answered: bool) -> Pair:
    """Put the recorded quick-1 into our quick mode and let it hear the recorded quick-2.

    The gateway narrowed the proxy IDs; `as_answered` pretends that we had asked for those.
    """
    pair = in_main_mode()
    sa, keys = sa_of(pair, "A"), keys_of(pair, "A")
    number = parse_header(WIRE["quick-1"]).message_id
    iv = skeyid.phase2_iv(2, WIRE["main-6"][-16:], number, 16)
    said = opened(keys, iv, WIRE["quick-1"])
    answered = opened(keys, WIRE["quick-1"][-16:], WIRE["quick-2"])
    (qm,) = sa.quick_modes.values()
    sa.quick_modes = {number: qm}
    offer = next(p for p in said if isinstance(p, SecurityAssociation)).proposals[0]
    ids = [p for p in (answered if as_answered else said) if isinstance(p, Identification)]
    qm.message_id, qm.iv = number, WIRE["quick-1"][-16:]
    qm.own_spi = int.from_bytes(offer.spi, "big")
    qm.own_nonce = next(p.data for p in said if isinstance(p, Nonce))
    qm.local_sel, qm.remote_sel = (from_identification(p) for p in ids)
    pair.hand("A", WIRE["quick-2"])
    return pair


def test_a_recorded_quick_mode():
    """HASH(2) of the gateway is accepted; our quick-3 is the recorded one to the last octet."""
    pair = in_quick_mode(as_answered=True)
    assert not pair.found("A", Rejected)
    assert pair.last("quick-3").data == WIRE["quick-3"]
    keys = pair.found("A", ChildKeys)[0]
    assert (keys.inbound_spi, keys.outbound_spi) == (0xB75AD16C, 0xC6BF8B4D)


def test_a_gateway_that_narrows_the_proxy_ids_is_refused():
    """A responder accepts or refuses (RFC 2409 5.5); the recorded one took less than was asked."""
    pair = in_quick_mode(as_answered=False)
    assert [e.flaw for e in pair.found("A", Rejected)] == [Flaw.PROXY_ID]
    assert pair.children("A") == []


@pytest.mark.parametrize("case", AGGRESSIVE, ids=lambda c: f"{c['source'][:11]}-{c['hash']}")
@pytest.mark.parametrize("right", [True, False])
def test_recorded_gateways_prove_themselves_in_aggressive_mode(case, right):
    """NetScreens and a FireWall-1: HASH_R is right with their key and wrong with another."""
    octets = {k: bytes.fromhex(case[k]) for k in case if k not in ("source", "hash", "psk")}
    offer = parse_security_association(octets["sai_b"], 0, len(octets["sai_b"]))
    get = offer.proposals[0].transforms[0].get
    phase1 = (Phase1Transform(get(1) or 0, get(2) or 0, 2, lifetime_seconds=28800),)
    psk = case["psk"].encode() if right else b"another"
    pair = posing(octets["cky_i"], psk=psk, phase1=phase1, aggressive=True)
    sa = sa_of(pair, "A")
    sa.sa_body, sa.own_nonce = octets["sai_b"], octets["ni_b"]
    sa.pair = dh.KeyPair(dh.group(2), 12345, octets["g_xi"])
    answer = build_message(
        Header(octets["cky_i"], octets["cky_r"], 0, ExchangeType.AGGRESSIVE, 0, 0),
        [
            offer,
            KeyExchange(octets["g_xr"]),
            Nonce(octets["nr_b"]),
            identification(octets["idir_b"]),
            Hash(octets["hash_r"]),
        ],
    )
    pair.hand("A", answer)
    assert [e.flaw for e in pair.found("A", Rejected)] == ([] if right else [Flaw.HASH_PHASE1])
    assert pair.states("A") == (["ESTABLISHED"] if right else [])


def identification(body: bytes) -> Identification:
    return Identification(body[0], body[4:], body[1], int.from_bytes(body[2:4], "big"))


def test_a_check_points_main_2_is_one_of_our_offers():
    phase1 = (Phase1Transform(5, 2, 2, None, authentication=3, lifetime_seconds=28800),)
    pair = posing(CHECK_POINT_MAIN_2[:8], phase1=phase1)
    pair.hand("A", CHECK_POINT_MAIN_2)
    assert not pair.found("A", Rejected)
    assert pair.states("A") == ["MAIN_WAIT_4"]


def test_a_netscreens_aggr_2_is_read_up_to_its_proof():
    """Its key is not known, and the public value it answers was another one."""
    phase1 = (Phase1Transform(5, 2, 2, None, lifetime_seconds=28800),)
    pair = posing(NETSCREEN_AGGR_2[:8], phase1=phase1, aggressive=True)
    pair.hand("A", NETSCREEN_AGGR_2)
    (rejected,) = pair.found("A", Rejected)
    assert rejected.flaw is Flaw.HASH_PHASE1


def test_a_real_clear_notify_is_a_hint():
    pair = posing(CLEAR_NOTIFY[:8])
    pair.hand("A", CLEAR_NOTIFY)
    (notified,) = pair.found("A", NotifyReceived)
    assert notified.notify_type == NotifyType.NO_PROPOSAL_CHOSEN
    assert not notified.protected
    assert pair.states("A") == ["MAIN_WAIT_2"]
