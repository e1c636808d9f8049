"""What a FortiGate calls the states of our engine: the only place where these words stand.

Source: vendor sheet, the model behind every state name. The number says which message was sent
last, as in racoon, whose functions a FortiGate's own messages name (`ident_r1send`): 3 for the
first message, seen in captures of both roles, 5 for the second, 7 for the third.
"""

from gwsim.ike.states import State

_FIRST_SENT, _SECOND_SENT, _THIRD_SENT = (
    "connecting, state 3",
    "connecting, state 5",
    "connecting, state 7",
)

WORDS: dict[State, str] = {
    State.MAIN_WAIT_2: _FIRST_SENT,
    State.MAIN_WAIT_3: _FIRST_SENT,
    State.MAIN_WAIT_4: _SECOND_SENT,
    State.MAIN_WAIT_5: _SECOND_SENT,
    State.MAIN_WAIT_6: _THIRD_SENT,
    State.AGGR_WAIT_2: _FIRST_SENT,
    State.AGGR_WAIT_3: _FIRST_SENT,
    State.ESTABLISHED: "established",
}
"""States of an IKE SA, as `status:` has them."""

UNSHOWN: frozenset[State] = frozenset(
    {State.QUICK_WAIT_2, State.QUICK_WAIT_3, State.INSTALLED, State.CLOSED}
)
"""No screen has a word for the states of a quick mode, nor for what has ended."""

STATE_WORDS: tuple[str, ...] = tuple(dict.fromkeys(WORDS.values()))


def state_word(state: str, exchange: str) -> str | None:
    """Give the FortiGate's word for an engine state, None when it shows nothing there.

    The words are the same in every `exchange`. Raises ValueError for a state that the engine
    does not have.
    """
    return WORDS.get(State(state))
