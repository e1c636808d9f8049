"""The commands of a PIX and their screens; each is a function of a `View`.

Layouts: vendor sheet, PIX 6, and those of the routers of its time. A flow without SAs is listed
all the same.
"""

from collections.abc import Callable
from types import MappingProxyType

from gwsim.gateway.events import GatewayStarted
from gwsim.gateway.snapshot import IpsecSaSnapshot, Snapshot
from gwsim.ike.events import PhaseTwoCompleted
from gwsim.ike.snapshot import ChildSnapshot, IkeSaSnapshot
from gwsim.ike.states import Role, State
from gwsim.vendors.ios.names import sa_transform
from gwsim.vendors.ios.numbering import Numbering
from gwsim.vendors.ios.pix import words
from gwsim.vendors.ios.pix.config import MAP, write_terminal
from gwsim.vendors.ios.pix.log import format_line, log
from gwsim.vendors.ios.show_ipsec import Flow, flows, suite_of, timing
from gwsim.vendors.ios.states import state_word
from gwsim.vendors.ios.story import proxy
from gwsim.vendors.vendor import Complaints, View

BUFFER = 4096
"""Octets of the log buffer."""

_OUTER_IP = 20
_ESP = 8
_UDP = 8
_SECTIONS = ("", "     {} ah sas:", "", "", "     {} pcp sas:", "")


def isakmp_sa(view: View) -> str:
    """`show isakmp sa`: destination is the responder, source the initiator.

    `pending` counts quick modes under way, `created` the pairs of IPsec SAs made so far.
    """
    sas = view.snapshot.ike.sas
    half = sum(sa.state != State.ESTABLISHED for sa in sas)
    rows = [_row(view, sa) for sa in sas]
    head = words.ISAKMP_HEAD.format(total=len(sas), embryonic=half)
    return head + words.ISAKMP_COLUMNS + "".join(rows)


def _row(view: View, sa: IkeSaSnapshot) -> str:
    ends = (sa.peer, sa.local) if sa.role == Role.INITIATOR else (sa.local, sa.peer)
    word = state_word(sa.state, sa.exchange) or ""
    pending, made = len(sa.quick_modes), _created(view, sa.number)
    return f"{ends[0]:>16} {ends[1]:>16} {word:>10} {pending:>9} {made:>11}\n"


def _created(view: View, number: int) -> int:
    """Count the pairs made under an ISAKMP SA; numbers begin anew when the box does."""
    count = 0
    for event in view.events:
        if isinstance(event, GatewayStarted):
            count = 0
        elif isinstance(event, PhaseTwoCompleted):
            count += event.sa == number
    return count


def ipsec_sa(view: View) -> str:
    """`show crypto ipsec sa`: every line of the crypto ACLs, with SAs or without."""
    snapshot, numbers = view.snapshot, Numbering(view.events)
    lines = [
        "",
        "",
        f"interface: {snapshot.outside_interface}",
        f"    Crypto map tag: {MAP}, local addr. {snapshot.outside}",
    ]
    for flow in flows(snapshot):
        lines += _flow(snapshot, flow, numbers)
    return "\n".join(lines) + "\n"


def _flow(snapshot: Snapshot, flow: Flow, numbers: Numbering) -> list[str]:
    sent, received, child = flow.sent, flow.received, flow.newest
    path_mtu = flow.pairs[-1].path_mtu if flow.pairs else snapshot.mtu
    spi = child.outbound_spi if child is not None else 0
    return [
        "",
        f"   local  ident (addr/mask/prot/port): ({proxy(flow.local)})",
        f"   remote ident (addr/mask/prot/port): ({proxy(flow.remote)})",
        f"   current_peer: {flow.peer}:{flow.port}",
        f"     PERMIT, flags={{{'origin_is_acl,' if flow.own else ''}}}",
        f"    #pkts encaps: {sent}, #pkts encrypt: {sent}, #pkts digest {sent}",
        f"    #pkts decaps: {received}, #pkts decrypt: {received}, #pkts verify {received}",
        "    #pkts compressed: 0, #pkts decompressed: 0",
        "    #pkts not compressed: 0, #pkts compr. failed: 0, #pkts decompress failed: 0",
        f"    #send errors {flow.send_errors}, #recv errors {flow.receive_errors}",
        "",
        f"     local crypto endpt.: {snapshot.outside}, remote crypto endpt.: {flow.peer}",
        f"     path mtu {path_mtu}, ipsec overhead {overhead(child)}, media mtu {snapshot.mtu}",
        f"     current outbound spi: {spi:x}",
        *_direction(snapshot, flow, numbers, inbound=True),
        *_direction(snapshot, flow, numbers, inbound=False),
    ]


