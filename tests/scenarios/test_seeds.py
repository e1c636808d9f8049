"""What the documents this project started from speak of is there to be seen.

For every state of an ASA that they name there is a scenario in which a gateway rests in it, and
for every message of a NetScreen that they name there is one whose log has it. Both are read off
what the engine did, not off what the scenario files expect.
"""

import functools

import pytest

from gwsim.lab.history import stays
from gwsim.lab.runner import run
from gwsim.vendors.registry import VENDORS
from tests.scenarios.test_scenarios import LIBRARY

REST = 5.0
"""Seconds in one state that a person at the keyboard calls resting."""

ASA_STATES = [f"MM_WAIT_MSG{n}" for n in range(2, 7)] + ["MM_ACTIVE", "AM_ACTIVE"]

NETSCREEN_MESSAGES = [
    "Phase 1: Retransmission limit has been reached",
    "Phase 1: Rejected proposals from peer. Negotiations failed",
    "Received a notification message for DOI 1 14",
    "Received notify message for DOI <1> <14>",
    "Received notify message for DOI <1> <18>",
    "Received notify message for DOI <1> <4>",
    "Received notify message for DOI <1> <24578>",
    "an initial Phase 1 packet arrived from an unrecognized peer gateway",
    "The preshared keys might not match",
    "No policy exists for the proxy ID received",
    "P2 Attributes not supported",
    "Initiated negotiation in main mode",
    "Completed Main mode negotiation with a <28800>-second lifetime",
    "Initiated Quick Mode negotiation",
    "Completed Quick Mode negotiation with SPI",
    "life (sec or kb): lcl",
]


@functools.cache
def seen() -> tuple[frozenset[str], str]:
    words: set[str] = set()
    lines: list[str] = []
    for loaded in LIBRARY:
        for gateway in run(loaded).record.gateways:
            vendor = VENDORS[gateway.vendor]
            if gateway.vendor == "asa":
                rests = (s for s in stays(gateway.events, vendor) if s.word)
                words |= {s.word for s in rests if s.spell.until - s.spell.since >= REST}
            else:
                log = vendor.log(gateway.events, gateway.snapshots[-1])
                lines += [line.text for line in log]
    return frozenset(words), "\n".join(lines)


@pytest.mark.parametrize("word", ASA_STATES)
def test_a_gateway_rests_in_the_state(word):
    assert word in seen()[0]


@pytest.mark.parametrize("message", NETSCREEN_MESSAGES)
def test_a_log_has_the_message(message):
    assert message in seen()[1]
