"""What one IPsec SA is made of, as the gateway hands it to the data plane."""

from dataclasses import dataclass, field

from gwsim.crypto.esp import EspSuite
from gwsim.wire.selector import Selector


@dataclass(frozen=True, slots=True)
class SaParameters:
    """One direction of a negotiated pair.

    `keymat` is as long as `suite.keymat_length`. `local`/`remote` are the selectors seen from
    this gateway in both directions. `outer_source`/`outer_destination` are dotted addresses of
    the outer header as sent; `udp` gives (source port, destination port) when encapsulated in
    UDP. `kilobytes` None means no volume lifetime.
    """

    spi: int
    inbound: bool
    suite: EspSuite
    keymat: bytes = field(repr=False)
    transport: bool
    outer_source: str
    outer_destination: str
    udp: tuple[int, int] | None
    local: Selector
    remote: Selector
    replay_window: int = 64
    esn: bool = False
    kilobytes: int | None = None
    child: str = ""
    connection: str = ""
