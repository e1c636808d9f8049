"""`show crypto ipsec sa`: every flow with its counters and the SAs of both directions.

Layout: vendor sheet, ASA 9.x. A flow without SAs is not shown, and so every counter is of the flow
since it came up, through all its renewals; when it comes up again they begin at 0. What gwsim
never does (compression, TFC padding) counts 0 because it never happens.
"""

from collections.abc import Iterable

from gwsim.crypto.errors import UnsupportedAlgorithm
from gwsim.crypto.esp_suites import EspSuite
from gwsim.gateway.snapshot import IpsecSaSnapshot, SaCounters, Snapshot, TunnelSnapshot
from gwsim.ike.snapshot import ChildSnapshot
from gwsim.vendors.asa.names import ESP_AUTHENTICATION, esp_encryption
from gwsim.vendors.asa.story import map_name
from gwsim.vendors.crypto_maps import ace_end
from gwsim.vendors.vendor import View
from gwsim.wire.selector import Selector

NOTHING = "\nThere are no ipsec sas\n"
_PROTOCOLS = {0: "ip", 1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah"}
_ALL_ONES = "255.255.255.255"


def ipsec_sa(view: View) -> str:
    """`show crypto ipsec sa`: all flows."""
    return _screen(view.snapshot, view.snapshot.ipsec)


def ipsec_sa_peer(view: View, peer: str) -> str:
    """`show crypto ipsec sa peer ADDRESS`: the flows of one peer, without the interface line."""
    pairs = [pair for pair in view.snapshot.ipsec if pair.negotiated.peer == peer]
    flows = _flows(pairs)
    if not flows:
        return NOTHING
    lines = [f"peer address: {peer}"]
    for flow in flows:
        lines += _flow(view.snapshot, flow)
    return "\n".join(lines) + "\n"


def access_list(selector_pair: tuple[str, str], name: str) -> str:
    """Print the crypto ACL line of a flow as a configuration and this screen have it."""
    local, remote = (Selector.parse(text) for text in selector_pair)
    protocol = local.protocol or remote.protocol
    word = _PROTOCOLS.get(protocol, str(protocol))
    ends = " ".join(_ace_end(end) for end in (local, remote))
    return f"access-list {name} extended permit {word} {ends}"


def acl_name(interface: str, number: int) -> str:
    """Name the crypto ACL of an entry as the wizard of an ASA does."""
    return f"{interface}_cryptomap_{number}"


def _ace_end(end: Selector) -> str:
    return ace_end(end, end.mask)


def _screen(snapshot: Snapshot, pairs: Iterable[IpsecSaSnapshot]) -> str:
    flows = _flows(pairs)
    if not flows:
        return NOTHING
    lines = [f"interface: {snapshot.outside_interface}"]
    for flow in flows:
        lines += _flow(snapshot, flow)
    return "\n".join(lines) + "\n"


def _flows(pairs: Iterable[IpsecSaSnapshot]) -> list[list[IpsecSaSnapshot]]:
    """Put the pairs of one flow together: while it is renewed there are two, the newest last."""
    found: dict[tuple[str, str, str, str], list[IpsecSaSnapshot]] = {}
    for pair in pairs:
        c = pair.negotiated
        found.setdefault((c.connection, c.child, c.local, c.remote), []).append(pair)
    return list(found.values())


def _tunnel(snapshot: Snapshot, child: ChildSnapshot) -> tuple[int, TunnelSnapshot | None]:
    for tunnel in snapshot.tunnels:
        if (tunnel.connection, tunnel.child) == (child.connection, child.child):
            return tunnel.policy_id, tunnel
    return 0, None


def _flow(snapshot: Snapshot, pairs: list[IpsecSaSnapshot]) -> list[str]:
    child = pairs[-1].negotiated
    number, tunnel = _tunnel(snapshot, child)
    return [
        *_identity(snapshot, child, number, tunnel),
        "",
        "",
        *_counters(pairs),
        "",
        *_endpoints(snapshot, pairs),
        "",
        "    inbound esp sas:",
        *_sas(snapshot, pairs, number, inbound=True),
        "    outbound esp sas:",
        *_sas(snapshot, pairs, number, inbound=False),
        "",
    ]


def _identity(
    snapshot: Snapshot, child: ChildSnapshot, number: int, tunnel: TunnelSnapshot | None
) -> list[str]:
    interface = snapshot.outside_interface
    local, remote = (tunnel.local, tunnel.remote) if tunnel else (child.local, child.remote)
    ace = access_list((local, remote), acl_name(interface, number))
    return [
        f"    Crypto map tag: {map_name(interface)}, seq num: {number}, "
        f"local addr: {snapshot.outside}",
        "",
        f"      {ace} ",
        "      Protected vrf (ivrf): Global",
        f"      local ident (addr/mask/prot/port): ({_ident(child.local)})",
        f"      remote ident (addr/mask/prot/port): ({_ident(child.remote)})",
        f"      current_peer: {child.peer}",
    ]


def _ident(selector: str) -> str:
    s = Selector.parse(selector)
    return f"{s.address}/{s.mask}/{s.protocol}/{s.port}"


def _counters(pairs: list[IpsecSaSnapshot]) -> list[str]:
    inward = [pairs[-1].inbound_before, *(pair.inbound for pair in pairs)]
    outward = [pairs[-1].outbound_before, *(pair.outbound for pair in pairs)]
    out = sum(c.packets for c in outward)
    passed = sum(c.packets for c in inward)
    decrypted = passed + sum(map(_refused_inside, inward))
    cut, pieces = sum(c.cut for c in outward), sum(c.pieces for c in outward)
    sent, received = (
        sum(c.too_big_sent for c in outward),
        sum(c.too_big_received for c in outward),
    )
    return [
        f"      #pkts encaps: {out}, #pkts encrypt: {out}, #pkts digest: {out}",
        f"      #pkts decaps: {decrypted}, #pkts decrypt: {passed}, #pkts verify: {passed}",
        "      #pkts compressed: 0, #pkts decompressed: 0",
        f"      #pkts not compressed: {out}, #pkts comp failed: 0, #pkts decomp failed: 0",
        f"      #pre-frag successes: {cut}, #pre-frag failures: 0, #fragments created: {pieces}",
        f"      #PMTUs sent: {sent}, #PMTUs rcvd: {received}, "
        "#decapsulated frgs needing reassembly: 0",
        "      #TFC rcvd: 0, #TFC sent: 0",
        f"      #Valid ICMP Errors rcvd: {received}, #Invalid ICMP Errors rcvd: 0",
        f"      #send errors: {sum(c.errors for c in outward)}, "
        f"#recv errors: {sum(c.errors for c in inward)}",
    ]


def _refused_inside(counters: SaCounters) -> int:
    """Packets that were authentic but whose inside did not belong into this SA."""
    return counters.bad_selector + counters.bad_padding


def _endpoints(snapshot: Snapshot, pairs: list[IpsecSaSnapshot]) -> list[str]:
    pair, child = pairs[-1], pairs[-1].negotiated
    sending = next((p.negotiated for p in reversed(pairs) if p.negotiated.sends), child)
    local, remote = (child.local_port, child.peer_port) if child.udp else (0, 0)
    total, part = overhead(child)
    return [
        f"      local crypto endpt.: {snapshot.outside}/{local}, "
        f"remote crypto endpt.: {child.peer}/{remote}",
        f"      path mtu {pair.path_mtu}, ipsec overhead {total}({part}), media mtu {snapshot.mtu}",
        f"      PMTU time remaining (sec): {pair.path_mtu_seconds}, DF policy: {snapshot.df}-df",
        "      ICMP error validation: disabled, TFC packets: disabled",
        f"      current outbound spi: {sending.outbound_spi:08X}",
        f"      current inbound spi : {child.inbound_spi:08X}",
    ]


def overhead(child: ChildSnapshot) -> tuple[int, int]:
    """Give the octets an ASA reckons for protection: the most, and without IP header and padding.

    74 and 44 for AES with SHA, 8 more of each with NAT-T; transport mode has no IP header to add.
    """
    try:
        suite = EspSuite(child.transform, child.key_bits, child.authentication)
        fixed = 8 + suite.iv_length + suite.icv_length
        block = suite.block_size
    except UnsupportedAlgorithm:
        fixed, block = 8, 4
    udp = 8 if child.udp else 0
    outer = 0 if child.transport else 20
    return outer + fixed + block + 2 + udp, fixed + 8 + udp


def _sas(snapshot: Snapshot, pairs: list[IpsecSaSnapshot], number: int, inbound: bool) -> list[str]:
    lines: list[str] = []
    for pair in pairs:
        lines += _sa(snapshot, pair, number, inbound)
    return lines


def _sa(snapshot: Snapshot, pair: IpsecSaSnapshot, number: int, inbound: bool) -> list[str]:
    child = pair.negotiated
    spi = child.inbound_spi if inbound else child.outbound_spi
    cipher = esp_encryption(child.transform, child.key_bits)
    digest = ESP_AUTHENTICATION.get(child.authentication, f"esp-{child.authentication}")
    return [
        f"      spi: 0x{spi:08X} ({spi})",
        "         SA State: active",
        f"         transform: {cipher} {digest} no compression ",
        f"         in use settings ={{{_settings(child)}, }}",
        f"         slot: 0, conn_id: {4096 * number}, "
        f"crypto-map: {map_name(snapshot.outside_interface)}",
        f"         sa timing: remaining key lifetime {_timing(pair, snapshot.now)}",
        f"         IV size: {_iv_size(child)} bytes",
        *_replay(pair, inbound),
    ]


def _settings(child: ChildSnapshot) -> str:
    words = ["L2L", "Transport" if child.transport else "Tunnel"]
    if child.udp:
        words.append(" NAT-T-Encaps")
    if child.pfs_group is not None:
        words.append(f"PFS Group {child.pfs_group}")
    return ", ".join([*words, "IKEv1"])


def _timing(pair: IpsecSaSnapshot, now: float) -> str:
    expires = pair.negotiated.expires
    seconds = 0 if expires is None else max(0, int(expires - now))
    if pair.kilobytes_left is None:
        return f"(sec): {seconds}"
    return f"(kB/sec): ({pair.kilobytes_left}/{seconds})"


def _iv_size(child: ChildSnapshot) -> int:
    try:
        return EspSuite(child.transform, child.key_bits, child.authentication).iv_length
    except UnsupportedAlgorithm:
        return 0


def _replay(pair: IpsecSaSnapshot, inbound: bool) -> list[str]:
    """The window as words of 32 bits, the newest packet in the lowest bit of the last."""
    if not pair.inbound.replay_window:
        return ["         replay detection support: N"]
    words = max(2, pair.inbound.replay_window // 32) if inbound else 2
    bitmap = pair.inbound.window if inbound else 1
    parts = [f"0x{bitmap >> 32 * i & 0xFFFFFFFF:08X}" for i in reversed(range(words))]
    return [
        "         replay detection support: Y",
        "         Anti replay bitmap: ",
        f"          {' '.join(parts)}",
    ]
