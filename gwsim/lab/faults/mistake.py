"""One way in which a gateway can write a message wrongly, with what people are told about it."""

from dataclasses import dataclass

from gwsim.ike.impairments import Change

RESENT = ("the receiver drops the message; the sender repeats it until its limit",)
UNREFUSED = ("nothing at all: a receiver has to ignore it",)


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
