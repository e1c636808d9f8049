"""The commands of a router and their screens; each is a function of a `View`."""

from collections.abc import Callable
from types import MappingProxyType

from gwsim.gateway.snapshot import Snapshot
from gwsim.vendors.ios import show_ipsec, show_isakmp, show_session
from gwsim.vendors.ios.config import running_config
from gwsim.vendors.ios.log import format_line, log
from gwsim.vendors.vendor import Complaints, LogLine, View

BUFFER = 4096
"""Octets of the log buffer, as unpacked."""

_LOGGING_HEAD = """\
Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, \
xml disabled, filtering disabled)

No Active Message Discriminator.



No Inactive Message Discriminator.


    Console logging: disabled
    Monitor logging: level debugging, 0 messages logged, xml disabled,
                     filtering disabled
    Buffer logging:  level informational, {count} messages logged, xml disabled,
                     filtering disabled
    Exception Logging: size (4096 bytes)
    Count and timestamp logging messages: disabled
    Persistent logging: disabled

No active filter modules.

    Trap logging: level informational, {count} message lines logged
        Logging Source-Interface:       VRF Name:

Log Buffer (4096 bytes):

"""


_RUNNING_HEAD = """\
Building configuration...

Current configuration : {octets} bytes
!
"""


def logging(view: View) -> str:
    """`show logging`: the buffer, oldest line first; what no longer fits is gone."""
    lines = [line for line in log(view.since_start, view.snapshot) if not line.debug]
    kept, room = list[str](), BUFFER
    for written in reversed(_written(view, lines)):
        room -= len(written)
        if room < 0:
            break
        kept.append(written)
    return _LOGGING_HEAD.format(count=len(lines)) + "".join(reversed(kept))


def debug_isakmp(view: View) -> str:
    """`debug crypto isakmp`: the transcript since the box was started."""
    return _transcript(view, lambda line: line.text.startswith("ISAKMP"))


def debug_ipsec(view: View) -> str:
    """`debug crypto ipsec`: what the other half of the router says to it."""
    return _transcript(view, lambda line: not line.text.startswith("ISAKMP"))


def _transcript(view: View, wanted: Callable[[LogLine], bool]) -> str:
    lines = [line for line in log(view.since_start, view.snapshot) if line.debug and wanted(line)]
    return "".join(_written(view, lines))


def _written(view: View, lines: list[LogLine]) -> list[str]:
    return [f"{format_line(line, view.clock(line.at))}\n" for line in lines]


def show_running_config(view: View) -> str:
    """`show running-config`; of a box whose configuration nobody knows, only its name."""
    text = f"hostname {view.snapshot.name}\nend\n"
    if view.config is not None:
        text = running_config(view.config)
    return _RUNNING_HEAD.format(octets=len(text)) + text + "\n"


def prompt(snapshot: Snapshot) -> str:
    """Give the prompt of the privileged mode: the box's name and a hash sign."""
    return f"{snapshot.name}#"


COMMANDS: MappingProxyType[str, Callable[[View], str]] = MappingProxyType(
    {
        "show crypto isakmp sa": show_isakmp.isakmp_sa,
        "show crypto isakmp sa detail": show_isakmp.isakmp_sa_detail,
        "show crypto ipsec sa": show_ipsec.ipsec_sa,
        "show crypto session": show_session.session,
        "show crypto session detail": show_session.session_detail,
        "show logging": logging,
        "show running-config": show_running_config,
        "debug crypto isakmp": debug_isakmp,
        "debug crypto ipsec": debug_ipsec,
    }
)
"""Every command by its full spelling."""

COMPLAINTS = Complaints(
    unknown="{indent}^\n% Invalid input detected at '^' marker.\n\n",
    ambiguous='% Ambiguous command:  "{typed}"\n',
    incomplete="% Incomplete command.\n\n",
)
"""What the parser says about the rest."""
