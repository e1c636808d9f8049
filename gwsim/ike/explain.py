"""Words for a refused proposal: `encryption: offered 3des, wanted aes-256`.

Reports, logs of the lab and `Rejected.why` use them; vendors have words of their own.
"""

from enum import IntEnum

from gwsim.ike.events import Comparison
from gwsim.ike.flaws import Flaw
from gwsim.ike.offers import KEY_IKE
from gwsim.ike.proposals import NoChoice
from gwsim.wire.numbers import (
    AuthenticationMethod,
    EncapsulationMode,
    Encryption,
    EspAuthentication,
    EspTransform,
    Group,
    HashAlgorithm,
    Protocol,
    name_of,
)

_NUMBERS: dict[str, type[IntEnum]] = {
    "encryption": Encryption,
    "hash": HashAlgorithm,
    "group": Group,
    "pfs group": Group,
    "transform": EspTransform,
    "protocol": Protocol,
    "encapsulation mode": EncapsulationMode,
}


def value_text(attribute: str, value: int | None, phase: int) -> str:
    """Name a value of an attribute: `aes-cbc`, `modp-1024`, `none` when it was absent."""
    if value is None:
        return "none"
    if attribute == "authentication":
        table: type[IntEnum] = AuthenticationMethod if phase == 1 else EspAuthentication
        return name_of(table, value).lower()
    if attribute == "transform" and phase == 1:
        return "key-ike" if value == KEY_IKE else str(value)
    numbers = _NUMBERS.get(attribute)
    return str(value) if numbers is None else name_of(numbers, value).lower()


def told(comparisons: tuple[Comparison, ...], phase: int = 1) -> str:
    """Tell every distinct difference once, in the order found."""
    said = dict.fromkeys(
        f"{c.attribute}: offered {value_text(c.attribute, c.offered, phase)}, "
        f"wanted {value_text(c.attribute, c.wanted, phase)}"
        for c in comparisons
    )
    return "; ".join(said) or "nothing was offered"


def flaw_of(refusal: NoChoice, default: Flaw) -> Flaw:
    """Find the row of the bad-input table that fits best: a stranger, or plain no proposal."""
    if refusal.only("attribute") is not None:
        return Flaw.ATTRIBUTES
    wrong = refusal.only("protocol")
    if wrong is not None and wrong.offered not in Protocol._value2member_map_:
        return Flaw.PROTOCOL_ID
    wrong = refusal.only("transform")
    if wrong is not None and _nobody_has(wrong, default):
        return Flaw.TRANSFORM_ID
    return Flaw.PFS if refusal.only("pfs group") is not None else default


def _nobody_has(wrong: Comparison, default: Flaw) -> bool:
    if default is Flaw.NO_PROPOSAL_PHASE1:
        return True
    return wrong.offered not in EspTransform._value2member_map_
