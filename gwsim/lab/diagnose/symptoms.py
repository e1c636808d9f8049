"""Plain words for what became of a tunnel: `ping fails one way`, `it never comes up`."""

import re

from gwsim.lab.matrix.cell import Ending

_MEANINGS: tuple[tuple[str, tuple[Ending, ...]], ...] = (
    (r"one[- ]way|one direction|only (?:goes|comes)", (Ending.ONE_WAY, Ending.HALF_UP)),
    (r"clear[- ]?text|unprotected|unencrypted|leak", (Ending.CLEAR,)),
    (r"loss|lossy|some (?:pings|packets)|large|big packets|hangs?|slow", (Ending.LOSSY,)),
    (
        r"(?:was|were) up|worked|stopped|after a while|suddenly|broke|died|reboot",
        (Ending.LOST, Ending.LOSSY),
    ),
    (
        r"\bup\b.*(?:no|without|nothing|not).*(?:traffic|ping|packet|data)"
        r"|no traffic|nothing passes|passes nothing|ping(?:s)? fail.*\bup\b",
        (Ending.NO_TRAFFIC, Ending.HALF_UP, Ending.ONE_WAY),
    ),
    (
        r"never|not come up|does(?:n't| not) (?:come|get) up|\bdown\b|no tunnel|no sa\b|fails to",
        (Ending.NEVER_UP, Ending.HALF_UP),
    ),
    (r"flap|up and down|again and again", (Ending.NEVER_UP, Ending.LOSSY, Ending.LOST)),
    (r"works|fine|healthy|\bup\b", (Ending.UP,)),
    (
        r"ping.*fail|no answer|no repl",
        (Ending.NEVER_UP, Ending.HALF_UP, Ending.NO_TRAFFIC, Ending.ONE_WAY, Ending.LOST),
    ),
)

EXAMPLES = (
    "it never comes up",
    "up, but no traffic",
    "ping fails one way",
    "it worked and then stopped",
    "large packets are lost",
    "traffic in clear text",
)
"""Words that are understood, for whoever tried others."""


def endings(words: str) -> tuple[Ending, ...]:
    """Give the endings that plain words can mean. Raises ValueError for words nobody understands.

    An ending's own name (`up, no traffic`) means just that.
    """
    said = words.strip().lower()
    for ending in Ending:
        if said == ending.value:
            return (ending,)
    for meaning, found in _MEANINGS:
        if re.search(meaning, said):
            return found
    known = ", ".join(repr(example) for example in EXAMPLES)
    raise ValueError(f"{words!r} is not understood; say for example {known}")
