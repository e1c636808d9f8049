"""What a Contivity shows of itself: nothing that is known."""

from datetime import datetime

from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import Event
from gwsim.vendors.vendor import LogLine

UNSEEN = "gwsim knows Contivity's behaviour on the wire, not its screens and messages"


def state_word(state: str, exchange: str) -> str | None:
    """Give its word for an engine state: none is known."""
    return None


def log(events: tuple[Event, ...], snapshot: Snapshot) -> tuple[LogLine, ...]:
    """Tell nothing: no line of its log is known."""
    return ()


def format_line(line: LogLine, when: datetime) -> str:
    """Write a line as it is; there is no form to give it."""
    return line.text


def prompt(snapshot: Snapshot) -> str:
    """Give no prompt: there is nothing to be typed."""
    return ""
