"""Papers that tests sit: drawn once, for drawing tries them out.

Tests know papers by their seed, and a seed draws among the vendors and faults there are: theirs
are these.
"""

from functools import cache

import pytest

from gwsim.lab.exam import paper
from gwsim.vendors.registry import VENDORS

USUAL = {name: VENDORS[name] for name in ("asa", "ios", "screenos")}
BEGINNER = ("udp-500-blocked", "psk-mismatch", "missing-psk", "phase2-encryption-mismatch")
INTERMEDIATE = ("no-route", "pfs-mismatch", "proxy-id-mismatch", "udp-4500-blocked")
ASKED = {
    "beginner": BEGINNER,
    "intermediate": INTERMEDIATE,
    "advanced": (*INTERMEDIATE, "sha256-96-bit"),
}


def among_usual(patch):
    """Let papers be drawn among the usual vendors and faults only."""
    patch.setattr(paper, "VENDORS", USUAL)
    patch.setattr(paper, "by_level", lambda: ASKED)


@cache
def paper_of(*arguments, **named):
    """Draw a paper among the usual vendors and faults."""
    with pytest.MonkeyPatch.context() as patch:
        among_usual(patch)
        return paper.draw(*arguments, **named)


@pytest.fixture
def wrong_key():
    """A wrong key between a NetScreen and an ASA."""
    return paper_of("beginner", 6)
