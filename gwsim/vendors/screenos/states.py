"""What a NetScreen calls the states of our engine: the only place where these words stand.

Source: vendor sheet, the model behind every state name. A state is named by what has been
processed, so `debug ike detail` prints the one that stood when a message arrived.
"""

from dataclasses import dataclass

from gwsim.ike.states import State

WORDS: dict[State, str] = {
    State.MAIN_WAIT_2: "OAK_MM_NO_STATE",
    State.MAIN_WAIT_3: "OAK_MM_SA_SETUP",
    State.MAIN_WAIT_4: "OAK_MM_SA_SETUP",
    State.MAIN_WAIT_5: "OAK_MM_KEY_EXCH",
    State.MAIN_WAIT_6: "OAK_MM_KEY_EXCH",
    State.AGGR_WAIT_2: "OAK_AG_NOSTATE",
    State.AGGR_WAIT_3: "OAK_AG_INIT_EXCH",
    State.ESTABLISHED: "OAK_QM_IDLE",
    State.QUICK_WAIT_2: "OAK_QM_SA_ACCEPT",
    State.QUICK_WAIT_3: "OAK_QM_AUTH_AWAIT",
}
"""Every state that a message can arrive in, whatever the exchange."""

UNSHOWN: frozenset[State] = frozenset({State.INSTALLED, State.CLOSED})
"""A NetScreen has no word for a quick mode that is done and for what has ended."""

FIRST_WORDS: dict[str, str] = {
    "main": WORDS[State.MAIN_WAIT_2],
    "aggressive": WORDS[State.AGGR_WAIT_2],
    "quick": WORDS[State.QUICK_WAIT_2],
}
"""Where a responder stands when the first message of an exchange arrives."""

STATE_WORDS: tuple[str, ...] = tuple(dict.fromkeys(WORDS.values()))


NUMBERS: dict[State, int] = {
    State.MAIN_WAIT_2: 0,
    State.MAIN_WAIT_3: 1,
    State.MAIN_WAIT_4: 1,
    State.MAIN_WAIT_5: 2,
    State.MAIN_WAIT_6: 2,
    State.AGGR_WAIT_2: 4,
    State.AGGR_WAIT_3: 5,
}
"""The numbers of these states before phase 1 is done, as in `sa->p1_state = 2`."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ISAKMP SA has come: a step (1 negotiating, 3 done) and a word of flags."""

    step: int
    flags: int


PROGRESS: dict[State, Progress] = {
    State.MAIN_WAIT_2: Progress(1, 0x0003),
    State.MAIN_WAIT_3: Progress(1, 0x0003),
    State.MAIN_WAIT_4: Progress(1, 0x0007),
    State.MAIN_WAIT_5: Progress(1, 0x000F),
    State.MAIN_WAIT_6: Progress(1, 0xA00000F),
    State.AGGR_WAIT_2: Progress(1, 0x0003),
    State.AGGR_WAIT_3: Progress(1, 0x000F),
    State.ESTABLISHED: Progress(3, 0x102F),
}
"""`IKE state<1/0007>`: seen for an initiator at MAIN_WAIT_4, MAIN_WAIT_6 and ESTABLISHED, the
others reckoned by which bits each step adds.
"""

ENDED = Progress(0, 0)


def state_word(state: str, exchange: str) -> str | None:
    """Give the NetScreen's word for an engine state, None when it shows nothing there.

    The words are the same in every `exchange`. Raises ValueError for a state that the engine
    does not have.
    """
    return WORDS.get(State(state))


def arrival_word(state: State | None, exchange: str) -> str:
    """Give the word for the state in which a message found us; one that has no word is the first.

    An exchange of no state, the informational one, is heard by an established SA.
    """
    first = FIRST_WORDS.get(exchange, WORDS[State.ESTABLISHED])
    return first if state is None else WORDS.get(state, first)


def progress(state: str) -> Progress:
    """Give step and flags of an ISAKMP SA in this state."""
    return PROGRESS.get(State(state), ENDED)
