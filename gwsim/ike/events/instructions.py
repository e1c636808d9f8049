"""Events that are instructions to the data plane; whoever owns it carries them out."""

from dataclasses import dataclass, field

from gwsim.ike.events.base import CloseReason, Event
from gwsim.ike.states import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildKeys(Event):
    """An instruction to the data plane, never shown: install these two SAs.

    `keymat_in` and `keymat_out` are as long as the suite wants. `replaces` is the inbound SPI of
    the SA this one renews, 0 for none. `udp` is None for protocol 50, else (local port, peer port).
    A responder gets them with quick-2, `active` False: only the inbound SA may be used until
    ChildActivated says that quick-3 has come.
    """

    message_id: int
    child: str
    role: Role
    inbound_spi: int
    outbound_spi: int
    keymat_in: bytes = field(repr=False)
    keymat_out: bytes = field(repr=False)
    transform: int
    key_bits: int | None
    authentication: int | None
    truncated_sha256: bool
    transport: bool
    local_address: str
    peer_address: str
    udp: tuple[int, int] | None
    local: str
    remote: str
    replay_window: int
    esn: bool
    lifetime_kilobytes: int | None
    pfs_group: int | None
    replaces: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildActivated(Event):
    """An instruction to the data plane: the outbound SA of this pair may be used now."""

    inbound_spi: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRetired(Event):
    """An instruction to the data plane: stop sending on these SAs, keep receiving until removed."""

    inbound_spi: int
    outbound_spi: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRemoved(Event):
    """An instruction to the data plane: forget these SAs."""

    inbound_spi: int
    outbound_spi: int
    reason: CloseReason
