"""The commands of an ASA and their screens; each is a function of a `View`."""

from collections.abc import Callable
from types import MappingProxyType

from gwsim.gateway.snapshot import Snapshot
from gwsim.vendors.asa import show_config, show_ipsec, show_isakmp, show_sessions
from gwsim.vendors.asa.log import debug_line, format_line, log
from gwsim.vendors.vendor import Complaints, View

BUFFER_LEVEL = 6
"""`logging buffered informational`: what is more talkative is for `debug`."""

_LOGGING_HEAD = """\
Syslog logging: enabled
    Facility: 20
    Timestamp logging: enabled
    Standby logging: disabled
    Debug-trace logging: disabled
    Console logging: disabled
    Monitor logging: disabled
    Buffer logging: level informational, {count} messages logged
    Trap logging: disabled
    Permit-hostdown logging: disabled
    History logging: disabled
    Device ID: disabled
    Mail logging: disabled
    ASDM logging: disabled
"""


def logging(view: View) -> str:
    """`show logging`: the buffer, oldest line first."""
    lines = [
        format_line(line, view.clock(line.at))
        for line in log(view.since_start, view.snapshot)
        if int(line.severity) <= BUFFER_LEVEL
    ]
    return _LOGGING_HEAD.format(count=len(lines)) + "".join(f"{line}\n" for line in lines)


def debug_ikev1(view: View) -> str:
    """`debug crypto ikev1 127`: the transcript since the box was started."""
    lines = log(view.since_start, view.snapshot)
    told = (debug_line(line, view.clock(line.at)) for line in lines)
    return "".join(f"{line}\n" for line in told if line is not None)


def prompt(snapshot: Snapshot) -> str:
    """Give the prompt of the privileged mode: the box's name and a hash sign."""
    return f"{snapshot.name}# "


COMMANDS: MappingProxyType[str, Callable[[View], str]] = MappingProxyType(
    {
        "show crypto isakmp sa": show_isakmp.isakmp_sa,
        "show crypto isakmp sa detail": show_isakmp.isakmp_sa_detail,
        "show crypto ikev1 sa": show_isakmp.ikev1_sa,
        "show crypto ikev1 sa detail": show_isakmp.ikev1_sa_detail,
        "show isakmp sa": show_isakmp.isakmp_sa,
        "show isakmp sa detail": show_isakmp.isakmp_sa_detail,
        "show crypto ipsec sa": show_ipsec.ipsec_sa,
        "show ipsec sa": show_ipsec.ipsec_sa,
        "show vpn-sessiondb": show_sessions.summary,
        "show vpn-sessiondb summary": show_sessions.summary,
        "show vpn-sessiondb l2l": show_sessions.l2l,
        "show vpn-sessiondb detail l2l": show_sessions.l2l_detail,
        "show logging": logging,
        **show_config.COMMANDS,
        "debug crypto ikev1 127": debug_ikev1,
        "debug crypto isakmp 127": debug_ikev1,
    }
)
"""Every command by its full spelling."""

PARAMETRIC: MappingProxyType[str, Callable[[View, str], str]] = MappingProxyType(
    {
        "show crypto ipsec sa peer <address>": show_ipsec.ipsec_sa_peer,
        "show ipsec sa peer <address>": show_ipsec.ipsec_sa_peer,
    }
)
"""Commands that end in an argument."""

COMPLAINTS = Complaints(
    unknown="{indent}^\nERROR: % Invalid input detected at '^' marker.\n",
    ambiguous='ERROR: % Ambiguous command:  "{typed}"\n',
    incomplete="ERROR: % Incomplete command\n",
)
"""What the parser says about the rest."""
