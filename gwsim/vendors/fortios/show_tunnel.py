"""`diagnose vpn tunnel list [name X]`: every tunnel, its selectors and its IPsec SAs.

Layout: vendor sheet, FortiOS 7.x, and captures with and without NAT. Counters are those of inner
packets and octets. What belongs to hardware or to a kernel that gwsim does not have (`npu_*`,
`options`, reference counts) shows what a box shows that has nothing offloaded. Keys are not for
screens: their place is taken by stars, two for each octet.
"""

from gwsim.gateway.snapshot import IpsecSaSnapshot, TunnelSnapshot
from gwsim.vendors.fortios.behaviour import USUAL_DPD
from gwsim.vendors.fortios.names import (
    DRAFTS,
    KERNEL_CIPHERS,
    PHASE2_HASHES,
    esp_octets,
    hidden,
)
from gwsim.vendors.fortios.story import INTERFACE_INDEX, span
from gwsim.vendors.fortios.tunnels import Tunnel, plaintext_mtu, tunnels
from gwsim.vendors.vendor import View

_RULE = "-" * 54
_FIRST_JIFFIES = 42949372
"""What a clock of hundredths shows in seconds when it starts five minutes before its overflow."""


def tunnel_list(view: View) -> str:
    """`diagnose vpn tunnel list`: all tunnels."""
    return _list(view, "")


def tunnel_list_name(view: View, name: str) -> str:
    """`diagnose vpn tunnel list name X`: one tunnel."""
    return _list(view, name)


def _list(view: View, only: str) -> str:
    lines = ["list all ipsec tunnel in vd 0"]
    for tunnel in tunnels(view):
        if only in ("", tunnel.name):
            lines += [_RULE, *_tunnel(view, tunnel)]
    return "".join(f"{line}\n" for line in [*lines, "run_tally=0"])


def _tunnel(view: View, tunnel: Tunnel) -> list[str]:
    local, remote = tunnel.ports
    outside, peer = view.snapshot.outside, tunnel.peer or "0.0.0.0"
    up = len(tunnel.pairs)
    lines = [
        f"name={tunnel.name} ver=1 serial={tunnel.number} {outside}:{local}->{peer}:{remote} "
        f"tun_id={peer} tun_id6=::{peer} dst_mtu={tunnel.path_mtu} dpd-link=on weight=1",
        f"bound_if={INTERFACE_INDEX} lgwy=static/1 tun=intf mode={_mode(tunnel)} encap=none/552 "
        "options[0228]=npu frag-rfc  run_state=0 role=primary accept_traffic=1 overlay_id=0",
        "",
        f"proxyid_num={len(tunnel.selectors)} child_num=0 refcnt={3 + min(up, 1)} "
        f"ilast={_idle(view, tunnel.last_in)} olast={_idle(view, tunnel.last_out)} ad=/0",
        f"stat: rxp={tunnel.received} txp={tunnel.sent} rxb={tunnel.octets_in} "
        f"txb={tunnel.octets_out}",
        _dpd(tunnel),
        _natt(tunnel),
    ]
    for serial, selector in enumerate(tunnel.selectors, 1):
        lines += _selector(view, tunnel, serial, selector)
    return lines


def _mode(tunnel: Tunnel) -> str:
    return "auto/1" if tunnel.peer else "dialup/2"


def _idle(view: View, last: float | None) -> int:
    """Give the seconds since a packet; without one, the clock itself is shown."""
    snapshot = view.snapshot
    if last is None:
        return _FIRST_JIFFIES + int(snapshot.now - snapshot.started)
    return int(snapshot.now - last)


