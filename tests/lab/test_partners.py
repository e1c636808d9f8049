"""Who is called a peer has a tunnel with whoever is told of it."""

import pytest

from gwsim.lab.load import ScenarioError, load_text
from tests.lab.scenarios_for_tests import varied

THIRD = "\n  far: {vendor: asa, outside: 203.0.113.9, inside: 10.3.0.0/24}\ntunnels:"
PING = "ping: {from: hq.server, to: branch.pc}"
STATE = "hq: {state: ESTABLISHED}"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (PING, "initiate: {at: hq, to: far}", "13:24"),
        (PING, "rekey: {at: hq, to: far}", "13:21"),
        (PING, "clear: {at: hq, peer: far}", "13:21"),
        (STATE, "hq: {peer: far, state: ESTABLISHED}", "16:16"),
        ("timeline:\n", "faults:\n  - psk-mismatch: {at: hq, peer: far}\ntimeline:\n", "13:19"),
    ],
)
def test_a_peer_without_a_tunnel_is_told_at_its_place(old: str, new: str, place: str) -> None:
    text = varied(("\ntunnels:", THIRD), (old, new))
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "x.yaml")
    assert [str(one) for one in caught.value.problems] == [
        f"x.yaml:{place}: hq has no tunnel with far"
    ]


def test_a_gateway_is_no_peer_of_itself() -> None:
    with pytest.raises(ScenarioError, match="hq has no tunnel with hq"):
        load_text(varied((PING, "initiate: {at: hq, to: hq}")))
