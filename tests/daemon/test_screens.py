"""What a node answers to a command of its vendor, and how it says that it fares."""

import pytest

from gwsim.daemon.screens import faring, screen_answer
from gwsim.vendors.registry import VENDORS
from tests.vendors.pair import Pair

ASA = VENDORS["asa"]


class AsaPair(Pair):
    """Two of them."""

    vendor = ASA


def never() -> str:
    raise AssertionError("no screen is made of what is no command")


def test_a_command_is_answered_with_its_screen_and_the_moment() -> None:
    answer = screen_answer(ASA, "sh cry isa sa", 7.5, lambda: "a screen\n")
    assert answer == {"vendor": "asa", "at": 7.5, "unseen": "", "text": "a screen\n"}


def test_half_a_command_is_answered_with_what_it_could_be() -> None:
    answer = screen_answer(ASA, "show cry", 1.0, never)
    assert answer["text"] is None
    assert "show crypto ipsec sa" in answer["could_be"]
    assert set(answer["could_be"]) < set(answer["known"])


@pytest.mark.parametrize("typed", ["show weather", ""])
def test_what_is_no_command_is_answered_with_those_there_are(typed: str) -> None:
    answer = screen_answer(ASA, typed, 1.0, never)
    assert answer["text"] is None
    assert {"show crypto isakmp sa", "show crypto ipsec sa peer <address>"} <= set(answer["known"])


def test_a_vendor_without_screens_says_so() -> None:
    answer = screen_answer(VENDORS["contivity"], "show ike sa", 1.0, never)
    assert answer["text"] is None
    assert answer["unseen"] == VENDORS["contivity"].unseen != ""


def test_a_gateway_fares_as_its_tunnels_and_negotiations_do() -> None:
    pair = AsaPair()
    idle = faring(pair.gateways["hq"].snapshot(0.0))
    assert idle == {"up": 0, "tunnels": 1, "phase1": [], "unseen": ""}
    busy = faring(pair.ping(3.0).gateways["hq"].snapshot(3.0))
    assert busy == {"up": 1, "tunnels": 1, "phase1": ["MM_ACTIVE"], "unseen": ""}
