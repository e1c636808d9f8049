"""Reading a NetScreen's configuration: `set` and `unset` lines as `get config` prints them.

A line is words and quoted words; the first ones choose who reads the rest. What nobody reads, and
what contradicts itself, is returned with its number and never stops the reading. Source: vendor
sheet, ScreenOS configuration grammar.
"""

import re
from collections.abc import Callable

from gwsim.vendors.screenos import config_gateway, config_handlers
from gwsim.vendors.screenos.config_draft import Draft
from gwsim.vendors.screenos.config_words import TOO_SHORT, UNKNOWN
from gwsim.vendors.vendor import ConfigText, Ignored, Reading

Handler = Callable[[Draft, list[str]], None]

_WORD = re.compile(r'"([^"]*)"|(\S+)')


def read_config(text: str) -> Reading:
    """Read a configuration, for instance the output of `get config`.

    Raises ValueError when no interface towards a gateway has an address; nothing else.
    """
    draft = Draft()
    ignored: list[Ignored] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            why = _read_line(draft, line)
            if why:
                ignored.append(Ignored(number, line, why))
    return Reading(draft.finish(), tuple(ignored))


def _read_line(draft: Draft, line: str) -> str:
    """Read one line; gives why it was ignored, or nothing."""
    words = [m[2] if m[1] is None else m[1] for m in _WORD.finditer(line)]
    for length in (4, 3, 2):
        handler = _HANDLERS.get(" ".join(words[:length]))
        if handler is not None:
            try:
                handler(draft, words[length:])
            except ValueError as wrong:
                return str(wrong)
            except IndexError:
                return TOO_SHORT
            return ""
    return UNKNOWN


_HANDLERS: dict[str, Handler] = {
    "set hostname": config_handlers.set_hostname,
    "set interface": config_handlers.set_interface,
    "set address": config_handlers.set_address,
    "set service": config_handlers.set_service,
    "set route": config_handlers.set_route,
    "set ike p1-proposal": config_handlers.set_phase1_proposal,
    "set ike p2-proposal": config_handlers.set_phase2_proposal,
    "set ike gateway": config_gateway.set_gateway,
    "unset ike gateway": config_gateway.unset_gateway,
    "set ike initial-contact": config_handlers.set_initial_contact,
    "set vpn": config_handlers.set_vpn,
    "set policy": config_handlers.set_policy,
    "set policy default-permit-all": config_handlers.set_permit_all,
}
"""Who reads a line, by the words it begins with; the longest beginning decides."""

CONFIG_TEXT = ConfigText(
    read=read_config,
    sign=re.compile(r"^set (ike gateway|vpn|policy id|zone) ", re.MULTILINE | re.ASCII),
    command="get config",
)
"""How the registry's users read such a configuration, and know it when they see one."""
