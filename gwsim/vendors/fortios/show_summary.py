"""`get vpn ipsec tunnel summary` and `details`: tunnels in one line each, and in many.

Layout: vendor sheet, FortiOS, and captures. Keys are not for screens: their place is taken by
stars, two for each octet.
"""

from gwsim.gateway.snapshot import IpsecSaSnapshot, TunnelSnapshot
from gwsim.vendors.fortios.names import PHASE2_HASHES, esp_octets, hidden
from gwsim.vendors.fortios.story import INTERFACE_INDEX, masked
from gwsim.vendors.fortios.tunnels import Tunnel, plaintext_mtu, tunnels
from gwsim.vendors.vendor import View
from gwsim.wire.numbers import EspTransform

_CIPHERS: dict[int, str] = {
    EspTransform.DES: "des",
    EspTransform.TRIPLE_DES: "3des",
    EspTransform.NULL: "null",
    EspTransform.AES_CBC: "aes-cb",
    EspTransform.AES_CTR: "aes-ct",
    EspTransform.AES_GCM_16: "aes-gc",
}
"""ESP ciphers, cut to six characters as the device does."""


def summary(view: View) -> str:
    """`get vpn ipsec tunnel summary`: which tunnels are up, and whether packets pass."""
    return "".join(f"{_summary(tunnel)}\n" for tunnel in tunnels(view))


def _summary(tunnel: Tunnel) -> str:
    return (
        f"'{tunnel.name}' {tunnel.peer or '0.0.0.0'}:{tunnel.ports[1]}  "
        f"selectors(total,up): {len(tunnel.selectors)}/{tunnel.up}  "
        f"rx(pkt,err): {tunnel.received}/{tunnel.receive_errors}  "
        f"tx(pkt,err): {tunnel.sent}/{tunnel.send_errors}"
    )


def details(view: View) -> str:
    """`get vpn ipsec tunnel details`: all tunnels."""
    return _details(view, "")


def details_name(view: View, name: str) -> str:
    """`get vpn ipsec tunnel name X`: one tunnel."""
    return _details(view, name)


def _details(view: View, only: str) -> str:
    lines: list[str] = []
    for tunnel in tunnels(view):
        if only in ("", tunnel.name):
            lines += _tunnel(view, tunnel)
    return "".join(f"{line}\n" for line in lines)


def _tunnel(view: View, tunnel: Tunnel) -> list[str]:
    snapshot, (local, remote) = view.snapshot, tunnel.ports
    kind = "static" if tunnel.peer else "dynamic"
    lines = [
        "gateway",
        f"  name: '{tunnel.name}'",
        f"  local-gateway: {snapshot.outside}:{local} (static)",
        f"  remote-gateway: {tunnel.peer or '0.0.0.0'}:{remote} ({kind})",
        "  dpd-link: on",
        "  mode: ike-v1",
        f"  interface: '{snapshot.outside_interface}' ({INTERFACE_INDEX})",
        f"  rx  packets: {tunnel.received}  bytes: {tunnel.octets_in}  "
        f"errors: {tunnel.receive_errors}",
        f"  tx  packets: {tunnel.sent}  bytes: {tunnel.octets_out}  errors: {tunnel.send_errors}",
        f"  dpd: {_dpd(tunnel)}",
        f"  nat traversal mode: {_natt(tunnel)}",
        "  selectors",
    ]
    for selector in tunnel.selectors:
        lines += _selector(view, tunnel, selector)
    return lines


def _dpd(tunnel: Tunnel) -> str:
    if tunnel.dpd is None:
        return "disabled"
    mode = "on-demand" if tunnel.dpd.on_demand else "on-idle"
    negotiated = tunnel.sa is not None and tunnel.sa.dpd
    missed = tunnel.sa.dpd_missed if tunnel.sa is not None else 0
    return (
        f"{mode}{'/negotiated' if negotiated else ''}  idle: {tunnel.dpd.idle * 1000:.0f}ms  "
        f"retry: {tunnel.dpd.count}  count: {missed}"
    )


def _natt(tunnel: Tunnel) -> str:
    sa = tunnel.sa
    if sa is None or not (sa.nat_local or sa.nat_peer):
        return "none"
    mode = "keep-alive" if sa.nat_local else "silent"
    return f"{mode}      interval: {tunnel.keepalive:.0f}"


def _selector(view: View, tunnel: Tunnel, selector: TunnelSnapshot) -> list[str]:
    pairs = [pair for pair in tunnel.pairs if pair.negotiated.child == selector.child]
    transport = any(pair.negotiated.transport for pair in pairs)
    lines = [
        f"    name: '{selector.child}'",
        f"    auto-negotiate: {'enable' if tunnel.auto_negotiate else 'disable'}",
        f"    mode: {'transport' if transport else 'tunnel'}",
        f"    src: {masked(selector.local)}",
        f"    dst: {masked(selector.remote)}",
    ]
    for pair in pairs:
        lines += _pair(view, pair)
    return lines


def _pair(view: View, pair: IpsecSaSnapshot) -> list[str]:
    child, now = pair.negotiated, view.snapshot.now
    soft = child.expires if child.rekey_at is None else child.rekey_at
    left = 0 if soft is None else max(0, int(soft - now))
    return [
        "    SA",
        f"      lifetime/rekey: {child.lifetime_seconds or 0}/{left}   ",
        f"      mtu: {plaintext_mtu(pair)}",
        f"      tx-esp-seq: {pair.outbound.sequence + 1:x}",
        f"      replay: {'enabled' if pair.inbound.replay_window else 'disabled'}",
        "      qat: 0",
        "      inbound",
        *_direction(child.inbound_spi, pair),
        "      outbound",
        *_direction(child.outbound_spi, pair),
        "      NPU acceleration: none",
    ]


def _direction(spi: int, pair: IpsecSaSnapshot) -> list[str]:
    child = pair.negotiated
    cipher, digest = esp_octets(child.transform, child.key_bits, child.authentication)
    name = _CIPHERS.get(child.transform, str(child.transform))
    proof = PHASE2_HASHES.get(child.authentication, str(child.authentication))
    return [
        f"        spi: {spi:08x}",
        f"        enc: {name:>7}  {hidden(cipher)}",
        f"        auth: {proof:>6}  {hidden(digest)}",
    ]
