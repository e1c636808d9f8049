"""Plain words for what became of a tunnel."""

import pytest

from gwsim.lab.diagnose.symptoms import EXAMPLES, endings
from gwsim.lab.matrix.cell import Ending

SAID = [
    ("ping fails one way", Ending.ONE_WAY),
    ("it never comes up", Ending.NEVER_UP),
    ("the tunnel does not come up", Ending.NEVER_UP),
    ("up, but no traffic", Ending.NO_TRAFFIC),
    ("phase 2 is up and nothing passes", Ending.NO_TRAFFIC),
    ("it worked and then stopped", Ending.LOST),
    ("large packets are lost", Ending.LOSSY),
    ("packets leave in clear text", Ending.CLEAR),
    ("everything works", Ending.UP),
    ("the tunnel is down", Ending.NEVER_UP),
]


@pytest.mark.parametrize(("words", "ending"), SAID)
def test_words_mean_an_ending(words: str, ending: Ending):
    assert ending in endings(words)


@pytest.mark.parametrize("ending", list(Ending))
def test_an_endings_own_name_means_just_that(ending: Ending):
    assert endings(ending.value) == (ending,)


def test_the_examples_are_understood():
    assert all(endings(words) for words in EXAMPLES)


def test_other_words_get_examples():
    with pytest.raises(ValueError, match="is not understood; say for example 'it never comes up'"):
        endings("the moon is full")
