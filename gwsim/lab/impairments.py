"""What a gateway writes wrongly, as the scenario language has it.

`behaviour: {impairments: [{message: quick-1, change: omit, payload: ke}]}` on a gateway; the faults
of the theme "crafted" write such entries. `ike.impairments` explains the changes.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from gwsim.ike.impairments import Change, Impairment
from gwsim.lab.base import Model
from gwsim.path.config import Match
from gwsim.path.rules import rule_from_text
from gwsim.wire.numbers import PayloadType

PAYLOADS: dict[str, int] = {
    "sa": PayloadType.SA,
    "ke": PayloadType.KEY_EXCHANGE,
    "id": PayloadType.IDENTIFICATION,
    "hash": PayloadType.HASH,
    "nonce": PayloadType.NONCE,
    "notify": PayloadType.NOTIFICATION,
    "delete": PayloadType.DELETE,
    "vid": PayloadType.VENDOR_ID,
    "unassigned": 100,
}
"""The payloads an impairment can be about; `unassigned` is a number nobody has given away."""

PayloadName = Literal["sa", "ke", "id", "hash", "nonce", "notify", "delete", "vid", "unassigned"]


def _message(text: str) -> str:
    """Check that a text names messages and nothing else about packets."""
    found = rule_from_text(text)
    if found != Match(label=found.label, occurrences=found.occurrences):
        raise ValueError("name messages only: quick-1, the 2nd quick-1, main, any")
    return text


MessageText = Annotated[
    str,
    AfterValidator(_message),
    Field(description="Which of its messages: quick-1, the 2nd quick-1, main, any."),
]


class ImpairmentOptions(Model):
    """One thing a gateway writes wrongly: in which `message`, which `change`, to which `payload`.

    `value` is a number whose meaning depends on the change: octets, or what is written.
    """

    message: MessageText = "any"
    change: Change
    payload: PayloadName | None = None
    value: int = 0

    @model_validator(mode="after")
    def _possible(self) -> "ImpairmentOptions":
        _ = self.impairment
        return self

    @property
    def impairment(self) -> Impairment:
        """The engine's own form."""
        found = rule_from_text(self.message)
        payload = PAYLOADS[self.payload] if self.payload else 0
        label = found.label or "any"
        return Impairment(label, self.change, payload, self.value, found.occurrences)
