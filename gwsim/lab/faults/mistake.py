"""One way in which a gateway can write a message wrongly, with what people are told about it."""

from dataclasses import dataclass

from gwsim.ike.impairments import Change
from gwsim.lab.faults.stage import EVERYWHERE, LONG_PINGS, Stage, Where

RESENT = ("the receiver drops the message; the sender repeats it until its limit",)
UNREFUSED = ("nothing at all: a receiver has to ignore it",)


_ENDS = (Where.INITIATOR, Where.RESPONDER)

AFTER_A_CLEAR = (
    Stage(timeline=(*LONG_PINGS, {"at": "25s", "clear": "here"}), duration=120.0, places=_ENDS),
)
"""An operator clears the SAs of the end that writes wrongly."""

AFTER_A_RENEWAL = (
    Stage(timeline=(*LONG_PINGS, {"at": "25s", "rekey": "here"}), duration=120.0, places=_ENDS),
)
"""The end that writes wrongly renews its IPsec SAs."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row of a table of mistakes.

    `title`, `cause` and `signs` are those of the fault it becomes; `change`, `payload` and `value`
    those of an impairment (`gwsim.ike.impairments`), made in the messages of `message`.
    """

    name: str
    title: str
    cause: str
    signs: tuple[str, ...]
    change: Change
    payload: str | None = None
    value: int = 0
    message: str = "any"
    stages: tuple[Stage, ...] = EVERYWHERE
