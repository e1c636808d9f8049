"""The commands of a FortiGate and their screens; each is a function of a `View`."""

from collections.abc import Callable
from types import MappingProxyType

from gwsim.gateway.snapshot import Snapshot
from gwsim.vendors.fortios import config, show_gateway, show_summary, show_tunnel
from gwsim.vendors.fortios.log import format_line, log
from gwsim.vendors.vendor import LogLine, View

VIEW_LINES = 10
"""Entries that `execute log display` returns at a time, as unpacked; the latest come first."""

VPN = "0101"
"""What the number of an entry about tunnels begins with."""


def log_display(view: View) -> str:
    """`execute log display`, with the filters for VPN events set."""
    entries = [line for line in log(view.events, view.snapshot) if line.id.startswith(VPN)]
    shown = list(reversed(entries))[:VIEW_LINES]
    lines = [
        f"{len(entries)} logs found.",
        f"{len(shown)} logs returned.",
        "100.0% of logs has been searched.",
        "",
        *(f"{number}: {_written(view, line)}" for number, line in enumerate(shown, 1)),
    ]
    return "".join(f"{line}\n" for line in lines)


def debug_ike(view: View) -> str:
    """`diagnose debug application ike -1`: the transcript since the box was started."""
    lines = [line for line in log(view.since_start, view.snapshot) if line.debug]
    return "".join(f"{_written(view, line)}\n" for line in lines)


def _written(view: View, line: LogLine) -> str:
    return format_line(line, view.clock(line.at))


def _part(write: Callable[..., str], **how: bool) -> Callable[[View], str]:
    """Make a screen of a part of the configuration; of an unknown one nothing is shown."""

    def screen(view: View) -> str:
        return "" if view.config is None else write(view.config, secrets=False, **how)

    return screen


def prompt(snapshot: Snapshot) -> str:
    """Give the prompt: the box's name and a hash sign between blanks."""
    return f"{snapshot.name} # "


COMMANDS: MappingProxyType[str, Callable[[View], str]] = MappingProxyType(
    {
        "diagnose vpn ike gateway list": show_gateway.gateway_list,
        "diagnose vpn tunnel list": show_tunnel.tunnel_list,
        "diagnose debug application ike -1": debug_ike,
        "get vpn ipsec tunnel summary": show_summary.summary,
        "get vpn ipsec tunnel details": show_summary.details,
        "execute log display": log_display,
        "show": _part(config.configuration),
        "show vpn ipsec phase1-interface": _part(config.phase1_interface),
        "show vpn ipsec phase2-interface": _part(config.phase2_interface),
        "show full-configuration": _part(config.configuration, full=True),
        "show full-configuration vpn ipsec phase1-interface": _part(
            config.phase1_interface, full=True
        ),
        "show full-configuration vpn ipsec phase2-interface": _part(
            config.phase2_interface, full=True
        ),
    }
)
"""Every command by its full spelling."""

PARAMETRIC: MappingProxyType[str, Callable[[View, str], str]] = MappingProxyType(
    {
        "diagnose vpn ike gateway list name <tunnel>": show_gateway.gateway_list_name,
        "diagnose vpn tunnel list name <tunnel>": show_tunnel.tunnel_list_name,
        "get vpn ipsec tunnel name <tunnel>": show_summary.details_name,
    }
)
"""Commands about one tunnel."""
