"""One gateway at one moment: the IKE engine's truth and the data plane's counters, frozen.

Views, expectations and reports read nothing else. `snapshot_to_json` and `snapshot_from_json`
(module `wireform`) carry it over a control socket without loss.
"""

from dataclasses import dataclass

from gwsim.ike.snapshot import ChildSnapshot, EndpointSnapshot


@dataclass(frozen=True, slots=True)
class SaCounters:
    """What one direction of one SA has counted.

    Packets and octets of inner traffic; drops by cause. `sequence` is the last number sent or
    the highest accepted, `window` the replay bitmap (bit 0 = `sequence`), 0 for outbound SAs.
    """

    packets: int = 0
    octets: int = 0
    errors: int = 0
    replayed: int = 0
    too_old: int = 0
    bad_icv: int = 0
    bad_padding: int = 0
    bad_selector: int = 0
    dummies: int = 0
    sequence: int = 0
    window: int = 0
    replay_window: int = 0


@dataclass(frozen=True, slots=True)
class IpsecSaSnapshot:
    """A pair of IPsec SAs: what was negotiated and what it carried.

    `kilobytes_left` is None without a volume lifetime. `path_mtu` and `overhead` in octets.
    """

    negotiated: ChildSnapshot
    inbound: SaCounters
    outbound: SaCounters
    kilobytes_left: int | None
    path_mtu: int
    overhead: int


@dataclass(frozen=True, slots=True)
class TunnelSnapshot:
    """One configured child, up or down, with what its policy entry has counted since start.

    `encapsulated`/`decapsulated` count packets over all its SAs so far; `send_errors` packets
    that wanted an SA and found none, `receive_errors` inbound ones refused.
    """

    connection: str
    child: str
    peer: str
    local: str
    remote: str
    up: bool
    encapsulated: int
    decapsulated: int
    send_errors: int
    receive_errors: int
    policy_id: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a gateway can show at `now` (seconds on its clock).

    `counters` holds drop counters by cause that belong to no SA, sorted by name. `started` is
    when it booted, `link_up` the state of the outside interface.
    """

    name: str
    vendor: str
    now: float
    started: float
    outside: str
    outside_interface: str
    inside_interface: str
    inside: tuple[str, ...]
    enabled: bool
    link_up: bool
    ike: EndpointSnapshot
    ipsec: tuple[IpsecSaSnapshot, ...]
    tunnels: tuple[TunnelSnapshot, ...]
    counters: tuple[tuple[str, int], ...]
