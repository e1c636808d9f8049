"""Keys for whoever asked to decrypt a capture; nothing else on this floor gives them away."""

from dataclasses import dataclass, field

from gwsim.ike.ledger import Ledger
from gwsim.ike.sa import IkeSa
from gwsim.ike.states import Role


@dataclass(frozen=True, slots=True)
class ExportedKey:
    """What Wireshark's `ikev1_decryption_table` wants: initiator's cookie and cipher key.

    `role` is whose key it is: where the pre-shared keys differ, each end has another one.
    """

    initiator_cookie: bytes
    key: bytes = field(repr=False)
    role: Role = Role.INITIATOR


def key_of(sa: IkeSa) -> ExportedKey | None:
    """Give the exportable key of an SA, or None before there is one."""
    return None if sa.keys is None else ExportedKey(sa.initiator_cookie, sa.keys.key, sa.role)


def exported(ledger: Ledger) -> tuple[ExportedKey, ...]:
    """Give the keys of all living SAs."""
    return tuple(k for k in (key_of(sa) for sa in ledger.sas) if k is not None)