def overhead(child: ChildSnapshot | None) -> int:
    """Give the octets that protection adds at most: 56 for 3DES with SHA, 0 without an SA."""
    suite = suite_of(child) if child is not None else None
    if child is None or suite is None:
        return 0
    outer = 0 if child.transport else _OUTER_IP
    udp = _UDP if child.udp else 0
    return outer + udp + _ESP + suite.iv_length + suite.icv_length + suite.block_size


def _direction(snapshot: Snapshot, flow: Flow, numbers: Numbering, inbound: bool) -> list[str]:
    name = "inbound" if inbound else "outbound"
    lines = ["", f"     {name} esp sas:"]
    for pair in flow.pairs:
        lines += _sa(snapshot, pair, numbers, inbound)
    return lines + [section.format(name) for section in _SECTIONS]


def _sa(snapshot: Snapshot, pair: IpsecSaSnapshot, numbers: Numbering, inbound: bool) -> list[str]:
    child = pair.negotiated
    spi = child.inbound_spi if inbound else child.outbound_spi
    conn = (numbers.inbound if inbound else numbers.outbound)(child.inbound_spi)
    suite = suite_of(child)
    transform = sa_transform(child.transform, child.key_bits, child.authentication)
    mode = "Transport" if child.transport else "Tunnel"
    return [
        f"      spi: 0x{spi:x}({spi})",
        f"        transform: {transform},",
        f"        in use settings ={{{mode}{' UDP-Encaps' if child.udp else ''}, }}",
        f"        slot: 0, conn id: {conn}, crypto map: {MAP}",
        f"        sa timing: remaining key lifetime {timing(pair, snapshot.now)}",
        f"        IV size: {suite.iv_length if suite is not None else 0} bytes",
        f"        replay detection support: {'Y' if pair.inbound.replay_window else 'N'}",
    ]


def logging(view: View) -> str:
    """`show logging`: the buffer, oldest line first; what no longer fits is gone."""
    lines = log(view.since_start, view.snapshot)
    kept, room = list[str](), BUFFER
    for line in reversed(lines):
        written = format_line(line, view.clock(line.at)) + "\n"
        room -= len(written)
        if room < 0:
            break
        kept.append(written)
    return words.LOGGING_HEAD.format(count=len(lines)) + "".join(reversed(kept))


def running_config(view: View) -> str:
    """`write terminal`, `show running-config`; of an unknown configuration only the name."""
    if view.config is None:
        return f"hostname {view.snapshot.name}\n"
    return write_terminal(view.config)


def isakmp(view: View) -> str:
    """`show isakmp`: what of the configuration is about IKE."""
    lines = running_config(view).splitlines()
    return "".join(f"{line}\n" for line in lines if line.startswith("isakmp "))


def prompt(snapshot: Snapshot) -> str:
    """Give the prompt of the privileged mode."""
    return f"{snapshot.name}# "


COMMANDS: MappingProxyType[str, Callable[[View], str]] = MappingProxyType(
    {
        "show isakmp": isakmp,
        "show isakmp sa": isakmp_sa,
        "show crypto isakmp sa": isakmp_sa,
        "show crypto ipsec sa": ipsec_sa,
        "show logging": logging,
        "show running-config": running_config,
        "write terminal": running_config,
    }
)
"""Every command by its full spelling."""

COMPLAINTS = Complaints(unknown=words.UNKNOWN, ambiguous=words.UNKNOWN, incomplete=words.UNKNOWN)
"""What it says about the rest."""
