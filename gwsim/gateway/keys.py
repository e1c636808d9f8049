"""Keys for whoever asked to decrypt a capture; nothing else of a gateway gives them away.

A gateway gives the keys of SAs that live. Who wants to read a whole capture keeps a `KeyBook`,
for some SAs are gone when it ends.
"""

from dataclasses import dataclass, field

from gwsim.crypto.esp import EspSuite
from gwsim.esp.parameters import SaParameters
from gwsim.ike.export import ExportedKey


@dataclass(frozen=True, slots=True)
class EspKey:
    """The keys of one direction of an SA, as an ESP dissector wants them.

    `salt` is the part of KEYMAT that goes into the nonce of GCM and CTR, empty for others.
    `inbound` is the view of who receives: ends that disagree, say on the length of the ICV, hold
    different keys of one SA.
    """

    spi: int
    source: str
    destination: str
    suite: EspSuite
    encryption_key: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    authentication_key: bytes = field(repr=False)
    inbound: bool = False


@dataclass(frozen=True, slots=True)
class ExportedKeys:
    """All keys of a gateway at one moment: ISAKMP SAs, then IPsec SAs in both directions."""

    ike: tuple[ExportedKey, ...]
    esp: tuple[EspKey, ...]


class KeyBook:
    """All keys that were ever put into it, each once, in the order of their coming."""

    def __init__(self) -> None:
        self._ike: dict[ExportedKey, None] = {}
        self._esp: dict[EspKey, None] = {}

    def add(self, keys: ExportedKeys) -> None:
        """Put keys into it, those of SAs that are known already too."""
        self._ike.update(dict.fromkeys(keys.ike))
        self._esp.update(dict.fromkeys(keys.esp))

    def keys(self) -> ExportedKeys:
        """Give everything that is in it."""
        return ExportedKeys(tuple(self._ike), tuple(self._esp))


def esp_key(parameters: SaParameters) -> EspKey:
    """Cut the KEYMAT of an SA into its keys."""
    encryption_key, salt, authentication_key = parameters.suite.split(parameters.keymat)
    return EspKey(
        parameters.spi,
        parameters.outer_source,
        parameters.outer_destination,
        parameters.suite,
        encryption_key,
        salt,
        authentication_key,
        parameters.inbound,
    )
