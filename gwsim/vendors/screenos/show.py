"""The screens of a NetScreen: what each `get` prints, made from the snapshot and the events."""

from collections.abc import Callable

from gwsim.gateway.snapshot import Snapshot
from gwsim.vendors.screenos import words
from gwsim.vendors.screenos.config import running_config
from gwsim.vendors.screenos.log import buffer_line, entries, format_line
from gwsim.vendors.screenos.show_cookies import get_ike_cookies
from gwsim.vendors.screenos.show_sa import get_sa, get_sa_active, get_sa_id, get_sa_stat
from gwsim.vendors.screenos.story import Entry
from gwsim.vendors.vendor import Complaints, View


def get_event(view: View) -> str:
    """List the event log, the newest entry first."""
    found = [entry for entry in _since_boot(view) if not entry.line.debug]
    lines = [words.ENTRIES.format(count=len(found)), words.EVENT_HEADER]
    return _text(lines + _newest_first(view, found))


def get_event_type(view: View, typed: str) -> str:
    """List the entries of one message type, `536` and `00536` being the same."""
    wanted = typed.zfill(5)
    found = [entry for entry in _since_boot(view) if entry.line.id == wanted]
    closing = words.MATCHED.format(count=len(found))
    return _text([words.EVENT_HEADER, *_newest_first(view, found), closing])


def get_dbuf_stream(view: View) -> str:
    """Print the debug buffer, as if `debug ike detail` had been on since the box was started."""
    buffered = (entry.line for entry in _since_boot(view) if entry.buffered)
    return _text([buffer_line(line, view.clock(line.at)) for line in buffered])


def get_config(view: View) -> str:
    """Print the configuration, keys starred; of a box nobody knows it of, only the name."""
    known = view.config
    text = running_config(known) if known else f"set hostname {view.snapshot.name}\n"
    return words.CONFIG_SIZE.format(octets=len(text)) + "\n" + text


def prompt(snapshot: Snapshot) -> str:
    """Give the prompt of the command line."""
    return f"{snapshot.name}-> "


def _since_boot(view: View) -> list[Entry]:
    """Tell what happened since the box was started: neither log nor buffer outlives a reset."""
    return list(entries(view.since_start, view.snapshot))


def _newest_first(view: View, found: list[Entry]) -> list[str]:
    return [format_line(entry.line, view.clock(entry.line.at)) for entry in reversed(found)]


def _text(lines: list[str]) -> str:
    return "".join(line + "\n" for line in lines)


COMMANDS: dict[str, Callable[[View], str]] = {
    "get ike cookies": get_ike_cookies,
    "get sa": get_sa,
    "get sa active": get_sa_active,
    "get sa stat": get_sa_stat,
    "get event": get_event,
    "get log event": get_event,
    "get dbuf stream": get_dbuf_stream,
    "get config": get_config,
}

PARAMETRIC: dict[str, Callable[[View, str], str]] = {
    "get sa id <id>": get_sa_id,
    "get event type <type>": get_event_type,
}

COMPLAINTS = Complaints(
    unknown=words.UNKNOWN_KEYWORD, ambiguous=words.AMBIGUOUS, incomplete=words.INCOMPLETE
)
