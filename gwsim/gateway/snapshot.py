"""One gateway at one moment: the IKE engine's truth and the data plane's counters, frozen.

Views, expectations and reports read nothing else. `snapshot_to_json` and `snapshot_from_json`
(module `wireform`) carry it over a control socket without loss.
"""

from dataclasses import dataclass

from gwsim.ike.snapshot import ChildSnapshot, EndpointSnapshot


@dataclass(frozen=True, slots=True)
class SaCounters:
    """What one direction of one SA has counted.

    Packets and octets of inner traffic. `errors` counts every packet that this SA refused, the
    causes named after it among them. `sequence` is the last number sent or the highest accepted,
    `window` the replay bitmap (bit 0 = `sequence`; number 0 counts as seen), 0 for outbound SAs.
    An outbound SA also knows how many packets were `cut` before encryption, into how many
    `pieces`, and the ICMP "fragmentation needed" sent to hosts inside and received from the path.
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
    cut: int = 0
    pieces: int = 0
    too_big_sent: int = 0
    too_big_received: int = 0


@dataclass(frozen=True, slots=True)
class IpsecSaSnapshot:
    """A pair of IPsec SAs: what was negotiated and what it carried.

    `kilobytes_left` is None without a volume lifetime. `path_mtu` is the largest outer packet,
    `overhead` the most that protection adds to a packet, both in octets. `path_mtu_seconds` is
    how long a path MTU learned from the network will still be believed, 0 when none was learned.
    `inbound_before` and `outbound_before` are the sums of the pairs that carried the same flow
    since it came up and are gone.
    """

    negotiated: ChildSnapshot
    inbound: SaCounters
    outbound: SaCounters
    kilobytes_left: int | None
    path_mtu: int
    overhead: int
    path_mtu_seconds: int = 0
    inbound_before: SaCounters = SaCounters()
    outbound_before: SaCounters = SaCounters()


@dataclass(frozen=True, slots=True)
class TunnelSnapshot:
    """One configured child, up or down, with what its policy entry has counted since start.

    `encapsulated`/`decapsulated` count packets over all its SAs so far; `send_errors` packets
    that wanted an SA and could not be sent, `receive_errors` inbound ones an SA refused.
    `prefragmented` packets were cut before encryption, into `fragments` pieces. `too_big_sent`
    counts ICMP "fragmentation needed" to hosts inside, `too_big_received` those from the path.
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
    prefragmented: int = 0
    fragments: int = 0
    too_big_sent: int = 0
    too_big_received: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a gateway can show at `now` (seconds on its clock).

    `counters` holds drop counters by cause that belong to no SA, sorted by name. `started` is
    when it booted, `link_up` the state of the outside interface. `mtu` (octets) and `df` ("copy",
    "clear" or "set") are that interface's. `running` is False while it boots or is shut down.
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
    mtu: int = 1500
    df: str = "copy"
    running: bool = True
