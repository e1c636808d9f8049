"""The event log: key and value after key and value, `logdesc="IPsec phase 1 error" msg=...`.

Samples have the entries 37124, 37127, 37136, 37138 and 37139 and the actions of the others; names
and levels are Fortinet's log message reference. Source: vendor sheet, FortiOS event log.
"""

from dataclasses import dataclass

from gwsim.gateway.events import LinkChanged
from gwsim.ike.events import Event
from gwsim.ike.states import Role
from gwsim.vendors.fortios import words
from gwsim.vendors.fortios.story import Story
from gwsim.vendors.vendor import LogLine

MISMATCH = "peer SA proposal not match local policy"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: its level, description, message and action."""

    level: str
    description: str
    message: str
    action: str = ""


PHASE1_ERROR = "0101037124"
PHASE2_ERROR = "0101037125"
NO_STATE = "0101037126"
PHASE1 = "0101037127"
PHASE1_FAILED = "0101037128"
PHASE2 = "0101037129"
PHASE2_FAILED = "0101037130"
ESP = "0101037131"
INSTALLED = "0101037133"
PHASE1_DELETED = "0101037134"
PHASE2_DELETED = "0101037135"
DPD = "0101037136"
CONNECTION = "0101037138"
PHASE2_STATUS = "0101037139"
INTERFACE = "0100020099"
STARTED = "0100032009"

KINDS: dict[str, Kind] = {
    PHASE1_ERROR: Kind("error", "IPsec phase 1 error", "IPsec phase 1 error", "negotiate"),
    PHASE2_ERROR: Kind("error", "IPsec phase 2 error", "IPsec phase 2 error", "negotiate"),
    NO_STATE: Kind("error", "IPsec no state error", "IPsec no state error", "negotiate"),
    PHASE1: Kind("notice", "Progress IPsec phase 1", "progress IPsec phase 1", "negotiate"),
    PHASE1_FAILED: Kind("error", "Progress IPsec phase 1", "progress IPsec phase 1", "negotiate"),
    PHASE2: Kind("notice", "Progress IPsec phase 2", "progress IPsec phase 2", "negotiate"),
    PHASE2_FAILED: Kind("error", "Progress IPsec phase 2", "progress IPsec phase 2", "negotiate"),
    ESP: Kind("error", "IPsec ESP", "IPsec ESP", "error"),
    INSTALLED: Kind("notice", "Install IPsec SA", "install IPsec SA", "install_sa"),
    PHASE1_DELETED: Kind(
        "notice", "Delete IPsec phase 1 SA", "delete IPsec phase 1 SA", "delete_phase1_sa"
    ),
    PHASE2_DELETED: Kind(
        "notice", "Delete IPsec phase 2 SA", "delete IPsec phase 2 SA", "delete_ipsec_sa"
    ),
    DPD: Kind("error", "IPsec DPD failed", "IPsec DPD failure", "dpd"),
    CONNECTION: Kind("notice", "IPsec connection status changed", "IPsec connection status change"),
    PHASE2_STATUS: Kind("notice", "IPsec phase 2 status changed", "IPsec phase 2 status change"),
}
"""Entries about tunnels by their number."""

SUBTYPES: dict[str, str] = {"0100": "system", "0101": "vpn"}
"""What the first four digits of a number say."""


def entry(
    story: Story,
    event: Event,
    number: str,
    rest: str,
    action: str = "",
    cookies: str = "",
    peer: str = "",
) -> LogLine:
    """Write an entry about a tunnel; `rest` is what follows its name."""
    kind = KINDS[number]
    where = story.places(event)
    pair = cookies or "/".join(story.cookies.get(story.sa_of(event), ("N/A",)))
    text = (
        f'logdesc="{kind.description}" msg="{kind.message}" action="{action or kind.action}" '
        f"remip={peer or event.peer} locip={where['local']} remport={where['remote_port']} "
        f"locport={where['local_port']} "
        f'outintf="{story.snapshot.outside_interface}" cookies="{pair}" user="N/A" group="N/A" '
        f'useralt="N/A" xauthuser="N/A" xauthgroup="N/A" assignip=N/A '
        f'vpntunnel="{event.connection or "N/A"}"'
    )
    return LogLine(event.at, f"{text} {rest}".rstrip(), number, kind.level)


def refused(story: Story, event: Event, number: str, reason: str, **more: str) -> LogLine:
    """Write that a negotiation failed; `more` are the mode, the cookies, a notification."""
    mode = f' mode="{more["mode"]}"' if "mode" in more else ""
    told = more.get("peer_notif", "NOT-APPLICABLE")
    rest = f'status="negotiate_error" reason="{reason}"{mode} peer_notif="{told}"'
    return entry(story, event, number, rest, cookies=more.get("cookies", ""))


@dataclass(frozen=True, slots=True)
class Step:
    """How far a negotiation has come: its mode, who we are, which of its stages, with what end."""

    mode: str
    role: Role
    stage: int
    outbound: bool
    result: str

    def __str__(self) -> str:
        initiator = self.role is Role.INITIATOR
        status = "failure" if self.result == "ERROR" else "success"
        return (
            f'status="{status}" init="{"local" if initiator else "remote"}" mode="{self.mode}" '
            f'dir="{"outbound" if self.outbound else "inbound"}" stage={self.stage} '
            f'role="{self.role.value}" result="{self.result}"'
        )


def progress(story: Story, event: Event, step: Step) -> LogLine:
    """Write how a negotiation goes on, or that it has failed."""
    failed = step.result == "ERROR"
    if step.mode == "quick":
        return entry(story, event, PHASE2_FAILED if failed else PHASE2, str(step))
    return entry(story, event, PHASE1_FAILED if failed else PHASE1, str(step))


def connection(story: Story, event: Event, up: bool) -> LogLine:
    """Write that a tunnel is up, or down with what it carried."""
    sent, received = story.octets.pop(event.connection, (0, 0))
    since = story.since.get(event.connection, event.at)
    rest = (
        f'tunnelip=N/A tunnelid={tunnel_id(since)} tunneltype="ipsec" '
        f"duration={int(event.at - since)} sentbyte={sent} rcvdbyte={received} nextstat=0"
    )
    return entry(story, event, CONNECTION, rest, "tunnel-up" if up else "tunnel-down")


def tunnel_id(since: float) -> int:
    """Number a tunnel by when it came up; a FortiGate's own number means nothing either."""
    return 1_000_000_000 + int(since * 100)


def link(story: Story, event: LinkChanged) -> LogLine:
    """Write that the outside interface went up or down."""
    interface = story.snapshot.outside_interface
    state = "up" if event.up else "down"
    message = words.INTERFACE.format(interface=interface, state=state)
    text = (
        f'logdesc="Interface status changed" action="interface-stat-change" '
        f'status="{state.upper()}" msg="{message}"'
    )
    return LogLine(event.at, text, INTERFACE, "information" if event.up else "warning")


def started(event: Event) -> LogLine:
    """Write that the box is up."""
    text = f'logdesc="{words.STARTED}" msg="{words.STARTED}"'
    return LogLine(event.at, text, STARTED, "notice")