def _dpd(tunnel: Tunnel) -> str:
    settings, sa = tunnel.dpd, tunnel.sa
    mode = "off"
    if settings is not None:
        mode = "on-demand" if settings.on_demand else "on-idle"
    wanted = settings or USUAL_DPD
    on = 1 if sa is not None and sa.dpd else 0
    missed, sequence = (sa.dpd_missed, sa.dpd_sent) if sa is not None and on else (0, 0)
    return (
        f"dpd: mode={mode} on={on} idle={wanted.idle * 1000:.0f}ms retry={wanted.count} "
        f"count={missed} seqno={sequence}"
    )


def _natt(tunnel: Tunnel) -> str:
    sa = tunnel.sa
    if sa is None or not (sa.nat_local or sa.nat_peer):
        return "natt: mode=none draft=0 interval=0 remote_port=0"
    mode = "keepalive" if sa.nat_local else "silent"
    draft = DRAFTS.get(sa.nat_variant, 0)
    return (
        f"natt: mode={mode} draft={draft} interval={tunnel.keepalive:.0f} "
        f"remote_port={sa.peer_port}"
    )


def _selector(view: View, tunnel: Tunnel, serial: int, selector: TunnelSnapshot) -> list[str]:
    pairs = [pair for pair in tunnel.pairs if pair.negotiated.child == selector.child]
    protocol = span(selector.local).partition(":")[0]
    lines = [
        f"proxyid={selector.child} proto={protocol} sa={len(pairs)} ref={1 + len(pairs)} "
        f"serial={serial}{' auto-negotiate' if tunnel.auto_negotiate else ''}",
        f"  src: {span(selector.local)}",
        f"  dst: {span(selector.remote)}",
    ]
    for pair in pairs:
        lines += _pair(view, tunnel, pair)
    return lines


def _pair(view: View, tunnel: Tunnel, pair: IpsecSaSnapshot) -> list[str]:
    child, now = pair.negotiated, view.snapshot.now
    soft = child.expires if child.rekey_at is None else child.rekey_at
    left = 0 if soft is None else max(0, int(soft - now))
    timeout = 0 if soft is None else int(soft - child.created)
    inbound, outbound = pair.inbound, pair.outbound
    peer = tunnel.peer or child.peer
    return [
        f"  SA:  ref=3 options=10226 type=00 soft=0 mtu={plaintext_mtu(pair)} "
        f"expire={left}/{(pair.kilobytes_left or 0) * 1024}B replaywin={inbound.replay_window}",
        f"       seqno={outbound.sequence + 1:x} esn={int(child.esn)} "
        f"replaywin_lastseq={inbound.sequence:08x} qat=0 rekey=0 hash_search_len=1",
        f"  life: type=01 bytes={_volume(pair)} timeout={timeout}/{child.lifetime_seconds or 0}",
        *_keys("dec", child.inbound_spi, pair),
        *_keys("enc", child.outbound_spi, pair),
        f"  dec:pkts/bytes={inbound.packets}/{inbound.octets}, "
        f"enc:pkts/bytes={outbound.packets}/{outbound.octets}",
        f"  npu_flag=00 npu_rgwy={peer} npu_lgwy={view.snapshot.outside} npu_selid=0 "
        "dec_npuid=0 enc_npuid=0",
    ]


def _volume(pair: IpsecSaSnapshot) -> str:
    """Write what has been carried and what may be, where an IPsec SA has a volume lifetime."""
    limit = pair.negotiated.lifetime_kilobytes
    if limit is None or pair.kilobytes_left is None:
        return "0/0"
    return f"{(limit - pair.kilobytes_left) * 1024}/{limit * 1024}"


def _keys(what: str, spi: int, pair: IpsecSaSnapshot) -> list[str]:
    child = pair.negotiated
    cipher, digest = esp_octets(child.transform, child.key_bits, child.authentication)
    name = KERNEL_CIPHERS.get(child.transform, str(child.transform))
    proof = PHASE2_HASHES.get(child.authentication, str(child.authentication))
    return [
        f"  {what}: spi={spi:08x} esp={name} key={cipher} {hidden(cipher)}",
        f"       ah={proof} key={digest} {hidden(digest)}",
    ]
