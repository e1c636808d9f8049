"""Keys for whoever asked to decrypt a capture; nothing else of a gateway gives them away."""

from dataclasses import dataclass, field

from gwsim.crypto.esp import EspSuite
from gwsim.esp.parameters import SaParameters
from gwsim.ike.export import ExportedKey


@dataclass(frozen=True, slots=True)
class EspKey:
    """The keys of one direction of an SA, as an ESP dissector wants them.

    `salt` is the part of KEYMAT that goes into the nonce of GCM and CTR, empty for others.
    """

    spi: int
    source: str
    destination: str
    suite: EspSuite
    encryption_key: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    authentication_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ExportedKeys:
    """All keys of a gateway at one moment: ISAKMP SAs, then IPsec SAs in both directions."""

    ike: tuple[ExportedKey, ...]
    esp: tuple[EspKey, ...]


def esp_key(parameters: SaParameters) -> EspKey:
    """Cut the KEYMAT of an SA into its keys (RFC 4303, RFC 4106 8.1, RFC 3686 5.1)."""
    suite, keymat = parameters.suite, parameters.keymat
    salt = suite.encryption_key_length
    authentication = salt + suite.salt_length
    return EspKey(
        parameters.spi,
        parameters.outer_source,
        parameters.outer_destination,
        suite,
        keymat[:salt],
        keymat[salt:authentication],
        keymat[authentication:],
    )
