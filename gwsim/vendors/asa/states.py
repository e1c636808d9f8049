"""What an ASA calls the states of our engine: the only place where these words stand.

Source: vendor sheet, the model behind every state name. An ASA names a state by the message it
waits for, as the engine does; an established SA bears the name of the mode that made it.
"""

from gwsim.ike.states import State

WORDS: dict[State, str] = {
    State.MAIN_WAIT_2: "MM_WAIT_MSG2",
    State.MAIN_WAIT_3: "MM_WAIT_MSG3",
    State.MAIN_WAIT_4: "MM_WAIT_MSG4",
    State.MAIN_WAIT_5: "MM_WAIT_MSG5",
    State.MAIN_WAIT_6: "MM_WAIT_MSG6",
    State.AGGR_WAIT_2: "AM_WAIT_MSG2",
    State.AGGR_WAIT_3: "AM_WAIT_MSG3",
}
"""States of a half-open phase 1."""

ACTIVE: dict[str, str] = {
    "main": "MM_ACTIVE",
    "aggressive": "AM_ACTIVE",
}
"""An established ISAKMP SA, by the exchange that made it."""

UNSHOWN: frozenset[State] = frozenset(
    {State.QUICK_WAIT_2, State.QUICK_WAIT_3, State.INSTALLED, State.CLOSED}
)
"""An ASA has no screen for the states of a quick mode, and none for what has ended."""

STATE_WORDS: tuple[str, ...] = (*WORDS.values(), *ACTIVE.values())


def state_word(state: str, exchange: str) -> str | None:
    """Give the ASA's word for an engine state, None when it shows nothing there.

    `exchange` ("main" or "aggressive") tells the two kinds of established SA apart. Raises
    ValueError for a state that the engine does not have.
    """
    known = State(state)
    if known is State.ESTABLISHED:
        return ACTIVE.get(exchange)
    return WORDS.get(known)
