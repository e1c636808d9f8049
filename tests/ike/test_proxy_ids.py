"""Proxy IDs: which of them are accepted, and what is said of the others."""

import pytest

from gwsim.ike.config import ProxyPolicy
from gwsim.ike.events import (
    CloseReason,
    NotifyReceived,
    ProxyIdAccepted,
    ProxyIdRefused,
    QuickModeClosed,
    Rejected,
)
from gwsim.ike.flaws import Flaw
from gwsim.wire.numbers import IdType, NotifyType
from gwsim.wire.payloads import Identification
from tests.ike.configs import ADDRESS, selector
from tests.ike.forge import rewrite
from tests.ike.pair import Pair, facing

EXACT, SUBSET, ANY = ProxyPolicy.EXACT, ProxyPolicy.SUBSET, ProxyPolicy.ANY


def tried(a_local: str, a_remote: str = "10.2.0.0/24", **b) -> Pair:
    """Let A ask for these proxy IDs."""
    pair = facing(a={"child_local": selector(a_local), "child_remote": selector(a_remote)}, b=b)
    pair.initiate()
    return pair


def edited(label: str, edit, **both) -> Pair:
    """Let one message carry other identities."""

    def swap(payloads):
        ids = [p for p in payloads if isinstance(p, Identification)]
        others = [p for p in payloads if not isinstance(p, Identification)]
        return others + edit(ids)

    pair = facing(**both)
    rewrite(pair, label, swap)
    pair.initiate()
    return pair


@pytest.mark.parametrize(
    ("local", "policy", "accepted"),
    [
        ("10.1.0.0/24", EXACT, True),
        ("10.1.0.0/25", EXACT, False),
        ("10.1.0.0/16", EXACT, False),
        ("10.1.0.0/24 tcp/80", EXACT, False),
        ("10.9.0.0/24", EXACT, False),
        ("10.1.0.0/25", SUBSET, True),
        ("10.1.0.0/24 tcp/80", SUBSET, True),
        ("10.1.0.7", SUBSET, True),
        ("10.1.0.0/16", SUBSET, False),
        ("10.9.0.0/24", SUBSET, False),
        ("10.9.0.0/24", ANY, True),
        ("0.0.0.0/0", ANY, True),
    ],
)
def test_what_a_responder_accepts_by_its_policy(local, policy, accepted):
    pair = tried(local, proxy=policy)
    assert pair.up() is accepted
    if accepted:
        told = pair.found("B", ProxyIdAccepted)[0]
        assert (told.child, told.remote) == ("lan", str(selector(local)))
        assert pair.children("B")[0].remote == str(selector(local))


def test_a_refusal_says_what_came_and_what_is_configured():
    pair = tried("10.9.0.0/24")
    told = pair.found("B", ProxyIdRefused)[0]
    assert (told.local, told.remote) == ("10.2.0.0/24", "10.9.0.0/24")
    assert told.configured == (("10.2.0.0/24", "10.1.0.0/24"),)
    rejected = pair.found("B", Rejected)[0]
    assert (rejected.flaw, rejected.notify) == (
        Flaw.PROXY_ID,
        NotifyType.INVALID_ID_INFORMATION,
    )
    assert pair.found("A", NotifyReceived)[0].notify_type == NotifyType.INVALID_ID_INFORMATION
    assert pair.found("A", QuickModeClosed)[0].reason is CloseReason.PEER_REFUSED
    assert pair.states("A") == pair.states("B") == ["ESTABLISHED"]


@pytest.mark.parametrize(("equal", "accepted"), [(True, True), (False, False)])
def test_a_host_and_its_slash_32_are_the_same_to_some(equal, accepted):
    pair = tried(
        "10.1.0.5",
        child_remote=selector("10.1.0.5/32"),
        host_equals_slash32=equal,
    )
    assert pair.up() is accepted


@pytest.mark.parametrize(
    "text",
    ["10.1.0.5", "10.1.0.5/32", "10.1.0.4-10.1.0.9", "0.0.0.0/0", "10.1.0.0/24 udp/53"],
)
def test_every_form_of_selector(text):
    pair = tried(text, child_remote=selector(text))
    assert pair.up()
    assert pair.children("A")[0].local == pair.children("B")[0].remote == str(selector(text))


@pytest.mark.parametrize("count", [1, 3])
def test_one_or_three_identities_are_refused(count):
    pair = edited("A quick-1", lambda ids: (ids * 2)[:count])
    rejected = pair.found("B", Rejected)[0]
    assert rejected.flaw is Flaw.QUICK_IDS
    assert rejected.why == f"{count} identities, none or two are allowed"


def test_no_identities_mean_the_gateways_themselves_which_is_not_configured_here():
    pair = edited("A quick-1", lambda ids: [])
    told = pair.found("B", ProxyIdRefused)[0]
    assert (told.local, told.remote) == (ADDRESS["B"], ADDRESS["A"])


@pytest.mark.parametrize(
    "strange",
    [
        Identification(IdType.FQDN, b"example"),
        Identification(IdType.IPV4_ADDR, b"\1\2\3"),
        Identification(IdType.IPV4_ADDR_SUBNET, bytes([10, 1, 0, 0, 255, 0, 255, 0])),
    ],
)
def test_an_identity_that_is_no_selector_is_refused(strange):
    pair = edited("A quick-1", lambda ids: [strange, ids[1]])
    assert pair.found("B", Rejected)[0].flaw is Flaw.PROXY_ID


@pytest.mark.parametrize(
    "edit",
    [
        lambda ids: [ids[1], ids[0]],
        lambda ids: [],
        lambda ids: [ids[0], selector("10.2.0.0/25").identification],
    ],
    ids=["exchanged", "dropped", "narrowed"],
)
def test_the_answer_must_repeat_the_proxy_ids(edit):
    pair = edited("B quick-2", edit)
    assert pair.found("A", Rejected)[0].flaw is Flaw.PROXY_ID
    assert pair.children("A") == []


def test_an_answer_may_write_a_host_as_its_slash_32():
    host = selector("10.1.0.5")
    pair = facing(a={"child_local": host}, b={"child_remote": host, "host_equals_slash32": True})

    def written(payloads):
        other = selector("10.1.0.5/32").identification
        return [other if p == host.identification else p for p in payloads]

    rewrite(pair, "B quick-2", written)
    pair.initiate()
    assert pair.up()
