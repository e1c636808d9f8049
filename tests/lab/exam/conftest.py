"""Papers that tests sit: drawn once, for drawing tries them out.

Tests know papers by their seed, and a seed draws among the vendors there are: theirs are these.
"""

from functools import cache

import pytest

from gwsim.lab.exam import paper
from gwsim.vendors.registry import VENDORS

USUAL = {name: VENDORS[name] for name in ("asa", "ios", "screenos")}


@cache
def paper_of(*arguments, **named):
    """Draw a paper among the usual vendors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paper, "VENDORS", USUAL)
        return paper.draw(*arguments, **named)


@pytest.fixture
def wrong_key():
    """A wrong key between an IOS router and a NetScreen."""
    return paper_of("beginner", 0)
