"""How fast the clock of a lab may go on this machine, beside everything else that it has to do."""

import time

QUICKEST = 8.0
"""Seconds of the plan that may pass in one real second of a machine that does nothing else.

A handshake takes some 0.1 s there, from first to last message; at this speed it is over in one
second of the plan.
"""

SLOWEST = 0.25
"""No lab is slowed down below this speed."""

_ROUNDS = 500_000
_USUAL = 0.03


def effort() -> float:
    """Work for a moment and tell how much longer it took than where nobody disturbs: 1 there.

    A slow machine takes longer, and so does one that has other things to do.
    """
    begun = time.perf_counter()
    total = 0
    for number in range(_ROUNDS):
        total ^= number
    return (time.perf_counter() - begun) / _USUAL


def bearable(speed: float, slower: float) -> float:
    """Give the speed that was asked for, or as much of it as a machine so much slower bears.

    Whoever waits for his turn is late, and at a high speed so late that times of the plan suffer.
    """
    return min(speed, max(SLOWEST, QUICKEST / slower))
