"""Papers that tests sit: drawn once, for drawing tries them out."""

from functools import cache

import pytest

from gwsim.lab.exam.paper import draw

paper_of = cache(draw)


@pytest.fixture
def wrong_key():
    """A wrong key between an IOS router and a NetScreen."""
    return paper_of("beginner", 0)
