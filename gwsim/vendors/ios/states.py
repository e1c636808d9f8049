"""What IOS calls the states of our engine: the only place where these words stand.

Source: vendor sheet, the model behind every state name. The words are those of Cisco's reference
daemon: they name how far an SA has come, not the message that is awaited, so two states of the
engine share each of them. An SA that has been authenticated is at rest until the next quick mode.
"""

from gwsim.ike.states import Role, State

_NO_STATE, _SA_SETUP, _KEY_EXCH = "MM_NO_STATE", "MM_SA_SETUP", "MM_KEY_EXCH"
_INIT_EXCH, _IDLE = "AG_INIT_EXCH", "QM_IDLE"

WORDS: dict[State, str] = {
    State.MAIN_WAIT_2: _NO_STATE,
    State.MAIN_WAIT_3: _SA_SETUP,
    State.MAIN_WAIT_4: _SA_SETUP,
    State.MAIN_WAIT_5: _KEY_EXCH,
    State.MAIN_WAIT_6: _KEY_EXCH,
    State.AGGR_WAIT_2: _INIT_EXCH,
    State.AGGR_WAIT_3: _INIT_EXCH,
    State.ESTABLISHED: _IDLE,
}
"""States of an ISAKMP SA."""

PASSING: dict[str, str] = {"main": "MM_KEY_AUTH", "aggressive": "AG_AUTH"}
"""Where an SA is between proof and rest: passed in an instant, and on no screen."""

DELETED: dict[str, str] = {"main": _NO_STATE, "aggressive": "AG_NO_STATE"}
"""What the screen says of an SA that has ended, as long as it is remembered."""

UNSHOWN: frozenset[State] = frozenset(
    {State.QUICK_WAIT_2, State.QUICK_WAIT_3, State.INSTALLED, State.CLOSED}
)
"""No screen has a word for the states of a quick mode, nor for the engine's end of one."""

STATE_WORDS: tuple[str, ...] = tuple(dict.fromkeys(WORDS.values()))
"""Words of states in which a negotiation can rest; the two tables above have others."""

NEW_SA = "(N) NEW SA"
"""What the debug output says of a first message in place of role and state."""

SENT: dict[str, str] = {
    "main-1": _NO_STATE,
    "main-2": _SA_SETUP,
    "main-3": _SA_SETUP,
    "main-4": _KEY_EXCH,
    "main-5": _KEY_EXCH,
    "main-6": _KEY_EXCH,
    "aggr-1": _INIT_EXCH,
    "aggr-2": _INIT_EXCH,
    "aggr-3": PASSING["aggressive"],
}
"""The word beside a message of phase 1 that is sent, by its label."""

RECEIVED: dict[str, str] = {
    "main-2": _NO_STATE,
    "main-3": _SA_SETUP,
    "main-4": _SA_SETUP,
    "main-5": _KEY_EXCH,
    "main-6": _KEY_EXCH,
    "aggr-2": _INIT_EXCH,
    "aggr-3": _INIT_EXCH,
}
"""The same for a message that is received; the first one finds nothing."""

IDLE = f"{_IDLE}      "
"""The word of an SA at rest with the blanks that follow it in the debug output."""

_LETTERS = {Role.INITIATOR: "(I)", Role.RESPONDER: "(R)"}


def state_word(state: str, exchange: str) -> str | None:
    """Give the router's word for an engine state, None when it shows nothing there.

    The words are the same in every `exchange`. Raises ValueError for a state that the engine
    does not have.
    """
    return WORDS.get(State(state))


def place(role: Role, word: str) -> str:
    """Say role and state as the debug output does: `(I) ` and the word."""
    return f"{_LETTERS[role]} {IDLE if word == _IDLE else word}"
